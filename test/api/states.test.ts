/**
 * reset, snapshot, restore and fork: in memory and with a data directory, beside sessions, over a restart of a node and of the
 * whole cluster. A run takes one of the two (common/test-trials.ts).
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { startCluster, type Cluster } from './built.ts';

const folders: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'slicehouse-states-'));
  folders.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

const NUMBERS = (n: number): string =>
  `with recursive n(x) as (select 1 union all select x + 1 from n where x < ${n}) select x, x % 7 from n`;
const count = async (cluster: Cluster, table: string): Promise<unknown> =>
  (await cluster.query(`select count(*) as n from ${table}`)).rows[0]!['n'];
const tables = async (cluster: Cluster): Promise<unknown> =>
  (await cluster.query("select tablename from pg_tables where schemaname = 'public' order by 1")).rows.map(
    (r) => r['tablename'],
  );

/** Tables of every kind: ALL (on every node), KEY, with deleted rows, large enough for blocks, with identity, a view, a user. */
async function fill(cluster: Cluster): Promise<void> {
  await cluster.exec(`
    create table everywhere (x int, y int) diststyle all;
    insert into everywhere values (1, 1), (2, 2);
    create table by_key (x int distkey, y int sortkey);
    insert into by_key ${NUMBERS(300)};
    delete from by_key where y = 3;
    create table large (x bigint, pad varchar(400));
    insert into large with recursive n(x) as (select 1 union all select x + 1 from n where x < 3000)
      select x, md5(x::varchar) || md5((x + 1)::varchar) || md5((x + 2)::varchar) from n;
    create table numbered (id int identity(1, 1), note varchar(10));
    insert into numbered (note) values ('a'), ('b');
    create view seen as select y, count(*) as n from by_key group by y;
    create materialized view kept_mv as select y, sum(x) as s from by_key group by y;
    create user reader password 'Reader1234';
    grant select on by_key to reader;
  `);
}
const FINGERPRINT = `
  select (select count(*) || ':' || sum(x) || ':' || sum(y) from by_key), (select sum(x) from everywhere),
    (select count(*) || ':' || sum(x) || ':' || max(pad) from large), (select listagg(note) within group (order by id) from numbered),
    (select sum(s) from kept_mv)`;
const fingerprint = async (cluster: Cluster): Promise<unknown> =>
  (await cluster.query(FINGERPRINT, [], { rowMode: 'array' })).rows[0];

async function spoil(cluster: Cluster): Promise<void> {
  await cluster.exec(`
    delete from by_key where x < 100;
    update everywhere set x = x + 10;
    truncate large;
    insert into numbered (note) values ('c');
    drop view seen;
    drop materialized view kept_mv;
    create schema other;
    create table other.made_since (x int);
    insert into other.made_since values (1);
    alter table by_key add column z int default 5;
    alter table numbered rename to renamed;
    revoke select on by_key from reader;
    drop user reader;
    create user writer password 'Writer1234';
  `);
}

describe.each(sampled('states', ['memory', 'directory'], 1))('in %s', (kind) => {
  const start = (dataDir?: string): Promise<Cluster> =>
    startCluster(kind === 'memory' ? {} : { dataDir: dataDir ?? join(folder(), 'data') });

  test('reset goes back to the start, and to a declared base', async () => {
    const cluster = await start();
    try {
      await fill(cluster);
      mkdirSync(join(cluster.s3Root, 'inbox'));
      writeFileSync(join(cluster.s3Root, 'inbox/a.txt'), 'one');
      await cluster.reset();
      expect(await tables(cluster)).toEqual([]);
      expect(readdirSync(cluster.s3Root)).not.toContain('inbox');
      await expect(cluster.query("alter user reader password 'Reader1234'")).rejects.toMatchObject({
        sqlstate: '42704',
      });

      await fill(cluster);
      mkdirSync(join(cluster.s3Root, 'inbox'));
      writeFileSync(join(cluster.s3Root, 'inbox/a.txt'), 'one');
      const before = await fingerprint(cluster);
      await cluster.declareBase();
      for (let round = 0; round < 3; round++) {
        await spoil(cluster);
        rmSync(join(cluster.s3Root, 'inbox/a.txt'));
        writeFileSync(join(cluster.s3Root, 'inbox/b.txt'), 'two');
        await cluster.reset();
        expect(await fingerprint(cluster)).toEqual(before);
        expect(readFileSync(join(cluster.s3Root, 'inbox/a.txt'), 'utf8')).toBe('one');
        expect(existsSync(join(cluster.s3Root, 'inbox/b.txt'))).toBe(false);
      }
      // What comes next is as it was the first time.
      await cluster.query("insert into numbered (note) values ('x')");
      expect((await cluster.query("select id from numbered where note = 'x'")).rows).toHaveLength(1);
      const reader = await cluster.session({ user: 'reader' });
      expect((await reader.query('select count(*) as n from by_key')).rows[0]!['n']).toBeGreaterThan(0n);
      await reader.close();
      expect(
        (await cluster.query('select table_id is not null as there from svv_table_info where "table" = \'large\''))
          .rows,
      ).toEqual([{ there: true }]);
      await cluster.query('vacuum');
    } finally {
      await cluster.close();
    }
  });

  test('sessions are told and let go', async () => {
    const cluster = await start();
    const client = new pg.Client({ connectionString: cluster.connectionString });
    const told = new Promise<unknown>((resolve) => client.on('error', resolve));
    try {
      await client.connect();
      await cluster.query('create table t (x int)');
      await cluster.declareBase();
      await client.query('create temp table mine (x int)');
      await client.query('begin');
      await client.query('insert into t values (1)');
      const session = await cluster.session();
      await session.query('begin');
      await cluster.reset();
      expect(await told).toMatchObject({ code: '57P01' });
      await expect(session.query('select 1')).rejects.toMatchObject({ sqlstate: '57P01', message: /earlier state/ });
      expect(await count(cluster, 't')).toBe(0n);
      expect((await cluster.query("select nspname from pg_namespace where nspname like 'pg_temp%'")).rows).toEqual(
        [],
      );
    } finally {
      await client.end().catch(() => undefined);
      await cluster.close();
    }
  });

  test('snapshots: of several states, restored in any order, released', async () => {
    const cluster = await start();
    try {
      await cluster.exec(`create table t (x int, y int); insert into t ${NUMBERS(10)}`);
      const ten = await cluster.snapshot();
      await cluster.query(`insert into t ${NUMBERS(5000)}`);
      const more = await cluster.snapshot();
      await cluster.exec('drop table t; create table t (z varchar(3))');
      await cluster.restore(ten);
      expect(await count(cluster, 't')).toBe(10n);
      await cluster.exec('delete from t where x = 1; vacuum t');
      await cluster.restore(more);
      expect(await count(cluster, 't')).toBe(5010n);
      await ten.release();
      await expect(cluster.restore(ten)).rejects.toThrow('released');
      await cluster.query('delete from t where x > 4');
      await cluster.restore(more);
      await more.release();
      expect(await count(cluster, 't')).toBe(5010n);
      await cluster.reset();
      expect(await tables(cluster)).toEqual([]);
    } finally {
      await cluster.close();
    }
  });

  test('a node that starts anew finds what was restored', async () => {
    const cluster = await start();
    try {
      await fill(cluster);
      const before = await fingerprint(cluster);
      await cluster.declareBase();
      await spoil(cluster);
      await cluster.reset();
      await cluster.query('select slicehouse_kill_node(1)');
      expect(await fingerprint(cluster)).toEqual(before);
      await spoil(cluster);
      await cluster.reset();
      await cluster.query('select slicehouse_kill_node(0)');
      await cluster.query('create table after_it (x int)');
      expect(await fingerprint(cluster)).toEqual(before);
      await cluster.reset();
      expect(await fingerprint(cluster)).toEqual(before);
    } finally {
      await cluster.close();
    }
  });

  test('a fork shares nothing that either can change', async () => {
    const cluster = await start();
    let fork: Cluster | undefined;
    try {
      await fill(cluster);
      mkdirSync(join(cluster.s3Root, 'inbox'));
      writeFileSync(join(cluster.s3Root, 'inbox/a.txt'), '1|2\n');
      const before = await fingerprint(cluster);
      fork = await cluster.fork();
      await spoil(cluster);
      writeFileSync(join(cluster.s3Root, 'inbox/a.txt'), '3|4\n');
      expect(await fingerprint(fork)).toEqual(before);
      await fork.exec("copy everywhere from 's3://inbox/' iam_role default; delete from large where x > 10; vacuum;");
      expect((await fork.query('select x from everywhere order by x')).rows.map((r) => r['x'])).toEqual([1, 1, 2]);
      expect(await count(cluster, 'large')).toBe(0n);
      await fork.reset();
      expect(await fingerprint(fork)).toEqual(before);
      await fork.query('select slicehouse_kill_node(0)');
      expect(await fingerprint(fork)).toEqual(before);
      await cluster.reset();
      expect(await fingerprint(fork)).toEqual(before);
    } finally {
      await fork?.close();
      await cluster.close();
    }
  });

  test('a fork with a data directory of its own', async () => {
    const cluster = await start();
    const dataDir = join(folder(), 'fork');
    try {
      await fill(cluster);
      const before = await fingerprint(cluster);
      const snapshot = await cluster.snapshot();
      await spoil(cluster);
      const fork = await cluster.fork({ from: snapshot, dataDir });
      expect(await fingerprint(fork)).toEqual(before);
      await fork.query('create table of_fork (x int)');
      await fork.close();
      const again = await startCluster({ dataDir });
      expect(await fingerprint(again)).toEqual(before);
      expect(await count(again, 'of_fork')).toBe(0n);
      await again.close();
      await expect(cluster.fork({ dataDir })).rejects.toThrow('a fork makes a new one');
    } finally {
      await cluster.close();
    }
  });
});

test('what was restored is there after a restart', async () => {
  const dataDir = join(folder(), 'data');
  let cluster = await startCluster({ dataDir });
  await fill(cluster);
  const before = await fingerprint(cluster);
  const snapshot = await cluster.snapshot();
  await spoil(cluster);
  await cluster.restore(snapshot);
  await cluster.close();
  cluster = await startCluster({ dataDir, resettable: true });
  expect(await fingerprint(cluster)).toEqual(before);
  await spoil(cluster);
  await cluster.reset();
  expect(await fingerprint(cluster)).toEqual(before);
  await cluster.close();
  cluster = await startCluster({ dataDir });
  await expect(cluster.reset()).rejects.toMatchObject({ sqlstate: '55000' });
  expect(await fingerprint(cluster)).toEqual(before);
  await cluster.close();
  // What earlier processes kept goes with the second checkpoint after them.
  await (await startCluster({ dataDir })).close();
  expect(readdirSync(join(dataDir, 'slices/0')).filter((name) => name.startsWith('image'))).toEqual([]);
});

test('what the leader does by itself begins anew: tables that grow move while the cluster goes back', async () => {
  const bugs: unknown[] = [];
  const cluster = await startCluster({ testing: { autoAllRowsMax: 100 }, onBug: (e) => bugs.push(e) });
  try {
    await cluster.exec(`create table grows (x int, y int); insert into grows ${NUMBERS(50)}`);
    await cluster.declareBase();
    for (let round = 0; round < 12; round++) {
      await cluster.query(`insert into grows ${NUMBERS(2000)}`);
      if (round % 3 === 1) await cluster.query('select count(*) from grows');
      if (round % 3 === 2) await new Promise((resolve) => setTimeout(resolve, 20 * round));
      await cluster.reset();
      expect(await count(cluster, 'grows')).toBe(50n);
    }
    await cluster.query(`insert into grows ${NUMBERS(2000)}`);
    const style = async (): Promise<unknown> =>
      (await cluster.query('select diststyle from svv_table_info where "table" = \'grows\'')).rows[0]?.['diststyle'];
    for (let i = 0; i < 200 && (await style()) !== 'AUTO(EVEN)'; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await style()).toBe('AUTO(EVEN)');
    expect(await count(cluster, 'grows')).toBe(2050n);
    await cluster.reset();
    expect(await style()).toBe('AUTO(ALL)');
    expect(await count(cluster, 'grows')).toBe(50n);
    expect(bugs).toEqual([]);
  } finally {
    await cluster.close();
  }
});
