/**
 * kill -9 under load, from fixed seeds: nothing acknowledged is lost, nothing else appears. `npm run campaign -- kills` does
 * it among other blows, hundreds of times.
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
