/**
 * postgres.js: its look-up of array types at start, tagged queries with parameters, cursors, transactions, errors.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './cluster.ts';

let server: TestServer;
let sql: postgres.Sql;
beforeAll(async () => {
  server = await startServer();
  sql = postgres({
    host: server.host,
    port: server.port,
    user: server.user,
    database: server.database,
    password: 'x',
    max: 1,
    onnotice: () => undefined,
  });
});
afterAll(async () => {
  await sql?.end();
  await server?.close();
});

describe('postgres.js', () => {
  test('parameters and results', async () => {
    const rows =
      await sql`select ${1}::int as a, ${'text'} as b, ${true}::boolean as c, ${'2.50'}::numeric(5,2) as d, ${null}::int as e`;
    expect([...rows]).toEqual([{ a: 1, b: 'text', c: true, d: '2.50', e: null }]);
  });
  test('insert helper and dates', async () => {
    await sql`drop table if exists postgres_js`;
    await sql`create table postgres_js (a int, b varchar(10), c timestamp, d bigint)`;
    await sql`insert into postgres_js ${sql([
      { a: 1, b: 'x', c: '2024-01-01 00:00:00', d: '9007199254740993' },
      { a: 2, b: null, c: null, d: null },
    ])}`;
    const rows = await sql`select a, b, d from postgres_js where a in ${sql([1, 2])} order by a`;
    expect([...rows]).toEqual([
      { a: 1, b: 'x', d: '9007199254740993' },
      { a: 2, b: null, d: null },
    ]);
  });
  test('cursor', async () => {
    const sizes: number[] = [];
    // A rest smaller than the portion is lost in this client: it asks the command tag for a count, and SELECT has none.
    await sql`select * from generate_series(1, 20) g`.cursor(10, (rows) => {
      sizes.push(rows.length);
    });
    expect(sizes).toEqual([10, 10]);
  });
  test('transactions roll back on error', async () => {
    await expect(
      sql.begin(async (tx) => {
        await tx`delete from postgres_js`;
        await tx`select 1/0`;
      }),
    ).rejects.toMatchObject({ code: '22012' });
    expect((await sql`select count(*)::int as n from postgres_js`)[0]).toEqual({ n: 2 });
  });
  test('unknown relation', async () => {
    await expect(sql`select * from no_such_thing`).rejects.toMatchObject({ code: '42P01' });
  });
});
