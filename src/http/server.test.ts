/** The S3 door through the AWS SDK as shipped (aws-chunked, checksums), and what browsers may not do. */
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LocalObjectStore } from '../s3/store.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { refuseReason } from './access.ts';
import { startHttpServer, type HttpServer } from './server.ts';

const root = mkdtempSync(join(tmpdir(), 'slicehouse-s3-'));
let server: HttpServer;
let s3: S3Client;
beforeAll(async () => {
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    store: new LocalObjectStore(root),
    health: () => ({ slices: 4 }),
  });
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
});
afterAll(async () => {
  s3.destroy();
  await server.close();
  rmSync(root, { recursive: true });
});
const B = { Bucket: 'lake' };
const body = async (Key: string, Range?: string): Promise<string> =>
  (await s3.send(new GetObjectCommand({ ...B, Key, Range }))).Body!.transformToString();
function raw(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, method, headers }, (r) => {
      let text = '';
      r.on('data', (c) => (text += String(c))).on('end', () => resolve({ status: r.statusCode!, text }));
    })
      .on('error', reject)
      .end();
  });
}

test('put, get, range, head, copy, delete', async () => {
  await s3.send(
    new PutObjectCommand({
      ...B,
      Key: 'in/a.txt',
      Body: 'hello world',
      ContentType: 'text/plain',
      Metadata: { origin: 'test' },
    }),
  );
  expect(readFileSync(join(root, 'lake/in/a.txt'), 'utf8')).toBe('hello world');
  expect(await body('in/a.txt')).toBe('hello world');
  expect(await body('in/a.txt', 'bytes=6-')).toBe('world');
  expect(await body('in/a.txt', 'bytes=-3')).toBe('rld');
  expect(await s3.send(new HeadObjectCommand({ ...B, Key: 'in/a.txt' }))).toMatchObject({
    ContentLength: 11,
    ContentType: 'text/plain',
    ETag: '"5eb63bbbe01eeed093cb22bb8f5acdc3"',
    Metadata: { origin: 'test' },
  });
  await s3.send(new CopyObjectCommand({ ...B, Key: 'in/b c+ü.txt', CopySource: 'lake/in/a.txt' }));
  expect(await body('in/b c+ü.txt')).toBe('hello world');
  await s3.send(new DeleteObjectCommand({ ...B, Key: 'in/a.txt' }));
  await expect(body('in/a.txt')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(s3.send(new ListObjectsV2Command({ Bucket: 'nowhere' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
  expect(
    await s3.send(
      new DeleteObjectsCommand({ ...B, Delete: { Objects: [{ Key: 'in/b c+ü.txt' }, { Key: 'gone' }] } }),
    ),
  ).toMatchObject({ Deleted: [{ Key: 'in/b c+ü.txt' }, { Key: 'gone' }] });
});
test('a stream of unknown chunks arrives unchanged', async () => {
  const data = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) & 255));
  const pieces = [data.subarray(0, 10), data.subarray(10, 99_999), data.subarray(99_999)];
  await s3.send(
    new PutObjectCommand({ ...B, Key: 'big.bin', Body: Readable.from(pieces), ContentLength: data.length }),
  );
  expect(readFileSync(join(root, 'lake/big.bin')).equals(data)).toBe(true);
});
test('aws-chunked with signatures, split anywhere; a cut body is an error', async () => {
  const text = `5;chunk-signature=${'a'.repeat(64)}\r\nhello\r\n6;chunk-signature=${'b'.repeat(64)}\r\n\r\n\r\nab\r\n0;chunk-signature=c\r\nx-amz-checksum-crc32:AAAA\r\n\r\n`;
  for (const size of [1, 7, 1000]) {
    const pieces = async function* () {
      for (let i = 0; i < text.length; i += size) yield Buffer.from(text.slice(i, i + size));
    };
    const out: Buffer[] = [];
    for await (const c of decodeAwsChunked(pieces())) out.push(Buffer.from(c));
    expect(Buffer.concat(out).toString()).toBe('hello\r\n\r\nab');
  }
  await expect(async () => {
    for await (const c of decodeAwsChunked(Readable.from([Buffer.from('5\r\nhel')]))) expect(c.length).toBe(3);
  }).rejects.toThrow(/too early/);
});
test('lists by prefix, delimiter and pages, in key order; dropped-in files are objects', async () => {
  mkdirSync(join(root, 'drop/x/y'), { recursive: true });
  for (const name of ['a.csv', 'x/1', 'x/y/2', 'x.csv', 'x-1', 'z&<']) writeFileSync(join(root, 'drop', name), name);
  symlinkSync('/etc/passwd', join(root, 'drop/escape'));
  const list = (o: object) => s3.send(new ListObjectsV2Command({ Bucket: 'drop', ...o }));
  expect((await list({})).Contents!.map((c) => c.Key)).toEqual(['a.csv', 'x-1', 'x.csv', 'x/1', 'x/y/2', 'z&<']);
  expect((await list({ EncodingType: 'url' })).Contents).toHaveLength(6);
  const top = await list({ Delimiter: '/' });
  expect(top.CommonPrefixes).toEqual([{ Prefix: 'x/' }]);
  expect(top.Contents!.map((c) => c.Key)).toEqual(['a.csv', 'x-1', 'x.csv', 'z&<']);
  expect((await list({ Prefix: 'x' })).Contents!.map((c) => c.Key)).toEqual(['x-1', 'x.csv', 'x/1', 'x/y/2']);
  expect((await list({ Prefix: 'x/', Delimiter: '/' })).CommonPrefixes).toEqual([{ Prefix: 'x/y/' }]);
  for (const Delimiter of [undefined, '/']) {
    const all: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ MaxKeys: 2, ContinuationToken, Delimiter });
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      all.push(...(page.Contents ?? []).map((c) => c.Key!), ...(page.CommonPrefixes ?? []).map((p) => p.Prefix!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(all.sort()).toEqual(
      Delimiter === '/' ? ['a.csv', 'x-1', 'x.csv', 'x/', 'z&<'] : ['a.csv', 'x-1', 'x.csv', 'x/1', 'x/y/2', 'z&<'],
    );
  }
  await expect(s3.send(new GetObjectCommand({ Bucket: 'drop', Key: 'escape' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  expect((await s3.send(new ListBucketsCommand({}))).Buckets!.map((b) => b.Name)).toEqual(['drop', 'lake']);
});
test('multipart upload', async () => {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...B, Key: 'multi' }));
  await s3.send(new UploadPartCommand({ ...B, Key: 'multi', UploadId, PartNumber: 2, Body: 'world' }));
  const first = 'hello '.repeat(1024 * 1024);
  await s3.send(new UploadPartCommand({ ...B, Key: 'multi', UploadId, PartNumber: 1, Body: first }));
  const { Parts } = await s3.send(new ListPartsCommand({ ...B, Key: 'multi', UploadId }));
  await s3.send(new CompleteMultipartUploadCommand({ ...B, Key: 'multi', UploadId, MultipartUpload: { Parts } }));
  expect(await body('multi')).toBe(`${first}world`);
});
test('virtual-host style, health, HeadBucket', async () => {
  await s3.send(new HeadBucketCommand(B));
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'nowhere' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  });
  expect(await raw('/multi', { host: `lake.localhost:${server.port}`, range: 'bytes=-5' })).toEqual({
    status: 206,
    text: 'world',
  });
  expect(JSON.parse((await raw('/health', { host: 'localhost' })).text)).toEqual({ status: 'ok', slices: 4 });
});
test('other web pages, foreign host names and escaping keys are refused', async () => {
  expect((await raw('/lake/multi', { host: 'localhost', origin: 'https://evil.example' })).status).toBe(403);
  expect((await raw('/lake/multi', { host: 'localhost', origin: 'null' })).status).toBe(403);
  expect((await raw('/lake/multi', { host: 'localhost', origin: 'http://localhost' })).status).toBe(200);
  expect((await raw('/lake/multi', { host: 'evil.example' })).status).toBe(403);
  expect((await raw('/lake/multi', { host: 'localhost', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  for (const path of [
    '/lake/../../etc/passwd',
    '/lake/%2e%2e/%2e%2e/etc/passwd',
    '/lake/a%00b',
    '/lake/a//b',
    '/.slicehouse-meta/x',
    '/..%2f..%2fetc',
  ]) {
    const out = await raw(path, { host: 'localhost' });
    expect([400, 403, 404], path).toContain(out.status);
    expect(out.text).toMatch(/<Error><Code>/);
  }
});
test('listening everywhere does not serve names that a web page could point here', () => {
  const refused = (host: string) => refuseReason({ host }, '0.0.0.0');
  for (const host of ['192.168.1.7:5440', 'warehouse:5440', '[fe80::1]:5440', 'localhost'])
    expect(refused(host), host).toBeUndefined();
  for (const host of ['evil.example:5440', 'rebind.attacker.test']) expect(refused(host), host).toMatch(/not served/);
});

test('a sub-resource or parameter nobody implements is 501 for every method, and does nothing', async () => {
  await s3.send(new PutObjectCommand({ ...B, Key: 'kept', Body: 'kept' }));
  const names = [
    'lifecycle',
    'cors',
    'website',
    'torrent',
    'restore',
    'select',
    'retention',
    'legal-hold',
    'nobody-knows',
    'ACL',
    'tagging&acl',
    'uploads&versions',
  ];
  for (const method of ['GET', 'PUT', 'DELETE', 'POST', 'HEAD', 'PATCH']) {
    for (const name of names) {
      for (const path of ['/lake/kept', '/lake', '/fresh']) {
        expect(
          (await raw(`${path}?${name}`, { host: 'localhost' }, method)).status,
          `${method} ${path}?${name}`,
        ).toBe(501);
      }
    }
  }
  expect(await body('kept')).toBe('kept');
  expect((await s3.send(new ListBucketsCommand({}))).Buckets!.map((b) => b.Name)).not.toContain('fresh');
  expect((await raw('/lake/kept?x-id=GetObject&X-Amz-Date=1&X-Amz-Signature=2', { host: 'localhost' })).status).toBe(
    200,
  );
  expect((await raw('/lake/kept', { host: 'localhost', 'x-amz-object-lock-mode': 'GOVERNANCE' }, 'PUT')).status).toBe(
    501,
  );
});
test('an upload that does not say how long it is is refused, and what was there stays', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write('PUT /lake/kept HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    });
    let out = '';
    socket
      .on('data', (d) => (out += String(d)))
      .on('close', () => resolve(out))
      .on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 411 [^]*MissingContentLength/);
  expect(await body('kept')).toBe('kept');
});
test('a wrong checksum is refused and leaves no object; a right one is taken', async () => {
  const send = (headers: Record<string, string>, text: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      request(
        {
          host: '127.0.0.1',
          port: server.port,
          path: '/lake/summed',
          method: 'PUT',
          headers: { host: 'localhost', ...headers },
        },
        (r) => {
          let out = '';
          r.on('data', (c) => (out += String(c))).on('end', () => resolve({ status: r.statusCode!, text: out }));
        },
      )
        .on('error', reject)
        .end(text);
    });
  const wrong: readonly (readonly [Record<string, string>, string])[] = [
    [{ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 'BadDigest'],
    [{ 'content-md5': 'short' }, 'InvalidDigest'],
    [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    [{ 'x-amz-checksum-crc32c': 'AAAAAA==' }, 'BadDigest'],
    [{ 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' }, 'BadDigest'],
    [{ 'x-amz-checksum-sha1': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, 'BadDigest'],
    [{ 'x-amz-checksum-sha256': `${'A'.repeat(43)}=` }, 'BadDigest'],
    [{ 'x-amz-checksum-xxh99': 'AAAA' }, 'InvalidRequest'],
    [{ 'x-amz-checksum-constructor': 'AAAA' }, 'InvalidRequest'],
    [{ 'x-amz-trailer': 'x-amz-checksum-constructor' }, 'InvalidRequest'],
    [{ 'x-amz-content-sha256': '0'.repeat(64) }, 'XAmzContentSHA256Mismatch'],
  ];
  for (const [headers, code] of wrong) {
    expect(await send(headers, '123456789'), JSON.stringify(headers)).toMatchObject({
      status: 400,
      text: expect.stringContaining(`<Code>${code}</Code>`) as string,
    });
    expect((await raw('/lake/summed', { host: 'localhost' })).status).toBe(404);
  }
  const trailer = (value: string): string => `9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:${value}\r\n\r\n`;
  const chunked = {
    'content-encoding': 'aws-chunked',
    'x-amz-trailer': 'x-amz-checksum-crc32',
    'x-amz-decoded-content-length': '9',
  };
  expect((await send(chunked, trailer('AAAAAA=='))).text).toContain('BadDigest');
  expect((await send(chunked, '9\r\n123456789\r\n0\r\n\r\n')).text).toContain('MalformedTrailerError');
  expect((await raw('/lake/summed', { host: 'localhost' })).status).toBe(404);
  expect((await send(chunked, trailer('y/Q5Jg=='))).status).toBe(200);
  expect(
    (
      await send(
        { 'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=', 'content-md5': 'JfnnlDI7RTiF9RgfG2JNCw==' },
        '123456789',
      )
    ).status,
  ).toBe(200);
});
test('hostile XML ends at once, and no answer shows a path of the server', async () => {
  const post = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request(
        {
          host: '127.0.0.1',
          port: server.port,
          path: '/lake?delete',
          method: 'POST',
          headers: { host: 'localhost' },
        },
        (r) => {
          let out = '';
          r.on('data', (c) => (out += String(c))).on('end', () => resolve(out));
        },
      )
        .on('error', reject)
        .end(text);
    });
  const n = 600_000;
  for (const text of [
    '<Delete>'.concat('<Object><Key>'.repeat(n / 13)),
    '<Quiet>'.repeat(n / 7),
    `<Delete>${'<Key>'.repeat(n / 5)}`,
    '<'.repeat(n),
    '<!DOCTYPE Delete [<!ENTITY a "b">]><Delete>&a;</Delete>',
    '<Delete></Delete>',
    '',
  ]) {
    expect(await post(text), text.slice(0, 30)).toContain('MalformedXML');
  }
  expect(
    await post('<Delete><Object><Key>a&amp;b</Key></Object><Object><Key><![CDATA[c]]></Key></Object></Delete>'),
  ).toContain('<Key>a&amp;b</Key>');
  for (const path of [
    `/lake/${'a'.repeat(300)}`,
    `/lake/${'a/'.repeat(500)}`,
    '/lake/kept/under',
    '/lake/%00',
    '/nowhere/x',
  ]) {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await raw(path, { host: 'localhost' }, method)).text).not.toContain(root);
  }
});
test('a condition that a writing operation does not know is 501 and changes nothing', async () => {
  const headers = { host: 'localhost' };
  expect((await raw('/lake/kept-by-condition', headers, 'PUT')).status).toBe(200);
  for (const [method, path, more] of [
    ['PUT', '/lake/kept-by-condition', { 'if-none-match': '"other"' }],
    ['PUT', '/lake/kept-by-condition', { 'content-range': 'bytes 0-1/5' }],
    ['POST', '/lake/kept-by-condition?uploads', { 'if-none-match': '*' }],
    ['DELETE', '/lake/kept-by-condition', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
  ] as const)
    expect((await raw(path, { ...headers, ...more }, method)).status, `${method} ${JSON.stringify(more)}`).toBe(501);
  for (const [method, more] of [
    ['PUT', { 'if-none-match': '*' }],
    ['PUT', { 'if-match': '"other"' }],
    ['PUT', { 'if-none-match': '*', 'x-amz-copy-source': '/lake/kept' }],
    ['DELETE', { 'if-match': '"other"' }],
  ] as const)
    expect((await raw('/lake/kept-by-condition', { ...headers, ...more }, method)).status).toBe(412);
  expect((await raw('/lake/kept-by-condition', headers, 'HEAD')).status).toBe(200);
});
test('a list type nobody knows is refused, not taken for the oldest', async () => {
  const answer = await raw('/lake?list-type=3', { host: 'localhost' });
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('InvalidArgument')]);
});
