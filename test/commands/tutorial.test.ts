/**
 * The tutorial of README.md as a user runs it: psql -f fixtures/tutorial.sql, stopping at the first error. Needs psql; a
 * machine without it skips the test by name.
 */
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderLines } from '../data/adventureworks.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Cluster {
  readonly url: string;
  readonly s3Root: string;
  close(): Promise<void>;
}
let cluster: Cluster;

function hasPsql(): boolean {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  const built = (await import(join(root, 'dist/index.js'))) as { startCluster(options: object): Promise<Cluster> };
  cluster = await built.startCluster({ nodes: 2, slices: 2 });
  const bucket = join(cluster.s3Root, 'tutorial');
  mkdirSync(bucket, { recursive: true });
  for (const file of ['customers.csv', 'employees_with_header.csv']) copyFileSync(join(root, 'fixtures/adventureworks', file), join(bucket, file));
  writeFileSync(join(bucket, 'orders_with_header.csv'), [...orderLines({ lines: 6092, header: true })].map((l) => `${l}\n`).join(''));
});
afterAll(() => cluster?.close());

test('psql -f fixtures/tutorial.sql', async (context) => {
  if (!hasPsql()) context.skip('psql is not installed');
  const psql = (file: string) => run('psql', ['-v', 'ON_ERROR_STOP=1', '-f', join(root, file), cluster.url], { maxBuffer: 1 << 24 });
  const first = await psql('fixtures/tutorial.sql');
  expect(first.stderr).toContain("Load into table 'customers' completed, 635 record(s) loaded successfully.");
  expect(first.stderr).toContain("Load into table 'orders' completed, 6095 record(s) loaded successfully.");
  expect(first.stdout).toMatch(/XN Hash Join DS_DIST_ALL_NONE/);
  expect(first.stdout).toMatch(/James Clark +\| +5 +\| 1246193\.3255/);
  // and again, over what the first run left
  await psql('fixtures/tutorial.sql');
});
