/**
 * What the differential tests have in common: clusters beside a PostgreSQL, and random queries of one kind from seeds, whose
 * answers are compared. Where PostgreSQL cannot be started the tests are skipped with the reason. SEEDS=n runs more of them.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../../src/common/prng.ts';
import { judge, lines } from './compare.ts';
import { Engine, startPostgres, type Answer, type Oracle } from './engines.ts';

interface RunningCluster {
  readonly url: string;
  close(): Promise<void>;
}
type StartCluster = (options: { readonly [name: string]: unknown }) => Promise<RunningCluster>;
interface Configuration {
  readonly nodes: number;
  readonly slices: number;
  readonly testing?: { readonly spillRows: number };
}

const root = join(import.meta.dirname, '../..');
const SEEDS = Number(process.env['SEEDS'] ?? '3');
/** One slice, four, and where every row spills. */
const SEEDED_CONFIGURATIONS: readonly Configuration[] = [
  { nodes: 1, slices: 1 },
  { nodes: 2, slices: 2 },
  { nodes: 2, slices: 2, testing: { spillRows: 5 } },
];

/** Engines for the tests around the call, started before the first and stopped behind the last. */
export function besidePostgres(port: number, configurations: readonly Configuration[]): BesidePostgres {
  const beside = new BesidePostgres(configurations);
  beforeAll(() => beside.start(port), 120_000);
  afterAll(() => beside.stop());
  return beside;
}
export class BesidePostgres {
  private oracle: Oracle | string = 'not started';
  private readonly clusters: RunningCluster[] = [];
  constructor(private readonly configurations: readonly Configuration[]) {}

  async start(port: number): Promise<void> {
    this.oracle = await startPostgres(port);
    if (typeof this.oracle === 'string') return;
    const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
    await buildAll();
    const { startCluster } = (await import(join(root, 'dist/index.js'))) as { readonly startCluster: StartCluster };
    for (const options of this.configurations) this.clusters.push(await startCluster({ ...options, memory: true }));
  }
  async stop(): Promise<void> {
    for (const c of this.clusters) await c.close();
    if (typeof this.oracle !== 'string') await this.oracle.stop();
  }
  /** Sessions of a test, closed behind it; or why there is no PostgreSQL. */
  async run(test: (oracle: Engine, ours: readonly Engine[]) => Promise<void>): Promise<string | undefined> {
    if (typeof this.oracle === 'string') return this.oracle;
    const oracle = new Engine('oracle', this.oracle.url);
    const ours = this.clusters.map((c, i) => new Engine(JSON.stringify(this.configurations[i]), c.url));
    try {
      await test(oracle, ours);
    } finally {
      for (const engine of [oracle, ...ours]) await engine.close();
    }
    return undefined;
  }
}

export interface SeededQuery {
  readonly sql: string;
  /** In PostgreSQL's words, where these are others. */
  readonly theirs?: string;
  readonly types: readonly string[];
  readonly ordered: boolean;
  /** Changes PostgreSQL's answer where the two print one value differently. */
  readonly asOurs?: (answer: Answer) => Answer;
}
export interface SeededKind {
  readonly title: string;
  /** Of the PostgreSQL, one a test file. */
  readonly port: number;
  readonly queries: number;
  /** Makes the tables of a seed, all engines' rows being the same. */
  fill(random: Prng, oracle: Engine, ours: readonly Engine[]): Promise<void>;
  query(random: Prng): SeededQuery;
}

/** Queries of each seed give in every configuration what they give in PostgreSQL, where none may fail. */
export function testSeeded(kind: SeededKind): void {
  describe(kind.title, () => {
    const beside = besidePostgres(kind.port, SEEDED_CONFIGURATIONS);
    test(`${SEEDS} seeds of ${kind.queries} queries`, { timeout: 60_000 * SEEDS }, async (context) => {
      const reason = await beside.run(async (oracle, ours) => {
        const wrong: string[] = [];
        for (let seed = 1; seed <= SEEDS; seed++) {
          const random = new Prng(seed);
          await kind.fill(random, oracle, ours);
          for (let i = 0; i < kind.queries; i++) {
            const { sql, theirs, types, ordered, asOurs } = kind.query(random);
            const answer = await oracle.mustRun(theirs ?? sql);
            const want = asOurs === undefined ? answer : asOurs(answer);
            for (const engine of ours) {
              const got = await engine.run(sql);
              if (judge(got, want, types, ordered) === 'same') continue;
              const [a, b] = [lines(got, types, ordered), lines(want, types, ordered)];
              const at = a.findIndex((line, row) => line !== b[row]);
              const told = theirs === undefined ? '' : ` (${theirs})`;
              wrong.push(`seed ${seed} ${engine.name}\n${sql}\n ours ${a[at]}\n want ${b[at]}${told}`);
            }
          }
        }
        expect(wrong.slice(0, 5).join('\n')).toBe('');
      });
      if (reason !== undefined) context.skip(reason);
    });
  });
}
