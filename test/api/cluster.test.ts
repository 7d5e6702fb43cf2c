/**
 * The in-process API: queries with and without parameters, values of every type, sessions, fixtures, several clusters.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import pg from 'pg';
import { SqlError, startCluster, type Cluster, type SqlValue } from './built.ts';

let cluster: Cluster;
const folders: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'slicehouse-api-'));
  folders.push(dir);
  return dir;
};

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await cluster.close();
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

describe('query', () => {
  test('rows are objects, or arrays on request', async () => {
    const { rows, fields, rowCount, command } = await cluster.query<{ a: number; b: string }>(
      "select 1 as a, 'x'::varchar(3) as b union all select 2, null order by 1",
    );
    expectTypeOf(rows).toEqualTypeOf<readonly { a: number; b: string }[]>();
    expect(rows).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ]);
    expect({ rowCount, command }).toEqual({ rowCount: 2, command: 'SELECT' });
    expect(fields.map((f) => f.type)).toEqual(['integer', 'character varying']);
    const twice = await cluster.query<readonly SqlValue[]>('select 1 as a, 2 as a', [], { rowMode: 'array' });
    expect(twice.rows).toEqual([[1, 2]]);
  });

  test('every type has its value', async () => {
    await cluster.exec(`
      create table every_type (b bool, i2 int2, i4 int4, i8 int8, n numeric(38, 10), f4 real, f8 float8, c char(3), v varchar(20),
        d date, t time, tz timetz, ts timestamp, tstz timestamptz, s super, vb varbyte(10), g geometry);
      insert into every_type select true, -32768, 2147483647, 9223372036854775807, '1234567890123456789012345678.0123456789', 0.1,
        0.1::float8 + 0.2::float8, 'ab', 'grün', '2024-02-29', '12:34:56.789012', '12:34:56+02', '2024-02-29 12:34:56.000001',
        '2024-02-29 12:34:56.5+00', json_parse('{"a": [1, 12345678901234567890]}'), 'abc'::varbyte, st_point(1, 2);
      insert into every_type (i4) values (0);
    `);
    const { rows, fields } = await cluster.query('select * from every_type order by i4 desc');
    expect(rows[0]).toEqual({
      b: true,
      i2: -32768,
      i4: 2147483647,
      i8: 9223372036854775807n,
      n: '1234567890123456789012345678.0123456789',
      f4: 0.1,
      f8: 0.30000000000000004,
      c: 'ab ',
      v: 'grün',
      d: '2024-02-29',
      t: '12:34:56.789012',
      tz: '10:34:56+00',
      ts: '2024-02-29 12:34:56.000001',
      tstz: '2024-02-29 12:34:56.5+00',
      s: '{"a":[1,12345678901234567890]}',
      vb: new Uint8Array([0x61, 0x62, 0x63]),
      g: expect.stringMatching(/^0101000000/) as unknown,
    });
    expect(Object.values(rows[1]!).filter((v) => v !== null)).toEqual([0]);
    expect(fields[4]).toEqual({ name: 'n', type: 'numeric', typeOid: 1700, precision: 38, scale: 10 });
    // Text settings of the session change no float and no boolean.
    await cluster.query('set extra_float_digits to -15');
    expect((await cluster.query('select f8, f4 from every_type where b')).rows).toEqual([
      { f8: 0.30000000000000004, f4: 0.1 },
    ]);
    await cluster.query('reset extra_float_digits');
  });

  test('parameters', async () => {
    const { rows } = await cluster.query(
      `select $1::int + 1 as i, $2::bigint as b, $3::numeric(10, 2) as n, $4::varchar as v, $5::boolean as t, $6::timestamp as ts,
        $7::varbyte as vb, $8::int as missing, json_parse($9) as j`,
      [
        41,
        2n ** 62n,
        '12.34',
        "it's",
        false,
        new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)),
        new Uint8Array([0, 255]),
        null,
        { a: [1] },
      ],
    );
    expect(rows).toEqual([
      {
        i: 42,
        b: 2n ** 62n,
        n: '12.34',
        v: "it's",
        t: false,
        ts: '2024-02-29 01:02:03.004',
        vb: new Uint8Array([0, 255]),
        missing: null,
        j: '{"a":[1]}',
      },
    ]);
    await expect(cluster.query('select $1::int', [])).rejects.toThrow(/parameter/);
  });

  test('errors carry SQLSTATE and position; the session stays usable', async () => {
    const error = await cluster.query('select nothing from every_type').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SqlError);
    expect(error).toMatchObject({ sqlstate: '42703', position: 8 });
    const script = 'select 1;\n  select nope;';
    const second = await cluster.exec(script).catch((e: unknown) => e as { position?: number });
    expect(second).toMatchObject({ sqlstate: '42703' });
    expect(script.slice((second as { position: number }).position - 1)).toBe('nope;');
    expect((await cluster.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('a signal cancels', async () => {
    await cluster.exec(`create table long_one (x int);
      insert into long_one with recursive n(x) as (select 1 union all select x + 1 from n where x < 2000) select x from n`);
    const signal = AbortSignal.timeout(100);
    const endless = 'select count(*) from long_one a, long_one b, long_one c, long_one d where a.x + b.x + c.x > d.x';
    await expect(cluster.query(endless, [], { signal })).rejects.toMatchObject({ sqlstate: '57014' });
    expect((await cluster.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('calls at once answer in turn', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => cluster.query(`select ${i} as i`)));
    expect(results.map((r) => r.rows[0]!['i'])).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

describe('session', () => {
  test('transactions and temporary tables are its own', async () => {
    await cluster.query('create table shared (x int)');
    const one = await cluster.session();
    const other = await cluster.session({ applicationName: 'other' });
    await one.query('create temp table mine (x int)');
    await one.query('begin');
    await one.query('insert into shared values (1)');
    expect(one.status).toBe('transaction');
    expect((await other.query('select * from shared')).rows).toEqual([]);
    await expect(other.query('select * from mine')).rejects.toMatchObject({ sqlstate: '42P01' });
    await one.query('commit');
    expect((await other.query('select * from shared')).rows).toEqual([{ x: 1 }]);
    await expect(
      one.transaction(async (s) => {
        await s.query('insert into shared values (2)');
        throw new TypeError('no');
      }),
    ).rejects.toThrow('no');
    expect((await one.query('select count(*) as n from shared')).rows).toEqual([{ n: 1n }]);
    await one.close();
    await other[Symbol.asyncDispose]();
    await expect(one.query('select 1')).rejects.toMatchObject({ sqlstate: '57P01' });
  });

  test('a session that is terminated says so', async () => {
    const session = await cluster.session();
    await cluster.query(`select pg_terminate_backend(${session.pid})`);
    await expect(session.query('select 1')).rejects.toMatchObject({ sqlstate: '57P01' });
  });

  test('drivers see the same data', async () => {
    const client = new pg.Client({ connectionString: cluster.connectionString });
    await client.connect();
    try {
      expect((await client.query('select x from shared')).rows).toEqual([{ x: 1 }]);
    } finally {
      await client.end();
    }
    expect((await fetch(`${cluster.s3Endpoint}/health`)).status).toBe(200);
  });

  test('of another user', async () => {
    await cluster.query("create user reader password 'Reader1234'");
    const session = await cluster.session({ user: 'reader' });
    expect((await session.query('select current_user as u')).rows).toEqual([{ u: 'reader' }]);
    await expect(session.query('select * from shared')).rejects.toMatchObject({ sqlstate: '42501' });
    await session.close();
  });
});

test('two clusters at once share nothing', async () => {
  const other = await startCluster({ nodes: 1, slices: 1 });
  try {
    await other.query('create table only_here (x int)');
    await expect(cluster.query('select * from only_here')).rejects.toMatchObject({ sqlstate: '42P01' });
    expect(other.port).not.toBe(cluster.port);
  } finally {
    await other.close();
  }
});

describe('fixtures', () => {
  test('buckets, scripts and files named by table', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'buckets/inbox/day'), { recursive: true });
    writeFileSync(join(dir, 'buckets/inbox/day/a.txt'), '7|seven\n');
    writeFileSync(
      join(dir, '01-tables.sql'),
      'create schema fx; create table fx.orders (id int, name varchar(20), "Mixed Case" int);',
    );
    writeFileSync(
      join(dir, '02-more.sql'),
      "create table items (id int, note varchar(20)); create table lines (id int, note varchar(20)); copy items from 's3://inbox/day/' iam_role default;",
    );
    writeFileSync(join(dir, 'fx.orders.csv'), 'name,id,mixed case\n"a, b",1,10\n"c",2,20\n');
    writeFileSync(join(dir, 'items.csv.gz'), gzipSync('id,note\n8,eight\n'));
    writeFileSync(join(dir, 'lines.jsonl'), '{"id": 1, "note": "one"}\n{"ID": 2}\n');
    writeFileSync(join(dir, 'README.md'), 'ignored');
    const loaded = await cluster.loadFixtures(dir);
    expect(loaded).toEqual({
      buckets: ['inbox'],
      scripts: ['01-tables.sql', '02-more.sql'],
      tables: [
        { table: '"fx"."orders"', rows: 2 },
        { table: '"items"', rows: 1 },
        { table: '"lines"', rows: 2 },
      ],
    });
    expect((await cluster.query('select * from fx.orders order by id')).rows).toEqual([
      { id: 1, name: 'a, b', 'mixed case': 10 },
      { id: 2, name: 'c', 'mixed case': 20 },
    ]);
    expect((await cluster.query('select * from items order by id')).rows).toEqual([
      { id: 7, note: 'seven' },
      { id: 8, note: 'eight' },
    ]);
    expect((await cluster.query('select * from lines order by id')).rows).toEqual([
      { id: 1, note: 'one' },
      { id: 2, note: null },
    ]);
  });

  test('an error names its file', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'bad.sql'), 'create table fine_one (x int);\nselect * from nowhere;');
    await expect(cluster.loadFixtures(dir)).rejects.toMatchObject({
      sqlstate: '42P01',
      message: 'bad.sql:2: relation "nowhere" does not exist',
    });
    writeFileSync(join(dir, 'notes.txt'), '');
    await expect(cluster.loadFixtures(dir)).rejects.toThrow('fixture "notes.txt" cannot be used');
  });
});
