/**
 * A sample of the campaign of undone statements, from fixed seeds. `npm run campaign -- undone` runs hundreds from other
 * seeds.
 */
import { expect, test } from 'vitest';
import { undoneRun } from './undone.ts';

test.each([21, 22, 23])(
  'seed %i',
  async (seed) => {
    const report = await undoneRun(seed);
    expect(report.acknowledged).toBeGreaterThan(20);
    expect(report.undone['22012'] ?? 0).toBeGreaterThan(0);
    expect(report.snapshots).toBeGreaterThan(0);
  },
  120_000,
);
