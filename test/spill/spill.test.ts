/**
 * Inputs many times larger than a node's memory: a node of 48 MB sorts, groups, joins and makes distinct what takes
 * several times as much, says that it went to disk, and leaves nothing there.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';

const ROWS = 2 ** 20;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: pg.Client;
let folder: string;
const rows = async (sql: string): Promise<unknown[][]> =>
  (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-spill-'));
  cluster = await startCluster({ nodes: 1, slices: 2, nodeMemory: 48, dataDir: folder });
  client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await client.query('create table t(id int, k int, s varchar(60)) diststyle even');
  await client.query("insert into t values (0, 0, 'row number 0 with some text behind it')");
  for (let n = 1; n < ROWS; n *= 2)
    await client.query(
      `insert into t select id + ${n}, (id + ${n})::bigint * 7919 % ${ROWS}, 'row number ' || (id + ${n}) || ' with some text behind it' from t`,
    );
  await client.query('analyze t');
}, 240_000);
afterAll(async () => {
  await client?.end();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a sort that keeps the first rows only stays in memory', async () => {
  expect(await rows('select id from t order by s desc limit 2')).toHaveLength(2);
  const [steps] = await rows(
    `select count(*), sum(case when is_diskbased = 't' then 1 else 0 end) from svl_query_summary
     where query = pg_last_query_id() and label like 'sort%'`,
  );
  expect(steps!.map(Number)).toEqual([1, 0]);
});

const SUM = String((BigInt(ROWS) * BigInt(ROWS - 1)) / 2n);
test.each([
  [
    'sort',
    `select sum(id), count(*), min(p) from (select id, row_number_check p from
      (select id, k, s, 1 as row_number_check from t order by s limit ${ROWS}))`,
    [SUM, String(ROWS), 1],
  ],
  ['aggr', 'select count(*), sum(n) from (select s, count(*) n from t group by s)', [String(ROWS), String(ROWS)]],
  ['aggr', 'select count(distinct s), max(id) from t', [String(ROWS), ROWS - 1]],
  [
    'hjoin',
    'select count(*), sum(a.id), sum(len(b.s) - len(a.s)) from t a join t b on a.id = b.k',
    [String(ROWS), SUM, undefined],
  ],
  [
    'hjoin',
    `select count(*), count(b.s), sum(a.id) from t a left join t b on a.s = b.s and b.id < ${ROWS / 2}`,
    [String(ROWS), String(ROWS / 2), SUM],
  ],
  [
    'hjoin',
    `select count(*), count(a.s), count(b.s) from t a full join t b on a.id + 1000 = b.id`,
    [String(ROWS + 1000), String(ROWS), String(ROWS)],
  ],
  ['hjoin', 'select count(*), 1 from t where id in (select k from t where len(s) > 3)', [String(ROWS), 1]],
])(
  '%s finishes on the temporary disk: %s',
  async (step, sql, want) => {
    const [got] = await rows(sql);
    for (const [i, w] of want.entries()) if (w !== undefined) expect(got![i]).toEqual(w);
    const [disk] = await rows(
      `select count(*) from svl_query_summary where query = pg_last_query_id() and is_diskbased = 't' and label like '${step}%'`,
    );
    expect(Number(disk![0])).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'tmp'), { recursive: true }).filter((f) => /\/\d+$/.test(String(f)))).toEqual([]);
  },
  120_000,
);

test('sketches of few values are small: groups whose registers were three times the memory stay in it', async () => {
  const [got] = await rows(
    `select count(*), sum(n) from (select k / 32 g, approximate count(distinct id) n from t where id < ${ROWS / 4} group by 1)`,
  );
  expect(Number(got![0])).toBe(ROWS / 32);
  expect(Math.abs(Number(got![1]) - ROWS / 4)).toBeLessThan(ROWS * 0.01);
  const [disk] = await rows(
    "select count(*)::int from svl_query_summary where query = pg_last_query_id() and is_diskbased = 't'",
  );
  expect(disk![0]).toBe(0);
});
