/**
 * Listings of the S3 door: buckets, objects (both versions), object versions in the form of a bucket without versions,
 * multipart uploads and parts. Called by s3.ts.
 */
import { CANONICAL_USER } from '../common/account.ts';
import { S3Error, invalidArgument, noSuchBucket } from '../s3/key-path.ts';
import type { ObjectDetails } from '../s3/object-details.ts';
import { PARTS_MAX } from '../s3/uploads.ts';
import { OWNER, isoTime, sendXml, type Call } from './s3-call.ts';
import { element } from './xml.ts';

const LIST_MAX = 1000;
const INITIATOR = `<Initiator>${element('ID', CANONICAL_USER)}${element('DisplayName', 'slicehouse')}</Initiator>`;

/** A count in the query. */
function countOf(query: URLSearchParams, name: string, most = LIST_MAX): number {
  const text = query.get(name);
  if (text === null || text === '') return most;
  if (!/^-?\d+$/.test(text))
    throw new S3Error('InvalidArgument', 400, `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  const n = Number(text);
  if (n < 0 || n > 2 ** 31 - 1)
    throw new S3Error('InvalidArgument', 400, `Argument ${name} must be an integer between 0 and 2147483647`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  return Math.min(n, most);
}
/** How names are written: as they are, or encoded when the client asks, which control characters need. */
function encoder(query: URLSearchParams): (text: string) => string {
  const type = query.get('encoding-type');
  if (type === null) return (t) => t;
  if (type !== 'url')
    throw new S3Error('InvalidArgument', 400, 'Invalid Encoding Method specified in Request', {
      ArgumentName: 'encoding-type',
      ArgumentValue: type,
    });
  return (t) =>
    encodeURIComponent(t)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+')
      .replace(/[!'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
/** Tokens tell nothing and bear their own mark, so that another text is refused. */
const tokenOf = (key: string): string => Buffer.from(`k:${key}`).toString('base64url');
function keyOfToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith('k:') || tokenOf(text.slice(2)) !== token)
    throw new S3Error('InvalidArgument', 400, 'The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
    });
  return text.slice(2);
}

export async function listBuckets(call: Call): Promise<void> {
  const { query, store } = call;
  const most = countOf(query, 'max-buckets', 10_000);
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? '' : keyOfToken(token);
  const region = query.get('bucket-region');
  const found: { name: string; createdMs: number; region: string }[] = [];
  for (const b of await store.buckets()) {
    const own = await store.regionOf(b.name);
    if (b.name.startsWith(prefix) && b.name > after && (region === null || region === own))
      found.push({ ...b, region: own });
  }
  const shown = found.slice(0, most);
  const paged = ['max-buckets', 'prefix', 'continuation-token', 'bucket-region'].some((n) => query.has(n));
  const buckets = shown.map(
    (b) =>
      `<Bucket>${element('Name', b.name)}${element('CreationDate', isoTime(b.createdMs))}${paged ? element('BucketRegion', b.region) : ''}</Bucket>`,
  );
  const next = shown.length < found.length ? element('ContinuationToken', tokenOf(shown.at(-1)?.name ?? '')) : '';
  const echo = query.has('prefix') ? element('Prefix', prefix) : '';
  sendXml(call, 'ListAllMyBucketsResult', `${OWNER}<Buckets>${buckets.join('')}</Buckets>${next}${echo}`);
}

export async function listObjects(call: Call): Promise<void> {
  const { query } = call;
  const type = query.get('list-type');
  if (type !== null && type !== '2') throw invalidArgument('Invalid List Type specified in the request');
  const v2 = type === '2';
  const encode = encoder(query);
  const max = countOf(query, 'max-keys');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  if (token === '') throw invalidArgument('The continuation token provided is incorrect');
  const start = query.get(v2 ? 'start-after' : 'marker');
  const after = token !== null ? keyOfToken(token) : (start ?? '');
  const result = await call.store.listDetails(call.bucket, { prefix, delimiter, after, max });
  const parts = [
    element('Name', call.bucket),
    element('Prefix', encode(prefix)),
    element('MaxKeys', max),
    element('IsTruncated', result.next !== undefined),
  ];
  if (delimiter !== '') parts.push(element('Delimiter', encode(delimiter)));
  if (query.has('encoding-type')) parts.push(element('EncodingType', 'url'));
  if (v2) {
    parts.push(element('KeyCount', result.objects.length + result.prefixes.length));
    if (token !== null) parts.push(element('ContinuationToken', token));
    if (start !== null) parts.push(element('StartAfter', encode(start)));
    if (result.next !== undefined) parts.push(element('NextContinuationToken', tokenOf(result.next)));
  } else {
    parts.push(element('Marker', encode(start ?? '')));
    // Without a delimiter the last key is the next marker.
    if (result.next !== undefined && delimiter !== '') parts.push(element('NextMarker', encode(result.next)));
  }
  const owner = !v2 || query.get('fetch-owner') === 'true' ? OWNER : '';
  for (const o of result.objects) parts.push(`<Contents>${contents(o, encode)}${owner}</Contents>`);
  for (const p of result.prefixes) parts.push(`<CommonPrefixes>${element('Prefix', encode(p))}</CommonPrefixes>`);
  sendXml(call, 'ListBucketResult', parts.join(''), {
    'x-amz-bucket-region': await call.store.regionOf(call.bucket),
  });
}
const storageClass = (o: ObjectDetails): string => o.headers?.['x-amz-storage-class'] ?? 'STANDARD';
function contents(o: ObjectDetails, encode: (t: string) => string): string {
  const sum = o.checksum;
  const checksum =
    sum === undefined
      ? ''
      : element('ChecksumAlgorithm', sum.algorithm.toUpperCase()) + element('ChecksumType', sum.type);
  return `${element('Key', encode(o.key))}${element('LastModified', isoTime(o.modifiedMs))}${element('ETag', o.etag)}${checksum}${element('Size', o.size)}${element('StorageClass', storageClass(o))}`;
}

/** Every object is its only version, with the id `null`. */
export async function listVersions(call: Call): Promise<void> {
  const { query } = call;
  const encode = encoder(query);
  const max = countOf(query, 'max-keys');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const after = query.get('key-marker') ?? '';
  if (query.has('version-id-marker') && !query.has('key-marker'))
    throw invalidArgument('A version-id marker cannot be specified without a key marker.');
  const result = await call.store.listDetails(call.bucket, { prefix, delimiter, after, max });
  const parts = [
    element('Name', call.bucket),
    element('Prefix', encode(prefix)),
    element('KeyMarker', encode(after)),
    element('VersionIdMarker', query.get('version-id-marker') ?? ''),
    element('MaxKeys', max),
    element('IsTruncated', result.next !== undefined),
  ];
  if (delimiter !== '') parts.push(element('Delimiter', encode(delimiter)));
  if (query.has('encoding-type')) parts.push(element('EncodingType', 'url'));
  if (result.next !== undefined)
    parts.push(element('NextKeyMarker', encode(result.next)), element('NextVersionIdMarker', 'null'));
  for (const o of result.objects)
    parts.push(
      `<Version>${element('VersionId', 'null')}${element('IsLatest', true)}${contents(o, encode)}${OWNER}</Version>`,
    );
  for (const p of result.prefixes) parts.push(`<CommonPrefixes>${element('Prefix', encode(p))}</CommonPrefixes>`);
  sendXml(call, 'ListVersionsResult', parts.join(''));
}

export async function listUploads(call: Call): Promise<void> {
  const { query, bucket } = call;
  if (!(await call.store.hasBucket(bucket))) throw noSuchBucket(bucket);
  const encode = encoder(query);
  const max = countOf(query, 'max-uploads');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker') ?? '';
  const all = (await call.uploads.list(bucket)).filter((u) => u.key.startsWith(prefix));
  const markedAt = all.findIndex((u) => u.key === keyMarker && u.id === idMarker);
  const behind = all.filter((u, i) => {
    if (keyMarker === '') return true;
    const order = Buffer.compare(Buffer.from(u.key), Buffer.from(keyMarker));
    return order > 0 || (order === 0 && markedAt >= 0 && i > markedAt);
  });
  const shown: string[] = [];
  const prefixes: string[] = [];
  let last = { key: '', id: '' };
  let truncated = false;
  for (const u of behind) {
    const cut = delimiter === '' ? -1 : u.key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : u.key.slice(0, cut + delimiter.length);
    if (common !== undefined && (prefixes.includes(common) || common === keyMarker)) continue;
    if (shown.length + prefixes.length >= max) {
      truncated = true;
      break;
    }
    if (common !== undefined) prefixes.push(common);
    else
      shown.push(
        `<Upload>${element('Key', encode(u.key))}${element('UploadId', u.id)}${INITIATOR}${OWNER}${element('StorageClass', u.options.headers?.['x-amz-storage-class'] ?? 'STANDARD')}${element('Initiated', isoTime(u.startedMs))}${checksumOf(u)}</Upload>`,
      );
    last = { key: common ?? u.key, id: common === undefined ? u.id : '' };
  }
  const next = truncated ? element('NextKeyMarker', encode(last.key)) + element('NextUploadIdMarker', last.id) : '';
  sendXml(
    call,
    'ListMultipartUploadsResult',
    [
      element('Bucket', bucket),
      element('KeyMarker', encode(keyMarker)),
      element('UploadIdMarker', idMarker),
      next,
      element('Prefix', encode(prefix)),
      delimiter === '' ? '' : element('Delimiter', encode(delimiter)),
      query.has('encoding-type') ? element('EncodingType', 'url') : '',
      element('MaxUploads', max),
      element('IsTruncated', truncated),
      ...shown,
      ...prefixes.map((p) => `<CommonPrefixes>${element('Prefix', encode(p))}</CommonPrefixes>`),
    ].join(''),
  );
}
const checksumOf = (u: { readonly algorithm?: string | undefined; readonly type?: string | undefined }): string =>
  u.algorithm === undefined
    ? ''
    : element('ChecksumAlgorithm', u.algorithm.toUpperCase()) + element('ChecksumType', u.type ?? '');

export async function listParts(call: Call): Promise<void> {
  const { query } = call;
  const id = query.get('uploadId')!;
  const upload = await call.uploads.need(id, call);
  const encode = encoder(query);
  const max = countOf(query, 'max-parts');
  const after = countOf(query, 'part-number-marker', PARTS_MAX);
  const from = query.has('part-number-marker') ? after : 0;
  const parts = (await call.uploads.parts(id, call)).filter((p) => p.number > from);
  const shown = parts.slice(0, max);
  sendXml(
    call,
    'ListPartsResult',
    [
      element('Bucket', call.bucket),
      element('Key', encode(call.key)),
      element('UploadId', id),
      INITIATOR,
      OWNER,
      element('StorageClass', upload.options.headers?.['x-amz-storage-class'] ?? 'STANDARD'),
      element('PartNumberMarker', from),
      element('NextPartNumberMarker', shown.at(-1)?.number ?? 0),
      element('MaxParts', max),
      element('IsTruncated', shown.length < parts.length),
      checksumOf(upload),
      query.has('encoding-type') ? element('EncodingType', 'url') : '',
      ...shown.map(
        (p) =>
          `<Part>${element('PartNumber', p.number)}${element('LastModified', isoTime(p.modifiedMs))}${element('ETag', p.etag)}${element('Size', p.size)}${p.checksum === undefined ? '' : checksumElement(p.checksum)}</Part>`,
      ),
    ].join(''),
  );
}
/** ChecksumCRC32 and its like. */
export const checksumElement = (sum: { readonly algorithm: string; readonly value: string }): string =>
  element(`Checksum${sum.algorithm.toUpperCase()}`, sum.value);
