/**
 * Many large queries at once in a small node: each is sure of its slots' share of the memory, takes what nobody else uses, and
 * gives it back by spilling or waits; none ends with Out Of Memory.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';
import { Clients, rows, type Cluster } from './testing.ts';

const ROWS = 2 ** 19;
const SUM = String((BigInt(ROWS) * BigInt(ROWS - 1)) / 2n);
let cluster: Cluster;
let clients: Clients;
let folder: string;
let client: pg.Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-wlm-memory-'));
  cluster = await startCluster({ nodes: 1, slices: 2, nodeMemory: 64, dataDir: folder, largeStrings: true });
  clients = new Clients(cluster);
  client = await clients.connect();
  await client.query('create table t(id int, k int, s varchar(60)) diststyle even');
  await client.query("insert into t values (0, 0, 'row number 0 with some text behind it')");
  for (let n = 1; n < ROWS; n *= 2)
    await client.query(
      `insert into t select id + ${n}, (id + ${n})::bigint * 7919 % ${ROWS}, 'row number ' || (id + ${n}) || ' with some text behind it' from t`,
    );
}, 120_000);
afterAll(async () => {
  await clients?.end();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Heavy = readonly [sql: string, answer: readonly unknown[]];
const JOIN: Heavy = [
  'select count(*), sum(a.id), max(len(b.s)) from t a join t b on a.id = b.k',
  [String(ROWS), SUM, 42],
];
const HEAVY: readonly Heavy[] = [
  JOIN,
  ['select count(*), sum(n) from (select s, count(*) n from t group by s)', [String(ROWS), String(ROWS)]],
  [`select sum(id), count(*) from (select id, k, s from t order by s limit ${ROWS})`, [SUM, String(ROWS)]],
  ['select count(distinct s), max(id) from t', [String(ROWS), ROWS - 1]],
];

test('two joins that each take a whole node finish side by side', async () => {
  const two = await Promise.all([clients.connect(), clients.connect()]);
  const results = await Promise.all(two.map((c) => rows(c, JOIN[0])));
  for (const [got] of results) expect(got).toEqual(JOIN[1]);
}, 60_000);

test('twelve sorts, joins and aggregates at once finish with the right answers', async () => {
  const twelve = await Promise.all(Array.from({ length: 12 }, () => clients.connect()));
  const results = await Promise.all(twelve.map((c, i) => rows(c, HEAVY[i % HEAVY.length]![0])));
  for (const [i, [got]] of results.entries()) expect(got).toEqual(HEAVY[i % HEAVY.length]![1]);
  expect(readdirSync(join(folder, 'tmp'), { recursive: true }).filter((f) => /\/\d+$/.test(String(f)))).toEqual([]);
}, 120_000);

test('six sorted tables are written at once beside a sort', async () => {
  const seven = await Promise.all(Array.from({ length: 7 }, () => clients.connect()));
  await Promise.all(
    seven.map((c, i) =>
      i < 6 ? c.query(`create table o${i} distkey(s) sortkey(k, s) as select * from t`) : rows(c, HEAVY[2]![0]),
    ),
  );
  for (let i = 0; i < 6; i++) {
    const [got] = await rows(client, `select count(*), sum(id), min(k), max(k) from o${i}`);
    expect(got).toEqual([String(ROWS), SUM, 0, ROWS - 1]);
    await client.query(`drop table o${i}`);
  }
}, 120_000);

test('a small query beside a large one does not make it spill', async () => {
  const [large, small] = await Promise.all([clients.connect(), clients.connect()]);
  await large.query('create temp table few as select id, k from t where id < 40000');
  const spilled = async (): Promise<unknown> => {
    const work = rows(large, 'select count(*) from few a join few b on a.id = b.k join few c on b.id = c.k');
    for (let i = 0; i < 5; i++) await rows(small, 'select count(*) from t where id = 5');
    await work;
    const [disk] = await rows(
      large,
      "select count(*)::int from svl_query_summary where query = pg_last_query_id() and is_diskbased = 't'",
    );
    return disk![0];
  };
  expect(await spilled()).toBe(0);
}, 60_000);

test('rows that cannot leave memory wait for each other', async () => {
  const sql = `select count(distinct k), count(distinct id), count(distinct id + k) >= 1 from t where id < 100000`;
  const four = await Promise.all(Array.from({ length: 4 }, () => clients.connect()));
  const results = await Promise.all(four.map((c) => rows(c, sql)));
  for (const [got] of results) expect(got).toEqual(['100000', '100000', true]);
}, 60_000);

test('what does not fit even alone still ends with Out Of Memory', async () => {
  const text = (k: string): string => `repeat((${k})::varchar, 14000000 / len((${k})::varchar))`;
  const sql = `select max(len(greatest(${text('id')}, ${text('id + 1')}, ${text('id + 2')}))) from t`;
  await expect(rows(client, sql)).rejects.toMatchObject({ code: '53200' });
}, 60_000);
