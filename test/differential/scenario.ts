/** Plays a scenario on an engine and on the oracle, and writes one as an .slt script. */
import { Prng } from '../../src/common/prng.ts';
import { judge, lines, type Verdict } from './compare.ts';
import { MUST_MS, type Answer, type Engine } from './engines.ts';
import type { Scenario, View } from './kind.ts';
import { createOracle, createOurs, type Table } from './schema.ts';
import { render, type Dialect, type Node } from './tree.ts';

/** An engine beside the oracle. `style` draws how our tables are distributed, sorted and filled. */
export interface Sides {
  readonly oracle: Engine;
  readonly ours: Engine;
  readonly style: number;
}
export interface Outcome {
  readonly ours: Answer;
  readonly oracle: Answer;
  readonly verdict: Verdict;
  /** The change at which they part, if it is not the query. */
  readonly at?: number;
}

const numberOf = (text: string): number => [...text].reduce((n, c) => Math.imul(n, 31) + c.charCodeAt(0), 7);
const styleOf = (style: number, t: Table): Prng => new Prng(style ^ numberOf(t.name));
const tableStatements = (t: Table, dialect: Dialect, style: number): readonly string[] =>
  dialect === 'ours' ? createOurs(styleOf(style, t), t) : createOracle(t);

/** Makes the tables and views anew; gives the views that the engine has. We may refuse one as not supported, an oracle may for any reason. */
export async function load(
  engine: Engine,
  scenario: Omit<Scenario, 'query'>,
  dialect: Dialect,
  style: number,
): Promise<readonly View[]> {
  for (const t of scenario.tables) {
    await engine.mustRun(`drop table if exists ${t.name} cascade`);
    for (const s of tableStatements(t, dialect, style)) await engine.mustRun(s);
  }
  const made: View[] = [];
  for (const v of scenario.views) {
    const sql = `create view ${v.name} as ${render(v.body, dialect)}`;
    const answer = await engine.patiently(sql, MUST_MS);
    if (answer.kind === 'rows') made.push(v);
    else if (dialect === 'ours' && answer.sqlstate !== '0A000')
      throw new TypeError(`${engine.name}: ${answer.sqlstate} ${answer.message}\n${sql.slice(0, 2000)}`);
  }
  return made;
}

/** Runs a change, in the oracle first; what the oracle refuses must be refused here, and what we do not support is undone there. */
export async function change(
  { oracle, ours }: Pick<Sides, 'oracle' | 'ours'>,
  tree: Node,
  inBlock: boolean,
): Promise<Outcome> {
  await oracle.run(inBlock ? 'savepoint s' : 'begin');
  const theirs = await oracle.run(render(tree, 'oracle'));
  const keep = async (kept: boolean): Promise<void> => {
    await oracle.run(kept ? (inBlock ? 'release s' : 'commit') : inBlock ? 'rollback to s' : 'rollback');
  };
  // An error would end our block.
  if (theirs.kind === 'error' && inBlock) {
    await keep(false);
    return { ours: theirs, oracle: theirs, verdict: 'same' };
  }
  const got = await ours.run(render(tree, 'ours'));
  const refused = got.kind === 'error' && got.sqlstate === '0A000';
  await keep(theirs.kind === 'rows' && !refused);
  return { ours: got, oracle: theirs, verdict: judge(got, theirs, [], false) };
}

export const isBlockWord = (tree: Node): boolean => /^(begin|commit|rollback)$/.test(render(tree, 'ours'));

/** The tables as the scenario has them, its changes, its query. */
export async function play(sides: Sides, scenario: Scenario, isLoaded: boolean, patientMs: number): Promise<Outcome> {
  const { oracle, ours, style } = sides;
  if (!isLoaded) {
    await load(oracle, scenario, 'oracle', style);
    await load(ours, scenario, 'ours', style);
  }
  let inBlock = false;
  try {
    for (const [at, tree] of scenario.changes.entries()) {
      if (isBlockWord(tree)) {
        inBlock = render(tree, 'ours') === 'begin';
        for (const e of [oracle, ours]) await e.run(render(tree, 'ours'));
        continue;
      }
      const outcome = await change(sides, tree, inBlock);
      if (outcome.verdict !== 'same') return { ...outcome, at };
    }
    const { tree, types, ordered } = scenario.query;
    const theirs = await oracle.run(render(tree, 'oracle'));
    const sql = render(tree, 'ours');
    const got = inBlock ? await ours.run(sql) : await ours.patiently(sql, patientMs);
    return { ours: got, oracle: theirs, verdict: judge(got, theirs, types, ordered) };
  } finally {
    if (inBlock) for (const e of [oracle, ours]) await e.run('rollback');
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  int: 'I',
  big: 'I',
  dec: 'D',
  flt: 'R',
  str: 'T',
  date: 'A',
  ts: 'S',
  bool: 'B',
};
const SHOWN_MAX = 12;

/** The scenario as a script that fails as long as the difference is there (digits behind a point may want an eye). */
export function script(scenario: Scenario, style: number, outcome: Outcome, title: string): string {
  const { tree, types, ordered } = scenario.query;
  const shown = (a: Answer): string => lines(a, types, ordered).slice(0, SHOWN_MAX).join(' ; ');
  const texts = [tree, ...scenario.changes].map((n) => render(n, 'ours'));
  const named = (name: string): boolean => texts.some((t) => new RegExp(`\\b${name}\\b`).test(t));
  const views = scenario.views.filter((v) => named(v.name));
  const tables = scenario.tables.filter(
    (t) => named(t.name) || views.some((v) => new RegExp(`\\b${t.name}\\b`).test(render(v.body, 'ours'))),
  );
  const until = outcome.at === undefined ? scenario.changes : scenario.changes.slice(0, outcome.at + 1);
  const statements = [
    ...tables.flatMap((t) => tableStatements(t, 'ours', style)),
    ...views.map((v) => `create view ${v.name} as ${render(v.body, 'ours')}`),
    ...until.map((n) => render(n, 'ours')),
  ];
  const fails = outcome.at !== undefined && outcome.oracle.kind === 'error' ? outcome.oracle.sqlstate : undefined;
  const records = statements.map((s, i) =>
    fails !== undefined && i === statements.length - 1 ? `statement error ${fails} .\n${s}` : `statement ok\n${s}`,
  );
  const query =
    outcome.at !== undefined
      ? []
      : [
          [
            `query ${types.map((t) => LETTERS[t] ?? 'X').join('')}${ordered ? '' : ' rowsort'}`,
            render(tree, 'ours'),
            '----',
            ...lines(outcome.oracle, types, ordered).map((l) => l.replaceAll('\n', '\\n')),
          ].join('\n'),
        ];
  const other = render(tree, 'oracle');
  const told = other === render(tree, 'ours') ? [] : [`# In PostgreSQL's words: ${other}`];
  return [
    `# ${title}\n# ours:   ${shown(outcome.ours)}\n# oracle: ${shown(outcome.oracle)}`,
    ...records,
    [...told, ...query].join('\n'),
  ].join('\n\n');
}
