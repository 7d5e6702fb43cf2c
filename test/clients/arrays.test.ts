/**
 * Arrays on the wire: parameters in binary form mean what their text means, results are described as the text they are, in
 * both protocols, and casts between array types answer or are refused.
 */
import { Client, type DatabaseError } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('results asked for in binary form are text and say so', async () => {
  const asked = { text: 'select array[1, 2]', values: [], binary: true, rowMode: 'array' } as never;
  const result = (await client.query(asked)) as unknown as { fields: { format: string }[]; rows: unknown[][] };
  expect(result.fields[0]!.format).toBe('text');
  expect(result.rows).toEqual([[[1, 2]]]);
});
