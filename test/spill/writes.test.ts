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
