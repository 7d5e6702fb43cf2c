/**
 * A seeded sample of the campaign `npm run campaign -- expressions`: no expression ends in an internal error or takes the
 * server down, and constants give what columns give. SLICEHOUSE_SEED chooses another sample; it stops after ten seconds,
 * though not before it has asked some.
 */
import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/common/clock.ts';
import { fuzzExpressions } from './run.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? 20261126);
const BUDGET_MS = 10_000;
const LEAST = 100;

beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
}, 600_000);

test(`no expression is an internal error, constants fold to what slices compute, seed ${seed}`, async () => {
  const { startCluster } = (await import('../../dist/index.js' as string)) as typeof import('../../src/index.ts');
  const started = systemClock.monotonicMs();
  let asked = 0;
  const report = await fuzzExpressions({
    seed,
    expressions: 400,
    enough: () => ++asked > LEAST && systemClock.monotonicMs() - started > BUDGET_MS,
    start: () => startCluster({ nodes: 1, slices: 2, memory: true }),
  });
  expect(report.findings).toEqual([]);
  expect(report.answered).toBeGreaterThan(20);
  expect(report.compared).toBeGreaterThan(20);
}, 120_000);
