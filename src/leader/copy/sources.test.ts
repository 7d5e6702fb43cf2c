/** Prefixes, manifests, splitting at record boundaries, counters, compression plans, load errors. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { csvFormat } from '../../formats/csv.ts';
import { delimitedFormat } from '../../formats/delimited.ts';
import type { TextFormat } from '../../formats/text/text-format.ts';
import { LocalObjectStore } from '../../s3/store.ts';
import { INT4, varchar, type SqlType } from '../../types/sql-type.ts';
import type { CopyOptions } from './options.ts';
import type { CatalogColumn, TableObject } from '../catalog/objects.ts';
import { encodingsFor, presetEncodings, wantsEncodings } from './compupdate.ts';
import { loadErrorRecord } from './load-errors.ts';
import { errorLimit, loadNotices } from './maxerror.ts';
import { copySources, parseManifest } from './sources.ts';
import { splitObject, splitSources } from './split.ts';

const root = mkdtempSync(join(tmpdir(), 'slicehouse-copy-'));
const store = new LocalObjectStore(root);
const put = (key: string, text: string | Uint8Array): void => writeFileSync(join(root, 'lake', key), text);
beforeAll(() => {
  mkdirSync(join(root, 'lake/in'), { recursive: true });
  for (const k of ['in/a.1', 'in/a.2', 'in/b']) put(k, `${k}\n`);
});
afterAll(() => rmSync(root, { recursive: true }));
const credentials = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/loader' } as const;
const sources = (from: string, manifest = false) => copySources(store, from, { manifest, credentials });

test('every key with the prefix is loaded; none is an error', async () => {
  expect((await sources('s3://lake/in/a')).map((s) => s.key)).toEqual(['in/a.1', 'in/a.2']);
  expect(await sources('s3://lake/in/')).toHaveLength(3);
  await expect(sources('s3://lake/zzz')).rejects.toMatchObject({
    sqlstate: 'XX000',
    message: "The specified S3 prefix 'zzz' does not exist",
    detail: expect.stringContaining('code:      8001') as string,
  });
  await expect(sources('s3://none/x')).rejects.toMatchObject({
    message: expect.stringMatching(
      /^S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket/,
    ) as string,
  });
  await expect(sources('/tmp/x')).rejects.toMatchObject({ sqlstate: '22023' });
});
test('manifests', async () => {
  const m = (text: string): Promise<unknown> => {
    put('m', text);
    return sources('s3://lake/m', true);
  };
  expect(
    await m(
      '{"entries":[{"url":"s3://lake/in/b","mandatory":true},{"url":"s3://lake/gone"},{"url":"s3://lake/in/b"}]}',
    ),
  ).toEqual([
    { bucket: 'lake', key: 'in/b', size: 5, modifiedMs: expect.any(Number) as number },
    { bucket: 'lake', key: 'in/b', size: 5, modifiedMs: expect.any(Number) as number },
  ]);
  await expect(m('{"entries":[{"url":"s3://lake/gone","mandatory":true}]}')).rejects.toThrow(
    'Mandatory url is not present in manifest file.',
  );
  await expect(m('{"entries":[{"url":"in/b"}]}')).rejects.toThrow(/not a full path/);
  await expect(m('in/b')).rejects.toThrow(/not in correct json format/);
  for (const bad of ['{}', '[]', 'null', '{"entries":[1]}', '{"entries":[{"url":"s3://a/b","mandatory":"yes"}]}'])
    expect(() => parseManifest(bad, 'u'), bad).toThrow(/json format/);
  await expect(sources('s3://lake/nomanifest', true)).rejects.toThrow(/does not exist/);
  await expect(m('{"entries":[{"url":"s3://lake/gone"},{"url":"s3://nowhere/x"}]}')).rejects.toThrow(
    /names no object/,
  );
  const sha256 = createHash('sha256').update('in/b\n').digest('hex');
  const one = (meta: object): Promise<unknown> => m(JSON.stringify({ entries: [{ url: 's3://lake/in/b', meta }] }));
  expect(await one({ content_length: 5, record_count: 1, sha256: sha256.toUpperCase() })).toHaveLength(1);
  await expect(one({ content_length: 6 })).rejects.toMatchObject({
    message: expect.stringMatching(/content_length in the manifest file. Expected: 6, actual: 5/) as string,
    detail: expect.stringMatching(/code: {6}8001[^]*url=s3:\/\/lake\/in\/b/) as string,
  });
  await expect(one({ sha256: '0'.repeat(64) })).rejects.toThrow(/SHA-256 of the object does not match/);
  for (const bad of [{ content_length: '5' }, { content_length: -1 }, { sha256: 'abc' }, { sha256: 1 }])
    await expect(one(bad), JSON.stringify(bad)).rejects.toThrow(/not in correct json format/);
});
test('a bucket has its region, its policy and its keys', async () => {
  const keyed = new LocalObjectStore(root, new Map([['AKID', 'secret']]), 'eu-west-1');
  await keyed.createBucket('west', { region: 'us-west-2' });
  await keyed.createBucket('home', { region: 'eu-west-1' });
  for (const bucket of ['west', 'home']) await keyed.put(bucket, 'a/x', Buffer.from('x'));
  type Options = Parameters<typeof copySources>[2];
  const load = (more: Partial<Options> = {}, bucket = 'west') =>
    copySources(keyed, `s3://${bucket}/a`, { manifest: false, credentials, region: 'us-west-2', ...more });
  const refused = (more: Partial<Options>, text: RegExp, bucket?: string) =>
    expect(load(more, bucket)).rejects.toThrow(text);
  const redirected = /^S3ServiceException:The bucket you are .*,Status 301,Error PermanentRedirect,/;
  expect(await load()).toHaveLength(1);
  await refused({ region: 'eu-west-1' }, redirected);
  await expect(load({ region: undefined })).rejects.toMatchObject({
    sqlstate: 'XX000',
    message: expect.stringMatching(redirected) as string,
    detail: expect.stringMatching(/code: {6}8001\n {2}context: {3}Listing bucket=west prefix=a\n/) as string,
    hint: `The bucket "west" is in region us-west-2: say REGION 'us-west-2'.`,
  });
  expect(await load({ region: undefined }, 'home')).toHaveLength(1);
  await refused({}, redirected, 'home');
  // A folder that was dropped in is in every region.
  for (const region of [undefined, 'us-west-2', 'ap-south-1'])
    expect(await copySources(keyed, 's3://lake/in/b', { manifest: false, credentials, region }), region).toHaveLength(
      1,
    );
  const keys = (accessKeyId: string, secretAccessKey: string, sessionToken?: string) => ({
    credentials: { kind: 'keys', accessKeyId, secretAccessKey, sessionToken } as const,
  });
  expect(await load(keys('AKID', 'secret'))).toHaveLength(1);
  await refused(keys('AKID', 'wrong'), /Status 403,Error SignatureDoesNotMatch/);
  await refused(keys('OTHER', 'secret'), /Status 403,Error InvalidAccessKeyId/);
  await refused(keys('AKID', 'secret', 'token'), /Status 400,Error InvalidToken/);
  const role = 'arn:aws:iam::000000000000:role/load';
  const deny = {
    Effect: 'Deny',
    Principal: { AWS: role },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::west/a/*',
  };
  await keyed.setSettings('west', { policy: JSON.stringify({ Version: '2012-10-17', Statement: [deny] }) });
  expect(await load()).toHaveLength(1);
  const denied = /S3ServiceException:Access Denied,Status 403,Error AccessDenied/;
  await refused({ credentials: { kind: 'role', arn: role } }, denied);
  // Of a chain the last role reads.
  await refused({ credentials: { kind: 'role', arn: `${credentials.arn},${role}` } }, denied);
  expect(await load({ credentials: { kind: 'role', arn: `${role},${credentials.arn}` } })).toHaveLength(1);
});
test('ranges cover the file once and begin at records', async () => {
  const prng = new Prng(11);
  for (let round = 0; round < 40; round++) {
    const kind = round % 3;
    const records = Array.from({ length: prng.int(50, 400) }, (_, i) => {
      const body = Array.from({ length: prng.int(0, 5) }, () =>
        prng.pick([
          'x',
          'yy',
          kind === 0 ? '""' : kind === 1 ? '\\\n' : 'z',
          kind === 0 ? '\n' : kind === 1 ? '\\\\' : '"',
          ',',
        ]),
      ).join('');
      return kind === 0
        ? `${prng.int(0, 4) === 0 ? '5" pipe' : i},${prng.pick(['', ' '])}"${body}"\n`
        : `${i}|${body}\n`;
    });
    const header = kind === 1 ? 0 : prng.int(0, 3);
    const text = 'head\n'.repeat(header) + records.join('');
    put('split', text);
    const format =
      kind === 0
        ? csvFormat({ ignoreHeader: header })
        : delimitedFormat({ escape: kind === 1, ignoreHeader: header });
    const ranges = await splitObject(
      store,
      { bucket: 'lake', key: 'split', size: Buffer.byteLength(text), modifiedMs: 0 },
      { format: load(format), compression: 'none' },
      prng.int(60, 700),
    );
    const starts = new Set<number>([0]);
    let at = header * 5;
    for (const r of records) starts.add((at += Buffer.byteLength(r)));
    expect(ranges[0]!.start).toBe(0);
    expect(ranges[ranges.length - 1]!.end).toBe(text.length);
    ranges.forEach((r, i) => {
      if (i > 0) expect(r.start).toBe(ranges[i - 1]!.end);
      expect(starts.has(r.start), `round ${round} kind ${kind} start ${r.start}`).toBe(true);
      expect(r.first).toBe(i === 0);
    });
    if (i_long(text)) expect(ranges.length).toBeGreaterThan(1);
  }
});
const load = (text: TextFormat): CopyOptions['format'] => ({
  name: text.kind,
  options: { text, dateFormat: undefined, timeFormat: undefined },
});
const i_long = (text: string): boolean => text.length > 2500;
test('compressed and REMOVEQUOTES files go whole; work is dealt evenly', async () => {
  put('big', 'a|b\n'.repeat(1000));
  const object = { bucket: 'lake', key: 'big', size: 4000, modifiedMs: 0 };
  expect(
    await splitObject(store, object, { format: load(delimitedFormat()), compression: 'gzip' }, 100),
  ).toHaveLength(1);
  expect(
    await splitObject(
      store,
      object,
      { format: load(delimitedFormat({ removeQuotes: true })), compression: 'none' },
      100,
    ),
  ).toHaveLength(1);
  const dealt = await splitSources(
    store,
    Array.from({ length: 10 }, () => object),
    { format: load(delimitedFormat()), compression: 'none' },
    4,
  );
  expect([...dealt.values()].map((r) => r.length).sort()).toEqual([2, 2, 3, 3]);
});
test('MAXERROR fails when the count reaches it', () => {
  for (const maxError of [0, 1]) expect(errorLimit({ maxError, ignoreAllErrors: false })).toBe(1);
  expect(errorLimit({ maxError: 3, ignoreAllErrors: false })).toBe(3);
  expect(errorLimit({ maxError: 0, ignoreAllErrors: true })).toBe(Infinity);
  expect(loadNotices('t', 5, 2, false).map((n) => n.message)).toEqual([
    "Load into table 't' completed, 5 record(s) loaded successfully.",
    "Load into table 't' completed, 2 record(s) could not be loaded.  Check 'stl_load_errors' system table for details.",
  ]);
});
test('COMPUPDATE', () => {
  const column = (attnum: number, type: SqlType, encoding = 'raw'): CatalogColumn => ({
    attnum,
    name: `c${attnum}`,
    type,
    notNull: false,
    encoding,
    dropped: false,
  });
  const table = {
    encodeAuto: false,
    columns: [column(1, INT4), column(2, varchar(9))],
    sortkey: [1],
  } as unknown as TableObject;
  const wants = (compUpdate: CopyOptions['compUpdate'], t = table): string => wantsEncodings({ compUpdate }, t);
  const declared = { ...table, columns: [column(1, INT4, 'zstd')] };
  expect(wants('default')).toBe('sample');
  expect(wants('default', declared)).toBe('keep');
  expect(wants('default', { ...declared, encodeAuto: true })).toBe('sample');
  expect(wants('on', declared)).toBe('sample');
  expect(wants('preset', declared)).toBe('preset');
  expect(wants('off')).toBe('keep');
  expect([...presetEncodings(table)].map(([n, c]) => [n, c.encoding])).toEqual([
    [1, 'raw'],
    [2, 'lzo'],
  ]);
  const slice = (rows: number, encoding: string) => ({
    rows,
    choices: [1, 2].map((attnum) => ({ attnum, encoding, rawBytes: 100, encodedBytes: 25 })),
  });
  const chosen = encodingsFor(table, [slice(1000, 'zstd'), slice(900, 'lzo'), slice(10, 'bytedict')], undefined);
  expect([...chosen].map(([n, c]) => [n, c.encoding, c.reduction])).toEqual([
    [1, 'raw', 75],
    [2, 'zstd', 75],
  ]);
  expect(encodingsFor(table, [slice(63, 'zstd')], undefined).size).toBe(0);
});
test('a row of STL_LOAD_ERRORS', () => {
  const row = loadErrorRecord(
    {
      slice: 1,
      file: 's3://lake/in/b',
      line: 7,
      column: 0,
      position: 2,
      rawLine: Buffer.from('12a|x'),
      rawValue: Buffer.from('12a'),
      code: 1207,
      reason: 1,
    },
    {
      userid: 100,
      tableId: 100000,
      session: 9,
      query: 5,
      columns: [{ name: 'id', type: INT4 }],
      conversion: {
        dateFormat: undefined,
        timeFormat: undefined,
        acceptAnyDate: false,
        roundDec: false,
        truncateColumns: false,
      },
    },
    1n,
  );
  expect(row).toMatchObject({
    line: 7,
    column: 'id',
    type: 'int4',
    columnLength: '0',
    rawLine: '12a|x',
    rawValue: '12a',
    code: 1207,
    reason: "Invalid digit, Value 'a', Pos 2, Type: Integer",
  });
});
