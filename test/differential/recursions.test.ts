/**
 * Random recursive queries against PostgreSQL: on one slice and on four, and where every row spills. Skipped with the reason
 * where PostgreSQL cannot be started. SEEDS=n runs more of them.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../../src/common/prng.ts';
import { judge, lines } from './compare.ts';
import { Engine, startPostgres, type Oracle } from './engines.ts';
import { RECURSION_STYLES, RECURSION_TABLES, recursionRows, recursiveQuery } from './recursions.ts';

interface RunningCluster {
  readonly url: string;
  close(): Promise<void>;
}
type StartCluster = (options: { readonly [name: string]: unknown }) => Promise<RunningCluster>;

const root = join(import.meta.dirname, '../..');
const ORACLE_PORT = 15534;
const SEEDS = Number(process.env['SEEDS'] ?? '3');
const QUERIES = 12;
const CONFIGURATIONS = [
  { nodes: 1, slices: 1 },
  { nodes: 2, slices: 2 },
  { nodes: 2, slices: 2, testing: { spillRows: 5 } },
];

describe('random recursive queries give what PostgreSQL gives', () => {
  let oracle: Oracle | string = 'not started';
  const clusters: RunningCluster[] = [];

  beforeAll(async () => {
    oracle = await startPostgres(ORACLE_PORT);
    if (typeof oracle === 'string') return;
    const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
    await buildAll();
    const { startCluster } = (await import(join(root, 'dist/index.js'))) as { readonly startCluster: StartCluster };
    for (const options of CONFIGURATIONS) clusters.push(await startCluster({ ...options, memory: true }));
  }, 120_000);
  afterAll(async () => {
    for (const c of clusters) await c.close();
    if (typeof oracle !== 'string') await oracle.stop();
  });

  test(`${SEEDS} seeds of ${QUERIES} queries`, { timeout: 60_000 * SEEDS }, async (context) => {
    if (typeof oracle === 'string') return context.skip(oracle);
    const expected = new Engine('oracle', oracle.url);
    const ours = clusters.map((c, i) => new Engine(JSON.stringify(CONFIGURATIONS[i]), c.url));
    const wrong: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Prng(seed);
      const rows = recursionRows(random);
      for (const engine of [expected, ...ours]) {
        for (const [i, table] of RECURSION_TABLES.entries()) {
          await engine.run(`drop table ${i === 0 ? 'node' : 'edge'}`);
          await engine.mustRun(engine === expected ? table : `${table} ${random.pick(RECURSION_STYLES[i]!)}`);
        }
        for (const sql of rows) await engine.mustRun(sql);
      }
      for (let i = 0; i < QUERIES; i++) {
        const { sql, types } = recursiveQuery(random);
        const want = await expected.mustRun(sql);
        for (const engine of ours) {
          const got = await engine.run(sql);
          if (judge(got, want, types, false) === 'same') continue;
          const [a, b] = [lines(got, types, false), lines(want, types, false)];
          const at = a.findIndex((line, row) => line !== b[row]);
          wrong.push(`seed ${seed} ${engine.name}\n${sql}\n ours ${a[at]}\n want ${b[at]}`);
        }
      }
    }
    for (const engine of [expected, ...ours]) await engine.close();
    expect(wrong.slice(0, 5).join('\n')).toBe('');
  });
});
