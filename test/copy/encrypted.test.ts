/**
 * Encryption on the client's side: what UNLOAD encrypts comes back by COPY, in every format and compression, and is what anybody
 * else with the key decrypts; what others encrypted is loaded; another key, no envelope, damage and forms that nobody reads fail.
 */
import { createDecipheriv, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { encrypted } from '../../src/s3/client-encryption.ts';
import { LocalObjectStore } from '../../src/s3/store.ts';
import { AUTH, Lake } from './cluster.ts';

const MASTER = 'ABEiM0RVZneImaq7zN3u/wEjRWeJq83vASNFZ4mrze8=';
const OTHER = Buffer.alloc(32, 7).toString('base64');
const KEYED = `encrypted master_symmetric_key '${MASTER}'`;
const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../fixtures/copy/encrypted', name));
const ENVELOPE = JSON.parse(fixture('envelope.json').toString()) as Record<string, string>;
const BODY = fixture('rows.tbl.enc');

let lake: Lake;
let store: LocalObjectStore;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 2 });
  store = new LocalObjectStore(dirname(dirname(lake.path('x'))));
  await lake.run('create table digits(n int) diststyle all');
  await lake.run('insert into digits values (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)');
  await lake.run(
    'create table t(i int, name varchar(60), x numeric(10,2), at timestamp, doc super, flag boolean) diststyle even',
  );
  await lake.run(`insert into t select a.n + 10 * b.n + 100 * c.n + 1000 * d.n, 'row|"' || a.n || '", \\\\' || b.n, c.n + 0.25,
    timestamp '2024-02-29 10:11:12.5', json_parse('{"a":[1,"x"]}'), b.n = 3 from digits a, digits b, digits c, digits d`);
  await lake.run(`insert into t select -1, null, null, null, json_parse('[]'), null`);
  await lake.run('create table back(like t)');
  await lake.run('create table loaded(i int, name varchar(20), x numeric(10,2))');
});
afterAll(() => lake.close());
beforeEach(async () => void (await lake.run('truncate loaded')));

const plain = async (key: string): Promise<Buffer> => {
  const { metadata } = (await store.head('lake', key))!;
  const bytes = (name: string): Buffer => Buffer.from(metadata![name]!, 'base64');
  const unwrap = createDecipheriv('aes-256-ecb', Buffer.from(MASTER, 'base64'), null);
  const dataKey = Buffer.concat([unwrap.update(bytes('x-amz-key')), unwrap.final()]);
  const cipher = createDecipheriv('aes-256-cbc', dataKey, bytes('x-amz-iv'));
  const text = Buffer.concat([cipher.update(lake.get(key)), cipher.final()]);
  expect(metadata).toMatchObject({
    'x-amz-matdesc': '{}',
    'x-amz-unencrypted-content-length': String(text.length),
  });
  return text;
};

const FORMATS: readonly (readonly [string, string, string])[] = [
  ['delimited', `escape null as '@N'`, `escape null as '@N'`],
  ['addquotes', `addquotes escape null as '@N'`, `removequotes escape null as '@N'`],
  ['csv', `csv null as '@N'`, `csv null as '@N'`],
  ['csv with header', `csv header null as '@N'`, `csv ignoreheader 1 null as '@N'`],
  ['json', 'json', `json 'auto'`],
  ['gzip', `escape gzip null as '@N'`, `escape gzip null as '@N'`],
  ['bzip2', `csv bzip2 null as '@N'`, `csv bzip2 null as '@N'`],
  ['zstd', `json zstd`, `json 'auto' zstd`],
  ['one writer', `csv parallel off gzip null as '@N'`, `csv gzip null as '@N'`],
];
describe('what is unloaded encrypted is loaded again', () => {
  test.each(sampled('encrypted', FORMATS, 4))('%s, by prefix and by manifest', async (name, out, back) => {
    const prefix = `out/${name.replaceAll(' ', '-')}/`;
    await lake.run(`unload ('select * from t') to 's3://lake/${prefix}' ${AUTH} manifest ${KEYED} ${out}`);
    for (const key of lake.keys(prefix)) expect(lake.get(key).length % 16, key).toBe(0);
    // The manifest is encrypted, too, and lies below the prefix.
    const manifest = JSON.parse((await plain(`${prefix}manifest`)).toString()) as { entries: { url: string }[] };
    expect(manifest.entries.length).toBe(lake.keys(prefix).length - 1);
    await lake.run('truncate back');
    await lake.run(`copy back from 's3://lake/${prefix}manifest' ${AUTH} manifest ${KEYED} ${back}`);
    expect(await lake.fingerprint('select * from back')).toBe(await lake.fingerprint('select * from t'));
    await store.delete('lake', `${prefix}manifest`);
    await lake.run('truncate back');
    await lake.run(`copy back from 's3://lake/${prefix}' ${AUTH} ${KEYED} ${back}`);
    expect(await lake.fingerprint('select * from back')).toBe(await lake.fingerprint('select * from t'));
    expect(lake.temporaryFiles()).toEqual([]);
  });
  test('fixed width, with the key in CREDENTIALS', async () => {
    const credentials = `credentials 'aws_access_key_id=AKIAIOSFODNN7EXAMPLE;aws_secret_access_key=x;master_symmetric_key=${MASTER}'`;
    const width = `fixedwidth 'i:6,flag:2'`;
    await lake.run(
      `unload ('select i, flag from t where i >= 0') to 's3://lake/fixed_' ${credentials} encrypted ${width}`,
    );
    await lake.run('create table fixed(i int, flag boolean)');
    await lake.run(
      `copy fixed from 's3://lake/fixed_' credentials 'aws_iam_role=arn:aws:iam::123456789012:role/r;master_symmetric_key=${MASTER}' encrypted ${width}`,
    );
    expect(await lake.fingerprint('select * from fixed')).toBe(
      await lake.fingerprint('select i, flag from t where i >= 0'),
    );
    const texts = await lake.rows(
      `select trim(querytxt) from stl_query where querytxt ilike '%fixed_%' union all select trim(text) from stl_querytext where text ilike '%fixed_%'`,
    );
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.flat().filter((text) => text!.includes(MASTER))).toEqual([]);
  });
  test('in partitions, in many files', async () => {
    await lake.run(
      `unload ('select i, name, flag from t') to 's3://lake/parts/' ${AUTH} ${KEYED} csv partition by (flag)`,
    );
    expect(lake.keys('parts/flag=t/').length).toBeGreaterThan(1);
    await lake.run('create table one(i int, name varchar(60))');
    await lake.run(`copy one from 's3://lake/parts/flag=t/' ${AUTH} ${KEYED} csv`);
    expect(await lake.fingerprint('select * from one')).toBe(
      await lake.fingerprint('select i, name from t where flag'),
    );
  });
  test('without rows', async () => {
    await lake.run(`unload ('select i from t where i < -5') to 's3://lake/none_' ${AUTH} ${KEYED} gzip`);
    expect(gunzipSync(await plain(lake.keys('none_')[0]!)).length).toBe(0);
    await lake.run(`copy fixed from 's3://lake/none_' ${AUTH} ${KEYED} gzip`);
    expect(await lake.value('select pg_last_copy_count()')).toBe('0');
  });
  test('sizes are those of the objects, and no file passes MAXFILESIZE', async () => {
    await lake.run('create table wide(a varchar(1000)) diststyle even');
    await lake.run(`insert into wide select repeat('x', 990) from t limit 6000`);
    await lake.run(
      `unload ('select a from wide') to 's3://lake/wide_' ${AUTH} ${KEYED} parallel off maxfilesize 5 mb manifest verbose`,
    );
    const keys = lake.keys('wide_').filter((k) => !k.endsWith('manifest'));
    const sizes = keys.map((k) => lake.get(k).length);
    expect(sizes.length).toBe(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000_000);
    const manifest = JSON.parse((await plain('wide_manifest')).toString()) as {
      entries: { meta: { content_length: number } }[];
    };
    expect(manifest.entries.map((e) => e.meta.content_length)).toEqual(sizes);
    expect(await lake.value('select sum(transfer_size) from stl_unload_log where query = pg_last_unload_id()')).toBe(
      String(sizes[0]! + sizes[1]!),
    );
  });
});

describe('what others encrypted', () => {
  const LOADED = 'select count(*), sum(i), sum(x), max(name) from loaded';
  const ROWS = [['100', '5050', '7575.00', 'row 99']];
  test('with its envelope in metadata', async () => {
    await store.put('lake', 'theirs/a', BODY, { metadata: ENVELOPE });
    await lake.run(`copy loaded from 's3://lake/theirs/' ${AUTH} ${KEYED}`);
    expect(await lake.rows(LOADED)).toEqual(ROWS);
    expect(
      await lake.rows(
        'select trim(key), transfer_size, data_size from stl_s3client where query = pg_last_copy_id() order by 1',
      ),
    ).toEqual([['theirs/a', String(BODY.length), '1512']]);
  });
  test('with its envelope in an instruction file, which is no file of data', async () => {
    await store.put('lake', 'told/a', BODY);
    await store.put('lake', 'told/a.instruction', Buffer.from(JSON.stringify(ENVELOPE)), {
      metadata: { 'x-amz-crypto-instr-file': '' },
    });
    await lake.run(`copy loaded from 's3://lake/told/' ${AUTH} ${KEYED}`);
    expect(await lake.rows(LOADED)).toEqual(ROWS);
  });
  test('without a length; below a key that no file can hold; by a plain manifest', async () => {
    const { 'x-amz-unencrypted-content-length': _, ...short } = ENVELOPE;
    await store.put('lake', 'odd//a', BODY, { metadata: short });
    await store.put('lake', 'm.json', Buffer.from(JSON.stringify({ entries: [{ url: 's3://lake/odd//a' }] })));
    await lake.run(`copy loaded from 's3://lake/m.json' ${AUTH} manifest ${KEYED}`);
    expect(await lake.rows(LOADED)).toEqual(ROWS);
  });
  test('shapefiles, Avro and JSON by paths that are not encrypted', async () => {
    const seal = async (key: string, bytes: Buffer): Promise<void> => {
      const sealed = encrypted(bytes, MASTER);
      await store.put('lake', key, sealed.bytes, { metadata: sealed.metadata });
    };
    const shape = (name: string): Buffer =>
      readFileSync(join(import.meta.dirname, '../../fixtures/copy/shapefile', name));
    for (const ending of ['shp', 'dbf', 'shx', 'prj'])
      await seal(`shape/p.${ending}.gz`, gzipSync(shape(`string-property.${ending}`)));
    await lake.run('create table places(shape geometry, name varchar(100))');
    await lake.run(`copy places from 's3://lake/shape/' ${AUTH} ${KEYED} shapefile gzip`);
    expect(await lake.value('select count(*) from places where st_srid(shape) = 4326')).toBe('3');
    await seal('w.avro', readFileSync(join(import.meta.dirname, '../../fixtures/copy/avro/weather-deflate.avro')));
    await lake.run('create table weather(station varchar(20), temp int)');
    await lake.run(`copy weather from 's3://lake/w.avro' ${AUTH} ${KEYED} avro 'auto'`);
    expect(await lake.rows('select count(*), sum(temp) from weather')).toEqual([['5', '200']]);
    await seal('j.json', Buffer.from('{"a":{"b":1},"c":"x"}{"a":{"b":2},"c":"y"}'));
    lake.put('paths', '{"jsonpaths":["$.a.b","$.c"]}');
    await lake.run('create table docs(b int, c varchar(5))');
    await lake.run(`copy docs from 's3://lake/j.json' ${AUTH} ${KEYED} json 's3://lake/paths'`);
    expect(await lake.rows('select * from docs order by 1')).toEqual([
      ['1', 'x'],
      ['2', 'y'],
    ]);
  });
  test('a large one is read whole, by one slice, as a stream', async () => {
    const line = `1|${'y'.repeat(18)}|1.5\n`;
    const sealed = encrypted(Buffer.from(line.repeat(900_000)), MASTER);
    await store.put('lake', 'large/a', sealed.bytes, { metadata: sealed.metadata });
    await lake.run(`copy loaded from 's3://lake/large/' ${AUTH} ${KEYED} compupdate off`);
    expect(await lake.value('select count(*) from loaded')).toBe('900000');
    expect(
      await lake.rows('select count(*), max(is_partial) from stl_file_scan where query = pg_last_copy_id()'),
    ).toEqual([['1', '0']]);
  });
});

describe('encryption on the server’s side is what objects say', () => {
  const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
  const said = async (key: string): Promise<unknown> => {
    const { headers } = (await store.details('lake', key))!;
    return [headers?.['x-amz-server-side-encryption'], headers?.['x-amz-server-side-encryption-aws-kms-key-id']];
  };
  const unload = (prefix: string, options: string): Promise<string> =>
    lake.run(`unload ('select i from t') to 's3://lake/${prefix}' ${AUTH} parallel off manifest ${options}`);
  test('SSE-S3, by KMS, by the bucket’s key', async () => {
    await unload('sse/plain_', '');
    expect(await said('sse/plain_000')).toEqual([undefined, undefined]);
    await unload('sse/s3_', 'encrypted');
    expect(await said('sse/s3_000')).toEqual(['AES256', undefined]);
    await unload('sse/kms_', `kms_key_id '${KEY}' encrypted gzip`);
    const kms = ['aws:kms', `arn:aws:kms:us-east-1:000000000000:key/${KEY}`];
    expect(await said('sse/kms_000.gz')).toEqual(kms);
    expect(await said('sse/kms_manifest')).toEqual(kms);
    await unload('sse/auto_', 'encrypted auto');
    expect(await said('sse/auto_000')).toEqual(['AES256', undefined]);
    const arn = 'arn:aws:kms:eu-west-1:111111111111:key/mrk-1';
    await store.setSettings('lake', { encryption: { algorithm: 'aws:kms', key: arn } });
    await unload('sse/own_', 'encrypted auto');
    expect(await said('sse/own_000')).toEqual(['aws:kms', arn]);
    expect(await said('sse/own_manifest')).toEqual(['aws:kms', arn]);
    // As there: without ENCRYPTED it is SSE-S3 whatever the bucket does.
    await unload('sse/still_', '');
    expect(await said('sse/still_000')).toEqual([undefined, undefined]);
    await store.setSettings('lake', { encryption: undefined });
    // Who reads them needs to say nothing; their ETags are those of their bytes.
    await lake.run('create table sse(i int)');
    await lake.run(`copy sse from 's3://lake/sse/kms_manifest' ${AUTH} manifest gzip`);
    expect(await lake.fingerprint('select * from sse')).toBe(await lake.fingerprint('select i from t'));
    const etag = createHash('md5').update(lake.get('sse/own_000')).digest('hex');
    expect((await store.details('lake', 'sse/own_000'))!.etag).toBe(`"${etag}"`);
  });
});

describe('what cannot be decrypted fails, and loads nothing', () => {
  const cases: readonly (readonly [string, Buffer, Record<string, string> | undefined, RegExp])[] = [
    [
      'no envelope',
      fixture('rows.tbl'),
      undefined,
      /^S3 object encryption key is missing: the object was not encrypted/,
    ],
    ['no IV', BODY, { 'x-amz-key': ENVELOPE['x-amz-key']! }, /^S3 object encryption key iv is missing/],
    [
      'an IV of 17 bytes',
      BODY,
      { ...ENVELOPE, 'x-amz-iv': Buffer.alloc(17).toString('base64') },
      /^S3 object encryption key iv is of invalid size\. Size=17\. Expected size 16$/,
    ],
    [
      'a key that is not wrapped',
      BODY,
      { ...ENVELOPE, 'x-amz-key': Buffer.alloc(32).toString('base64') },
      /^S3 object encryption key is of invalid size\. Size=32\. Expected size 48$/,
    ],
    [
      'the second format',
      BODY,
      { 'x-amz-key-v2': 'x', 'x-amz-iv': 'y', 'x-amz-wrap-alg': 'AESWrap', 'x-amz-cek-alg': 'AES/GCM/NoPadding' },
      /^S3 object encryption key of format 2 \(x-amz-key-v2\) is not supported$/,
    ],
    [
      'a body cut in a block',
      BODY.subarray(0, 1000),
      ENVELOPE,
      /is damaged: its 1000 bytes are no whole blocks of 16$/,
    ],
    ['a body cut between blocks', BODY.subarray(0, 1008), ENVELOPE, /is damaged: it has 1008 bytes, not the 1520/],
    ['an empty one', Buffer.alloc(0), ENVELOPE, /is damaged: its 0 bytes/],
    [
      'a body cut between blocks whose length nobody tells',
      BODY.subarray(0, 1008),
      { 'x-amz-key': ENVELOPE['x-amz-key']!, 'x-amz-iv': ENVELOPE['x-amz-iv']! },
      /is damaged: its last block is not padded$/,
    ],
  ];
  test.each(cases)('%s', async (name, body, metadata, message) => {
    const key = `bad/${name.replaceAll(' ', '-')}`;
    await store.put('lake', key, body, { metadata });
    const failure = await lake.fails(`copy loaded from 's3://lake/${key}' ${AUTH} ${KEYED} maxerror 1000`);
    expect(failure).toMatchObject({ code: 'XX000', message: expect.stringMatching(message) as string });
    expect(failure.detail).toContain(`S3 key being read : s3://lake/${key}`);
    expect(
      await lake.rows(
        `select trim(http_method), trim(bucket), trim(error), is_partial, start_offset from stl_s3client_error where trim(key) = '${key}'`,
      ),
    ).toEqual([['GET', 'lake', failure.message, '0', '0']]);
    expect(await lake.value('select count(*) from loaded')).toBe('0');
  });
  test('another key', async () => {
    await store.put('lake', 'key/a', BODY, { metadata: ENVELOPE });
    const failure = await lake.fails(
      `copy loaded from 's3://lake/key/' ${AUTH} encrypted master_symmetric_key '${OTHER}'`,
    );
    expect(failure.message).toBe('S3 object encryption key cannot be decrypted with the given MASTER_SYMMETRIC_KEY');
    expect(JSON.stringify(failure)).not.toContain(OTHER);
  });
  test('an instruction file that is none', async () => {
    await store.put('lake', 'instr/a', BODY);
    await store.put('lake', 'instr/a.instruction', Buffer.from('[1'));
    expect((await lake.fails(`copy loaded from 's3://lake/instr/a' ${AUTH} ${KEYED}`)).message).toBe(
      'S3 object encryption instruction file is not JSON of texts',
    );
  });
  test('encrypted ones that are read as they are', async () => {
    await store.put('lake', 'asis/a', BODY, { metadata: ENVELOPE });
    expect((await lake.fails(`copy loaded from 's3://lake/asis/' ${AUTH}`)).message).toMatch(/^Load into table/);
  });
});
