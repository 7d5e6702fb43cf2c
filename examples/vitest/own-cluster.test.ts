/**
 * A cluster of the file's own, in process: every test begins with what the fixtures hold.
 */
import { fileURLToPath } from 'node:url';
import { startCluster, type Cluster } from 'slicehouse';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ init: fileURLToPath(new URL('../fixtures', import.meta.url)) });
});
afterEach(() => cluster.reset());
afterAll(() => cluster.close());

const count = async (): Promise<bigint> =>
  (await cluster.query<{ n: bigint }>('select count(*) as n from orders')).rows[0]!.n;

test('late orders are loaded', async () => {
  await cluster.query("copy orders from 's3://inbox/late' iam_role default");
  expect(await count()).toBe(4n);
});

test('and are gone again', async () => {
  expect(await count()).toBe(3n);
});
