/**
 * A seeded sample of the campaign `npm run campaign -- protocol`: whatever is said to the SQL port, it answers in whole
 * messages or hangs up, serves on and keeps nothing. SLICEHOUSE_SEED chooses another sample; it stops after ten seconds.
 */
import { expect, test } from 'vitest';
import { systemClock } from '../../src/common/clock.ts';
import { fuzzProtocol, openAndDrop } from './protocol.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? 20261128);
const BUDGET_MS = 10_000;

test(`mutated conversations, seed ${seed}`, async () => {
  const started = systemClock.monotonicMs();
  const report = await fuzzProtocol({
    seed,
    messages: 10_000,
    enough: () => systemClock.monotonicMs() - started > BUDGET_MS,
  });
  expect(report.findings).toEqual([]);
  expect(report.conversations).toBeGreaterThan(30);
}, 120_000);

test('connections that are opened, used and dropped leave nothing behind', async () => {
  const { left } = await openAndDrop(60, 2);
  expect(left).toEqual([]);
}, 120_000);
