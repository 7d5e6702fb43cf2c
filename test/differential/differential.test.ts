/**
 * A short fixed-seed run of the random differential test against PostgreSQL, on one slice and on four; skipped with the
 * reason where PostgreSQL cannot be started. Long runs: `npm run campaign`.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { campaign, type CampaignOptions } from './campaign.ts';
import { judge } from './compare.ts';
import { Engine, startPostgres, type Oracle } from './engines.ts';
import { SubqueryGenerator } from './subquery-generator.ts';

interface RunningCluster {
  readonly url: string;
  close(): Promise<void>;
}
type StartCluster = (options: { readonly [name: string]: unknown }) => Promise<RunningCluster>;

const root = join(import.meta.dirname, '../..');
const ORACLE_PORT = 15532;
const SEEDS = 4;
const QUERIES = 15;

describe('judge', () => {
  const rows = (...r: (string | null)[][]) => ({ kind: 'rows' as const, rows: r });
  test('sees a missing row, a wrong cell, a wrong order, and an error', () => {
    expect(judge(rows(['1'], ['2']), rows(['2'], ['1']), ['int'], false)).toBe('same');
    expect(judge(rows(['1'], ['2']), rows(['2'], ['1']), ['int'], true)).toBe('different');
    expect(judge(rows(['1']), rows(['1'], ['1']), ['int'], false)).toBe('different');
    expect(judge(rows([null]), rows(['0']), ['int'], false)).toBe('different');
    expect(judge(rows(['a ']), rows(['a']), ['str'], false)).toBe('same');
    expect(judge(rows([' a']), rows(['a']), ['str'], false)).toBe('different');
    expect(judge(rows(['1.50']), rows(['1.5']), ['dec'], false)).toBe('same');
    expect(judge({ kind: 'error', sqlstate: '22012', message: '' }, rows(), ['int'], false)).toBe('different');
  });
});

describe('random queries give what PostgreSQL gives', () => {
  let oracle: Oracle | string = 'not started';
  const clusters: RunningCluster[] = [];

  beforeAll(async () => {
    oracle = await startPostgres(ORACLE_PORT);
    if (typeof oracle === 'string') return;
    const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
    await buildAll();
    const { startCluster } = (await import(join(root, 'dist/index.js'))) as { readonly startCluster: StartCluster };
    for (const [nodes, slices] of [
      [1, 1],
      [2, 2],
    ])
      clusters.push(await startCluster({ nodes, slices, memory: true }));
  });
  afterAll(async () => {
    for (const c of clusters) await c.close();
    if (typeof oracle !== 'string') await oracle.stop();
  });

  const kinds: readonly [string, Partial<Pick<CampaignOptions, 'generatorOf'>>][] = [
    ['queries', {}],
    ['queries full of subqueries', { generatorOf: (random, tables) => new SubqueryGenerator(random, tables) }],
  ];
  test.for(kinds)(`${SEEDS} seeds of ${QUERIES} %s`, { timeout: 180_000 }, async ([, kind], context) => {
    if (typeof oracle === 'string') return context.skip(oracle);
    const expected = new Engine('oracle', oracle.url);
    const ours = clusters.map((c, i) => new Engine(i === 0 ? '1x1' : '2x2', c.url));
    try {
      const totals = await campaign({
        oracle: expected,
        ours,
        firstSeed: 1,
        seeds: SEEDS,
        queriesPerSeed: QUERIES,
        shrink: true,
        ...kind,
      });
      expect(totals.failures.map((f) => f.script).join('\n\n')).toBe('');
      expect(totals.same).toBeGreaterThan(totals.compared * 0.8);
    } finally {
      for (const e of [expected, ...ours]) await e.close();
    }
  });
});
