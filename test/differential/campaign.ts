/**
 * A run of a kind: for each seed new tables in every engine, then queries, or changes with the changed table asked for behind
 * each; a difference is made smaller and reported as a script. The same seed gives the same tables and queries; each
 * Slicehouse engine gets its own distributions and sort keys.
 */
import { Prng } from '../../src/common/prng.ts';
import { judge } from './compare.ts';
import type { Answer, Engine } from './engines.ts';
import type { Kind, Query, Scenario, View } from './kind.ts';
import { change, load, play, script, type Outcome, type Sides } from './scenario.ts';
import { shrink } from './shrink.ts';
import { node, render, type Node } from './tree.ts';

export interface Failure {
  readonly kind: string;
  readonly seed: number;
  readonly engine: string;
  readonly script: string;
}
export interface Totals {
  queries: number;
  compared: number;
  same: number;
  unsupported: number;
  oracleCannot: number;
  bothFailed: number;
  readonly failures: Failure[];
  readonly refusals: Map<string, number>;
}
export const noTotals = (): Totals => ({
  queries: 0,
  compared: 0,
  same: 0,
  unsupported: 0,
  oracleCannot: 0,
  bothFailed: 0,
  failures: [],
  refusals: new Map(),
});
export interface CampaignOptions {
  readonly kind: Kind;
  readonly oracle: Engine;
  readonly ours: readonly Engine[];
  readonly firstSeed: number;
  readonly seeds: number;
  readonly queriesPerSeed: number;
  /** Ends the run between two queries. */
  readonly signal?: AbortSignal | undefined;
  /** What a statement gets that took longer than the engines' own timeout. */
  readonly patientMs: number;
  onFailure?(failure: Failure): void;
}

export async function campaign(options: CampaignOptions, totals: Totals = noTotals()): Promise<Totals> {
  for (const sql of options.kind.oracleSetup ?? []) await options.oracle.mustRun(sql);
  for (let seed = options.firstSeed; seed < options.firstSeed + options.seeds; seed++) {
    if (options.signal?.aborted === true) break;
    await new SeedRun(options, seed, totals).run();
  }
  return totals;
}

const isTooSlow = (a: Answer): boolean => a.kind === 'error' && a.sqlstate === '57014';

class SeedRun {
  private readonly random: Prng;
  private base: Omit<Scenario, 'query'>;
  constructor(
    private readonly options: CampaignOptions,
    private readonly seed: number,
    private readonly totals: Totals,
  ) {
    this.random = new Prng(seed * 7919);
    const { kind } = options;
    const tables = kind.tables(this.random);
    const views = kind.views?.(new Prng(seed * 31 + 7), tables) ?? [];
    this.base = { tables, views, changes: [] };
  }
  private style(engine: number): number {
    return this.seed * 101 + engine * 13;
  }
  private sides(engine: number): Sides {
    const { oracle, ours } = this.options;
    return { oracle, ours: ours[engine]!, style: this.style(engine) };
  }
  private get stopped(): boolean {
    return this.options.signal?.aborted === true;
  }

  async run(): Promise<void> {
    const { kind, oracle, ours } = this.options;
    let made: readonly View[] = await load(oracle, this.base, 'oracle', 0);
    for (const [i, engine] of ours.entries()) {
      const here = await load(engine, this.base, 'ours', this.style(i));
      made = made.filter((v) => here.includes(v));
    }
    this.base = { ...this.base, views: made };
    if (kind.queries !== undefined) await this.queries(kind.queries(this.random, this.base.tables, this.base.views));
    if (kind.changes !== undefined) await this.changes(kind.changes(this.random, this.base.tables));
  }

  private async queries(draw: () => Query): Promise<void> {
    const { oracle, ours, queriesPerSeed, patientMs } = this.options;
    for (let q = 0; q < queriesPerSeed && !this.stopped; q++) {
      const query = draw();
      this.totals.queries++;
      const want = await oracle.run(render(query.tree, 'oracle'));
      if (isTooSlow(want)) {
        this.totals.oracleCannot += ours.length;
        continue;
      }
      for (const [i, engine] of ours.entries()) {
        const got = await engine.patiently(render(query.tree, 'ours'), patientMs);
        const verdict = judge(got, want, query.types, query.ordered);
        if (this.stopped || this.count(verdict, got)) continue;
        await this.report(i, { ...this.base, query }, { ours: got, oracle: want, verdict });
        break;
      }
    }
  }
  /** Counts an answer; false when it is a difference. */
  private count(verdict: Outcome['verdict'], got: Answer): boolean {
    const { totals } = this;
    totals.compared++;
    if (verdict === 'same' && got.kind === 'error') totals.bothFailed++;
    else if (verdict === 'same') totals.same++;
    else if (verdict === 'oracle-cannot') totals.oracleCannot++;
    else if (verdict === 'unsupported') {
      totals.unsupported++;
      const why = got.kind === 'error' ? got.message : '';
      totals.refusals.set(why, (totals.refusals.get(why) ?? 0) + 1);
    } else return false;
    return true;
  }

  /** Changes on every engine, sometimes inside a transaction; behind each the changed table is compared. */
  private async changes(draw: (table: Scenario['tables'][number]) => Node): Promise<void> {
    const { oracle, ours, queriesPerSeed, patientMs } = this.options;
    const { random } = this;
    const all = [oracle, ...ours];
    for (const e of all) await e.allow(patientMs);
    const done: Node[] = [];
    let inBlock = false;
    const say = async (word: string): Promise<void> => {
      inBlock = word === 'begin';
      done.push(node('', word));
      for (const e of all) await e.run(word);
    };
    for (let q = 0; q < queriesPerSeed && !this.stopped; q++) {
      if (random.float() < 0.15) await say(inBlock ? random.pick(['commit', 'rollback']) : 'begin');
      const table = random.pick(this.base.tables);
      const tree = draw(table);
      this.totals.queries++;
      const query: Query = {
        tree: node('query', `select * from ${table.name}`),
        types: table.columns.map((c) => c.type),
        ordered: false,
      };
      const [first, ...others] = ours;
      const outcome = await change({ oracle, ours: first! }, tree, inBlock);
      if (outcome.oracle.kind === 'error' && inBlock) continue;
      if (outcome.verdict === 'oracle-cannot') return;
      if (!this.count(outcome.verdict, outcome.ours)) {
        const at = done.length;
        await this.report(0, { ...this.base, changes: [...done, tree], query }, { ...outcome, at });
        return;
      }
      // Our block is over with an error; the oracle's goes with it.
      if (outcome.verdict !== 'same' && inBlock) await say('rollback');
      if (outcome.verdict !== 'same') continue;
      if (outcome.oracle.kind === 'rows') done.push(tree);
      const want = await oracle.run(render(query.tree, 'oracle'));
      for (const [i, engine] of ours.entries()) {
        const changed = others.includes(engine) ? await engine.run(render(tree, 'ours')) : outcome.ours;
        const agrees = (changed.kind === 'error') === (outcome.oracle.kind === 'error');
        const got = agrees ? await engine.run(render(query.tree, 'ours')) : changed;
        const verdict = judge(got, want, query.types, false);
        if (verdict === 'same' ? this.count(verdict, got) : this.stopped) continue;
        await this.report(i, { ...this.base, changes: done, query }, { ours: got, oracle: want, verdict });
        return;
      }
    }
    if (inBlock) await say('rollback');
  }

  private async report(engine: number, scenario: Scenario, outcome: Outcome): Promise<void> {
    const { kind, oracle, ours, patientMs, onFailure } = this.options;
    const sides = this.sides(engine);
    const wayOf = (o: Outcome): string =>
      o.verdict !== 'different'
        ? 'none'
        : `${o.at === undefined ? 'query' : 'change'} ${o.ours.kind === 'error' ? o.ours.sqlstate : o.oracle.kind}`;
    const way = wayOf(outcome);
    for (const e of [oracle, ...ours]) await e.run('rollback');
    let loaded: Scenario['tables'] = scenario.changes.length === 0 ? scenario.tables : [];
    const again = async (s: Scenario): Promise<Outcome> => {
      const isLoaded = s.changes.length === 0 && s.tables === loaded;
      loaded = s.changes.length === 0 ? s.tables : [];
      return play(sides, s, isLoaded, patientMs);
    };
    const repeats = wayOf(await again(scenario)) === way;
    const small = repeats
      ? await shrink(scenario, async (s) => !this.stopped && wayOf(await again(s)) === way)
      : scenario;
    const last = repeats ? await again(small) : outcome;
    const title = `Seed ${this.seed} of ${kind.about} on ${sides.ours.name}${repeats ? '' : ', not repeated'}.`;
    const failure: Failure = {
      kind: kind.name,
      seed: this.seed,
      engine: sides.ours.name,
      script: script(small, sides.style, last, title),
    };
    this.totals.failures.push(failure);
    onFailure?.(failure);
    await load(sides.oracle, this.base, 'oracle', 0);
    await load(sides.ours, this.base, 'ours', sides.style);
  }
}
