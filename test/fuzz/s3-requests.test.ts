/**
 * A seeded sample of the campaign `npm run campaign -- s3`: whatever is sent to the S3 port, it answers, nothing leaves a bucket
 * or the root, and objects are what was put. SLICEHOUSE_SEED chooses another sample; it stops after ten seconds.
 */
import { expect, test } from 'vitest';
import { systemClock } from '../../src/common/clock.ts';
import { fuzzS3 } from './s3-requests.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? 20261127);
const BUDGET_MS = 10_000;

test(`requests that mean something and requests that do not, seed ${seed}`, async () => {
  const started = systemClock.monotonicMs();
  const report = await fuzzS3({
    seed,
    requests: 1_500,
    enough: () => systemClock.monotonicMs() - started > BUDGET_MS,
  });
  expect(report.findings).toEqual([]);
  expect(report.modelled).toBeGreaterThan(50);
}, 120_000);
