/** The AWS SDK for JavaScript against the S3 door: objects, checksums, keys, copies, listings. Signatures are verified. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { KEY_ID, SECRET, startDoor, type TestDoor } from './s3-door.ts';

let door: TestDoor;
let client: s3.S3Client;
const credentials = { accessKeyId: KEY_ID, secretAccessKey: SECRET };
const make = (options: Partial<s3.S3ClientConfig> = {}): s3.S3Client =>
  new s3.S3Client({ endpoint: door.url, region: 'us-east-1', credentials, maxAttempts: 1, ...options });
beforeAll(async () => {
  door = await startDoor({ keys: true });
  client = make();
  await client.send(new s3.CreateBucketCommand({ Bucket: 'lake' }));
});
afterAll(() => door?.close());
afterEach(() => expect(door.bugs).toEqual([]));

const B = { Bucket: 'lake' };
const put = (Key: string, Body: string | Buffer, more: Partial<s3.PutObjectCommandInput> = {}) =>
  client.send(new s3.PutObjectCommand({ ...B, Key, Body, ...more }));
const get = async (Key: string, more: Partial<s3.GetObjectCommandInput> = {}): Promise<string> =>
  (await client.send(new s3.GetObjectCommand({ ...B, Key, ...more }))).Body!.transformToString();
const head = (Key: string, more: Partial<s3.HeadObjectCommandInput> = {}) =>
  client.send(new s3.HeadObjectCommand({ ...B, Key, ...more }));
const keys = async (more: Partial<s3.ListObjectsV2CommandInput> = {}): Promise<(string | undefined)[]> =>
  ((await client.send(new s3.ListObjectsV2Command({ ...B, ...more }))).Contents ?? []).map((c) => c.Key);
const refuses = (call: Promise<unknown>, name: string, status?: number) =>
  expect(call).rejects.toMatchObject({
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
  });
const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');

describe('objects', () => {
  test('all metadata comes back as it was given', async () => {
    const Expires = new Date('2031-01-02T03:04:05Z');
    await put('meta/all', 'body', {
      ContentType: 'text/csv; charset=utf-8',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a.csv"',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Expires,
      Metadata: { one: '1', 'two-words': 'a b  c' },
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/elsewhere',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'arn:aws:kms:us-east-1:000000000000:key/1',
      BucketKeyEnabled: true,
      Tagging: 'team=a%20b&cost=9',
    });
    const got = await head('meta/all');
    expect(got).toMatchObject({
      ContentLength: 4,
      ContentType: 'text/csv; charset=utf-8',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a.csv"',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Metadata: { one: '1', 'two-words': 'a b  c' },
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/elsewhere',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'arn:aws:kms:us-east-1:000000000000:key/1',
      BucketKeyEnabled: true,
      ETag: `"${md5('body')}"`,
      AcceptRanges: 'bytes',
    });
    expect(got.ExpiresString).toBe(Expires.toUTCString());
    expect((await client.send(new s3.GetObjectCommand({ ...B, Key: 'meta/all' }))).TagCount).toBe(2);
    const { TagSet } = await client.send(new s3.GetObjectTaggingCommand({ ...B, Key: 'meta/all' }));
    expect(TagSet).toEqual([
      { Key: 'team', Value: 'a b' },
      { Key: 'cost', Value: '9' },
    ]);
  });
  test('an object without metadata has defaults, and too much of it is refused', async () => {
    await client.send(new s3.PutObjectCommand({ ...B, Key: 'plain', Body: '' }));
    expect(await head('plain')).toMatchObject({ ContentType: 'application/octet-stream', ContentLength: 0 });
    expect((await head('plain')).ServerSideEncryption).toBe('AES256');
    await refuses(put('fat', 'x', { Metadata: { big: 'x'.repeat(2100) } }), 'MetadataTooLarge', 400);
    await refuses(put('cold', 'x', { StorageClass: 'GLACIER' }), 'NotImplemented', 501);
    await refuses(put('cold', 'x', { StorageClass: 'WARM' as s3.StorageClass }), 'InvalidStorageClass', 400);
  });
  test.for(['bytes=0-4', 'bytes=6-', 'bytes=-3', 'bytes=0-999', 'bytes=10-10'])('range %s', async (Range) => {
    await put('range', 'hello world');
    const [, from, to] = /=(\d*)-(\d*)/.exec(Range)!;
    const want =
      from === ''
        ? 'hello world'.slice(-Number(to))
        : 'hello world'.slice(Number(from), to === '' ? 99 : Number(to) + 1);
    const got = await client.send(new s3.GetObjectCommand({ ...B, Key: 'range', Range }));
    expect(await got.Body!.transformToString()).toBe(want);
    expect(got.ContentRange).toMatch(/^bytes \d+-\d+\/11$/);
    expect(got.ContentLength).toBe(want.length);
  });
  test('a range behind the end says how long the object is', async () => {
    await put('range', 'hello world');
    await expect(get('range', { Range: 'bytes=11-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      ActualObjectSize: '11',
    });
    await put('empty', '');
    await refuses(get('empty', { Range: 'bytes=0-' }), 'InvalidRange', 416);
    // What is no range of bytes is passed over, as HTTP says.
    expect(await get('range', { Range: 'bytes=5-2' })).toBe('hello world');
    expect(await get('range', { Range: 'lines=1-2' })).toBe('hello world');
  });
  test('conditions of readers', async () => {
    await put('cond', 'x');
    const { ETag, LastModified } = await head('cond');
    const before = new Date(LastModified!.getTime() - 60_000);
    const after = new Date(LastModified!.getTime() + 60_000);
    expect(await get('cond', { IfMatch: ETag })).toBe('x');
    expect(await get('cond', { IfMatch: `"other", ${ETag}` })).toBe('x');
    await refuses(get('cond', { IfMatch: '"other"' }), 'PreconditionFailed', 412);
    await refuses(get('cond', { IfNoneMatch: ETag }), 'Unknown', 304);
    await refuses(get('cond', { IfNoneMatch: '*' }), 'Unknown', 304);
    expect(await get('cond', { IfNoneMatch: '"other"' })).toBe('x');
    await refuses(get('cond', { IfModifiedSince: after }), 'Unknown', 304);
    expect(await get('cond', { IfModifiedSince: before })).toBe('x');
    await refuses(get('cond', { IfUnmodifiedSince: before }), 'PreconditionFailed', 412);
    expect(await get('cond', { IfUnmodifiedSince: after })).toBe('x');
    // If-Match stands above If-Unmodified-Since, If-None-Match above If-Modified-Since.
    expect(await get('cond', { IfMatch: ETag, IfUnmodifiedSince: before })).toBe('x');
    expect(await get('cond', { IfNoneMatch: '"other"', IfModifiedSince: after })).toBe('x');
  });
  test('conditions of writers', async () => {
    await put('w', 'one', { IfNoneMatch: '*' });
    await refuses(put('w', 'two', { IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    await refuses(put('w', 'two', { IfMatch: '"other"' }), 'PreconditionFailed', 412);
    await put('w', 'two', { IfMatch: `"${md5('one')}"` });
    await refuses(put('none', 'x', { IfMatch: '"a"' }), 'NoSuchKey', 404);
    const erase = (IfMatch: string) => client.send(new s3.DeleteObjectCommand({ ...B, Key: 'w', IfMatch }));
    await refuses(erase('"other"'), 'PreconditionFailed', 412);
    await erase(`"${md5('two')}"`);
    await refuses(get('w'), 'NoSuchKey', 404);
    await client.send(new s3.DeleteObjectCommand({ ...B, Key: 'w' }));
  });
  test('of many conditional writers one wins', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => put('race', `${i}`, { IfNoneMatch: '*' })),
    );
    const made = all.flatMap((r, i) => (r.status === 'fulfilled' ? [i] : []));
    expect(made).toHaveLength(1);
    expect(await get('race')).toBe(`${made[0]}`);
  });
  test('a stream of unknown pieces, and a body of many bytes', async () => {
    const data = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 31) & 255));
    const pieces = [data.subarray(0, 10), data.subarray(10, 99_999), data.subarray(99_999)];
    await client.send(
      new s3.PutObjectCommand({ ...B, Key: 'stream', Body: Readable.from(pieces), ContentLength: data.length }),
    );
    expect(readFileSync(join(door.root, 'lake/stream')).equals(data)).toBe(true);
    expect((await head('stream')).ETag).toBe(`"${md5(data)}"`);
  });
  test('versions: an object is its only one', async () => {
    await put('v', 'x');
    expect(await get('v', { VersionId: 'null' })).toBe('x');
    await refuses(get('v', { VersionId: 'abc' }), 'InvalidArgument', 400);
    const { Versions, IsTruncated } = await client.send(new s3.ListObjectVersionsCommand({ ...B, Prefix: 'v' }));
    expect(Versions).toMatchObject([{ Key: 'v', VersionId: 'null', IsLatest: true, Size: 1, ETag: `"${md5('x')}"` }]);
    expect(IsTruncated).toBe(false);
    expect(await client.send(new s3.GetBucketVersioningCommand(B))).toMatchObject({
      $metadata: { httpStatusCode: 200 },
    });
    const on = new s3.PutBucketVersioningCommand({ ...B, VersioningConfiguration: { Status: 'Enabled' } });
    await refuses(client.send(on), 'NotImplemented', 501);
    await client.send(new s3.DeleteObjectCommand({ ...B, Key: 'v', VersionId: 'null' }));
    await refuses(head('v'), 'NotFound', 404);
  });
});

describe('checksums', () => {
  const SUMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
  test.for(SUMS)('%s is verified, stored and returned', async (ChecksumAlgorithm) => {
    const Key = `sum/${ChecksumAlgorithm}`;
    const made = await put(Key, '123456789', { ChecksumAlgorithm });
    const name = `Checksum${ChecksumAlgorithm}` as const;
    const known = {
      CRC32: 'y/Q5Jg==',
      CRC32C: '4waSgw==',
      CRC64NVME: 'rosUhgp5mIg=',
      SHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
      SHA256: createHash('sha256').update('123456789').digest('base64'),
    };
    expect(made[name]).toBe(known[ChecksumAlgorithm]);
    const got = await client.send(new s3.GetObjectCommand({ ...B, Key, ChecksumMode: 'ENABLED' }));
    expect([got[name], got.ChecksumType]).toEqual([known[ChecksumAlgorithm], 'FULL_OBJECT']);
    expect(await got.Body!.transformToString()).toBe('123456789');
    expect((await head(Key))[name]).toBeUndefined();
    const listed = await client.send(new s3.ListObjectsV2Command({ ...B, Prefix: Key }));
    expect(listed.Contents![0]).toMatchObject({
      ChecksumAlgorithm: [ChecksumAlgorithm],
      ChecksumType: 'FULL_OBJECT',
    });
    await refuses(put(`${Key}-wrong`, '12345678', { [name]: known[ChecksumAlgorithm] }), 'BadDigest', 400);
    await refuses(head(`${Key}-wrong`), 'NotFound', 404);
  });
  test('streams bring theirs in a trailer', async () => {
    const Body = Readable.from([Buffer.from('12345'), Buffer.from('6789')]);
    const made = await client.send(
      new s3.PutObjectCommand({ ...B, Key: 'sum/trailer', Body, ContentLength: 9, ChecksumAlgorithm: 'SHA256' }),
    );
    expect(made.ChecksumSHA256).toBe(createHash('sha256').update('123456789').digest('base64'));
  });
  test('without one S3 adds CRC-64/NVME, and Content-MD5 is verified', async () => {
    const plain = make({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const made = await plain.send(new s3.PutObjectCommand({ ...B, Key: 'sum/none', Body: '123456789' }));
    expect(made.ChecksumCRC64NVME).toBe('rosUhgp5mIg=');
    const wrong = new s3.PutObjectCommand({
      ...B,
      Key: 'sum/md5',
      Body: 'x',
      ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==',
    });
    await refuses(plain.send(wrong), 'BadDigest', 400);
  });
  test('attributes', async () => {
    await put('attr', '123456789', { ChecksumAlgorithm: 'SHA1', StorageClass: 'GLACIER_IR' });
    const ObjectAttributes = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;
    const all = new s3.GetObjectAttributesCommand({ ...B, Key: 'attr', ObjectAttributes: [...ObjectAttributes] });
    expect(await client.send(all)).toMatchObject({
      ETag: md5('123456789'),
      Checksum: { ChecksumSHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=', ChecksumType: 'FULL_OBJECT' },
      StorageClass: 'GLACIER_IR',
      ObjectSize: 9,
    });
    const some = await client.send(
      new s3.GetObjectAttributesCommand({ ...B, Key: 'attr', ObjectAttributes: ['ObjectSize'] }),
    );
    expect([some.ObjectSize, some.ETag]).toEqual([9, undefined]);
  });
});

describe('keys', () => {
  const ODD = [
    'odd/a//b',
    'odd/fd/x',
    'odd/fd',
    'odd/dir/',
    'odd/ blank + plus & amp ?#%25',
    'odd/\u00fc\u4e2d\u{1f600}',
    'odd/./here',
    'odd/..',
    `odd/${'k'.repeat(1020)}`,
    `odd/${'long-part/'.repeat(60)}x`,
    'odd/ctl\u0001\u0007',
    'odd/<xml>&"\'',
    'odd/line\nbreak\r',
    '/odd/leading',
    'odd/back\\slash:colon',
  ];
  test('any key holds any body', async () => {
    for (const key of ODD) await put(key, `body of ${key}`, { Metadata: { n: String(key.length) } });
    for (const key of ODD) expect(await get(key)).toBe(`body of ${key}`);
    for (const key of ODD) expect((await head(key)).Metadata).toEqual({ n: String(key.length) });
    const encoded = await keys({ EncodingType: 'url', Prefix: 'odd/' });
    const decoded = encoded.map((k) => decodeURIComponent(k!.replaceAll('+', '%20')));
    const sorted = [...ODD].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(decoded).toEqual(sorted.filter((k) => k.startsWith('odd/')));
    for (const key of ODD) await client.send(new s3.DeleteObjectCommand({ ...B, Key: key }));
    expect(await keys({ Prefix: 'odd/' })).toEqual([]);
    expect(existsSync(join(door.root, 'lake/odd'))).toBe(false);
  });
  test('a key of more than 1024 bytes is refused', async () => {
    await refuses(put('k'.repeat(1025), 'x'), 'KeyTooLongError', 400);
    await refuses(get('\u00fc'.repeat(513)), 'KeyTooLongError', 400);
  });
  test('a file that was dropped in is an object with the ETag of its bytes', async () => {
    mkdirSync(join(door.root, 'lake/dropped'), { recursive: true });
    writeFileSync(join(door.root, 'lake/dropped/f.csv'), 'a,b\n');
    expect((await head('dropped/f.csv')).ETag).toBe(`"${md5('a,b\n')}"`);
    writeFileSync(join(door.root, 'lake/dropped/f.csv'), 'changed');
    expect((await head('dropped/f.csv')).ETag).toBe(`"${md5('changed')}"`);
    const { Contents } = await client.send(new s3.ListObjectsCommand({ ...B, Prefix: 'dropped/' }));
    expect(Contents).toMatchObject([{ Key: 'dropped/f.csv', ETag: `"${md5('changed')}"`, Size: 7 }]);
  });
});

describe('copies', () => {
  test('metadata goes along, or is replaced', async () => {
    await put('from', 'body', { ContentType: 'text/plain', Metadata: { a: '1' }, Tagging: 't=1' });
    const made = await client.send(new s3.CopyObjectCommand({ ...B, Key: 'to', CopySource: 'lake/from' }));
    expect(made.CopyObjectResult).toMatchObject({ ETag: `"${md5('body')}"`, ChecksumType: 'FULL_OBJECT' });
    expect(await head('to')).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    await client.send(
      new s3.CopyObjectCommand({
        ...B,
        Key: 'to',
        CopySource: '/lake/from',
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
        TaggingDirective: 'REPLACE',
        Tagging: 'u=2',
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    expect(await head('to', { ChecksumMode: 'ENABLED' })).toMatchObject({
      Metadata: { b: '2' },
      ChecksumSHA256: createHash('sha256').update('body').digest('base64'),
    });
    const { TagSet } = await client.send(new s3.GetObjectTaggingCommand({ ...B, Key: 'to' }));
    expect(TagSet).toEqual([{ Key: 'u', Value: '2' }]);
  });
  test('conditions on the source, and a copy onto itself', async () => {
    await put('from', 'body');
    const copy = (more: Partial<s3.CopyObjectCommandInput>) =>
      client.send(new s3.CopyObjectCommand({ ...B, Key: 'to2', CopySource: 'lake/from', ...more }));
    await refuses(copy({ CopySourceIfMatch: '"no"' }), 'PreconditionFailed', 412);
    await refuses(copy({ CopySourceIfNoneMatch: `"${md5('body')}"` }), 'PreconditionFailed', 412);
    await copy({ CopySourceIfMatch: `"${md5('body')}"` });
    await refuses(copy({ Key: 'from' }), 'InvalidRequest', 400);
    await copy({ Key: 'from', MetadataDirective: 'REPLACE', Metadata: { now: '1' } });
    expect([await get('from'), (await head('from')).Metadata]).toEqual(['body', { now: '1' }]);
    await refuses(copy({ CopySource: 'lake/none' }), 'NoSuchKey', 404);
    await refuses(copy({ CopySource: 'nowhere/x' }), 'NoSuchBucket', 404);
    await refuses(copy({ CopySource: 'lake' }), 'InvalidArgument', 400);
    await refuses(copy({ IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    await put('s p+ü', 'odd');
    await copy({ CopySource: encodeURI('lake/s p+ü').replace('+', '%2B') });
    expect(await get('to2')).toBe('odd');
  });
});

describe('listings', () => {
  beforeAll(async () => {
    await client.send(new s3.CreateBucketCommand({ Bucket: 'lists' }));
    for (const Key of ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/1', 'f', 'z//z'])
      await client.send(new s3.PutObjectCommand({ Bucket: 'lists', Key, Body: Key }));
  });
  const L = { Bucket: 'lists' };
  test('version 2 with delimiter, start and owner', async () => {
    const list = (more: object) => client.send(new s3.ListObjectsV2Command({ ...L, ...more }));
    const top = await list({ Delimiter: '/' });
    expect(top.Contents!.map((c) => c.Key)).toEqual(['a', 'd', 'f']);
    expect(top.CommonPrefixes).toEqual([{ Prefix: 'b/' }, { Prefix: 'e/' }, { Prefix: 'z/' }]);
    expect(top.KeyCount).toBe(6);
    expect((await list({ Prefix: 'b/', Delimiter: '/' })).CommonPrefixes).toEqual([{ Prefix: 'b/c/' }]);
    expect((await list({ StartAfter: 'b/2' })).Contents!.map((c) => c.Key)).toEqual([
      'b/c/3',
      'd',
      'e/1',
      'f',
      'z//z',
    ]);
    expect((await list({ FetchOwner: true })).Contents![0]!.Owner!.ID).toMatch(/^[0-9a-f]{64}$/);
    expect((await list({})).Contents![0]!.Owner).toBeUndefined();
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect((await list({ Delimiter: '1' })).CommonPrefixes).toEqual([{ Prefix: 'b/1' }, { Prefix: 'e/1' }]);
    await refuses(list({ ContinuationToken: 'bogus' }), 'InvalidArgument', 400);
  });
  test.for([undefined, '/'])('pages of two, delimiter %s', async (Delimiter) => {
    const all: (string | undefined)[] = [];
    for (const paginator of [s3.paginateListObjectsV2({ client, pageSize: 2 }, { ...L, Delimiter })])
      for await (const page of paginator) {
        expect(page.KeyCount).toBeLessThanOrEqual(2);
        all.push(...(page.Contents ?? []).map((c) => c.Key), ...(page.CommonPrefixes ?? []).map((p) => p.Prefix));
      }
    expect(all.sort()).toEqual(
      Delimiter === '/' ? ['a', 'b/', 'd', 'e/', 'f', 'z/'] : ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/1', 'f', 'z//z'],
    );
  });
  test('version 1 with markers', async () => {
    const list = (more: object) => client.send(new s3.ListObjectsCommand({ ...L, ...more }));
    const first = await list({ MaxKeys: 2, Delimiter: '/' });
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/', Marker: '' });
    const rest = await list({ Delimiter: '/', Marker: first.NextMarker });
    expect(rest.Contents!.map((c) => c.Key)).toEqual(['d', 'f']);
    expect((await list({ MaxKeys: 2 })).NextMarker).toBeUndefined();
    expect((await list({})).Contents![0]!.Owner).toBeDefined();
  });
  test('versions in pages', async () => {
    const list = (more: object) => client.send(new s3.ListObjectVersionsCommand({ ...L, ...more }));
    const first = await list({ MaxKeys: 3 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'b/2', NextVersionIdMarker: 'null' });
    const rest = await list({ KeyMarker: first.NextKeyMarker, VersionIdMarker: 'null', Delimiter: '/' });
    expect(rest.Versions!.map((v) => v.Key)).toEqual(['d', 'f']);
  });
  test('batch delete says what it did', async () => {
    const drop = (Objects: s3.ObjectIdentifier[], Quiet = false) =>
      client.send(new s3.DeleteObjectsCommand({ ...L, Delete: { Objects, Quiet } }));
    expect(await drop([{ Key: 'a' }, { Key: 'never' }, { Key: 'z//z' }])).toMatchObject({
      Deleted: [{ Key: 'a' }, { Key: 'never' }, { Key: 'z//z' }],
    });
    expect((await drop([{ Key: 'd', VersionId: 'null' }], true)).Deleted).toBeUndefined();
    expect((await drop([{ Key: 'f', ETag: '"no"' }])).Errors).toMatchObject([
      { Key: 'f', Code: 'PreconditionFailed' },
    ]);
    const many = Array.from({ length: 1001 }, (_, i) => ({ Key: `k${i}` }));
    await refuses(drop(many), 'MalformedXML', 400);
  });
});

test('an upload that breaks off leaves what was there', async () => {
  await put('kept', 'kept');
  const controller = new AbortController();
  async function* half(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100_000, 'x');
    controller.abort();
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield Buffer.alloc(100_000, 'x');
  }
  const body = Readable.from(half());
  const sent = client.send(new s3.PutObjectCommand({ ...B, Key: 'kept', Body: body, ContentLength: 200_000 }), {
    abortSignal: controller.signal,
  });
  await expect(sent).rejects.toThrow();
  expect(await get('kept')).toBe('kept');
  expect(statSync(join(door.root, 'lake/kept')).size).toBe(4);
});
