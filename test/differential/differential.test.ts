/**
 * A short fixed-seed run of the random differential test against PostgreSQL, on one slice and on four; skipped with the
 * reason where PostgreSQL cannot be started. Long runs: `npm run campaign`.
 */
import { describe, expect, test } from 'vitest';
import { besidePostgres } from './beside-postgres.ts';
import { campaign, type CampaignOptions } from './campaign.ts';
import { judge } from './compare.ts';
import { SubqueryGenerator } from './subquery-generator.ts';

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
  const beside = besidePostgres(ORACLE_PORT, [
    { nodes: 1, slices: 1 },
    { nodes: 2, slices: 2 },
  ]);

  const kinds: readonly [string, Partial<Pick<CampaignOptions, 'generatorOf'>>][] = [
    ['queries', {}],
    ['queries full of subqueries', { generatorOf: (random, tables) => new SubqueryGenerator(random, tables) }],
  ];
  test.for(kinds)(`${SEEDS} seeds of ${QUERIES} %s`, { timeout: 180_000 }, async ([, kind], context) => {
    const reason = await beside.run(async (oracle, ours) => {
      const totals = await campaign({
        oracle,
        ours,
        firstSeed: 1,
        seeds: SEEDS,
        queriesPerSeed: QUERIES,
        shrink: true,
        ...kind,
      });
      expect(totals.failures.map((f) => f.script).join('\n\n')).toBe('');
      expect(totals.same).toBeGreaterThan(totals.compared * 0.8);
    });
    if (reason !== undefined) context.skip(reason);
  });
});
