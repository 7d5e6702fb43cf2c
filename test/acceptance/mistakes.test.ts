/**
 * What a user can do wrong: every mistake gets its SQLSTATE, and the session answers the next statement. Also
 * pg_last_query_id(), which names the query before the one that asks.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Subject } from './cluster.ts';

let db: Subject;
beforeAll(async () => {
  db = await Subject.start(1, 2);
  await db.run('create table t (a int, v varchar(3)) diststyle even');
  await db.run(`insert into t values (1, 'x'), (2, 'y')`);
});
afterAll(() => db?.close());

const numbers = (n: number): string => Array.from({ length: n }, (_, i) => i).join(',');
test.each<readonly [string, string, string]>([
  ['malformed', '42601', 'selec 1'],
  ['open parenthesis', '42601', 'select ('],
  ['open string', '42601', `select 'abc`],
  ['unknown table', '42P01', 'select * from nowhere'],
  ['unknown column', '42703', 'select nope from t'],
  ['unknown function', '42883', 'select nofunc(1)'],
  ['unknown schema', '3F000', 'select * from nowhere.t'],
  ['unknown table dropped', '42P01', 'drop table nowhere'],
  ['wrong operand', '42883', 'select 1 + true'],
  ['wrong number', '22P02', `select 'a'::int`],
  ['wrong value inserted', '22P02', `insert into t values ('x', 'y')`],
  ['too long a value', '22001', `insert into t values (3, 'much too long')`],
  ['division by zero', '22012', 'select a / (a - a) from t'],
  ['overflow', '22003', 'select 2147483647::int * a from t'],
  ['ungrouped column', '42803', 'select a, count(*) from t'],
  ['10,000 parentheses', '54001', `select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['10,000 open parentheses', '54001', `select ${'('.repeat(10_000)}`],
  ['20,000 operators', '54001', `select ${Array(20_000).fill('1').join('+')}`],
  ['3,000 derived tables', '54001', `select * from ${'(select * from '.repeat(3000)}t${') q'.repeat(3000)}`],
  ['17 MB of statement', '54000', `select '${'a'.repeat(17_000_000)}'`],
  ['too many columns', '54011', `select ${numbers(5000)}`],
])('%s: %s', async (_name, code, sql) => {
  expect(await db.code(sql)).toBe(code);
  expect(await db.rows('select a, v from t order by a')).toEqual([
    ['1', 'x'],
    ['2', 'y'],
  ]);
});

test('10,000 alternatives of one condition: an answer or 54001', async () => {
  const sql = `select count(*) from t where ${Array.from({ length: 10_000 }, (_, i) => `a = ${i}`).join(' or ')}`;
  expect(['none', '54001']).toContain(await db.code(sql));
  expect(await db.value('select 7')).toBe('7');
});

test.each<readonly [string, string | Uint8Array, string, string]>([
  ['an open quote', '1,a\n2,"b\n', 'csv', 'XX000'],
  ['too many columns', '1,a\n2,b,c\n', 'csv', 'XX000'],
  ['no number', '1,a\nx,b\n', 'csv', 'XX000'],
  ['too long', '1,a\n2,abcdef\n', 'csv', 'XX000'],
  ['no gzip', 'just text\n', 'csv gzip', 'XX000'],
  ['gzip cut short', gzipSync('1,a\n'.repeat(20_000)).subarray(0, 60), 'csv gzip', 'XX000'],
])('COPY of a broken file: %s', async (name, body, options, code) => {
  const key = name.replaceAll(' ', '-');
  db.put(`broken/${key}`, body);
  expect(await db.code(`copy t from 's3://demo/broken/${key}' iam_role default ${options}`)).toBe(code);
  expect(await db.value('select count(*) from t')).toBe('2');
  if (!options.includes('gzip')) {
    expect(await db.value(`select max(line_number) from stl_load_errors where filename like '%${key}'`)).toBe('2');
  }
});

test('pg_last_query_id() names the query before', async () => {
  await db.run('select count(*) as marked from t');
  const id = await db.value('select pg_last_query_id()');
  expect(await db.value('select pg_last_query_id()')).toBe(id);
  expect(await db.value(`select trim(querytxt) from stl_query where query = ${id}`)).toBe(
    'select count(*) as marked from t',
  );
  expect(
    await db.value("select count(*) > 0 from stl_scan where query = pg_last_query_id() and perm_table_name = 't'"),
  ).toBe('t');
});
