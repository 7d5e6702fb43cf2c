/**
 * node-postgres: simple and extended queries, parameters of every type, named statements, rows in portions through a
 * portal, several statements in one string, errors with code and position, transaction status.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './cluster.ts';

let server: TestServer;
let client: Client;
const open = async (): Promise<Client> => {
  const { host, port, user, database } = server;
  const c = new Client({ host, port, user, database, password: 'x' });
  await c.connect();
  return c;
};
beforeAll(async () => {
  server = await startServer();
  client = await open();
  await client.query('drop table if exists pg_types');
  await client.query(
    'create table pg_types (a smallint, b int, c bigint, d numeric(12,3), e real, f double precision, g varchar(40), ' +
      'h char(4), i date, j timestamp, k timestamptz, l boolean)',
  );
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

describe('node pg', () => {
  test('parameters of every type are stored and read back', async () => {
    const values = [
      1,
      2,
      '3000000000',
      '12.345',
      1.5,
      2.25,
      'it\'s "ü"',
      'ab',
      '2024-02-29',
      '2024-02-29 10:11:12.5',
      '2024-02-29 10:11:12+00',
      true,
    ];
    const marks = values.map((_, i) => `$${i + 1}`).join(',');
    const inserted = await client.query(`insert into pg_types values (${marks})`, values);
    expect(inserted.rowCount).toBe(1);
    await client.query(
      `insert into pg_types values (${marks})`,
      values.map(() => null),
    );
    const { rows } = await client.query(
      'select a, b, c, d, e, f, g, h, i::varchar as i, j::varchar as j, l from pg_types where a = $1',
      [1],
    );
    expect(rows).toEqual([
      {
        a: 1,
        b: 2,
        c: '3000000000',
        d: '12.345',
        e: 1.5,
        f: 2.25,
        g: 'it\'s "ü"',
        h: 'ab  ',
        i: '2024-02-29',
        j: '2024-02-29 10:11:12.5',
        l: true,
      },
    ]);
    const found = await client.query(
      'select count(*) as n from pg_types where i = $1 and j < $2 and l = $3 and g like $4',
      [new Date(2024, 1, 29), new Date(Date.UTC(2025, 0, 1)), true, 'it%'],
    );
    expect(found.rows).toEqual([{ n: '1' }]);
  });
  test('STV_EXEC_STATE shows the steps of a query while it runs', async () => {
    const worker = await open();
    const {
      rows: [own],
    } = await worker.query('select pg_backend_pid() as pid');
    await client.query('drop table if exists pg_busy');
    await client.query('create table pg_busy (a int) diststyle even');
    await client.query(`insert into pg_busy values ${Array.from({ length: 2000 }, (_, i) => `(${i})`).join(',')}`);
    // Eight thousand million pairs: it ends by being cancelled.
    const busy = worker.query('select count(*) from pg_busy x, pg_busy y, pg_busy z where x.a + y.a + z.a = 17').then(
      () => 'done',
      (e: { code: string }) => e.code,
    );
    const seen =
      "select distinct trim(label) as label from stv_exec_state where slice < 10000 and label like '%name=pg_busy%'";
    let labels: readonly { readonly label: string }[] = [];
    for (let i = 0; i < 200 && labels.length === 0; i++) labels = (await client.query(seen)).rows as typeof labels;
    expect(labels).toEqual([{ label: expect.stringMatching(/^scan +tbl=\d+ name=pg_busy$/) as string }]);
    const twice =
      'select count(*)::int as n from stv_exec_state where currenttime > (select max(currenttime) from stv_exec_state)';
    expect((await client.query(twice)).rows).toEqual([{ n: 0 }]);
    await client.query(`select pg_cancel_backend(${(own as { pid: number }).pid})`);
    expect(await busy).toBe('57014');
    expect((await client.query(seen)).rows).toEqual([]);
    await worker.end();
  });
  test('an open parameter takes its type from the rest of the statement', async () => {
    const sql = 'select coalesce(b, $1) + 1 as b from pg_types where $1 is not null and a is null';
    expect((await client.query(sql, [41])).rows).toEqual([{ b: 42 }]);
    expect((await client.query(sql, [null])).rows).toEqual([]);
  });
  test('identity values are unique whoever makes them', async () => {
    await client.query('drop table if exists pg_identity');
    await client.query('create table pg_identity (id bigint identity(10, 5), v int)');
    await client.query('insert into pg_identity (v) values ($1), ($2)', [1, 2]);
    for (let i = 0; i < 4; i++)
      await client.query(
        'insert into pg_identity (v) select v from pg_identity union all select v + 1 from pg_identity',
      );
    await client.query('insert into pg_identity default values');
    const { rows } = await client.query(
      'select count(*)::int as n, count(distinct id)::int as d, min(id)::int as low, sum(mod(id, 5))::int as off from pg_identity',
    );
    expect(rows).toEqual([{ n: 163, d: 163, low: 10, off: 0 }]);
  });
  test('a named statement runs again with other values', async () => {
    const ask = (n: number) => client.query({ name: 'plus', text: 'select $1::int + 1 as n', values: [n] });
    expect((await ask(1)).rows).toEqual([{ n: 2 }]);
    expect((await ask(41)).rows).toEqual([{ n: 42 }]);
  });
  test('several statements in one string give several results', async () => {
    const results = (await client.query('select 1 as a; select 2 as b, 3 as c')) as unknown as { rows: unknown[] }[];
    expect(results.map((r) => r.rows)).toEqual([[{ a: 1 }], [{ b: 2, c: 3 }]]);
  });
  test('rows come in portions from a portal', async () => {
    const seen: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const query = client.query({ text: 'select g from generate_series(1, 10) g', rows: 3 } as never) as never as {
        on(event: string, f: (x: never) => void): void;
      };
      if (typeof (query as { then?: unknown }).then === 'function') {
        (query as unknown as Promise<{ rows: { g: number }[] }>).then(
          (r) => (seen.push(...r.rows.map((x) => x.g)), resolve()),
          reject,
        );
      }
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
  test('errors carry code and position and leave the session usable', async () => {
    const failure = async (sql: string, values?: unknown[]) =>
      client.query(sql, values as never).then(
        () => undefined,
        (e: { code: string; position?: string; message: string }) => [e.code, e.position, e.message],
      );
    expect(await failure('select * from no_such')).toEqual(['42P01', '15', 'relation "no_such" does not exist']);
    expect(await failure('select no_such from pg_types')).toEqual([
      '42703',
      '8',
      'column "no_such" does not exist in pg_types',
    ]);
    expect((await failure('selec 1'))?.[0]).toBe('42601');
    expect((await failure('select 1/0'))?.[0]).toBe('22012');
    expect((await failure('select $1::int', ['x']))?.[0]).toBe('22P02');
    expect((await failure("select 'a\0b'"))?.[0]).toBeDefined();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
  test('a failed statement aborts its transaction', async () => {
    await client.query('begin');
    await expect(client.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('rollback');
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
  test('hostile statements', async () => {
    const nested = `select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`;
    await expect(client.query(nested)).rejects.toMatchObject({
      code: expect.stringMatching(/^(54001|42601)$/) as string,
    });
    const other = await open();
    await expect(other.query(`select '${'x'.repeat(16 * 1024 * 1024 + 1)}'`)).rejects.toMatchObject({
      code: expect.stringMatching(/^54/) as string,
    });
    expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await other.end();
  });
  test('a statement is cancelled by another session', async () => {
    const other = await open();
    const pid = (await other.query('select pg_backend_pid() as pid')).rows[0].pid as number;
    const long = other.query(
      'select count(*) from generate_series(1,3000) a, generate_series(1,3000) b, generate_series(1,3000) c',
    );
    const failed = expect(long).rejects.toMatchObject({ code: '57014' });
    await new Promise((r) => setTimeout(r, 500));
    await client.query(`select pg_cancel_backend(${pid})`);
    await failed;
    expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await other.end();
  });
});
