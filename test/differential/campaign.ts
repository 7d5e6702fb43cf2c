/**
 * A run of the random differential test: for each seed new tables in every engine, then queries; a difference is made
 * smaller (query first, then rows) and reported as a script. The same seed gives the same tables and queries; each
 * Slicehouse engine gets its own distributions and sort keys.
 */
import { Prng } from '../../src/common/prng.ts';
import { judge, lines } from './compare.ts';
import type { Engine } from './engines.ts';
import { ChangeGenerator, Generator, type GeneratedQuery } from './generator.ts';
import { createOracle, createOurs, makeTable, type Table } from './schema.ts';
import { render, smaller, type Node } from './tree.ts';

export interface Failure {
  readonly seed: number;
  readonly engine: string;
  readonly script: string;
}
export interface Totals {
  compared: number;
  same: number;
  unsupported: number;
  oracleCannot: number;
  bothFailed: number;
  readonly failures: Failure[];
  readonly refusals: Map<string, number>;
}
export interface CampaignOptions {
  readonly oracle: Engine;
  readonly ours: readonly Engine[];
  readonly firstSeed: number;
  readonly seeds: number;
  readonly queriesPerSeed: number;
  readonly shrink: boolean;
  /** Queries of a kind; without it any, and changes after them. */
  generatorOf?(random: Prng, tables: readonly Table[]): { query(): GeneratedQuery };
  onFailure?(failure: Failure): void;
  goOn?(): boolean;
}

const VIEW_TYPES = ['int', 'str', 'dec'];

async function load(
  engine: Engine,
  tables: readonly Table[],
  statements: (t: Table) => readonly string[],
  view: string | undefined,
): Promise<void> {
  await engine.run('drop view if exists v0');
  for (const t of tables) {
    await engine.mustRun(`drop table if exists ${t.name}`);
    for (const s of statements(t)) await engine.mustRun(s);
  }
  if (view !== undefined) await engine.run(`create view v0 as ${view}`);
}

export async function campaign(options: CampaignOptions): Promise<Totals> {
  const totals: Totals = {
    compared: 0,
    same: 0,
    unsupported: 0,
    oracleCannot: 0,
    bothFailed: 0,
    failures: [],
    refusals: new Map(),
  };
  for (let seed = options.firstSeed; seed < options.firstSeed + options.seeds; seed++) {
    if (options.goOn && !options.goOn()) break;
    await runSeed(options, seed, totals);
  }
  return totals;
}

async function runSeed(options: CampaignOptions, seed: number, totals: Totals): Promise<void> {
  const { oracle, ours } = options;
  const random = new Prng(seed * 7919);
  const tables = Array.from({ length: random.int(2, 4) }, (_, i) => makeTable(random, `t${i}`));
  const viewBody = new Generator(new Prng(seed * 31 + 7), tables).select(VIEW_TYPES, [], 1);
  await load(oracle, tables, createOracle, render(viewBody, 'oracle'));
  for (const [i, engine] of ours.entries()) {
    await load(
      engine,
      tables,
      (t) => createOurs(new Prng(seed * 101 + i * 13 + t.rows.length), t),
      render(viewBody, 'ours'),
    );
  }
  const views = [{ name: 'v0', columns: VIEW_TYPES.map((type, i) => ({ name: `c${i}`, type })) }];
  const generator = options.generatorOf?.(random, tables) ?? Generator.of(random, tables, views);
  for (let q = 0; q < options.queriesPerSeed; q++) {
    const query = generator.query();
    const expected = await oracle.run(render(query.tree, 'oracle'));
    for (const [i, engine] of ours.entries()) {
      const got = await engine.run(render(query.tree, 'ours'));
      const verdict = judge(got, expected, query.types, query.ordered);
      totals.compared++;
      if (verdict === 'same' && got.kind === 'error') totals.bothFailed++;
      else if (verdict === 'same') totals.same++;
      else if (verdict === 'oracle-cannot') totals.oracleCannot++;
      else if (verdict === 'unsupported') {
        totals.unsupported++;
        const why = got.kind === 'error' ? got.message : '';
        totals.refusals.set(why, (totals.refusals.get(why) ?? 0) + 1);
      } else {
        const failure = await report(options, seed, i, tables, query, viewBody);
        totals.failures.push(failure);
        options.onFailure?.(failure);
        break;
      }
    }
  }
  if (options.generatorOf === undefined) await runChanges(options, seed, tables, totals);
}

/** Changes on every engine, sometimes inside a transaction; after each the changed table is compared. */
async function runChanges(
  options: CampaignOptions,
  seed: number,
  tables: readonly Table[],
  totals: Totals,
): Promise<void> {
  const random = new Prng(seed * 6151 + 3);
  const generator = new ChangeGenerator(random, tables);
  const engines = [options.oracle, ...options.ours];
  const done: string[] = [];
  const everywhere = async (sql: string): Promise<void> => {
    done.push(sql);
    for (const e of engines) await e.run(sql);
  };
  const inBlock = random.float() < 0.5;
  if (inBlock) await everywhere('begin');
  for (let i = 0; i < CHANGES; i++) {
    const table = random.pick(tables);
    const change = generator.change(table);
    const types = table.columns.map((c) => c.type);
    done.push(render(change, 'ours'));
    if (inBlock) await options.oracle.run('savepoint s');
    const expected = await options.oracle.run(render(change, 'oracle'));
    if (expected.kind === 'error') {
      if (inBlock) await options.oracle.run('rollback to s');
      done.pop();
      continue;
    }
    const want = await options.oracle.run(`select * from ${table.name}`);
    for (const engine of options.ours) {
      const changed = await engine.run(render(change, 'ours'));
      const got = changed.kind === 'error' ? changed : await engine.run(`select * from ${table.name}`);
      totals.compared++;
      if (judge(got, want, types, false) === 'same') totals.same++;
      else {
        const failure: Failure = {
          seed,
          engine: engine.name,
          script: [
            `-- seed ${seed} on ${engine.name}: changes`,
            ...tables
              .flatMap((t) => createOurs(new Prng(seed * 101 + options.ours.indexOf(engine) * 13 + t.rows.length), t))
              .map((s) => `${s};`),
            ...done.map((s) => `${s};`),
            `select * from ${table.name};`,
            `-- ours:   ${lines(got, types, false).slice(0, 40).join(' ; ')}`,
            `-- oracle: ${lines(want, types, false).slice(0, 40).join(' ; ')}`,
          ].join('\n'),
        };
        totals.failures.push(failure);
        options.onFailure?.(failure);
        for (const e of engines) await e.run('rollback');
        return;
      }
    }
  }
  if (inBlock) await everywhere(random.float() < 0.5 ? 'commit' : 'rollback');
  for (const table of tables) {
    const want = await options.oracle.run(`select * from ${table.name}`);
    for (const engine of options.ours) {
      const got = await engine.run(`select * from ${table.name}`);
      totals.compared++;
      if (
        judge(
          got,
          want,
          table.columns.map((c) => c.type),
          false,
        ) === 'same'
      )
        totals.same++;
      else {
        const failure: Failure = {
          seed,
          engine: engine.name,
          script: `-- seed ${seed} on ${engine.name}: ${table.name} after\n${done.join(';\n')}`,
        };
        totals.failures.push(failure);
        options.onFailure?.(failure);
      }
    }
  }
}
const CHANGES = 8;

const PRECISE = 150;

/** A failure as small as it gets, as text to paste. */
async function report(
  options: CampaignOptions,
  seed: number,
  index: number,
  tables: readonly Table[],
  query: GeneratedQuery,
  view: Node,
): Promise<Failure> {
  const engine = options.ours[index]!;
  const create = (t: Table): readonly string[] => createOurs(new Prng(seed * 101 + index * 13 + t.rows.length), t);
  let { tree } = query;
  const kind = async (n: Node): Promise<string> => {
    const a = await engine.run(render(n, 'ours'));
    const b = await options.oracle.run(render(n, 'oracle'));
    if (b.kind === 'error') return 'no';
    if (judge(a, b, query.types, query.ordered) !== 'different') return 'no';
    return a.kind === 'error' ? `error ${a.sqlstate}` : 'rows';
  };
  const first = await kind(tree);
  let used: readonly Table[] = tables;
  if (options.shrink && first !== 'no') {
    let tries = 0;
    const shrinkQuery = async (): Promise<void> => {
      for (let again = true; again && tries < PRECISE * 4;) {
        again = false;
        for (const n of smaller(tree)) {
          if (tries++ > PRECISE * 4) break;
          if ((await kind(n)) !== first) continue;
          tree = n;
          again = true;
          break;
        }
      }
    };
    await shrinkQuery();
    used = await shrinkRows(options, index, tables, create, async () => (await kind(tree)) === first);
  }
  const a = lines(await engine.run(render(tree, 'ours')), query.types, query.ordered);
  const b = lines(await options.oracle.run(render(tree, 'oracle')), query.types, query.ordered);
  const named = used.filter(
    (t) => new RegExp(`\\b${t.name}\\b`).test(render(tree, 'ours')) || render(tree, 'ours').includes('v0'),
  );
  const viewText = render(tree, 'ours').includes('v0') ? [`create view v0 as ${render(view, 'ours')}`] : [];
  const script = [
    `-- seed ${seed} on ${engine.name}`,
    ...named.flatMap(create).map((s) => `${s};`),
    ...viewText,
    `${render(tree, 'ours')};`,
    `-- ours:   ${a.slice(0, 12).join(' ; ')}`,
    `-- oracle: ${b.slice(0, 12).join(' ; ')}`,
  ].join('\n');
  if (used !== tables) await reload(options, index, tables, create, view);
  return { seed, engine: engine.name, script };
}
async function reload(
  options: CampaignOptions,
  index: number,
  tables: readonly Table[],
  create: (t: Table) => readonly string[],
  view: Node,
): Promise<void> {
  await load(options.ours[index]!, tables, create, render(view, 'ours'));
  await load(options.oracle, tables, createOracle, render(view, 'oracle'));
}

/** Takes rows away in halves, then smaller runs, as long as the difference stays. */
async function shrinkRows(
  options: CampaignOptions,
  index: number,
  tables: readonly Table[],
  create: (t: Table) => readonly string[],
  fails: () => Promise<boolean>,
): Promise<readonly Table[]> {
  let current = tables;
  let tries = 0;
  const put = async (t: Table): Promise<void> => {
    for (const [engine, statements] of [
      [options.ours[index]!, create(t)],
      [options.oracle, createOracle(t)],
    ] as const) {
      await engine.mustRun(`delete from ${t.name}`);
      for (const s of statements.slice(1)) await engine.mustRun(s);
    }
  };
  for (let i = 0; i < tables.length; i++) {
    for (let step = Math.ceil(current[i]!.rows.length / 2); step >= 1; step = step === 1 ? 0 : Math.ceil(step / 2)) {
      for (let from = 0; from < current[i]!.rows.length;) {
        if (tries++ > PRECISE) return current;
        const before = current[i]!;
        const candidate = { ...before, rows: before.rows.filter((_, r) => r < from || r >= from + step) };
        await put(candidate);
        if (await fails()) current = current.map((t, k) => (k === i ? candidate : t));
        else {
          await put(before);
          from += step;
        }
      }
    }
  }
  return current;
}
