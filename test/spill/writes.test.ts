/**
 * Tables written on a node with little memory: long texts, two branches at once, a sort key. A group of rows is cut so that
 * its encoding finds a piece of memory between what lies there for long.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf, SmallAndLarge } from './testing.ts';

const ROWS = 2 ** 19;
let both: SmallAndLarge;
beforeAll(async () => {
  both = await SmallAndLarge.start(async (c) => {
    await c.query('create table t(id int, s varchar(80)) diststyle even');
    await c.query("insert into t values (0, 'row number 0 with some text behind it and a little more')");
    for (let n = 1; n < ROWS; n *= 2)
      await c.query(
        `insert into t select id + ${n}, 'row number ' || (id + ${n}) || ' with some text behind it and a little more' from t`,
      );
    await c.query('create table w(id int, s varchar(65535)) diststyle even');
    await c.query('insert into w select id, repeat(s, 600) from t where id < 960');
  });
}, 240_000);
afterAll(() => both.close());

test.each([
  ['long texts', 'create table c diststyle even as select * from w union all select * from w', 1920],
  ['two branches', 'create table c diststyle even as select * from t union all select * from t', ROWS * 2],
  ['a sort key', 'create table c diststyle even sortkey(s) as select * from t', ROWS],
])(
  '%s',
  async (_, sql, rows) => {
    await both.small.query(sql);
    expect(await rowsOf(both.small, 'select count(*) from c')).toEqual([[String(rows)]]);
    expect(both.files).toEqual([]);
    await both.small.query('drop table c');
  },
  120_000,
);

test('UPDATE and DELETE of all rows by a join with a table many times larger than the memory', async () => {
  await both.small.query('create table u diststyle even as select id uid, s us from t');
  await both.small.query('create table c diststyle even as select * from t');
  await both.small.query("update c set s = u.us || '!' from u where c.s = u.us");
  const right = `select count(*), count(distinct id), sum(case when s like 'row number ' || id || ' %!' then 1 else 0 end) from c`;
  expect(await rowsOf(both.small, right)).toEqual([[String(ROWS), String(ROWS), String(ROWS)]]);
  await both.small.query('update c set id = -u.uid from u where c.id % 1000 = u.uid % 1000 and c.id < 1000');
  expect(await rowsOf(both.small, 'select count(*), count(distinct id) from c where id < 1000')).toEqual([
    ['1000', '1000'],
  ]);
  await both.small.query("delete from c using u where c.s = u.us || '!' and u.uid % 2 = 0");
  expect(await rowsOf(both.small, 'select count(*) from c')).toEqual([[String(ROWS / 2)]]);
  expect(both.files).toEqual([]);
}, 120_000);
