/**
 * DISTSTYLE AUTO grows in the background: a table over the limit moves to its key or spreads evenly, beside readers and
 * writers, without losing or hiding a row from anyone, and goes on moving after a restart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWhole } from '../../src/common/test-trials.ts';

const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'slicehouse-auto-'));
interface Started {
  readonly port: number;
  close(): Promise<void>;
}
let cluster: Started;
let client: Client;

async function open(database = 'dev'): Promise<Client> {
  const c = new Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database });
  await c.connect();
  return c;
}
async function start(autoAllRowsMax: number): Promise<void> {
  const built = (await import(join(root, 'dist/index.js'))) as { startCluster(options: object): Promise<Started> };
  cluster = await built.startCluster({ nodes: 2, slices: 2, dataDir: directory, testing: { autoAllRowsMax } });
  client = await open();
}
async function stop(): Promise<void> {
  await client?.end();
  await cluster?.close();
}
const one = async (sql: string): Promise<string> =>
  String(Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? { none: 'none' })[0]);
const styleOf = (table: string): Promise<string> =>
  one(`select diststyle from svv_table_info where "table" = '${table}'`);
/** Asks until the style is the one wanted; the test's own time-out ends it otherwise. */
async function reaches(table: string, style: string): Promise<void> {
  while ((await styleOf(table)) !== style) await new Promise((resolve) => setTimeout(resolve, 50));
}
const values = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `(${from + i}, 'v${from + i}')`).join(',');

beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  await start(100);
});
afterAll(async () => {
  await stop();
  rmSync(directory, { recursive: true, force: true });
});

test('a small table stays on every node; a grown one moves to its primary key or spreads evenly', async () => {
  await client.query('create table small (a int, b varchar(9))');
  await client.query(`insert into small values ${values(1, 100)}`);
  await client.query('create table keyed (a int primary key, b varchar(9))');
  await client.query('create view over_keyed as select * from keyed');
  await client.query('create table plain (a int identity(1,1), b varchar(9))');
  await client.query(`insert into keyed values ${values(1, 150)}`);
  await client.query(`insert into plain (b) select b from keyed`);
  await reaches('keyed', 'AUTO(KEY(a))');
  await reaches('plain', 'AUTO(EVEN)');
  expect(await styleOf('small')).toBe('AUTO(ALL)');
  expect(await one('select count(distinct b) from keyed')).toBe('150');
  expect(await one('select count(*) from over_keyed')).toBe('150');
  expect(await one(`select releffectivediststyle from pg_class where relname = 'keyed'`)).toBe('12');
  expect(await one(`select releffectivediststyle from pg_class where relname = 'plain'`)).toBe('11');
  await client.query(`insert into plain (b) values ('next')`);
  expect(await one('select count(*) - count(distinct a) from plain')).toBe('0');
  const log = await client.query<{ status: string }>(
    `select trim(status) as status from svl_auto_worker_action where type = 'distkey'`,
  );
  expect(log.rows.filter((r) => r.status === 'Complete: 100%')).toHaveLength(2);
});

test('nobody loses or misses a row while tables move: writers, readers, an old snapshot', async () => {
  await client.query('create table busy (a int, b varchar(9))');
  await client.query('create table other (a int)');
  const old = await open();
  await old.query('begin');
  await old.query('select count(*) from other');
  const writer = await open();
  const reader = await open();
  let written = 0;
  let seen = 0;
  for (let i = 0; i < 30; i++) {
    await writer.query(`insert into busy values ${values(i * 20, 20)}`);
    written += 20;
    const { rows } = await reader.query<{ n: string }>('select count(*) as n from busy');
    expect(Number(rows[0]!.n)).toBeGreaterThanOrEqual(seen);
    seen = Number(rows[0]!.n);
    expect(seen).toBe(written);
  }
  // The old snapshot saw the table empty and shall do so until it ends; it may be refused, never answered wrongly.
  const answer = await old.query<{ n: string }>('select count(*) as n from busy').then(
    (r) => r.rows[0]!.n,
    (error: { message: string }) => error.message,
  );
  expect(['0', '1018']).toContain(answer);
  await old.query('rollback');
  await reaches('busy', 'AUTO(EVEN)');
  expect(await one('select count(*) from busy')).toBe(String(written));
  await Promise.all([old.end(), writer.end(), reader.end()]);
});

test('an uncommitted lock keeps the table where it is; the move comes when it is gone', async () => {
  await client.query('create table held (a int, b varchar(9))');
  const holder = await open();
  await holder.query('begin');
  await holder.query('select count(*) from held');
  await client.query(`insert into held values ${values(1, 150)}`);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(await styleOf('held')).toBe('AUTO(ALL)');
  await holder.query('commit');
  await reaches('held', 'AUTO(EVEN)');
  expect(await one('select count(*) from held')).toBe('150');
  await holder.end();
});

test('whoever holds a view on the table goes on: the move waits for its end and holds nobody up', async () => {
  await client.query('create table under (a int, b varchar(9))');
  await client.query('create view over_under as select * from under');
  const holder = await open();
  await holder.query('begin');
  await holder.query('drop view over_under');
  await client.query(`insert into under values ${values(1, 150)}`);
  await new Promise((resolve) => setTimeout(resolve, 700));
  const { rows } = await holder.query<{ n: string }>('select count(*) as n from under');
  expect(rows[0]!.n).toBe('150');
  await holder.query('commit');
  await reaches('under', 'AUTO(EVEN)');
  await holder.end();
});

test('privileges taken away while the rows are copied do not come back with the move', async () => {
  await client.query('create user moved_reader password disable');
  await client.query('create table private (a int, b varchar(9))');
  await client.query(`insert into private values ${values(1, 90)}`);
  await client.query('grant select on private to moved_reader');
  const started = (): Promise<string> =>
    one(`select count(*) from svl_auto_worker_action where status like 'Start%'`);
  const before = await started();
  const grow = 'insert into private select a.a, a.b from private a, private b, private c';
  await client.query(grow);
  while ((await started()) === before) await new Promise((resolve) => setImmediate(resolve));
  await client.query('revoke select on private from moved_reader');
  await client.query(`comment on table private is 'said meanwhile'`);
  await reaches('private', 'AUTO(EVEN)');
  expect(await one(`select has_table_privilege('moved_reader', 'private', 'select')`)).toBe('false');
  expect(await one(`select obj_description(oid) from pg_class where relname = 'private'`)).toBe('said meanwhile');
});

test.each(['snapshot', 'serializable'])('who begins while a table moves writes to it: %s', async (isolation) => {
  const database = `moves_${isolation}`;
  const dev = client;
  await dev.query(`create database ${database} isolation level ${isolation}`);
  client = await open(database);
  await client.query('create table other (a int)');
  const writer = await open(database);
  for (let i = 0; i < (isWhole ? 8 : 3); i++) {
    const table = `moving${i}`;
    await client.query(`create table ${table} (a int, b varchar(9))`);
    await client.query(`insert into ${table} values ${values(1, 150)}`);
    for (let n = 0; (await styleOf(table)) !== 'AUTO(EVEN)'; n++) {
      await writer.query('begin');
      await writer.query('insert into other values (1)');
      const { rowCount } = await writer.query(`update ${table} set b = 'n${n}' where a <= 10`);
      expect(rowCount).toBe(10);
      await writer.query('commit');
      await new Promise((resolve) => setTimeout(resolve, (n % 8) * 4));
    }
    expect(await one(`select count(distinct a) from ${table}`)).toBe('150');
  }
  await Promise.all([writer.end(), client.end()]);
  client = dev;
});

test('ALTER DISTSTYLE AUTO: large EVEN or ALL spreads, large KEY keeps its key, small goes to every node', async () => {
  await client.query('create table altered (a int, b varchar(9)) diststyle all');
  await client.query(`insert into altered values ${values(1, 150)}`);
  await client.query('alter table altered alter diststyle auto');
  expect(await styleOf('altered')).toBe('AUTO(EVEN)');
  await client.query('alter table altered alter diststyle key distkey b');
  await client.query('alter table altered alter diststyle auto');
  expect(await styleOf('altered')).toBe('AUTO(KEY(b))');
  await client.query('delete from altered where a > 10');
  await client.query('alter table altered alter diststyle auto');
  expect(await styleOf('altered')).toBe('AUTO(ALL)');
  expect(await one('select count(*) from altered')).toBe('10');
});

test('a table that was due before a restart moves after it', async () => {
  await stop();
  await start(1_000_000);
  await client.query('create table later (a int, b varchar(9))');
  await client.query(`insert into later values ${values(1, 150)}`);
  expect(await styleOf('later')).toBe('AUTO(ALL)');
  await stop();
  await start(100);
  await reaches('later', 'AUTO(EVEN)');
  expect(await one('select count(*) from later')).toBe('150');
  expect(await styleOf('keyed')).toBe('AUTO(KEY(a))');
});
