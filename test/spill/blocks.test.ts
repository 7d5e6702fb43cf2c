/**
 * Joins whose table can neither stay in memory nor be cut by keys: the inner side of a nested loop, and a key with more rows
 * than the grant. They run in blocks on the temporary disk, and give what a node with much memory gives.
 */
import type pg from 'pg';
import { afterAll, beforeAll, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { SmallAndLarge } from './testing.ts';

const ROWS = 2 ** 18;
let both: SmallAndLarge;

async function setUp(c: pg.Client): Promise<void> {
  await c.query('create table big(id int, k int, s varchar(100)) diststyle even');
  await c.query(`insert into big values (0, 0, '${'some text that makes the row wide '.repeat(2)}')`);
  for (let n = 1; n < ROWS; n *= 2)
    await c.query(`insert into big select id + ${n}, case when (id + ${n}) % 16 = 0 then id + ${n} end, s from big`);
  // All of skewed but a few rows have the key 7; of keys, as many rows, one.
  await c.query(
    'create table skewed diststyle even as select case when id % 1000 = 1 then id else 7 end k, id, s from big',
  );
  await c.query(
    'create table keys diststyle even as select id k, id + 1 id, s from big union all select id + 1000000, id, s from big',
  );
  await c.query('create table few as select id, id % 3 n from big where id < 6');
}
beforeAll(async () => {
  both = await SmallAndLarge.start(setUp);
}, 240_000);
afterAll(() => both.close());

const SUMS = 'count(*), sum(a.id), sum(b.id), count(b.s), min(b.s)';
const CASES = [
  ['nloop', `select ${SUMS} from few a left join big b on a.id > b.id - 3`],
  ['nloop', `select ${SUMS} from few a left join big b on a.id < b.id - 262140`],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where exists (select 1 from big b where b.id + 3 < a.id and len(b.s) > a.id)',
  ],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where not exists (select 1 from big b where b.id > 262138 + a.id and len(b.s) > a.id)',
  ],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where a.id + 262140 not in (select b.id + len(b.s) * (a.id - a.id) from big b where b.id <> a.id)',
  ],
  [
    'nloop',
    'select count(*), sum(a.id) from few a where a.id + 262140 not in (select b.k + len(b.s) * (a.id - a.id) from big b where b.id <> a.id)',
  ],
  ['hjoin', `select ${SUMS} from keys a join skewed b on a.k = b.k and len(a.s) >= a.id - a.id`],
  ['hjoin', `select ${SUMS} from keys a left join skewed b on a.k = b.k`],
  [
    'hjoin',
    `select ${SUMS} from keys a right join skewed b on a.k = b.k and a.id % 2 = b.id % 2 and len(a.s) >= len(b.s)`,
  ],
  [
    'hjoin',
    `select ${SUMS} from keys a full join skewed b on a.k = b.k and a.id % 2 = b.id % 2 and len(a.s) >= len(b.s)`,
  ],
  [
    'hjoin',
    'select count(*), sum(a.id) from keys a where exists (select 1 from skewed b where b.k = a.k and b.id > a.id + 262100 and b.s >= a.s)',
  ],
  [
    'hjoin',
    'select count(*), sum(a.id) from keys a where not exists (select 1 from skewed b where b.k = a.k and b.id > a.id + 262140 and b.s >= a.s)',
  ],
  [
    'hjoin',
    'select count(*), sum(a.id) from keys a where lpad(k, 40) not in (select lpad(b.k, 40) from skewed b where b.s > chr(65))',
  ],
];
test.each(sampled('blocks', CASES, 6))('%s in blocks: %s', (step, sql) => both.check(step, sql), 120_000);
