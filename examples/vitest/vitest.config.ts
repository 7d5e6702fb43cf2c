/**
 * `pool: 'forks'`: a cluster of a file's own starts worker threads.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { globalSetup: ['./global-setup.ts'], pool: 'forks', include: ['*.test.ts'] },
});
