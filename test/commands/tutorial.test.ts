/**
 * The tutorial of README.md as a user runs it: psql -f fixtures/tutorial.sql, stopping at the first error. Needs psql; a
 * machine without it skips the test by name.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { orderLines } from '../data/adventureworks.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Cluster {
  readonly url: string;
  readonly httpUrl: string;
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

async function start(nodes: number, slices: number): Promise<Cluster> {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  const built = (await import(join(root, 'dist/index.js'))) as { startCluster(options: object): Promise<Cluster> };
  return built.startCluster({ nodes, slices });
}
const files: readonly (readonly [string, () => string])[] = [
  ...['customers.csv', 'employees_with_header.csv'].map(
    (f) => [f, () => readFileSync(join(root, 'fixtures/adventureworks', f), 'utf8')] as const,
  ),
  ['orders_with_header.csv', () => [...orderLines({ lines: 6092, header: true })].map((l) => `${l}\n`).join('')],
];
async function fillOverHttp(): Promise<void> {
  const s3 = new S3Client({
    endpoint: cluster.httpUrl,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'tutorial' }));
  for (const [Key, body] of files) await s3.send(new PutObjectCommand({ Bucket: 'tutorial', Key, Body: body() }));
  s3.destroy();
}
async function fillFolder(): Promise<void> {
  const bucket = join(cluster.s3Root, 'tutorial');
  mkdirSync(bucket, { recursive: true });
  for (const [key, body] of files) writeFileSync(join(bucket, key), body());
}

const CLUSTERS = [
  { nodes: 2, slices: 2, fill: fillOverHttp, how: 'an AWS SDK over HTTP' },
  { nodes: 4, slices: 8, fill: fillFolder, how: 'copying into the folder' },
];
describe.each(sampled('tutorial', CLUSTERS, 1))(
  '$nodes nodes of $slices slices, bucket filled by $how',
  ({ nodes, slices, fill }) => {
    beforeAll(async () => {
      cluster = await start(nodes, slices);
      await fill();
    });
    afterAll(() => cluster?.close());

    test('psql -f fixtures/tutorial.sql', async (context) => {
      if (!hasPsql()) context.skip('psql is not installed');
      const psql = (...args: string[]) =>
        run('psql', ['-v', 'ON_ERROR_STOP=1', ...args, cluster.url], { maxBuffer: 1 << 24 });
      const file = ['-f', join(root, 'fixtures/tutorial.sql')];
      const first = await psql(...file);
      expect(first.stderr).toContain("Load into table 'customers' completed, 635 record(s) loaded successfully.");
      expect(first.stderr).toContain("Load into table 'orders' completed, 6095 record(s) loaded successfully.");
      expect(first.stdout).toMatch(/rows_of_the_view \n-+\n +6095\n/);
      expect(first.stdout).toMatch(/rows_of_the_join \n-+\n +6095\n/);
      expect(first.stdout).toMatch(/ rows_back \| lost \| invented \n[-+]+\n +6095 \| +0 \| +0\n/);
      expect(first.stdout).toMatch(/awsuser +\| +\d+ \| t/);
      const plans = first.stdout.match(/(?<=XN Hash Join )DS_\w+/g);
      expect(plans).toEqual(['DS_DIST_ALL_NONE', 'DS_BCAST_INNER', 'DS_DIST_NONE', 'DS_DIST_INNER']);
      expect(first.stdout).toMatch(/James Clark +\| +5 +\| 1246193\.3255/);
      const sums = await psql(
        '-XAt',
        '-c',
        'select count(*), sum(b.salesorderdetailid), sum(b.linetotal::decimal(17,4)) from orders_back b',
      );
      const lines = [...orderLines({ lines: 6092 })].map((l) => l.split(','));
      const cents = lines.reduce((n, l) => n + BigInt(Math.round(Number(l[15]) * 1e4)), 0n).toString();
      expect(sums.stdout.trim()).toBe(
        `${lines.length}|${(lines.length * (lines.length + 1)) / 2}|${cents.slice(0, -4)}.${cents.slice(-4)}`,
      );
      const summary = await psql(
        '-XAt',
        '-c',
        'select count(*) > 100, count(distinct query) > 5 from svl_query_summary',
      );
      expect(summary.stdout.trim()).toBe('t|t');
      // and again, over what the first run left
      const again = await psql(...file);
      expect(again.stdout).toMatch(/James Clark +\| +5 +\| 1246193\.3255/);
    });
  },
);
