/**
 * A sample of the chaos campaign, from fixed seeds: nothing acknowledged is lost, nothing else appears, sessions outlive
 * nodes. `npm run campaign -- kills` runs hundreds from other seeds.
 */
import { expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { chaosRun } from './chaos.ts';

const SEEDS = [
  [11, false],
  [12, false],
  [13, true],
  [14, true],
] as const;
test.each([...sampled('chaos on disk', SEEDS.slice(0, 2), 1), ...sampled('chaos in memory', SEEDS.slice(2), 1)])(
  'seed %i, in memory: %s',
  async (seed, memory) => {
    const report = await chaosRun(seed, memory);
    expect(report.acknowledged).toBeGreaterThan(5);
  },
  120_000,
);
