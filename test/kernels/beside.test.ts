/**
 * A seeded sample of the campaign `npm run campaign -- functions`: functions and operators beside each other give what
 * each gives alone, with the kernels of the product and with those that check their memory. Regions are tiny, so that
 * scratch grows all the time. SLICEHOUSE_SEED chooses another sample.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { besideEachOther } from './beside.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? 20261126);

beforeAll(async () => {
  const build = (await import('../../tools/build.mjs' as string)) as Record<
    'buildAll' | 'buildCheckedKernels',
    () => Promise<void>
  >;
  await build.buildAll();
  await build.buildCheckedKernels();
}, 600_000);

describe.each([
  ['the checked kernels', '1', true],
  ['the kernels', '0', false],
])('with %s', (_name, checked, nulls) => {
  test(`functions beside functions, seed ${seed}`, async () => {
    process.env['SLICEHOUSE_CHECKED_KERNELS'] = checked;
    process.env['SLICEHOUSE_REGION_BYTES'] = '256';
    process.env['SLICEHOUSE_SCRATCH_LEFT_BYTES'] = '0';
    const { startCluster } = (await import('../../dist/index.js' as string)) as typeof import('../../src/index.ts');
    const cluster = await startCluster({ nodes: 1, slices: 2 });
    try {
      const report = await besideEachOther({
        url: cluster.url,
        seed,
        rows: 2000,
        expressions: 60,
        width: 30,
        statements: 14,
        nulls,
      });
      expect(report.differences).toEqual([]);
      expect(report.combinations).toBeGreaterThan(1000);
      expect(report.functions.size).toBeGreaterThan(30);
    } finally {
      await cluster.close();
    }
  }, 600_000);
});
