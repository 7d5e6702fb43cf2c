/**
 * Arrays on the wire: parameters in binary form mean what their text means, results are array_send and what
 * their type's send function gives, and casts between array types answer or are refused.
 */
import { Client, type DatabaseError } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawClient, int32 } from '../wire/raw-client.ts';
import { startServer, type TestServer } from './cluster.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  const { host, port, user, database } = server;
  client = new Client({ host, port, user, database, password: 'x' });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

/** array_send of one dimension. */
function binary(elementOid: number, items: readonly (Buffer | null)[]): Buffer {
  const head = Buffer.alloc(20);
  head.writeInt32BE(1, 0);
  head.writeInt32BE(items.includes(null) ? 1 : 0, 4);
  head.writeInt32BE(elementOid, 8);
  head.writeInt32BE(items.length, 12);
  head.writeInt32BE(1, 16);
  const parts = items.flatMap((item) => {
    const size = Buffer.alloc(4);
    size.writeInt32BE(item === null ? -1 : item.length);
    return item === null ? [size] : [size, item];
  });
  return Buffer.concat([head, ...parts]);
}
const int4 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeInt32BE(n);
  return b;
};
const rows = async (text: string, values: readonly unknown[]): Promise<unknown[][]> =>
  (await client.query({ text, values: [...values], rowMode: 'array' })).rows as unknown[][];

test('binary parameters find what text parameters find', async () => {
  const text = 'select oid from pg_type where oid = any($1) order by 1';
  const want = await rows(text, ['{16,23,25}']);
  expect(want).toHaveLength(3);
  expect(await rows(text, [binary(26, [int4(16), int4(23), int4(25)])])).toEqual(want);
  const names = 'select typname from pg_type where typname = any($1) order by 1';
  const byName = binary(25, [Buffer.from('int4'), null, Buffer.from('bool')]);
  expect(await rows(names, [byName])).toEqual([['bool'], ['int4']]);
});

test('a binary parameter that is no array is refused with 22P03', async () => {
  const broken = binary(26, [int4(16)]).subarray(0, 22);
  const failed = await client.query('select oid from pg_type where oid = any($1)', [broken]).then(
    () => 'no error',
    (e: DatabaseError) => e.code,
  );
  expect(failed).toBe('22P03');
});

/** The cells of a statement's first row as hex, all asked for in binary form, and the formats of its columns. */
async function binaryRow(sql: string): Promise<{ readonly cells: (string | null)[]; readonly formats: string[] }> {
  const raw = await RawClient.open(server.port);
  raw.startup({ user: server.user, database: server.database });
  await raw.until((types) => types.includes('Z'));
  const from = raw.messages.length;
  const [none, one] = [Buffer.from([0, 0]), Buffer.from([0, 1])];
  raw.send(['P', '', sql, none], ['B', '', '', none, none, one, one], ['D', Buffer.from('P\0')]);
  raw.send(['E', '', int32(0)], ['S']);
  await raw.until((types) => types.slice(from).includes('Z'));
  raw.socket.destroy();
  const body = (type: string): Buffer => {
    const found = raw.messages.slice(from).find((m) => m.type === type);
    const error = raw.messages.find((m) => m.type === 'E');
    expect(error?.body.toString()).toBeUndefined();
    return found!.body;
  };
  const description = body('T');
  const formats: string[] = [];
  for (let at = 2; formats.length < description.readInt16BE(0); at += 18) {
    at = description.indexOf(0, at) + 1;
    formats.push(description.readInt16BE(at + 16) === 1 ? 'binary' : 'text');
  }
  const row = body('D');
  const cells: (string | null)[] = [];
  for (let at = 2; at < row.length;) {
    const size = row.readInt32BE(at);
    at += 4;
    cells.push(size < 0 ? null : row.subarray(at, at + size).toString('hex'));
    at += Math.max(size, 0);
  }
  return { cells, formats };
}
const hex = (b: Buffer): string => b.toString('hex');
const utf8 = (text: string): Buffer => Buffer.from(text);
const int2 = (n: number): Buffer => int4(n).subarray(2);
const float4 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeFloatBE(n);
  return b;
};

test('results asked for in binary form are array_send of every element type', async () => {
  const vector = (b: Buffer): Buffer => (b.writeInt32BE(0, 16), b);
  const want: readonly (readonly [string, Buffer])[] = [
    ['array[1, -2, null]', binary(23, [int4(1), int4(-2), null])],
    ["'{7,-32768}'::int2[]", binary(21, [int2(7), int2(-32768)])],
    ["'{16, 4294967295}'::oid[]", binary(26, [int4(16), int4(-1)])],
    ["'{1.5,-0.25}'::float4[]", binary(700, [float4(1.5), float4(-0.25)])],
    [
      `'{a,"b c","q\\\\"",NULL,"NULL",zoë,""}'::text[]`,
      binary(
        25,
        ['a', 'b c', 'q"', null, 'NULL', 'zoë', ''].map((t) => (t === null ? null : utf8(t))),
      ),
    ],
    ["array['x'::varchar(3)]", binary(25, [utf8('x')])],
    ["'{pg_class}'::name[]", binary(19, [utf8('pg_class')])],
    ['\'{r,v}\'::"char"[]', binary(18, [utf8('r'), utf8('v')])],
    ['array[1::bigint, 2]', binary(25, [utf8('1'), utf8('2')])],
    ['array[true, false]', binary(25, [utf8('t'), utf8('f')])],
    ["'1 2 3'::int2vector", vector(binary(21, [int2(1), int2(2), int2(3)]))],
    ["'23 25'::oidvector", vector(binary(26, [int4(23), int4(25)]))],
    ["'{}'::int4[]", Buffer.concat([int4(0), int4(0), int4(23)])],
  ];
  const row = await binaryRow(`select ${want.map(([sql]) => sql).join(', ')}`);
  for (const [i, [sql, bytes]] of want.entries()) expect(row.cells[i], sql).toBe(hex(bytes));
  expect(new Set(row.formats)).toEqual(new Set(['binary']));
});

test('a long array of short items fits its row', async () => {
  const items = Array.from({ length: 1500 }, (_, i) => i % 10);
  const { cells } = await binaryRow(`select '{${items.join(',')}}'::int4[], 'x'`);
  expect(cells).toEqual([hex(binary(23, items.map(int4))), hex(utf8('x'))]);
});

test('binary results of every other type have the length and bytes of their send function', async () => {
  const want: readonly (readonly [string, string])[] = [
    ["interval '1 year 2 days 00:00:01'", '00000000000f4240' + '00000002' + '0000000c'],
    ["interval '-1 month -3 days'", '0000000000000000' + 'fffffffd' + 'ffffffff'],
    ["date '2000-01-02'", '00000001'],
    ["date '1999-12-31'", 'ffffffff'],
    ["time '00:00:01'", '00000000000f4240'],
    ["timestamp '2000-01-01 00:00:01'", '00000000000f4240'],
    ["timestamptz '2000-01-01 01:00:01+01'", '00000000000f4240'],
    ['true', '01'],
    ['1::smallint', '0001'],
    ['-1::int', 'ffffffff'],
    ['1::bigint', '0000000000000001'],
    ['1::int::bigint', '0000000000000001'],
    ['1.5::real', '3fc00000'],
    ['-2::float8', 'c000000000000000'],
    ["'NaN'::float8", '7ff8000000000000'],
    ['12345.678::numeric(10,3)', '0003000100000003' + '0001' + '0929' + '1a7c'],
    ['-0.0001::numeric(38,4)', '0001ffff40000004' + '0001'],
    ['0::numeric(30,2)', '0000000000000002'],
    ["'ab'::char(4)", '61622020'],
    ["'ab'::varchar(4)", '6162'],
    ["'ab'::name", '6162'],
    ['\'r\'::"char"', '72'],
    ['23::oid', '00000017'],
    ["'abc'", '616263'],
  ];
  const row = await binaryRow(`select ${want.map(([sql]) => sql).join(', ')}`);
  for (const [i, [sql, bytes]] of want.entries()) expect(row.cells[i], sql).toBe(bytes);
});

test('types without a binary form are sent and described as text', async () => {
  const { cells, formats } = await binaryRow("select '{a=r/b}'::aclitem[], 1");
  expect(formats).toEqual(['text', 'binary']);
  expect(Buffer.from(cells[0]!, 'hex').toString()).toBe('{a=r/b}');
});

test('parameters of several dimensions and literals that are no array are refused', async () => {
  const two = binary(23, [int4(1)]);
  two.writeInt32BE(2, 0);
  const code = (text: string, values: unknown[] = []): Promise<string> =>
    client.query(text, values).then(
      () => 'no error',
      (e: DatabaseError) => e.code ?? '',
    );
  expect(await code('select oid from pg_type where oid = any($1)', [two])).toBe('22P03');
  expect(await code("select '{{1,2},{3,4}}'::int4[]")).toBe('0A000');
  expect(await code("select 'abc'::int4[]")).toBe('22P02');
  expect(await code("select '{a}'::int4[]")).toBe('22P02');
  expect(await code("select '{a'::text[]")).toBe('22P02');
  expect(await code("select '{1}'::int8[]")).toBe('42704');
});
