/**
 * Where the tests are and how long one may take. Slices are worker threads, so test files run in processes of their own,
 * and no more of them at once than there are cores; the longest begin first.
 */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What tests draw of their cases comes from this seed (src/common/test-trials.ts). */
if ((process.env['SLICEHOUSE_DRAW'] ?? '') === '') {
  process.env['SLICEHOUSE_DRAW'] = String(Date.now() % 1_000_000);
  process.stderr.write(
    `tests: cases and configurations drawn by SLICEHOUSE_DRAW=${process.env['SLICEHOUSE_DRAW']}\n`,
  );
}

const areConfigurationsAsked = (process.env['SLT_CONFIG'] ?? '') !== '';

/** From a third of a minute to minutes, the longest first: begun first, so that no core is idle while the last of them runs. */
const LONG = [
  'test/slt/run.test.ts',
  'test/workloads/workloads.test.ts',
  'test/differential/differential.test.ts',
  'test/slt/drawn-1.test.ts',
  'test/slt/drawn-2.test.ts',
  'test/spill/long-values.test.ts',
  'test/spill/blocks.test.ts',
  'test/types/types.test.ts',
  'test/types/casts.test.ts',
  'test/unload/option-pairs.test.ts',
  'test/clients/s3-tools.test.ts',
  'test/auto/auto-distribution.test.ts',
  'test/durability/node-restart.test.ts',
  'test/copy/option-pairs.test.ts',
  'test/redshift/examples.test.ts',
  'test/durability/faults.test.ts',
  'test/durability/sessions.test.ts',
  'test/spill/sorted-rows.test.ts',
  'test/spill/spill.test.ts',
  'test/unload/round-trips.test.ts',
  'test/api/states.test.ts',
  'src/s3/codecs/codecs.test.ts',
  'test/spine/long-statements.test.ts',
  'test/wlm/memory.test.ts',
  'test/kernels/flat-memory.test.ts',
  'test/copy/dynamodb.test.ts',
  'test/copy/ssh.test.ts',
  'test/clients/tls.test.ts',
  'test/clients/psql.test.ts',
  'test/copy/quarantine.test.ts',
  'test/copy/endpoint.test.ts',
  'test/copy/shapefile.test.ts',
  'test/settings/settings.test.ts',
  'test/copy/transfer-views.test.ts',
  'src/slices/interleaved.test.ts',
];
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((path) => moduleId.endsWith(path));
      return at < 0 ? LONG.length : at;
    };
    return [...(await super.sort(files))].sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/oracles/**', 'node_modules/**', ...(areConfigurationsAsked ? ['test/slt/drawn-*'] : [])],
    pool: 'forks',
    maxWorkers: availableParallelism(),
    // For busy machines; no test asserts on time.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    sequence: { sequencer: LongFirst },
  },
});
