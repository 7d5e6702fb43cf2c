/**
 * Scratch does not pile up: in a node of 64 MB, queries whose every row needs several regions run over so many rows that
 * keeping any of it would fill the node, and they leave room for the next. Each of the ways rows are worked on is here.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { startCluster } from '../api/built.ts';

let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: pg.Client;
const ROWS = 4096;
const one = async (sql: string): Promise<unknown[]> =>
  (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows[0]!;
/** Text of 60,000 bytes made of a row's, through several allocations: 4,096 rows make 240 MB, and their parts as much again. */
const long = "upper(repeat(s || 'x', 2000)) || lower(repeat(s, 1000))";

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, slices: 1, nodeMemory: 64 });
  client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await client.query('create table t(id int, s varchar(40))');
  await client.query(
    `insert into t values ${Array.from({ length: 1024 }, (_, i) => `(${i}, 'pqpqpqpqpqpqpqpqpqp')`).join()}`,
  );
  for (let n = 1024; n < ROWS; n *= 2) await client.query(`insert into t select id + ${n}, s from t`);
}, 120_000);
afterAll(async () => {
  await client?.end();
  await cluster?.close();
});

const CASES: readonly (readonly [string, string, number[]])[] = [
  ['an aggregate', `select count(*), sum(len(${long})) from t`, [ROWS, ROWS * 59000]],
  ['a filter', `select count(*), max(id) from t where ${long} ~ '^P' and len(${long}) = 59000`, [ROWS, ROWS - 1]],
  [
    'a group',
    `select count(*), count(distinct left(${long}, 20)) from t group by substring(${long}, 1, 30)`,
    [ROWS, 1],
  ],
  [
    'a hash join',
    `select count(*), 1 from t a join t b on a.id = b.id and len(${long.replaceAll(/\bs\b/g, 'a.s')}) = 59000`,
    [ROWS, 1],
  ],
  [
    'a nested loop',
    `select count(*), 1 from t a join t b on a.id < 2 and len(repeat(a.s || b.s, 1500)) > 0`,
    [ROWS * 2, 1],
  ],
  [
    'a sort',
    `select id, len(s) from (select id, s from t order by left(${long}, 8), id desc limit 1)`,
    [ROWS - 1, 19],
  ],
];
test.each(sampled('flat memory', CASES, 3))(
  'in %s',
  async (_what, sql, want) => {
    expect((await one(sql)).map(Number)).toEqual(want);
  },
  120_000,
);

test('in an insert, whose rows are handed on as they come', async () => {
  await client.query('create table u(id int, s varchar(65535) encode zstd)');
  await client.query(`insert into u select id, ${long} from t`);
  expect((await one('select count(*), min(len(s)), max(len(s)) from u')).map(Number)).toEqual([ROWS, 59000, 59000]);
}, 120_000);

test('in a result', async () => {
  const { rows } = await client.query<{ l: string }>(`select left(${long}, 10) l from t`);
  expect(rows.length).toBe(ROWS);
  expect(rows.every((r) => r.l === 'PQPQPQPQPQ')).toBe(true);
}, 120_000);
