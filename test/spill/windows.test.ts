/**
 * Windows over a million rows in a node of 64 MB: partitions far larger than its memory, frames that reach far behind and
 * before, all computed from rows on disk. What they give is known by arithmetic.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { startCluster } from '../api/built.ts';

const ROWS = 2 ** 20;
const LAST = ROWS - 1;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: pg.Client;
let folder: string;
const rows = async (sql: string): Promise<unknown[][]> =>
  (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;

/** id counts up; k is each number below ROWS once, in another order; s is k as a text of eight digits with more behind it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-windows-'));
  cluster = await startCluster({ nodes: 1, slices: 2, nodeMemory: 64, dataDir: folder });
  client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await client.query('create table seed(id int)');
  await client.query('insert into seed values (0)');
  for (let n = 1; n < ROWS; n *= 2) await client.query(`insert into seed select id + ${n} from seed`);
  await client.query(`create table t diststyle even as select id, (id::bigint * 7919 % ${ROWS})::int as k,
    lpad((id::bigint * 7919 % ${ROWS})::varchar, 8, '0') || ' and some text behind it' as s from seed`);
  await client.query('analyze t');
}, 240_000);
afterAll(async () => {
  await client?.end();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Windows `w`, and what must hold of them in every row. */
const HOLDS: readonly (readonly [what: string, windows: string, holds: string])[] = [
  [
    'places in one partition',
    `row_number() over (order by k) a, rank() over (order by k / 16) b, dense_rank() over (order by k / 16) c`,
    `a = k + 1 and b = k / 16 * 16 + 1 and c = k / 16 + 1`,
  ],
  [
    'places from the end, which needs the whole partition',
    `ntile(4) over (order by k) a, cume_dist() over (order by k / 2) b, percent_rank() over (order by k) c`,
    `a = k / ${ROWS / 4} + 1 and b = (k / 2 * 2 + 2) / ${ROWS}.0::float8 and abs(c - k / ${LAST}.0::float8) < 1e-12`,
  ],
  [
    'rows far away',
    `lag(k, 3) over (order by k) a, lead(k, 70000) over (order by k) b, lag(s) over (order by k desc) c`,
    `coalesce(a, -1) = case when k < 3 then -1 else k - 3 end
     and coalesce(b, -1) = case when k + 70000 > ${LAST} then -1 else k + 70000 end
     and coalesce(left(c, 8)::int, -1) = case when k = ${LAST} then -1 else k + 1 end`,
  ],
  [
    'frames that move: counts, sums, extremes',
    `count(*) over (order by k rows between 100000 preceding and 50001 preceding) a,
     min(k) over (order by k rows between 100000 preceding and 50000 following) b,
     max(s) over (order by k rows between 3 preceding and 20000 following) c,
     sum(k::bigint) over (order by k rows between 2 preceding and current row) d`,
    `a = least(50000, greatest(0, k - 50000)) and b = greatest(0, k - 100000)
     and left(c, 8)::int = least(${LAST}, k + 20000)
     and d = case k when 0 then 0 when 1 then 1 else 3 * k::bigint - 3 end`,
  ],
  [
    'frames from the start and to the end',
    `sum(k::bigint) over (order by k rows unbounded preceding) a,
     count(*) over (order by k rows between 5 following and unbounded following) b,
     last_value(k) over (order by k rows between unbounded preceding and unbounded following) c,
     nth_value(s, 7) over (order by k rows between unbounded preceding and unbounded following) d`,
    `a = k::bigint * (k + 1) / 2 and b = greatest(0, ${LAST} - 4 - k) and c = ${LAST} and left(d, 8) = '00000006'`,
  ],
  [
    'four partitions, in the order of a text',
    `row_number() over (partition by k % 4 order by s) a, first_value(k) over (partition by k % 4 order by s rows unbounded preceding) b,
     avg(k) over (partition by k % 4) c`,
    `a = k / 4 + 1 and b = k % 4 and c = (${ROWS - 4} / 2) + k % 4`,
  ],
  [
    'a partition for every three rows',
    `row_number() over (partition by k / 3 order by k desc) a, count(*) over (partition by k / 3) b, max(s) over (partition by k / 3) c`,
    `a = b - k % 3 and b = case when k / 3 = ${LAST} / 3 then ${(LAST % 3) + 1} else 3 end and left(c, 8)::int = least(${LAST}, k / 3 * 3 + 2)`,
  ],
  [
    'percentiles of everything and of partitions',
    `median(k) over () a, percentile_cont(0.25) within group (order by k) over (partition by k % 2) b,
     percentile_disc(1) within group (order by s) over (partition by k % 8) c`,
    `a = ${LAST / 2} and b = ${(ROWS - 2) / 4} + k % 2 and left(c, 8)::int = ${ROWS - 8} + k % 8`,
  ],
  [
    'lists of many partitions',
    `listagg(k, ',') within group (order by k) over (partition by k / 5) a`,
    `a like (k / 5 * 5)::varchar || '%' and len(a) - len(replace(a, ',', '')) = least(4, ${LAST} - k / 5 * 5)`,
  ],
];

test.each(sampled('spilled windows', HOLDS, 4))(
  '%s',
  async (_what, windows, holds) => {
    const sql = `select count(*), sum(case when ${holds} then 1 else 0 end) from (select id, k, s, ${windows} from t) x`;
    const [got] = await rows(sql);
    expect(got!.map(Number)).toEqual([ROWS, ROWS]);
    const [disk] = await rows(
      `select count(*) from svl_query_summary where query = pg_last_query_id() and is_diskbased = 't' and label like 'window%'`,
    );
    expect(Number(disk![0])).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'tmp'), { recursive: true }).filter((f) => /\/\d+$/.test(String(f)))).toEqual([]);
  },
  120_000,
);
