/**
 * A database made from a datashare of the same warehouse: what it shows, to whom, and what it refuses.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type Cluster } from './built.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, slices: 2 });
});
afterAll(() => cluster.close());
const rows = async (sql: string): Promise<unknown[][]> => {
  const { rows: found } = await cluster.query(sql);
  return found.map((row) => Object.values(row as object));
};
const code = (sql: string): Promise<unknown> =>
  cluster.query(sql).then(
    () => 'no error',
    (error: { sqlstate?: string }) => error.sqlstate,
  );

test('its objects are read by names of three parts with the rights of their owners', async () => {
  for (const sql of [
    'create schema sales',
    'create table sales.orders as select 1 as id, 10 as amount',
    'create table sales.hidden as select 7 as a',
    'create view sales.totals as select o.amount + h.a as total from sales.orders o, sales.hidden h',
    'create datashare s',
    'alter datashare s add schema sales',
    'alter datashare s add table sales.orders, sales.totals',
  ])
    await cluster.exec(sql);
  const [[namespace]] = (await rows('select current_namespace')) as [[string]];
  expect(await code(`create database far from datashare s of namespace '${namespace}'`)).toBe('42501');
  await cluster.exec(`grant usage on datashare s to namespace '${namespace}'`);
  await cluster.exec(`create database far from datashare s of namespace '${namespace}'`);
  expect(await rows('select id, amount from far.sales.orders')).toEqual([[1, 10]]);
  expect(await rows('select total from far.sales.totals')).toEqual([[17]]);
  expect(await code('select * from far.sales.hidden')).toBe('42P01');
  expect(await code('select * from far.public.orders')).toBe('3F000');
  expect(await code('insert into far.sales.orders values (2, 3)')).toBe('0A000');
  expect(await code('use far')).toBe('0A000');
  expect(await rows("select database_type from svv_redshift_databases where database_name = 'far'")).toEqual([
    ['shared'],
  ]);
  expect(await rows('select share_type, consumer_database from svv_datashares order by 1')).toEqual([
    ['INBOUND', 'far'],
    ['OUTBOUND', null],
  ]);
});

test('new tables of a schema that includes them are in it, and dropped ones are gone', async () => {
  await cluster.exec('alter datashare s set includenew true for schema sales');
  await cluster.exec('create table sales.later as select 5 as a');
  expect(await rows('select a from far.sales.later')).toEqual([[5]]);
  await cluster.exec('drop table sales.later');
  expect(await code('select a from far.sales.later')).toBe('42P01');
});

test('users need USAGE on the database, and nothing on its tables', async () => {
  await cluster.exec('create user reader password disable');
  await cluster.exec('set session authorization reader');
  try {
    expect(await code('select id from far.sales.orders')).toBe('42501');
  } finally {
    await cluster.exec('reset session authorization');
  }
  await cluster.exec('grant usage on database far to reader');
  await cluster.exec('set session authorization reader');
  try {
    expect(await rows('select id from far.sales.orders')).toEqual([[1]]);
    expect(await code('select id from sales.orders')).toBe('42501');
  } finally {
    await cluster.exec('reset session authorization');
  }
});

test('a share with a database is not dropped', async () => {
  expect(await code('drop datashare s')).toBe('2BP01');
  await cluster.exec('drop database far');
  await cluster.exec('drop datashare s');
  expect(await rows('select count(*) from svv_datashares')).toEqual([[0n]]);
});
