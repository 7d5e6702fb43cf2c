/**
 * A sample of the chaos campaign, from fixed seeds: nothing acknowledged is lost, nothing else appears, sessions outlive
 * nodes. `npm run campaign -- kills` runs hundreds from other seeds.
 */
import { expect, test } from 'vitest';
import { chaosRun } from './chaos.ts';

test.each([
  [11, false],
  [12, false],
  [13, true],
  [14, true],
] as const)(
  'seed %i, in memory: %s',
  async (seed, memory) => {
    const report = await chaosRun(seed, memory);
    expect(report.acknowledged).toBeGreaterThan(5);
  },
  120_000,
);
