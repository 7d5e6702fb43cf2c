/**
 * Where the tests are and how long one may take. Slices are worker threads, so test files run in processes of their own,
 * and no more of them at once than there are cores.
 */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/oracles/**', 'node_modules/**'],
    pool: 'forks',
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
