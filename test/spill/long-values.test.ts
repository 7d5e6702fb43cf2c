/**
 * Values of 16 MB, more of them than the nodes have memory, through every step that keeps or moves rows: what comes out is
 * what went in, some of it went through the disk, and nothing stays there. Errors at the limits, and a cancel while such a
 * row is being sent.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isWhole } from '../../src/common/test-trials.ts';
import { startCluster } from '../api/built.ts';
import { rowsOf } from './testing.ts';

/** Rows of VARBYTE, then rows of SUPER: of each node 320 MB, where it has 256. Two nodes where tests are done as a whole. */
const NODES = isWhole ? 2 : 1;
const BYTES = NODES * 12;
const ROWS = NODES * 20;
/** What the values repeat, and what they begin with, which is one of four. */
const UNIT = 'abcdefgh'.repeat(8000);
const unitsOfBytes = UNIT.repeat(256);
const bytesOf = (id: number): string => `${id % 4}${unitsOfBytes}`;
const documentOf = (id: number): string =>
  JSON.stringify([id % 2, ...Array.from({ length: 256 }, () => UNIT.slice(0, 62_000))]);
const textOf = (id: number): string => (id <= BYTES ? Buffer.from(bytesOf(id)).toString('hex') : documentOf(id));
const sha = (value: string | Buffer): string => createHash('sha1').update(value).digest('hex');

let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: pg.Client;
let folder: string;
const rows = (sql: string): Promise<unknown[][]> => rowsOf(client, sql);
const connect = async (): Promise<pg.Client> => {
  const other = new pg.Client({ connectionString: cluster.url });
  await other.connect();
  return other;
};

const start = async (nodeMemory: number): Promise<void> => {
  cluster = await startCluster({
    largeStrings: true,
    nodes: NODES,
    slices: 2,
    nodeMemory,
    dataDir: join(folder, 'data'),
    s3Root: join(folder, 's3'),
  });
  client = await connect();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-long-'));
  mkdirSync(join(folder, 's3', 'bucket'), { recursive: true });
  await start(256);
  await client.query('create table one(b varbyte(16777216), s super)');
  await client.query(
    "insert into one select to_varbyte(repeat('abcdefgh', 8000), 'utf8'), array(repeat('abcdefgh', 7750))",
  );
  for (let n = 1; n < 256; n *= 2) await client.query('update one set b = b || b, s = array_concat(s, s)');
  await client.query('create table ids(id int)');
  for (let id = 1; id <= ROWS; id++) await client.query(`insert into ids values (${id})`);
  await client.query(
    'create table t(id int, k int, b varbyte(16777216) encode raw, s super encode raw) diststyle even',
  );
  await client.query(
    `insert into t select id, id % 8, to_varbyte((id % 4)::varchar, 'utf8') || b, null from ids, one where id <= ${BYTES}`,
  );
  await client.query(
    `insert into t select id, id % 8, null, array_concat(array(id % 2), s) from ids, one where id > ${BYTES}`,
  );
}, 600_000);
afterAll(async () => {
  await client?.end();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});
/** Temporary files there are. */
const files = (): string[] =>
  readdirSync(join(folder, 'data', 'tmp'), { recursive: true })
    .map(String)
    .filter((f) => /\/\d+$/.test(f));
afterEach(() => expect(files()).toEqual([]));

/** The newest query had a step of this kind that wrote to the disk. */
const isDiskbased = async (step: string): Promise<boolean> => {
  const [[n]] = (await rows(
    `select count(*) from svl_query_summary where query = pg_last_query_id() and is_diskbased = 't' and label like '${step}%'`,
  )) as [[string]];
  return Number(n) > 0;
};
const ids = Array.from({ length: ROWS }, (_, i) => i + 1);
const withBytes = ids.filter((id) => id <= BYTES);
const withDocument = ids.filter((id) => id > BYTES);
const by = (key: (id: number) => number) => (a: number, b: number) => key(a) - key(b) || a - b;
/** Rows of each of the four values of VARBYTE, and of the two of SUPER; pairs of them. */
const [BYTES_EACH, DOCUMENTS_EACH] = [BYTES / 4, (ROWS - BYTES) / 2];
const pairsOf = (n: number): number => (n * (n - 1)) / 2;
const numbers = (table: unknown[][]): number[][] => table.map((row) => row.map(Number));

test('sorts by the value and by another column', async () => {
  const first = await rows('select id from t where b is not null order by b, id');
  expect(numbers(first).flat()).toEqual([...withBytes].sort(by((id) => id % 4)));
  expect(await isDiskbased('sort')).toBe(true);
  const documents = await rows('select id from t where s is not null order by s desc, id');
  expect(numbers(documents).flat()).toEqual([...withDocument].sort(by((id) => -(id % 2))));
  const carried = await rows('select id, b, s from t order by k, id limit 6');
  const first6 = [...ids].sort(by((id) => id % 8)).slice(0, 6);
  expect(carried.map(([id]) => id)).toEqual(first6);
  expect(carried.map(([, b, s]) => sha((b ?? s) as string))).toEqual(first6.map((id) => sha(textOf(id))));
  expect(await isDiskbased('sort')).toBe(true);
  expect(await rows('select id from t where b is not null order by b desc, id limit 3')).toEqual([[3], [7], [11]]);
});

test('groups, distinct values, windows and set operations', async () => {
  expect(numbers(await rows('select count(*), min(id) from t where b is not null group by b order by 2'))).toEqual(
    [1, 2, 3, 4].map((id) => [BYTES_EACH, id]),
  );
  expect(numbers(await rows('select count(distinct b), count(distinct s), count(b) from t'))).toEqual([
    [4, 2, BYTES],
  ]);
  expect(numbers(await rows('select len(max(b)), len(min(b)) from t'))).toEqual([[16_384_001, 16_384_001]]);
  const lags = await rows(
    'select id, b = lag(b, 4) over (order by id), count(*) over (partition by s) from t order by id',
  );
  expect(lags.map(([, same]) => same)).toEqual(ids.map((id) => (id > 4 && id <= BYTES ? true : null)));
  expect(lags.map(([, , n]) => Number(n))).toEqual(ids.map((id) => (id <= BYTES ? BYTES : DOCUMENTS_EACH)));
  expect(numbers(await rows('select count(*) from (select b, s from t union select b, s from t)'))).toEqual([[6]]);
  expect(
    numbers(await rows(`select count(*) from (select s from t except select s from t where id = ${BYTES + 1})`)),
  ).toEqual([[2]]);
});

test('joins carry it on either side and take it as a key, moved and broadcast', async () => {
  const carried = numbers(
    await rows('select a.id, c.id from t a join t c on a.id = c.k where a.b <= c.b order by 1, 2'),
  );
  expect(carried).toEqual(
    withBytes.flatMap((a) => withBytes.filter((c) => c % 8 === a && a % 4 <= c % 4).map((c) => [a, c])),
  );
  expect(await isDiskbased('hash')).toBe(true);
  const [ofBytes, ofDocuments] = [4 * pairsOf(BYTES_EACH), 2 * pairsOf(DOCUMENTS_EACH)];
  expect(
    numbers(await rows('select count(*) from t a join t c on (a.b = c.b or a.s = c.s) and a.id < c.id')),
  ).toEqual([[ofBytes + ofDocuments]]);
  expect(numbers(await rows('select count(*) from t a join t c on a.b = c.b where a.id < c.id'))).toEqual([
    [ofBytes],
  ]);
  expect(numbers(await rows('select count(*) from t a join t c on a.s = c.s where a.id < c.id'))).toEqual([
    [ofDocuments],
  ]);
  expect(
    numbers(await rows("select count(c.b) from t left join one c on t.b = to_varbyte(1::varchar, 'utf8') || c.b")),
  ).toEqual([[BYTES_EACH]]);
  const [[sent]] = numbers(
    await rows('select sum(bytes) from stl_bcast where query = (select max(query) from stl_bcast)'),
  ) as [[number]];
  expect(sent).toBeGreaterThan(16_000_000);
});

test('the client gets it in text and in binary, among others', async () => {
  for (const id of [1, ROWS]) {
    const text = (await rows(`select b, s from t where id = ${id}`))[0]!;
    expect(text.map((cell) => cell && sha(cell as string))).toEqual(
      id <= BYTES ? [sha(textOf(id)), null] : [null, sha(textOf(id))],
    );
  }
  const raw = { getTypeParser: () => (value: unknown) => value } as never;
  const query = {
    text: 'select id::varchar as n, b, s from t where k < 2 order by id',
    rowMode: 'array',
    types: raw,
    binary: true,
    queryMode: 'extended',
  };
  const { rows: binary } = await client.query<(Buffer | null)[]>(query as never);
  expect(binary.map(([id]) => Number(String(id)))).toEqual(ids.filter((id) => id % 8 < 2));
  for (const [id, b, s] of binary) {
    const n = Number(String(id));
    expect([b && sha(b), s && sha(s)]).toEqual(n <= BYTES ? [sha(bytesOf(n)), null] : [null, sha(documentOf(n))]);
  }
  const limited = await rows('select id, b from t where b is not null order by b, id limit 2 offset 5');
  expect(limited.map(([id, b]) => [id, sha(b as string)])).toEqual(
    [...withBytes]
      .sort(by((id) => id % 4))
      .slice(5, 7)
      .map((id) => [id, sha(textOf(id))]),
  );
  expect(await rows('select b from t where b is not null limit 1')).toHaveLength(1);
});

test('tables, changes, recursion and cursors', async () => {
  const [ones, twos] = [1, 2].map((k) => ids.filter((id) => id % 8 === k).length) as [number, number];
  await client.query('create table few as select id, b, s from t where k in (1, 2)');
  await client.query('create table t2 distkey(id) as select * from few where id % 8 = 1');
  await client.query('insert into t2 select id + 1000, b, s from t2');
  const same = `select count(*) from t2 join few on t2.id % 1000 = few.id and (t2.b = few.b or t2.s = few.s)`;
  expect(numbers(await rows(same))).toEqual([[2 * ones]]);
  await client.query("update t2 set b = to_varbyte('x', 'utf8') from few where few.id = t2.id and few.b = t2.b");
  expect(numbers(await rows(same))).toEqual([[2 * ones - withBytes.filter((id) => id % 8 === 1).length]]);
  await client.query(
    'merge into t2 using few on t2.id = few.id when matched then update set b = few.b when not matched then insert values (few.id, few.b, few.s)',
  );
  expect(numbers(await rows(same))).toEqual([[2 * ones + twos]]);
  const rounds = await rows(
    `with recursive r(n, id, b) as (select 1, id, b from t where id < 3 union all select n + 1, id, b from r where n < 4)
     select n, count(*), sum(len(b)) from r group by n order by n`,
  );
  expect(numbers(rounds)).toEqual([1, 2, 3, 4].map((n) => [n, 2, 32_768_002]));
  await client.query('begin');
  await client.query('declare c cursor for select id, b from t where b is not null order by id');
  expect((await rows('fetch 3 from c')).map(([id]) => id)).toEqual([1, 2, 3]);
  expect((await rows('fetch 1 from c')).map(([, b]) => sha(b as string))).toEqual([sha(textOf(4))]);
  await client.query('commit');
  await client.query('drop table t2');
  await client.query('drop table few');
});

test('unnesting, navigation and functions look into it', async () => {
  expect(
    numbers(
      await rows(
        `select a.id, count(*), max(json_size(item)) from (select id, s from t order by k, id) a, a.s item where a.id in (${BYTES + 2}, ${ROWS}) group by 1 order by 1`,
      ),
    ),
  ).toEqual([
    [BYTES + 2, 257, 62_002],
    [ROWS, 257, 62_002],
  ]);
  expect(
    numbers(await rows(`select s[0], get_array_length(s), json_size(s[256]) from t where id = ${BYTES + 3}`)),
  ).toEqual([[1, 257, 62_002]]);
  expect(
    numbers(
      await rows(
        `select len(substring(b, 2)), getbit(b, 0), len(json_serialize((select s from t where id = ${BYTES + 2}))) from t where id = 1`,
      ),
    ),
  ).toEqual([[16_384_000, 0, 15_872_771]]);
});

test('UNLOAD writes it, whole and cut into files, and COPY takes back what fits its rows', async () => {
  await client.query(
    "unload ('select id, b, s from t where k = 1 order by id') to 's3://bucket/all' iam_role default parallel off csv",
  );
  const text = readFileSync(join(folder, 's3', 'bucket', 'all000'), 'utf8');
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  const want = (id: number): string =>
    id <= BYTES ? `${id},${textOf(id)},null` : `${id},,"${documentOf(id).replaceAll('"', '""')}"`;
  expect(lines.map(sha)).toEqual(ids.filter((id) => id % 8 === 1).map((id) => sha(want(id))));
  await client.query(
    "unload ('select id, s from t where k = 4 and s is not null') to 's3://bucket/part' iam_role default maxfilesize 20 mb gzip",
  );
  await client.query('create table small(id int, b varbyte(2000000), s super)');
  await client.query(
    'insert into small select id, substring(b, 1, 1900000), null from t where k = 1 and b is not null',
  );
  await client.query("unload ('select * from small') to 's3://bucket/small' iam_role default escape addquotes");
  await client.query('create table back(id int, b varbyte(2000000), s super)');
  await client.query("copy back from 's3://bucket/small' iam_role default removequotes escape");
  expect(
    numbers(await rows('select count(*) from small join back on small.id = back.id and small.b = back.b')),
  ).toEqual([[withBytes.filter((id) => id % 8 === 1).length]]);
  await expect(client.query("copy back from 's3://bucket/all' iam_role default csv")).rejects.toThrow();
  await client.query('drop table small');
  await client.query('drop table back');
});

test.each([
  ['select len(b || b) from one', '22001', 'binary varying(16777216)'],
  ["select len(to_varbyte(repeat('a', 16000001), 'utf8'))", '22001', 'character varying(16000000)'],
  ['select len(to_hex(b)) from one', '22001', 'character varying(16000000)'],
  ["select len(from_varbyte(b, 'utf8')) from one", '22001', 'character varying(16000000)'],
  ['select json_size(array_concat(s, s)) from one', '54000', '16777216'],
  [
    "select len(json_serialize(array_concat(s, array(repeat('x', 65000), repeat('x', 65000), repeat('x', 65000))))) from one",
    '22001',
    'too long',
  ],
])('%s is %s', async (sql, code, message) => {
  await expect(client.query(sql)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
});
test.each([
  [
    "select len(repeat('a', 65535)::varbyte(65535)), len(repeat('a', 65535)::varbyte(65536) || 'a'::varbyte)",
    [65_535, 65_536],
  ],
  [
    "select len(x), len(y) from (select repeat('a', 16000000) x, to_varbyte(repeat('b', 16000000), 'utf8') y from one order by x, y limit 1)",
    [16_000_000, 16_000_000],
  ],
  ["select len(b), len(b || to_varbyte(repeat('z', 393216), 'utf8')) from one order by b", [16_384_000, 16_777_216]],
])('%s', async (sql, want) => {
  expect(numbers(await rows(sql))).toEqual([want]);
});

test('a query is cancelled while its rows are being sent, and the session goes on', async () => {
  const slow = await connect();
  const [[pid]] = (await rowsOf(slow, 'select pg_backend_pid()')) as [[number]];
  const { stream } = (slow as unknown as { connection: { stream: import('node:net').Socket } }).connection;
  const sending = rowsOf(slow, 'select b, s from t order by k');
  const failed = expect(sending).rejects.toMatchObject({ code: '57014' });
  await new Promise((resolve) => stream.once('data', resolve));
  stream.pause();
  await client.query(`select pg_cancel_backend(${pid})`);
  stream.resume();
  await failed;
  expect(await rowsOf(slow, 'select count(*) from ids')).toEqual([[String(ROWS)]]);
  await slow.end();
});

test('scans side by side leave each other what they only kept in case', async () => {
  await client.end();
  await cluster.close();
  await start(160);
  expect(numbers(await rows('select count(*) from (select b, s from t union select b, s from t)'))).toEqual([[6]]);
});
