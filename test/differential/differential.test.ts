/**
 * A few seeds of every kind of random queries and changes against PostgreSQL, where every row spills and in another configuration
 * that a seed draws; skipped with the reason where PostgreSQL cannot be started. Long runs: `npm run campaign -- queries`.
 *   DIFFERENTIAL_SEED=N repeats a drawing, DIFFERENTIAL_KIND=name takes kinds with that in their name, SEEDS=n more seeds
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWhole } from '../../src/common/test-trials.ts';
import { systemClock } from '../../src/common/clock.ts';
import { Prng } from '../../src/common/prng.ts';
import { BesidePostgres } from './beside-postgres.ts';
import { campaign } from './campaign.ts';
import { judge } from './compare.ts';
import { drawConfigurations, nameOf } from './configurations.ts';
import { startPostgres, type Oracle } from './engines.ts';
import { KINDS } from './kinds.ts';

const SEEDS = Number(process.env['SEEDS'] ?? (isWhole ? '2' : '1'));
const QUERIES = 5;
const PATIENT_MS = 60_000;
const drawing = Number(process.env['DIFFERENTIAL_SEED'] ?? systemClock.nowMs() % 1_000_000);
const configurations = drawConfigurations(new Prng(drawing));
const kinds = KINDS.filter((k) => k.name.includes(process.env['DIFFERENTIAL_KIND'] ?? ''));

describe('judge', () => {
  const rows = (...r: (string | null)[][]) => ({ kind: 'rows' as const, rows: r });
  test('sees a missing row, a wrong cell, a wrong order, and an error', () => {
    expect(judge(rows(['1'], ['2']), rows(['2'], ['1']), ['int'], false)).toBe('same');
    expect(judge(rows(['1'], ['2']), rows(['2'], ['1']), ['int'], true)).toBe('different');
    expect(judge(rows(['1']), rows(['1'], ['1']), ['int'], false)).toBe('different');
    expect(judge(rows([null]), rows(['0']), ['int'], false)).toBe('different');
    expect(judge(rows(['a ']), rows(['a']), ['str'], false)).toBe('same');
    expect(judge(rows([' a']), rows(['a']), ['str'], false)).toBe('different');
    expect(judge(rows(['1.5', '2']), rows(['1.5000000000001', '2']), ['flt', 'int'], false)).toBe('same');
    expect(judge(rows(['1.5', '2']), rows(['1.5001', '2']), ['flt', 'int'], false)).toBe('different');
    expect(judge(rows(['2', null], ['1', 'a']), rows(['1', 'a'], ['2', null]), ['flt', 'str'], false)).toBe('same');
    expect(judge(rows(['NaN'], [null]), rows([null], ['NaN']), ['flt'], false)).toBe('same');
    expect(judge(rows(['NaN'], ['1']), rows([null], ['1']), ['flt'], false)).toBe('different');
    expect(judge(rows(['1.50']), rows(['1.5']), ['dec'], false)).toBe('same');
    expect(judge({ kind: 'error', sqlstate: '22012', message: '' }, rows(), ['int'], false)).toBe('different');
  });
});

describe(`beside PostgreSQL, DIFFERENTIAL_SEED=${drawing}: ${configurations.map(nameOf).join(', ')}`, () => {
  let oracle: Oracle | string = 'not started';
  let beside: BesidePostgres | undefined;
  beforeAll(async () => {
    oracle = await startPostgres();
    if (typeof oracle === 'string') return;
    const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
    await buildAll();
    beside = new BesidePostgres(oracle, configurations);
    await beside.start();
  });
  afterAll(async () => {
    await beside?.stop();
    if (typeof oracle !== 'string') await oracle.stop();
  });

  // The oracle may take its time.
  test.for(kinds)('$about', { timeout: 300_000 }, async (kind, { signal, skip }) => {
    if (beside === undefined) return skip(String(oracle));
    const sessions = await beside.sessions();
    const given = { kind, firstSeed: 1, seeds: SEEDS, queriesPerSeed: QUERIES, signal, patientMs: PATIENT_MS };
    const totals = await campaign({ ...sessions, ...given });
    expect(totals.failures.map((f) => f.script).join('\n\n')).toBe('');
    expect(beside.bugs).toEqual([]);
    expect(totals.same).toBeGreaterThan(totals.compared * 0.7);
  });
});
