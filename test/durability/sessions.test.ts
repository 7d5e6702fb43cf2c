/**
 * Transactions of the running server, two sessions at a time: visibility, locks, conflicts, DDL, temporary tables, and
 * ALL tables on every slice; and how storage behaves: VACUUM beside readers, many small inserts, zone maps, a full disk,
 * a damaged block, a second server, a slice that dies.
 */
import { closeSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWhole } from '../../src/common/test-trials.ts';
import { isWaiting, pidOf, until } from '../isolation/waits.ts';
import { faultyBundle, launch, newDirectory, startServer, type Server } from './server.ts';

const directories: string[] = [];
const directory = (): string => {
  const path = newDirectory();
  directories.push(path);
  return path;
};
afterAll(() => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});
const cells = async (client: pg.Client, sql: string): Promise<(string | null)[][]> => {
  const result = await client.query({ text: sql, rowMode: 'array' });
  return result.rows as (string | null)[][];
};
const one = async (client: pg.Client, sql: string): Promise<string | null> => (await cells(client, sql))[0]![0]!;
const failure = async (work: Promise<unknown>): Promise<{ code: string; message: string }> => {
  try {
    await work;
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('no error came');
};
/** Until the lock table shows that the session waits. */
const waits = (observer: pg.Client, client: pg.Client): Promise<void> =>
  until(() => isWaiting(observer, pidOf(client)));

describe('one server', () => {
  let server: Server;
  let a: pg.Client, b: pg.Client;
  beforeAll(async () => {
    server = await startServer({ dataDir: directory() });
    [a, b] = [await server.connect(), await server.connect()];
  });
  afterAll(async () => {
    await a.end();
    await b.end();
    expect(await server.stop()).toBe(0);
    expect(server.stderr()).toMatch(/^slicehouse: stopping: .*\n$/);
  });

  test('DDL is seen by others when it is committed', async () => {
    await a.query('begin');
    await a.query('create table ddl1 (x int)');
    expect((await failure(b.query('select * from ddl1'))).code).toBe('42P01');
    await a.query('commit');
    expect(await one(b, 'select count(*) from ddl1')).toBe('0');
    await a.query('begin');
    await a.query('alter table ddl1 add column y int');
    await a.query('drop table ddl1');
    await a.query('rollback');
    expect(await cells(b, 'select x from ddl1')).toEqual([]);
    expect((await failure(b.query('select y from ddl1'))).code).toBe('42703');
  });

  test.each(['all', 'even'])(
    'own work is seen, others see it after COMMIT, nobody after ROLLBACK (diststyle %s)',
    async (style) => {
      await a.query(`create table v_${style} (x int) diststyle ${style}`);
      await a.query(`create table r_${style} (k int) diststyle even`);
      await a.query(`insert into r_${style} values (1),(2),(3),(4),(5),(6),(7),(8)`);
      const joined = `select count(*), sum(x) from r_${style} join v_${style} on true`;
      await a.query('begin');
      await a.query(`insert into v_${style} values (1),(2)`);
      expect(await cells(a, joined)).toEqual([['16', '24']]);
      await a.query(`update v_${style} set x = x + 10 where x = 2`);
      expect(await cells(a, joined)).toEqual([['16', '104']]);
      await a.query(`insert into v_${style} select x + 100 from v_${style}`);
      expect(await one(a, `select count(*) from v_${style}`)).toBe('4');
      expect(await one(b, joined)).toBe('0');
      await a.query('rollback');
      expect(await one(a, joined)).toBe('0');
      await a.query('begin');
      await a.query(`insert into v_${style} values (7)`);
      await a.query('commit');
      expect(await cells(b, joined)).toEqual([['8', '56']]);
      expect(await one(b, `select count(*) from v_${style}`)).toBe('1');
    },
  );

  test('an ALL table larger than a commit record is whole on every slice', async () => {
    await a.query('create table big_all (x int, s varchar(200) encode raw) diststyle all');
    await a.query('create table k (k int) diststyle even');
    await a.query(`insert into k values ${Array.from({ length: 16 }, (_, i) => `(${i})`).join(',')}`);
    const rows = Array.from({ length: 3000 }, (_, i) => `(${i},'${`${i * 7919}`.padEnd(150, `${i}-`)}')`).join(',');
    await a.query('begin');
    await a.query(`insert into big_all values ${rows}`);
    const sql = 'select count(*), sum(x), count(distinct s) from k join big_all on k.k = big_all.x % 16';
    const expected = [['3000', `${(2999 * 3000) / 2}`, '3000']];
    expect(await cells(a, sql)).toEqual(expected);
    await a.query('commit');
    expect(await cells(b, sql)).toEqual(expected);
    await b.query('delete from big_all where x >= 1500');
    expect(await one(a, sql)).toBe('1500');
    await b.query('vacuum full big_all to 100 percent');
    expect(await one(a, sql)).toBe('1500');
  });

  test('writers of one table take turns; an older snapshot gives 1023', async () => {
    await a.query('create table w (x int)');
    await a.query('insert into w values (1)');
    await a.query('begin');
    await a.query('update w set x = 2');
    const waiting = b.query('update w set x = x + 10');
    await waits(a, b);
    await a.query('commit');
    await waiting;
    expect(await one(a, 'select x from w')).toBe('12');
    await a.query('begin');
    await a.query('select * from w');
    await b.query('update w set x = 13');
    const error = await failure(a.query('update w set x = 14'));
    expect(error.message).toContain('1023');
    expect((await failure(a.query('select 1'))).code).toBe('25P02');
    await a.query('rollback');
    expect(await one(a, 'select x from w')).toBe('13');
  });

  test('a deadlock ends one transaction with 40P01', async () => {
    await a.query('create table d1 (x int)');
    await a.query('create table d2 (x int)');
    await a.query('begin');
    await b.query('begin');
    await a.query('insert into d1 values (1)');
    await b.query('insert into d2 values (2)');
    const first = a.query('insert into d2 values (1)').then(
      () => 'done',
      (e: { code: string }) => e.code,
    );
    await waits(b, a);
    const second = b.query('insert into d1 values (2)').then(
      () => 'done',
      (e: { code: string }) => e.code,
    );
    expect([await second, await first].sort()).toEqual(['40P01', 'done']);
    await a.query('commit');
    await b.query('commit');
    expect(Number(await one(a, 'select count(*) from d1')) + Number(await one(a, 'select count(*) from d2'))).toBe(2);
  });

  test('TRUNCATE commits the transaction it runs in', async () => {
    await a.query('create table tr (x int)');
    await a.query('insert into tr values (1)');
    await a.query('begin');
    await a.query('create table tr_other (x int)');
    await a.query('truncate tr');
    await a.query('rollback');
    expect(await one(b, 'select count(*) from tr')).toBe('0');
    expect(await one(b, 'select count(*) from tr_other')).toBe('0');
  });

  test('temporary tables belong to their session and end with it', async () => {
    const c = await server.connect();
    await c.query('create temp table mine (x int)');
    await c.query('insert into mine values (1)');
    expect(await one(c, 'select count(*) from mine')).toBe('1');
    expect((await failure(b.query('select * from mine'))).code).toBe('42P01');
    await c.end();
    // The session's end reaches the server after the client's.
    await until(async () => (await one(a, "select count(*) from pg_class where relname = 'mine'")) === '0');
  });

  test('INSERT INTO t SELECT FROM t doubles and ends', async () => {
    await a.query('create table twice (x int) diststyle even');
    await a.query('insert into twice values (1)');
    for (let n = 0; n < 14; n++) await a.query('insert into twice select x from twice');
    expect(await one(a, 'select count(*) from twice')).toBe('16384');
  });

  test.each(['full', 'sort only', 'delete only', 'recluster'])(
    'VACUUM %s brings no deleted row back',
    async (mode) => {
      const table = `dead_${mode.replace(' ', '_')}`;
      await a.query(`create table ${table} (x int, v int) diststyle even sortkey(x)`);
      const batch = Array.from({ length: 500 }, (_, i) => `(${(i * 7) % 500},0)`).join(',');
      await a.query(`insert into ${table} values ${batch}`);
      await a.query(`insert into ${table} select 999 - x, v from ${table}`);
      await a.query(`delete from ${table} where x % 3 = 0`);
      await a.query(`update ${table} set v = x where x % 2 = 0`);
      const sql = `select count(*), count(distinct x), sum(x), sum(v) from ${table}`;
      const before = await cells(a, sql);
      expect(before[0]!.slice(0, 2)).toEqual(['666', '666']);
      await a.query(`vacuum ${mode} ${table} to 100 percent`.replace(/(recluster .*) to 100 percent/, '$1'));
      expect(await cells(a, sql)).toEqual(before);
      await a.query(`vacuum ${table}`);
      expect(await cells(b, sql)).toEqual(before);
    },
  );

  test('VACUUM beside readers: they see their snapshot; only what must be is rewritten', async () => {
    await a.query('create table vac (x int, s varchar(100) encode raw) diststyle even sortkey(x)');
    const batch = (from: number): string =>
      Array.from({ length: 2000 }, (_, i) => `(${from + ((i * 7) % 2000)},'${'v'.repeat(90)}${from + i}')`).join(',');
    for (const from of [0, 2000, 4000, 6000]) await a.query(`insert into vac values ${batch(from)}`);
    await a.query('insert into vac select x + 8000, s from vac');
    await b.query('begin');
    const sum = 'select count(*), sum(x), max(s) from vac';
    const before = await cells(b, sum);
    await a.query('delete from vac where x % 10 = 3');
    for (const mode of ['delete only', 'sort only', 'full']) {
      const reading = cells(b, 'select count(*) from vac v1 join vac v2 on v1.x = v2.x');
      await a.query(`vacuum ${mode} vac to 100 percent`);
      expect(await reading).toEqual([['16000']]);
      expect(await cells(b, sum)).toEqual(before);
      expect(await one(a, 'select count(*) from vac')).toBe('14400');
    }
    await b.query('commit');
    expect(await one(b, 'select count(*) from vac')).toBe('14400');
    const report = async (): Promise<string> =>
      (await one(
        a,
        "select count(*) from stl_vacuum v join pg_class c on c.oid = v.table_id where c.relname = 'vac' and status like 'Finished%'",
      ))!;
    expect(await report()).toBe('3');
    await a.query('begin');
    expect((await failure(a.query('vacuum vac'))).code).toBe('25001');
    await a.query('rollback');
    await a.query('vacuum');
    expect(await one(a, 'select count(*) from vac')).toBe('14400');
  });
});

/** 1,000 where tests are done as a whole. */
const INSERTS = isWhole ? 1000 : 300;
test(`${INSERTS} single-row INSERTs survive kill -9 and a clean stop`, async () => {
  const half = INSERTS / 2;
  const dataDir = directory();
  let server = await startServer({ dataDir });
  let client = await server.connect();
  await client.query('create table many (x int, s varchar(40)) diststyle even');
  await client.query('create table many_all (x int)');
  for (let i = 0; i < INSERTS; i++)
    await client.query(`insert into ${i % 2 ? 'many' : 'many_all'} values (${i}${i % 2 ? `,'row ${i}'` : ''})`);
  const check = async (): Promise<void> => {
    expect(await cells(client, 'select count(*), sum(x), count(distinct s) from many')).toEqual([
      [`${half}`, `${half * half}`, `${half}`],
    ]);
    expect(await cells(client, 'select count(*), sum(x) from many_all')).toEqual([
      [`${half}`, `${half * (half - 1)}`],
    ]);
    expect(await one(client, 'select count(*) from many join many_all on many.x = many_all.x + 1')).toBe(`${half}`);
  };
  await check();
  await client.query('update many set x = -x where x < 10');
  await client.query('update many set x = -x where x < 0');
  await server.kill();
  server = await startServer({ dataDir });
  client = await server.connect();
  await check();
  expect(await server.stop()).toBe(0);
  server = await startServer({ dataDir });
  client = await server.connect();
  await check();
  await server.kill();
}, 120_000);

test('a directory has one server and one topology', async () => {
  const dataDir = directory();
  const server = await startServer({ dataDir });
  const second = launch({ dataDir });
  expect(await second.ended).toBe(1);
  expect(second.stderr()).toContain('is in use by another server');
  expect(await server.stop()).toBe(0);
  const other = launch({ dataDir, slices: 1 });
  expect(await other.ended).toBe(1);
  expect(other.stderr()).toContain('start it with --nodes 2 --slices 2');
});

test('a damaged block is reported, and only by what reads it', async () => {
  const dataDir = directory();
  let server = await startServer({ dataDir, nodes: 1, slices: 2 });
  let client = await server.connect();
  await client.query('create table rot (x int, s varchar(200) encode raw) diststyle even');
  await client.query('create table sound (x int)');
  await client.query('insert into sound values (1)');
  const rows = Array.from({ length: 4000 }, (_, i) => `(${i},'${`${i * 104729}`.padEnd(180, `${i * 31}.`)}')`).join(
    ',',
  );
  await client.query(`insert into rot values ${rows}`);
  expect(await server.stop()).toBe(0);
  const folder = join(dataDir, 'slices/0');
  const name = readdirSync(folder).find((n) => n.endsWith('.blk'))!;
  const file = openSync(join(folder, name), 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, 20_000);
  byte[0]! ^= 4;
  writeSync(file, byte, 0, 1, 20_000);
  closeSync(file);
  server = await startServer({ dataDir, nodes: 1, slices: 2 });
  client = await server.connect();
  for (let n = 0; n < 2; n++) {
    const error = await failure(client.query('select count(*), sum(x), max(s) from rot'));
    expect(error.code).toBe('XX000');
    expect(error.message).toContain('Corrupt block');
  }
  expect(await one(client, 'select x from sound')).toBe('1');
  await server.kill();
});

describe('disks and threads that fail', () => {
  const faults = faultyBundle();
  afterAll(() => faults.remove());

  test('a full disk is an error of the statement; the session lives on, and so does the data', async () => {
    const dataDir = directory();
    let server = await startServer({ dataDir, bundle: faults.bundle });
    let client = await server.connect();
    await client.query('create table f (x int, s varchar(200) encode raw) diststyle even');
    const rows = (from: number): string =>
      Array.from({ length: 4000 }, (_, i) => `(${from + i},'${`${i}`.padEnd(150, `${i}.`)}')`).join(',');
    await client.query(`insert into f values ${rows(0)}`);
    faults.set('full', true);
    const large = await failure(client.query(`insert into f values ${rows(4000)}`));
    expect(large.message).toContain('Disk Full');
    expect(await one(client, 'select count(*) from f')).toBe('4000');
    const small = await failure(client.query("insert into f values (1,'a')"));
    expect(small.message).toContain('Disk Full');
    expect(await one(client, 'select count(*) from f')).toBe('4000');
    faults.set('full', false);
    await client.query(`insert into f values ${rows(4000)}`);
    expect(await cells(client, 'select count(*), count(distinct x) from f')).toEqual([['8000', '8000']]);
    await server.kill();
    server = await startServer({ dataDir, bundle: faults.bundle });
    client = await server.connect();
    expect(await cells(client, 'select count(*), count(distinct x) from f')).toEqual([['8000', '8000']]);
    await server.kill();
  });

  test.each(['die', 'bug'] as const)(
    'a fault of a slice (%s) ends the statement; its node comes back, and so does a new server',
    async (fault) => {
      const dataDir = directory();
      let server = await startServer({ dataDir, bundle: faults.bundle });
      let client = await server.connect();
      await client.query('create table g (x int, s varchar(200) encode raw) diststyle even');
      await client.query("insert into g values (1,'kept')");
      faults.set(fault, true);
      const rows = Array.from({ length: 4000 }, (_, i) => `(${i},'${`${i}`.padEnd(150, `${i}.`)}')`).join(',');
      const error = await failure(client.query(`insert into g values ${rows}`));
      expect(error.code).toBe('57P02');
      expect(error.message).toContain('went out of service and is started anew');
      expect(await cells(client, 'select x, s from g')).toEqual([['1', 'kept']]);
      faults.set(fault, false);
      await client.query(`insert into g values ${rows}`);
      expect(await cells(client, 'select count(*) from g')).toEqual([['4001']]);
      await client.query("delete from g where x <> 1 or s <> 'kept'");
      expect(server.stderr()).toMatch(/compute node \d is out of service and is started anew: .*\n/);
      await server.kill();
      server = await startServer({ dataDir, bundle: faults.bundle });
      client = await server.connect();
      expect(await cells(client, 'select x, s from g')).toEqual([['1', 'kept']]);
      await server.kill();
    },
  );
});
