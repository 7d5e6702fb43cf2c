/**
 * AUTO REFRESH: a materialized view follows its tables without being asked, as its owner, and one that cannot be refreshed
 * does not keep the others from it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type Cluster } from '../api/built.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());
const value = async (sql: string): Promise<unknown> => Object.values((await cluster.query(sql)).rows[0] as object)[0];
async function until(sql: string, wanted: unknown): Promise<void> {
  for (;;) {
    if (JSON.stringify(await value(sql)) === JSON.stringify(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a view follows its table', { timeout: 60_000 }, async () => {
  await cluster.exec('create table t (a int); insert into t values (1)');
  await cluster.exec('create table gone (a int)');
  await cluster.exec('create materialized view broken auto refresh yes as select count(*)::int as n from gone');
  await cluster.exec('create materialized view m auto refresh yes as select sum(a)::int as n from t');
  await cluster.exec('alter table gone rename to elsewhere; insert into elsewhere values (1)');
  await cluster.exec('insert into t values (2)');
  await until('select n from m', 3);
  await cluster.exec('insert into t values (4)');
  await until('select n from m', 7);
  expect(await value('select n from broken')).toBe(0);
  const status =
    "select count(*)::int from svl_mv_refresh_status where mv_name = 'm' and status like '%from scratch'";
  expect(await value(status)).toBe(2);
});

test('it stops when it is told to', async () => {
  await cluster.exec('alter materialized view m auto refresh no');
  await cluster.exec('insert into t values (8)');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await value('select n from m')).toBe(7);
});
