/**
 * What Redshift refuses is refused and what it takes is taken: every line of fixtures/refused and fixtures/accepted as a
 * statement of one session over the tables of setup.sql, each in a transaction that is rolled back. A line is SQLSTATE,
 * statement and a part of the message, with tabs between; ‸ stands before the token that the error points at. fixtures/refused/
 * pending.tsv names statements that are not answered so yet, behind what is missing; none of them may be right already.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOwn } from '../clients/cluster.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const MARK = '‸';

interface Line {
  readonly state: string;
  readonly marked: string;
  readonly message: string | undefined;
}
interface Answer {
  readonly code: string;
  readonly message: string;
  readonly position?: string;
}

const rows = (path: string): string[][] =>
  readFileSync(join(FIXTURES, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.split('\t'));
const corpus = (folder: string): [string, Line[]][] =>
  readdirSync(join(FIXTURES, folder))
    .filter((file) => file.endsWith('.tsv') && file !== 'pending.tsv')
    .map((file) => [
      `${folder}/${file}`,
      rows(`${folder}/${file}`).map(([state, marked, message]) => ({ state: state!, marked: marked!, message })),
    ]);

const files = [...corpus('refused'), ...corpus('accepted')];
const pending = new Map(rows('refused/pending.tsv').map(([missing, marked]) => [marked!, missing!]));

let client: pg.Client;
let close: () => Promise<void>;
beforeAll(async () => {
  const cluster = await startOwn({ slices: 2, memory: true });
  close = () => cluster.close();
  client = new pg.Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database: 'dev' });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(readFileSync(join(FIXTURES, 'refused/setup.sql'), 'utf8'));
}, 120_000);
afterAll(async () => {
  await client.end();
  await close();
});

const answerTo = (sql: string): Promise<Answer> =>
  client.query(sql).then(
    () => ({ code: '00000', message: '' }),
    (error: pg.DatabaseError) => ({
      code: error.code ?? 'lost',
      message: error.message,
      ...(error.position === undefined ? {} : { position: error.position }),
    }),
  );

/** What is wrong with the answer, if anything. */
async function fault({ state, marked, message }: Line): Promise<string | undefined> {
  const at = marked.indexOf(MARK);
  const sql = marked.replace(MARK, '').replaceAll('\\n', '\n');
  if (!sql.startsWith('begin;') && !state.startsWith('25P')) await client.query('begin');
  const got = await answerTo(sql);
  await client.query('rollback');
  const right =
    got.code === state &&
    got.message.includes(message ?? '') &&
    (at < 0 || got.position === String([...sql.slice(0, at)].length + 1));
  if (right) return pending.has(marked) ? `${marked}: is right now, take it out of pending.tsv` : undefined;
  const wanted = `${state} ${message ?? ''} ${at < 0 ? '' : String(at + 1)}`;
  return pending.has(marked)
    ? undefined
    : `${marked}\n  wanted ${wanted}\n  got ${got.code} ${got.message} ${got.position ?? ''}`;
}

describe.each(files)('%s', (_file, lines) => {
  test('every statement', { timeout: 120_000 }, async () => {
    const faults: string[] = [];
    for (const line of lines) {
      const found = await fault(line);
      if (found !== undefined) faults.push(found);
    }
    expect(faults.join('\n')).toBe('');
  });
});

/** `item` for 0, 1, ... with commas between. */
const listOf = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join(', ');

test.each<[string, string, string]>([
  ['54011', `create table r (${listOf(1601, (i) => `c${i} int`)})`, 'tables can have at most 1600 columns'],
  ['54011', `create table r as select ${listOf(1601, (i) => `1 as c${i}`)}`, 'tables can have at most 1600 columns'],
  ['54011', `create view r as select ${listOf(1601, (i) => `1 as c${i}`)}`, 'tables can have at most 1600 columns'],
  [
    '54011',
    `create materialized view r as select ${listOf(1601, (i) => `1 as c${i}`)}`,
    'tables can have at most 1600 columns',
  ],
  [
    '54011',
    `create table r (${listOf(1600, (i) => `c${i} int`)}); alter table r add column x int`,
    'tables can have at most 1600 columns',
  ],
  ['00000', `create table r (${listOf(1600, (i) => `c${i} int`)})`, ''],
  ['54011', `select ${listOf(1665, String)}`, 'target lists can have at most 1664 entries'],
  ['00000', `select ${listOf(1664, String)}`, ''],
  [
    '42P16',
    `create table r (${listOf(401, (i) => `c${i} int`)}) sortkey (${listOf(401, (i) => `c${i}`)})`,
    'compound sort keys can have at most 400 columns',
  ],
  ['22023', `create table r (c char(4097))`, 'length for type character cannot exceed 4096'],
  ['22023', `create table r (c varchar(65536))`, 'length for type character varying cannot exceed 65535'],
  ['42601', `create table r (a int) distkey (${listOf(2, () => 'a')})`, 'syntax error at or near ","'],
])('a limit: %s', async (state, sql, message) => {
  expect(await fault({ state, marked: sql, message })).toBeUndefined();
});

test('what is pending stands in the corpus', () => {
  const known = new Set(files.flatMap(([, lines]) => lines.map((line) => line.marked)));
  expect([...pending.keys()].filter((marked) => !known.has(marked))).toEqual([]);
});

test('what is in the way is told before the error, a message for each', async () => {
  const told: string[] = [];
  const listen = (notice: { severity?: string; message?: string }): void => {
    told.push(`${notice.severity ?? ''} ${notice.message ?? ''}`);
  };
  client.on('notice', listen);
  const { code } = await answerTo('create table r as select c.relacl, g from pg_class c, generate_series(1, 3) g');
  client.off('notice', listen);
  expect(code).toBe('0A000');
  expect(told).toEqual([
    'INFO Function "generate_series(integer,integer)" not supported.',
    'INFO Column "c.relacl" has unsupported type "aclitem[]".',
  ]);
});
