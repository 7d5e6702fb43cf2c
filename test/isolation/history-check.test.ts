/** The judge of histories sees each anomaly in a history made by hand, and none where there is none. */
import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  judge,
  type Access,
  type Element,
  type Row,
  type Transaction,
  type Verdict,
} from './history-check.ts';

const list = (numbers: string): readonly Element[] =>
  numbers
    .trim()
    .split(/\s+/)
    .filter((n) => n !== '')
    .map((n) => ({ value: Number(n.split(':')[0]) * BLOCK, seen: Number(n.split(':')[1] ?? 0) * BLOCK }));

interface Draft {
  readonly accesses: Access[];
  outcome: Transaction['outcome'];
  readonly began: number;
  ended: number;
}
/**
 * Lines: `T1 appends 7 to a`, `T1 reads a = 1 2`, `T1 commits`, `T1 aborts`, `T1 vanishes` (nobody knows its outcome). Rows are
 * the row 1 of tables of that name; `end` is what each holds at last.
 */
function judged(lines: string, end: Readonly<Record<string, string>>): Verdict {
  const drafts = new Map<string, Draft>();
  lines
    .trim()
    .split('\n')
    .forEach((line, at) => {
      const [, name, what] = /^\s*(T\d) (.*)$/.exec(line)!;
      const draft = drafts.get(name!) ?? { accesses: [], outcome: 'unknown', began: at, ended: at };
      drafts.set(name!, draft);
      draft.ended = at;
      const append = /^appends (\d+) to (\w)$/.exec(what!);
      const read = /^reads (\w) =(.*)$/.exec(what!);
      if (append !== null)
        draft.accesses.push({
          kind: 'write',
          table: append[2]!,
          block: Number(append[1]) * BLOCK,
          base: 1,
          count: 1,
          all: undefined,
          at,
        });
      else if (read !== null)
        draft.accesses.push({ kind: 'read', table: read[1]!, from: 0, to: BLOCK, rows: rowOf(read[2]!), at });
      else draft.outcome = ({ commits: 'committed', aborts: 'aborted', vanishes: 'unknown' } as const)[what!]!;
    });
  const transactions = [...drafts].map(([name, d]) => ({ ...d, name, commitSent: d.ended }));
  return judge({ transactions, final: new Map(Object.entries(end).map(([table, text]) => [table, rowOf(text)])) });
}
const rowOf = (text: string): readonly Row[] => (text.trim() === '' ? [] : [{ id: 1, list: list(text) }]);
const edges = (circle: readonly string[] | undefined): string =>
  (circle ?? []).map((e) => e.split(':')[0]).join(', ');

describe('judge', () => {
  it('finds nothing in a serial history, nor in an unknown transaction that came through or did not', () => {
    const came = judged(
      'T1 appends 1 to a\nT1 reads a = 1\nT1 commits\nT2 reads a = 1\nT2 appends 2 to a\nT2 reads a = 1 2\nT2 commits\nT3 appends 3 to a\nT3 vanishes',
      { a: '1 2 3' },
    );
    expect(came).toEqual({ findings: [], circle: undefined, committed: 3 });
    const gone = judged('T1 appends 1 to a\nT1 commits\nT2 appends 2 to a\nT2 vanishes', { a: '1' });
    expect(gone).toEqual({ findings: [], circle: undefined, committed: 1 });
  });

  it.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
    [
      'G0',
      'T1 appends 1 to a\nT2 appends 2 to a\nT2 appends 3 to b\nT1 appends 4 to b\nT1 commits\nT2 commits',
      { a: '1 2', b: '3 4' },
      /forbids:\n {2}T1 -ww-> T2.*\n {2}T2 -ww-> T1/,
    ],
    ['G1a', 'T1 appends 1 to a\nT2 reads a = 1\nT1 aborts\nT2 commits', { a: '' }, /aborted read .* T2 read 10000/],
    ['an aborted write that stays', 'T1 appends 1 to a\nT1 aborts', { a: '1' }, /T1 was refused or rolled back/],
    [
      'G1b',
      'T1 appends 1 to a\nT1 appends 2 to a\nT1 commits\nT2 reads a = 1\nT2 commits',
      { a: '1 2' },
      /intermediate read \(G1b\): T2/,
    ],
    ['a dirty read', 'T1 appends 1 to a\nT2 reads a = 1\nT2 commits\nT1 commits', { a: '1' }, /dirty read: T2/],
    [
      'G1c',
      'T1 appends 1 to a\nT2 appends 2 to b\nT1 reads b = 2\nT2 reads a = 1\nT1 commits\nT2 commits',
      { a: '1', b: '2' },
      /forbids:\n {2}T1 -wr-> T2.*\n {2}T2 -wr-> T1/,
    ],
    [
      'G-single',
      'T1 reads a =\nT2 appends 1 to a\nT2 appends 2 to b\nT2 commits\nT1 reads b = 2\nT1 commits',
      { a: '1', b: '2' },
      /forbids:\n {2}T2 -wr-> T1.*\n {2}T1 -rw-> T2/,
    ],
    [
      'a read that does not repeat',
      'T1 reads a =\nT2 appends 1 to a\nT2 commits\nT1 reads a = 1\nT1 commits',
      { a: '1' },
      /forbids/,
    ],
    [
      'a lost update, overwritten',
      'T1 reads a =\nT2 reads a =\nT1 appends 1 to a\nT1 commits\nT2 appends 2 to a\nT2 commits\nT3 reads a = 1\nT3 commits',
      { a: '2' },
      /lost update: T3 read a\[1\] = \(10000\)/,
    ],
    ['a lost commit', 'T1 appends 1 to a\nT1 commits', { a: '' }, /T1 committed 1 rows with 10000; 0 are there/],
    [
      'a lost update, in order',
      'T1 reads a =\nT2 reads a =\nT1 appends 1 to a\nT1 commits\nT2 appends 2 to a\nT2 commits',
      { a: '1 2' },
      /forbids:\n {2}T1 -ww-> T2.*\n {2}T2 -rw-> T1/,
    ],
    [
      'half a transaction',
      'T1 appends 1 to a\nT1 appends 2 to b\nT1 vanishes',
      { a: '1', b: '' },
      /20000; 0 are there/,
    ],
    [
      'a stale snapshot',
      'T1 appends 1 to a\nT1 commits\nT2 reads a =\nT2 commits',
      { a: '1' },
      /forbids:\n {2}T1 -rt-> T2/,
    ],
    ['an own write unseen', 'T1 appends 1 to a\nT1 reads a =\nT1 commits', { a: '1' }, /1 rows of a and then saw 0/],
    [
      'a write behind an own one',
      'T1 appends 1 to a\nT2 appends 2 to a\nT2 commits\nT1 reads a = 1 2\nT1 commits',
      { a: '1 2' },
      /20000 is out of order/,
    ],
    ['a value from nowhere', 'T1 reads a = 9\nT1 commits', { a: '' }, /90000 in a\[1\], which nobody wrote/],
    [
      'a copy of an aborted value',
      'T1 appends 1 to a\nT2 appends 2 to b\nT1 aborts\nT2 commits',
      { a: '', b: '2:1' },
      /T2 copied 10000/,
    ],
    [
      'a copy from a later snapshot',
      'T1 reads a =\nT2 appends 1 to a\nT2 commits\nT1 appends 2 to b\nT1 commits',
      { a: '1', b: '2:1' },
      /forbids:\n {2}T2 -wr-> T1.*\n {2}T1 -rw-> T2/,
    ],
  ])('sees %s', (_, lines, end, finding) => {
    expect(judged(lines, end).findings.join('\n')).toMatch(finding);
  });

  it('tells write skew and the read-only anomaly, which SNAPSHOT allows, by their circles alone', () => {
    const skew = judged('T1 reads a =\nT2 reads b =\nT1 appends 1 to b\nT2 appends 2 to a\nT1 commits\nT2 commits', {
      a: '2',
      b: '1',
    });
    expect([skew.findings, edges(skew.circle)]).toEqual([[], 'T1 -rw-> T2, T2 -rw-> T1']);
    const readOnly = judged(
      'T1 reads b =\nT2 appends 1 to b\nT2 commits\nT3 reads a =\nT3 reads b = 1\nT3 commits\nT1 appends 2 to a\nT1 commits',
      { a: '2', b: '1' },
    );
    expect([readOnly.findings, readOnly.circle?.length]).toEqual([[], 3]);
  });
});
