/**
 * Several DISTINCT lists in one aggregate, with more values than memory holds: they are counted on the temporary disk, with
 * and without groups, beside other aggregates.
 */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf, SmallAndLarge } from './testing.ts';

const ROWS = 2 ** 20;
let both: SmallAndLarge;

async function setUp(c: pg.Client): Promise<void> {
  await c.query('create table t(id int, k int, s varchar(60), d decimal(18,4)) diststyle even');
  await c.query("insert into t values (0, 0, 'row number 0 with some text behind it', 0)");
  for (let n = 1; n < ROWS; n *= 2)
    await c.query(
      `insert into t select id + ${n}, (id + ${n})::bigint * 7919 % ${ROWS / 4}, 'row number ' || (id + ${n}) || ' with some text behind it', (id + ${n}) % 300000 / 16.0 from t`,
    );
}
beforeAll(async () => {
  both = await SmallAndLarge.start(setUp);
}, 240_000);
afterAll(() => both.close());

test.each([
  'select count(distinct id), count(distinct k) from t',
  'select count(distinct s), count(distinct k), sum(distinct d), count(*), min(s), max(s), sum(id), avg(distinct d) from t',
  'select sum(a), sum(b), sum(n), count(*) from (select k, count(distinct id) a, count(distinct d) b, count(*) n from t group by k)',
  'select g, count(distinct s), sum(distinct k), count(distinct d), sum(id), max(s), min(s) from (select t.*, id % 5 g from t) group by g order by g',
  `select sum(a), sum(b), sum(len(m)), count(*), count(g) from
    (select case when id % 3 > 0 then s end g, count(distinct k) a, count(distinct d) b, max(s) m from t group by 1)`,
  'select a.*, b.* from (select count(distinct id), count(distinct s) from t) a, (select count(distinct d), count(distinct id + k) from t) b',
])('aggr on the temporary disk: %s', (sql) => both.check('aggr', sql), 180_000);

test('texts that are counted are not kept, so that no partition goes to disk twice', async () => {
  const sql = 'select count(distinct repeat(s, 16)), count(distinct k) from t where id < 300000';
  expect(await rowsOf(both.small, sql)).toEqual([['300000', String(ROWS / 4)]]);
  const [written] = await rowsOf(
    both.small,
    'select sum(spilled_block_local_disk) from sys_query_detail where query_id = pg_last_query_id()',
  );
  const [text] = await rowsOf(both.small, 'select sum(len(s)) * 16 / 1048576 from t where id < 300000');
  const [blocks, texts] = [Number(written![0]), Number(text![0])];
  expect(blocks).toBeGreaterThan(texts / 2);
  expect(blocks).toBeLessThan(texts * 1.3);
});
