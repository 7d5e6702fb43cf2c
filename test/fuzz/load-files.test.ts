/**
 * A seeded sample of the campaign `npm run campaign -- loads`: whatever a file of COPY holds, it is read as another reader reads it, or
 * refused, and nothing stays behind. SLICEHOUSE_SEED chooses another sample; each format stops after some seconds.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/common/clock.ts';
import { trials } from '../../src/common/test-trials.ts';
import { Lake } from '../copy/cluster.ts';
import { FORMATS, fuzzFormat } from './load-files.ts';
import { fuzzCopies } from './load-statements.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? 20261127);
const BUDGET_MS = 3_000;
const budget = (): (() => boolean) => {
  const started = systemClock.monotonicMs();
  return () => systemClock.monotonicMs() - started > BUDGET_MS;
};
let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 1, slices: 2 });
}, 300_000);
afterAll(() => lake.close());

test.each(Object.keys(FORMATS))(`%s, seed ${seed}`, async (name) => {
  const report = await fuzzFormat(name, seed, trials(150), budget());
  expect(report.findings).toEqual([]);
  expect([...report.counts.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
});
test(`statements, seed ${seed}`, async () => {
  const report = await fuzzCopies(lake, seed, trials(80), budget());
  expect(report.findings).toEqual([]);
  expect(report.statements).toBeGreaterThan(0);
});
