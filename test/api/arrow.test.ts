/**
 * toArrow: every type, NULLs, many batches, order, empty results, and the IPC form that other programs read.
 */
import { Decimal, tableFromIPC, tableToIPC, type Table } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type Cluster } from './built.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

const typesOf = (table: Table): unknown =>
  Object.fromEntries(table.schema.fields.map((f) => [f.name, String(f.type)]));
const columnOf = (table: Table, name: string): unknown[] => [...table.getChild(name)!];

test('every type', async () => {
  await cluster.exec(`
    create table every_type (b bool, i2 int2, i4 int4, i8 int8, n numeric(10, 2), wide numeric(38, 4), f4 real, f8 float8, c char(3),
      v varchar(20), d date, t time, ts timestamp, tstz timestamptz, s super, vb varbyte(10), ym interval year to month,
      ds interval day to second);
    insert into every_type select true, -32768, 2147483647, 9223372036854775807, -12.5, '-1234567890123456789012345678901234.5678', 0.5,
      0.1, 'ab', 'grün', '1969-12-31', '12:34:56.789012', '2024-02-29 12:34:56.000001', '2024-02-29 12:34:56+02', json_parse('[1, "a"]'),
      'abc'::varbyte, interval '1 year 2 months' year to month, interval '1 day 1 second' day to second;
    insert into every_type (i4) values (0);
  `);
  const table = await cluster.toArrow('select * from every_type order by i4 desc');
  expect(typesOf(table)).toEqual({
    b: 'Bool',
    i2: 'Int16',
    i4: 'Int32',
    i8: 'Int64',
    n: 'Decimal[10e+2]',
    wide: 'Decimal[38e+4]',
    f4: 'Float32',
    f8: 'Float64',
    c: 'Utf8',
    v: 'Utf8',
    d: 'Date32<DAY>',
    t: 'Time64<MICROSECOND>',
    ts: 'Timestamp<MICROSECOND>',
    tstz: 'Timestamp<MICROSECOND, UTC>',
    s: 'Utf8',
    vb: 'Binary',
    ym: expect.stringContaining('Interval') as unknown,
    ds: 'Duration<MICROSECOND>',
  });
  const raw = (name: string): unknown => table.getChild(name)!.data[0]!.values;
  expect(raw('d')).toEqual(new Int32Array([-1, 0]));
  expect(raw('ts')).toEqual(new BigInt64Array([1709210096000001n, 0n]));
  expect(raw('tstz')).toEqual(new BigInt64Array([1709202896000000n, 0n]));
  expect(raw('t')).toEqual(new BigInt64Array([45296789012n, 0n]));
  expect(raw('ym')).toEqual(new Int32Array([14, 0]));
  expect(raw('ds')).toEqual(new BigInt64Array([86401000000n, 0n]));
  const decimals = (name: string): bigint => {
    const words = raw(name) as Uint32Array;
    return BigInt.asIntN(
      128,
      [...words.subarray(0, 4)].reduce((sum, w, i) => sum | (BigInt(w) << BigInt(32 * i)), 0n),
    );
  };
  expect(decimals('n')).toBe(-1250n);
  expect(decimals('wide')).toBe(-12345678901234567890123456789012345678n);
  expect((table.schema.fields[4]!.type as Decimal).scale).toBe(2);
  expect(columnOf(table, 'b')).toEqual([true, null]);
  expect(columnOf(table, 'i2')).toEqual([-32768, null]);
  expect(columnOf(table, 'i8')).toEqual([9223372036854775807n, null]);
  expect(columnOf(table, 'f8')).toEqual([0.1, null]);
  expect(columnOf(table, 'c')).toEqual(['ab ', null]);
  expect(columnOf(table, 'v')).toEqual(['grün', null]);
  expect(columnOf(table, 's')).toEqual(['[1,"a"]', null]);
  expect(columnOf(table, 'vb')).toEqual([new Uint8Array([97, 98, 99]), null]);
});

test('many rows keep their order over batches, and other programs read them', async () => {
  await cluster.exec(`create table numbers (x int, y varchar(20)) diststyle even;
    insert into numbers with recursive n(x) as (select 1 union all select x + 1 from n where x < 1000) select x, x::varchar from n;
    insert into numbers select a.x + 1000 * b.x, nullif((a.x + b.x)::varchar, '7') from numbers a, numbers b where b.x <= 150;`);
  const table = await cluster.toArrow('select x, y from numbers where x >= $1 order by x', [1]);
  expect(table.numRows).toBe(151_000);
  expect(table.batches.length).toBe(3);
  const xs = table.getChild('x')!.toArray() as Int32Array;
  expect(xs.every((x, i) => x === i + 1)).toBe(true);
  const sum = await cluster.query('select sum(y::bigint) as s, count(y) as n from numbers');
  const again = tableFromIPC(tableToIPC(table, 'stream'));
  let [s, n] = [0n, 0n];
  for (const y of again.getChild('y')!) {
    if (y === null) continue;
    s += BigInt(y as string);
    n++;
  }
  expect({ s: String(s), n }).toEqual(sum.rows[0]);
});

test('rows without an order come as the batches that the slices make', async () => {
  const table = await cluster.toArrow(
    'select x, y, x % 3 = 0 as b, x::numeric(20, 1) as n, x::float8 as f from numbers where x > 10',
  );
  expect(table.numRows).toBe(150_990);
  expect(table.batches.length).toBeGreaterThan(4);
  const sum = await cluster.query<{ x: bigint; y: bigint; b: bigint; yl: bigint }>(
    'select sum(x::bigint)::bigint as x, count(y) as y, sum(case when x % 3 = 0 then 1 else 0 end)::bigint as b, sum(len(y))::bigint as yl from numbers where x > 10',
  );
  const seen = { x: 0n, y: 0n, b: 0n, yl: 0n };
  for (let i = 0; i < table.numRows; i++) {
    const row = table.get(i)!;
    const x = row['x'] as number;
    seen.x += BigInt(x);
    if (row['b'] as boolean) seen.b++;
    if (row['y'] !== null) {
      seen.y++;
      seen.yl += BigInt((row['y'] as string).length);
    }
    if (i % 1000 === 0) {
      expect(row['f']).toBe(x);
      expect((row['n'] as Uint32Array)[0]).toBe(x * 10);
    }
  }
  expect(seen).toEqual(sum.rows[0]);
  expect((await cluster.toArrow('select x from numbers limit 7')).numRows).toBe(7);
  expect(
    (await cluster.toArrow('select x from numbers where x < 5 union all select x from numbers where x < 4')).numRows,
  ).toBe(7);
});

test('long values stand among others', async () => {
  const large = await startCluster({ largeStrings: true, nodes: 1, slices: 2 });
  try {
    await large.exec(`create table long_ones (x int, t varchar(65535)) diststyle even;
      insert into long_ones with recursive n(x) as (select 1 union all select x + 1 from n where x < 40)
        select x, case when x <= 6 then repeat('é', 30000 + x) else 'short' end from n`);
    const table = await large.toArrow('select x, t || t as tt from long_ones');
    const lengths = new Map(columnOf(table, 'x').map((x, i) => [x, (table.getChild('tt')!.get(i) as string).length]));
    for (let x = 1; x <= 40; x++) expect(lengths.get(x)).toBe(x <= 6 ? 60_000 + 2 * x : 10);
  } finally {
    await large.close();
  }
});

test('no rows, no columns, errors', async () => {
  const empty = await cluster.toArrow('select 1::int as a, 2::bigint as b where false');
  expect([empty.numRows, typesOf(empty)]).toEqual([0, { a: 'Int32', b: 'Int64' }]);
  expect((await cluster.toArrow('create table nothing (x int)')).numCols).toBe(0);
  await expect(cluster.toArrow('select 1 / x from (select 0 as x)')).rejects.toMatchObject({ sqlstate: '22012' });
  const catalog = await cluster.toArrow("select relname, oid from pg_class where relname = 'numbers'");
  expect(columnOf(catalog, 'relname')).toEqual(['numbers']);
});
