/**
 * Headers of objects both ways: what an upload's headers say of the object, what an answer says of it, and the conditions
 * and ranges a reader asks for.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { S3_METADATA_BYTES_MAX, S3_OBJECT_TAGS_MAX } from '../common/limits.ts';
import type { BucketSettings } from '../s3/bucket-settings.ts';
import { CHECKSUMS } from '../s3/checksum.ts';
import { S3Error, invalidArgument, preconditionFailed } from '../s3/key-path.ts';
import { etagListed, type ObjectDetails, type ObjectMeta, type PutOptions, type Tags } from '../s3/object-details.ts';
import { askedEncryption, encryptionHeaders, encryptionOf } from '../s3/server-side-encryption.ts';
import { notImplemented } from './s3-call.ts';

/** System metadata that S3 keeps and returns as it came. */
const KEPT = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
  'x-amz-storage-class',
];
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];
/** Objects of these cannot be read before they are restored. */
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE', 'OUTPOSTS', 'SNOW', 'EXPRESS_ONEZONE', 'FSX_OPENZFS', 'FSX_ONTAP'];
const OBJECT_ACLS = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
];
export const DEFAULT_TYPE = 'binary/octet-stream';
const META = 'x-amz-meta-';

/** Undefined when no ACL is named. */
export function cannedAcl(value: string | undefined): string | undefined {
  if (value !== undefined && !OBJECT_ACLS.includes(value)) throw invalidArgument('');
  return value;
}
/** Metadata as an upload's headers, or a form's fields, name it, encrypted as the bucket does by itself where they do not say. */
export function objectOptions(headers: IncomingHttpHeaders, bucket: BucketSettings): PutOptions {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = headers[name];
    if (value !== undefined) kept[name] = String(value);
  }
  const encoding = kept['content-encoding']
    ?.split(',')
    .map((e) => e.trim())
    .filter((e) => e !== 'aws-chunked' && e !== '')
    .join(',');
  delete kept['content-encoding'];
  if (encoding) kept['content-encoding'] = encoding;
  const storage = kept['x-amz-storage-class'];
  if (storage === 'STANDARD') delete kept['x-amz-storage-class'];
  else if (storage !== undefined && ARCHIVES.includes(storage)) throw notImplemented('x-amz-storage-class');
  else if (storage !== undefined && !STORAGE_CLASSES.includes(storage))
    throw new S3Error('InvalidStorageClass', 400, 'The storage class you specified is not valid');
  const metadata = Object.create(null) as Record<string, string>;
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(META) || value === undefined) continue;
    metadata[name.slice(META.length)] = String(value);
    size += name.length - META.length + Buffer.byteLength(String(value), 'latin1');
  }
  if (size > S3_METADATA_BYTES_MAX)
    throw new S3Error('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(size),
      MaxSizeAllowed: String(S3_METADATA_BYTES_MAX),
    });
  const tagging = headers['x-amz-tagging'];
  return {
    headers: { ...kept, ...encryptionHeaders(askedEncryption(headers), bucket) },
    metadata,
    ...(tagging !== undefined && { tags: tagsOfText(String(tagging)) }),
    acl: cannedAcl(headers['x-amz-acl'] as string | undefined),
  };
}
function tagsOfText(text: string): Tags {
  return checkTags([...new URLSearchParams(text)], S3_OBJECT_TAGS_MAX);
}
export function checkTags(tags: Tags, most: number): Tags {
  if (tags.length > most)
    throw new S3Error(
      'BadRequest',
      400,
      `Object tags cannot be greater than ${most}`.replace(
        'Object tags',
        most > S3_OBJECT_TAGS_MAX ? 'Bucket tag count' : 'Object tags',
      ),
    );
  for (const [key, value] of tags) {
    if (key === '' || key.length > 128)
      throw new S3Error('InvalidTag', 400, 'The TagKey you have provided is invalid');
    if (value.length > 256) throw new S3Error('InvalidTag', 400, 'The TagValue you have provided is invalid');
    if (key.startsWith('aws:'))
      throw new S3Error('InvalidTag', 400, 'System tags cannot be added/updated by requester');
  }
  if (new Set(tags.map(([key]) => key)).size < tags.length)
    throw new S3Error('InvalidTag', 400, 'Cannot provide multiple Tags with the same key');
  return tags;
}
/** The checksum that x-amz-checksum-algorithm names; undefined when it names none. */
export function namedAlgorithm(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['x-amz-checksum-algorithm'];
  if (value === undefined) return undefined;
  const name = String(value).toLowerCase();
  if (name === 'md5' || CHECKSUMS[name] === undefined)
    throw new S3Error(
      'InvalidRequest',
      400,
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  return name;
}

/** What an upload's answer says of the object made. */
export function writtenHeaders(info: ObjectMeta): Record<string, string> {
  return { etag: info.etag, ...encryptionOf(info.headers), ...checksumHeaders(info) };
}
export function checksumHeaders({ checksum }: ObjectMeta): Record<string, string> {
  return checksum === undefined
    ? {}
    : { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksum.type };
}
/** Headers of GET and HEAD, without the length. */
export function objectHeaders(info: ObjectDetails): Record<string, string | number> {
  const { 'content-type': type = DEFAULT_TYPE, ...kept } = info.headers ?? {};
  const headers: Record<string, string | number> = {
    'content-type': type,
    ...kept,
    etag: info.etag,
    'last-modified': new Date(info.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    ...encryptionOf(info.headers),
    // Objects are data, never pages of this origin.
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  };
  for (const [name, value] of Object.entries(info.metadata ?? {})) headers[`${META}${name}`] = value;
  if (info.tags !== undefined && info.tags.length > 0) headers['x-amz-tagging-count'] = info.tags.length;
  return headers;
}
const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];
/** response-content-type and the like, of the query. */
export function overrides(query: URLSearchParams): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value === null) continue;
    if (/[\r\n\0]/.test(value)) throw invalidArgument('Header value cannot be represented using ISO-8859-1.');
    out[name] = value;
  }
  return out;
}

/** Seconds are what the header can say. */
const secondsOf = (ms: number): number => Math.floor(ms / 1000);
function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : secondsOf(ms);
}
/** As RFC 9110 orders them: throws PreconditionFailed; 'unchanged' means 304. `prefix`: of a copy's source. */
export function checkConditions(
  headers: IncomingHttpHeaders,
  info: { readonly etag: string; readonly modifiedMs: number },
  prefix = '',
): 'send' | 'unchanged' {
  const get = (name: string): string | undefined => headers[`${prefix}${name}`] as string | undefined;
  const modified = secondsOf(info.modifiedMs);
  const match = get('if-match');
  const since = timeOf(get('if-unmodified-since'));
  if (match !== undefined) {
    if (!etagListed(match, info.etag)) throw preconditionFailed('If-Match');
  } else if (since !== undefined && modified > since) throw preconditionFailed('If-Unmodified-Since');
  const none = get('if-none-match');
  const after = timeOf(get('if-modified-since'));
  if (none !== undefined) return etagListed(none, info.etag) ? 'unchanged' : 'send';
  return after !== undefined && modified <= after ? 'unchanged' : 'send';
}

/** Bytes [start, end) that Range asks for; undefined: all. */
export function parseRange(header: string | undefined, size: number): readonly [number, number] | undefined {
  const m = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header?.trim() ?? '');
  if (m === null || (m[1] === '' && m[2] === '')) return undefined;
  const bad = (): S3Error =>
    new S3Error('InvalidRange', 416, 'The requested range is not satisfiable', {
      RangeRequested: header!,
      ActualObjectSize: String(size),
    });
  if (m[1] === '') {
    if (Number(m[2]) === 0 || size === 0) throw bad();
    return [Math.max(0, size - Number(m[2])), size];
  }
  const start = Number(m[1]);
  if (m[2] !== '' && Number(m[2]) < start) return undefined;
  const end = m[2] === '' ? size : Math.min(Number(m[2]) + 1, size);
  if (start >= size) throw bad();
  return [start, end];
}
