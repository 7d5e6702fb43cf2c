/**
 * COPY and UNLOAD over an S3 endpoint of another process (our own door, signatures verified): every format's ranges, manifests,
 * errors in S3's words; a connection that is lost in the middle is made again, or fails its COPY alone.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, connect as connectTo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as s3 from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run as runProgram } from '../clients/cluster.ts';
import { KEY_ID, SECRET } from '../clients/s3-door.ts';
import { AUTH, Lake } from './cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'slicehouse-endpoint-'));
const main = join(import.meta.dirname, '../../dist/main.js');
let server: ChildProcess;
let port = 0;
/** A way to the server that can be cut. */
const way = { sockets: new Set<Socket>(), cutAfter: Infinity, refuses: false };
const proxy = createServer((client) => {
  if (way.refuses) return client.destroy();
  const up = connectTo(port, '127.0.0.1');
  let sent = 0;
  way.sockets.add(client);
  client.on('error', () => up.destroy()).on('close', () => (up.destroy(), way.sockets.delete(client)));
  up.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.pipe(up);
  up.on('data', (bytes) => {
    sent += bytes.length;
    if (sent <= way.cutAfter) return void client.write(bytes);
    way.cutAfter = Infinity;
    client.destroy();
  });
  return undefined;
});
let client: s3.S3Client;
let lake: Lake;
const LINES = 40_000;
const text = Array.from({ length: LINES }, (_, i) => `${i}|row ${i} ${'x'.repeat(50)}\n`).join('');
const put = (Key: string, Body: string | Buffer): Promise<unknown> =>
  client.send(new s3.PutObjectCommand({ Bucket: 'far', Key, Body }));

async function startServer(): Promise<number> {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  const args = ['--memory', '--port', '0', '--http-port', '0', '--nodes', '1', '--slices', '1', '--s3-root', folder];
  server = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, SLICEHOUSE_S3_KEYS: `${KEY_ID}:${SECRET}` },
  });
  return new Promise((resolve, reject) => {
    let out = '';
    server.stdout!.on('data', (d) => {
      out += String(d);
      const at = /ready \S+ http:\/\/127\.0\.0\.1:(\d+)/.exec(out);
      if (at !== null) resolve(Number(at[1]));
    });
    server.on('exit', (code) => reject(new TypeError(`the server ended with ${code}`)));
  });
}
beforeAll(async () => {
  port = await startServer();
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
  process.env['AWS_ACCESS_KEY_ID'] = KEY_ID;
  process.env['AWS_SECRET_ACCESS_KEY'] = SECRET;
  client = new s3.S3Client({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1' });
  await client.send(new s3.CreateBucketCommand({ Bucket: 'far' }));
  lake = await Lake.open({ nodes: 1, slices: 2, s3Endpoint: url });
  await lake.run('create table t (a int, b varchar(100)) diststyle even');
  for (const name of ['1', '2']) await put(`rows/${name}`, text);
}, 300_000);
afterAll(async () => {
  await lake?.close();
  proxy.close();
  for (const socket of way.sockets) socket.destroy();
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
});
const COPY = `copy t from 's3://far/rows/' ${AUTH} compupdate off`;
const count = async (): Promise<number> => Number(await lake.value('select count(*) from t'));

test('objects are loaded, in ranges, compressed, by manifest, from odd keys', async () => {
  await lake.run(COPY);
  expect(await count()).toBe(2 * LINES);
  await put('big/1', text.repeat(8));
  await lake.run(`copy t from 's3://far/big/' ${AUTH} compupdate off`);
  expect(await lake.value('select count(*) from stl_file_scan where query = pg_last_copy_id()')).not.toBe('1');
  await put('packed//1.gz', gzipSync(text));
  await lake.run(`copy t from 's3://far/packed//' ${AUTH} gzip`);
  await put('empty/1', '');
  await lake.run(`copy t from 's3://far/empty/' ${AUTH}`);
  await put(
    'm',
    JSON.stringify({ entries: [{ url: 's3://far/rows/1', mandatory: true, meta: { content_length: text.length } }] }),
  );
  await lake.run(`copy t from 's3://far/m' ${AUTH} manifest`);
  expect(await count()).toBe(12 * LINES);
  expect(
    await lake.rows(
      `select trim(http_method), retries, length(request_id) from stl_s3client where query = pg_last_copy_id()`,
    ),
  ).toEqual([['GET', '0', '16']]);
  expect(await lake.value('select length(file_etag) from sys_load_detail where query_id = pg_last_copy_id()')).toBe(
    '32',
  );
});
test('what the endpoint refuses comes in its words', async () => {
  expect((await lake.fails(COPY.replace('far', 'nowhere'))).message).toMatch(
    /^S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket,/,
  );
  expect((await lake.fails(COPY.replace('rows', 'none'))).message).toBe(
    "The specified S3 prefix 'none/' does not exist",
  );
  expect((await lake.fails(`${COPY} region 'eu-west-1'`)).message).toMatch(/Status 301,Error PermanentRedirect/);
  await lake.run(`${COPY} region 'us-east-1'`);
});
test('UNLOAD writes there, all or nothing', async () => {
  await lake.run('truncate t');
  await lake.run(COPY);
  await lake.run(`unload ('select * from t') to 's3://far/out/x_' ${AUTH} manifest verbose`);
  await lake.run('create table u (like t)');
  await lake.run(`copy u from 's3://far/out/x_manifest' ${AUTH} manifest`);
  expect(await lake.fingerprint('select * from u')).toBe(await lake.fingerprint('select * from t'));
  expect(
    await lake.value(`select sum(transfer_size) from stl_s3client where query = pg_last_unload_id() and retries = 0`),
  ).toBe(await lake.value('select sum(transfer_size) from stl_unload_log where query = pg_last_unload_id()'));
  expect((await lake.fails(`unload ('select * from t') to 's3://far/out/x_' ${AUTH}`)).message).toMatch(/not empty/i);
  await lake.run(`unload ('select * from t') to 's3://far/out/x_' ${AUTH} cleanpath gzip parallel off`);
  await lake.fails(`unload ('select 1 / (a - 39999) from t') to 's3://far/broken/' ${AUTH}`);
  expect((await client.send(new s3.ListObjectsV2Command({ Bucket: 'far', Prefix: 'broken/' }))).KeyCount).toBe(0);
  expect((await client.send(new s3.ListMultipartUploadsCommand({ Bucket: 'far' }))).Uploads ?? []).toEqual([]);
  expect(lake.temporaryFiles()).toEqual([]);
  expect(readdirSync(join(folder, 'far/out')).length).toBe(1);
  expect(readFileSync(join(folder, 'far/out/x_000.gz')).length).toBeGreaterThan(1000);
});
test('what is encrypted on this side goes there and comes back, with its envelope in metadata or in an instruction file', async () => {
  const key = `encrypted master_symmetric_key '${Buffer.alloc(32, 1).toString('base64')}'`;
  await lake.run(`unload ('select * from t') to 's3://far/sealed/x_' ${AUTH} ${key} gzip manifest`);
  const head = await client.send(new s3.HeadObjectCommand({ Bucket: 'far', Key: 'sealed/x_0000_part_00.gz' }));
  expect(Object.keys(head.Metadata!).sort()).toEqual([
    'x-amz-iv',
    'x-amz-key',
    'x-amz-matdesc',
    'x-amz-unencrypted-content-length',
  ]);
  await lake.run('truncate u');
  await lake.run(`copy u from 's3://far/sealed/x_manifest' ${AUTH} ${key} gzip manifest`);
  expect(await lake.fingerprint('select * from u')).toBe(await lake.fingerprint('select * from t'));
  const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: 'far', Key: 'sealed/x_0000_part_00.gz' }));
  await put('told/a', Buffer.from(await Body!.transformToByteArray()));
  expect((await lake.fails(`copy u from 's3://far/told/' ${AUTH} ${key} gzip`)).message).toMatch(
    /^S3 object encryption key is missing/,
  );
  await put('told/a.instruction', JSON.stringify(head.Metadata));
  await lake.run(`copy u from 's3://far/told/' ${AUTH} ${key} gzip`);
  expect(Number(await lake.value('select pg_last_copy_count()'))).toBeGreaterThan(0);
  expect(
    (await lake.fails(`copy u from 's3://far/told/' ${AUTH} encrypted master_symmetric_key 'x' gzip`)).code,
  ).toBe('22023');
});
test('a connection that breaks off in the middle of an object goes on where it was', async () => {
  await lake.run('truncate t');
  way.cutAfter = 500_000;
  await lake.run(COPY);
  expect(way.cutAfter).toBe(Infinity);
  expect(await lake.rows('select count(*), sum(a) from t')).toEqual([
    [String(2 * LINES), String(LINES * (LINES - 1))],
  ]);
  expect(
    Number(await lake.value('select sum(retries) from stl_s3client where query = pg_last_copy_id()')),
  ).toBeGreaterThan(0);
  // None where the SDK itself asked again, before the first byte.
  const broken = await lake.rows(
    'select trim(http_method), trim(bucket), trim(key), trim(error) from stl_s3client_error where query = pg_last_copy_id()',
  );
  for (const row of broken)
    expect(row).toEqual([
      'GET',
      'far',
      expect.stringMatching(/^rows\//),
      expect.stringMatching(/^The connection to the S3 endpoint failed/),
    ]);
});
test('an endpoint that is gone in the middle fails that COPY alone, and the next one works', async () => {
  await lake.run('truncate t');
  await lake.run("insert into t values (1, 'kept')");
  await put('long/1', text.repeat(20));
  way.cutAfter = 5_000_000;
  const copy = lake.fails(`copy t from 's3://far/long/' ${AUTH} compupdate off`);
  await expect.poll(() => way.cutAfter, { timeout: 30_000, interval: 1 }).toBe(Infinity);
  way.refuses = true;
  for (const socket of way.sockets) socket.destroy();
  const error = await copy;
  expect(error).toMatchObject({
    code: 'XX000',
    message: expect.stringMatching(/^S3ServiceException:.*Error ConnectionLost/),
  });
  expect(await count()).toBe(1);
  expect(await lake.value('select status from sys_load_history order by query_id desc limit 1')).toBe('aborted');
  expect((await lake.fails(COPY)).message).toMatch(/ConnectionLost/);
  way.refuses = false;
  await lake.run(COPY);
  expect(await count()).toBe(2 * LINES + 1);
});
test('an object that changes under the load is refused', async () => {
  await put('changing/1', text.repeat(20));
  way.cutAfter = 3_000_000;
  const copy = lake.fails(`copy t from 's3://far/changing/' ${AUTH} compupdate off`);
  await expect.poll(() => way.cutAfter, { timeout: 30_000, interval: 1 }).toBe(Infinity);
  await put('changing/1', 'other');
  expect((await copy).message).toMatch(/Status 412,Error PreconditionFailed|Status 416,Error InvalidRange/);
});
test('slicehouse load and manifest work there, and say nothing but their own', async () => {
  const url = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
  const command = (...args: string[]) => runProgram(process.execPath, [main, ...args, '--s3-endpoint', url]);
  await put('day/1', '1|one\n2|two\n');
  await put('day/2', '3|three\nfour|4\n');
  await put('day/3', '5|five\n');
  const made = await command('manifest', 's3://far/day/', '--sha256');
  expect([made.code, made.err]).toEqual([0, '']);
  expect((JSON.parse(made.out) as { entries: { url: string }[] }).entries.map((e) => e.url)).toEqual([
    's3://far/day/1',
    's3://far/day/2',
    's3://far/day/3',
  ]);
  await lake.run('create table v (a int, b varchar(100))');
  const load = ['load', 'v', 's3://far/day/', '--quarantine', 's3://far/day/bad/', '--sha256'];
  const loaded = await command(...load, '--url', lake.cluster.url);
  expect([loaded.code, loaded.err]).toEqual([3, '']);
  expect(JSON.parse(loaded.out)).toMatchObject({
    rows: 3,
    loaded: ['s3://far/day/1', 's3://far/day/3'],
    quarantined: [{ object: 's3://far/day/2', now: 's3://far/day/bad/day/2' }],
  });
  expect(await lake.rows('select a, b from v order by a')).toEqual([
    ['1', 'one'],
    ['2', 'two'],
    ['5', 'five'],
  ]);
  const { Contents = [] } = await client.send(new s3.ListObjectsV2Command({ Bucket: 'far', Prefix: 'day/' }));
  expect(Contents.map((o) => o.Key)).toEqual(['day/1', 'day/3', 'day/bad/day/2', 'day/bad/day/2.errors.json']);
});
