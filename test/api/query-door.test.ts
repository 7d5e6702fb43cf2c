/**
 * The HTTP query door: results as JSON lines and Arrow, sessions, cancel, errors, log-in, limits, back-pressure, clients that go
 * away, and web pages that have no business there.
 */
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type Cluster } from './built.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.exec(`create table numbers (x int, y varchar(100)) diststyle even;
    insert into numbers with recursive n(x) as (select 1 union all select x + 1 from n where x < 1000) select x, md5(x::varchar) from n;
    insert into numbers select a.x + 1000 * b.x, a.y || b.y from numbers a, numbers b where b.x < 300;`);
});
afterAll(() => cluster.close());

type Headers = Record<string, string>;
const post = (path: string, body: unknown, headers: Headers = {}, of = cluster): Promise<Response> =>
  fetch(`${of.httpUrl}/_/query${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const lines = async (response: Response): Promise<unknown[]> =>
  (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const errorOf = async (response: Response): Promise<unknown> => ({
  status: response.status,
  ...((await response.json()) as { error: object }).error,
});
const openSession = async (body: object = {}, headers: Headers = {}): Promise<Headers> => {
  const response = await post('/session', body, headers);
  expect(response.status).toBe(201);
  const { session } = (await response.json()) as { session: string };
  return { 'x-slicehouse-session': session };
};
const running = async (text: string): Promise<number> =>
  (await cluster.query('select 1 from stv_inflight where text like $1', [`%${text}%`])).rows.length;
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new TypeError('it did not come about in 10 s');
}
/** Runs for as long as nobody cancels it. */
const endless = (label: string): string =>
  `select count(*) as ${label} from numbers a, numbers b, numbers c where a.x + b.x + c.x < 0`;

describe('results', () => {
  test('lines of JSON', async () => {
    const response = await post('', {
      sql: `select 1::int as i, 9007199254740993::bigint as b, 1.50::numeric(5, 2) as n, 0.1::float8 as f, true as t, null::int as nothing,
        'é"'::varchar as v, 'abc'::varbyte as vb, 'nan'::float8 as nan where $1::int = 1`,
      parameters: ['1'],
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    const [head, row, end] = await lines(response);
    expect(head).toMatchObject({
      fields: [{ name: 'i', type: 'integer' }, { name: 'b' }, { name: 'n', scale: 2 }, {}, {}, {}, {}, {}, {}],
    });
    expect(row).toEqual([1, '9007199254740993', '1.50', 0.1, true, null, 'é"', '616263', 'NaN']);
    expect(end).toEqual({ command: 'SELECT', rowCount: 1, notices: [] });
    expect(await lines(await post('', { sql: 'create table if not exists numbers (x int)' }))).toMatchObject([
      { rowCount: 0, notices: [{}] },
    ]);
  });

  test('an Arrow stream', async () => {
    const response = await post('', { sql: 'select x, y from numbers order by x', format: 'arrow' });
    expect(response.headers.get('content-type')).toBe('application/vnd.apache.arrow.stream');
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect(table.numRows).toBe(300_000);
    expect((table.getChild('x')!.toArray() as Int32Array).every((x, i) => x === i + 1)).toBe(true);
    const empty = await post('', { sql: 'select 1 as a where false', format: 'arrow' });
    expect(tableFromIPC(new Uint8Array(await empty.arrayBuffer())).schema.fields[0]!.name).toBe('a');
  });

  test('errors with SQLSTATE and position, before and behind the first row', async () => {
    expect(await errorOf(await post('', { sql: 'select nope from numbers' }))).toMatchObject({
      status: 400,
      sqlstate: '42703',
      position: 8,
    });
    const late = await lines(await post('', { sql: 'select 1 / (x - 299000) from numbers' }));
    expect(late.at(-1)).toMatchObject({ error: { sqlstate: '22012' } });
    const cut = post('', { sql: 'select 1 / (x - 299000), y from numbers', format: 'arrow' });
    await expect(
      cut.then((r) => (r.status === 200 ? r.arrayBuffer() : Promise.reject(new TypeError('early')))),
    ).rejects.toThrow();
  });

  test('requests that are none', async () => {
    expect(await errorOf(await post('', { sql: 1 }))).toMatchObject({ status: 400, message: /^sql: / });
    expect(await errorOf(await post('', { sql: '', more: 1 }))).toMatchObject({ status: 400 });
    expect(await errorOf(await post('/nothing', {}))).toMatchObject({ status: 400 });
    const text = await fetch(`${cluster.httpUrl}/_/query`, { method: 'POST', body: '{"sql": "select 1"}' });
    expect(await errorOf(text)).toMatchObject({ status: 400, message: /application\/json/ });
    const large = await post('', { sql: `select '${'x'.repeat(49 * 1024 * 1024)}'` }).catch((e: unknown) => e);
    if (large instanceof Response) expect(await errorOf(large)).toMatchObject({ status: 413, sqlstate: '54000' });
    const foreign: Headers[] = [
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost:1' },
    ];
    for (const headers of foreign) {
      expect((await raw('POST', '/_/query', headers, '{"sql":"select 1"}')).status).toBeGreaterThanOrEqual(400);
    }
    expect((await raw('POST', '/_/query', { host: 'evil.test' }, '{"sql":"select 1"}')).status).toBe(403);
  });
});

/** fetch does not let a program say where it comes from. */
const raw = (method: string, path: string, headers: Headers, body: string): Promise<{ status: number }> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(
      `${cluster.httpUrl}${path}`,
      { method, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode! }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });

describe('sessions', () => {
  test('hold transactions, temporary tables and settings', async () => {
    const session = await openSession({ database: 'dev', applicationName: 'console' });
    const run = async (sql: string): Promise<unknown[]> => lines(await post('', { sql }, session));
    await run('create temp table mine (x int)');
    await run('begin');
    await run('insert into mine values (1), (2)');
    expect((await run('select count(*) from mine'))[1]).toEqual(['2']);
    await run('rollback');
    expect((await run('select count(*) from mine'))[1]).toEqual(['0']);
    expect((await post('', { sql: 'select * from mine' })).status).toBe(400);
    const ended = await fetch(`${cluster.httpUrl}/_/query/session`, { method: 'DELETE', headers: session });
    expect(ended.status).toBe(200);
    expect(await errorOf(await post('', { sql: 'select 1' }, session))).toMatchObject({
      status: 404,
      sqlstate: '08003',
    });
  });

  test('end when they are idle', async () => {
    const session = await openSession({ idleSeconds: 1 });
    await post('', { sql: 'select 1' }, session).then(lines);
    await until(async () => (await post('/cancel', {}, session)).status === 404);
    expect(await errorOf(await post('/session', { idleSeconds: 1e9 }))).toMatchObject({ status: 400 });
  });

  test('are cancelled', async () => {
    const session = await openSession();
    const answer = post('', { sql: endless('to_cancel') }, session);
    await until(async () => (await running('to_cancel')) > 0);
    expect((await post('/cancel', {}, session)).status).toBe(202);
    expect(await errorOf(await answer)).toMatchObject({ status: 400, sqlstate: '57014' });
    expect((await lines(await post('', { sql: 'select 1' }, session)))[1]).toEqual([1]);
  });

  test('are no more than the limit', async () => {
    const opened = await Promise.all(Array.from({ length: 110 }, () => post('/session', {})));
    const refused = opened.filter((r) => r.status !== 201);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(await errorOf(refused[0]!)).toMatchObject({ status: 429, sqlstate: '53300' });
    for (const response of opened.filter((r) => r.status === 201)) {
      const { session } = (await response.json()) as { session: string };
      await fetch(`${cluster.httpUrl}/_/query/session`, {
        method: 'DELETE',
        headers: { 'x-slicehouse-session': session },
      });
    }
  });
});

describe('clients', () => {
  test('one that goes away cancels its statement', async () => {
    const stop = new AbortController();
    const answer = fetch(`${cluster.httpUrl}/_/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql: endless('left_alone') }),
      signal: stop.signal,
    });
    await until(async () => (await running('left_alone')) > 0);
    stop.abort();
    await expect(answer).rejects.toThrow();
    await until(async () => (await running('left_alone')) === 0);
  });

  test('one that does not read holds its rows up, and then gets them all', async () => {
    const response = await post('', { sql: 'select a.x, a.y from numbers a, numbers b where b.x <= 5' });
    const before = process.memoryUsage().rss;
    await sleep(1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    expect((await lines(response)).at(-1)).toMatchObject({ rowCount: 1_500_000 });
  });
});

describe('with a password', () => {
  let closed: Cluster;
  beforeAll(async () => {
    closed = await startCluster({ password: 'Secret1234', nodes: 1, slices: 1 });
    await closed.exec(`create user md5_user password 'Other1234'; create user sha_user password 'sha256|Third1234';
      create user no_password password disable; grant usage on schema public to md5_user`);
  });
  afterAll(() => closed.close());
  const as = (user: string, password: string): Headers => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  test.each([
    ['awsuser', 'Secret1234'],
    ['md5_user', 'Other1234'],
    ['sha_user', 'Third1234'],
  ])('%s logs in', async (user, password) => {
    expect((await lines(await post('', { sql: 'select current_user' }, as(user, password), closed)))[1]).toEqual([
      user,
    ]);
    expect((await post('', { sql: 'select 1' }, as(user, `${password}x`), closed)).status).toBe(401);
  });

  test('nobody else does', async () => {
    const refused = await post('', { sql: 'select 1' }, {}, closed);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await errorOf(refused)).toMatchObject({ status: 401, sqlstate: '28000' });
    for (const [user, password] of [
      ['no_password', ''],
      ['nobody', 'x'],
      ['awsuser', ''],
    ] as const) {
      expect((await post('', { sql: 'select 1' }, as(user, password), closed)).status).toBe(401);
    }
    expect((await post('/session', {}, { authorization: 'Bearer x' }, closed)).status).toBe(401);
    expect((await post('', { sql: 'select 1' }, { 'x-slicehouse-session': 'guess' }, closed)).status).toBe(404);
  });
});
