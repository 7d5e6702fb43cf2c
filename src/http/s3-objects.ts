/**
 * Operations on objects at the S3 door: get, head, put, copy, delete, attributes, tags and ACLs. Called by s3.ts.
 */
import { pipeline } from 'node:stream/promises';
import { ACCOUNT, CANONICAL_USER } from '../common/account.ts';
import { S3_DELETE_KEYS_MAX, S3_OBJECT_BYTES_MAX, S3_OBJECT_TAGS_MAX, S3_XML_BYTES_MAX } from '../common/limits.ts';
import { ownershipOf, publicAccessOf } from '../s3/bucket-settings.ts';
import { S3Error, asS3Error, invalidArgument, noSuchBucket, noSuchKey, preconditionFailed } from '../s3/key-path.ts';
import type { ObjectDetails, PutOptions, Tags } from '../s3/object-details.ts';
import { ENCRYPTION_HEADERS, encryptionOf } from '../s3/server-side-encryption.ts';
import type { OpenObject } from '../s3/store.ts';
import {
  cannedAcl,
  checkConditions,
  checkTags,
  checksumHeaders,
  namedAlgorithm,
  objectHeaders,
  objectOptions,
  overrides,
  parseRange,
  writtenHeaders,
} from './object-headers.ts';
import { OWNER, accessDenied, headerOf, isoTime, notImplemented, send, sendXml, type Call } from './s3-call.ts';
import { checksumElement } from './s3-listings.ts';
import { uploadBody } from './upload-body.ts';
import { element, malformedXml, readLeaves, type Leaf } from './xml.ts';

/** Objects have one version, named null. */
export function checkVersion(query: URLSearchParams): void {
  const version = query.get('versionId');
  if (version !== null && version !== 'null')
    throw new S3Error('InvalidArgument', 400, 'Invalid version id specified', {
      ArgumentName: 'versionId',
      ArgumentValue: version,
    });
}
/** What the owner is told of a missing key, and whoever may list the bucket. */
export async function missing(call: Call): Promise<S3Error> {
  return (await call.may('s3:ListBucket', call.bucket, '')) ? noSuchKey(call.key) : accessDenied();
}
export async function detailsOf(call: Call): Promise<ObjectDetails> {
  checkVersion(call.query);
  const info = await call.store.details(call.bucket, call.key);
  if (info === undefined) throw await missing(call);
  return info;
}

export async function getObject(call: Call): Promise<void> {
  checkVersion(call.query);
  const misplaced = ENCRYPTION_HEADERS.find((h) => headerOf(call, h) !== undefined);
  if (misplaced !== undefined) throw invalidArgument(`${misplaced} header is not supported for this operation.`);
  const object = await call.store.open(call.bucket, call.key).catch(async (e: unknown) => {
    throw e instanceof S3Error && e.code === 'NoSuchKey' ? await missing(call) : e;
  });
  try {
    const [start, end] = objectHead(call, object.info) ?? [0, 0];
    if (start < end && call.request.method === 'GET') await pipeline(object.stream(start, end), call.response);
    else call.response.end();
  } finally {
    await object.close();
  }
}
/** Status and headers; the bytes to send. */
function objectHead(call: Call, info: ObjectDetails): readonly [number, number] | undefined {
  const { headers } = call.request;
  const common = { ...objectHeaders(info), ...overrides(call.query) };
  if (checkConditions(headers, info) === 'unchanged') {
    call.response.writeHead(304, { etag: info.etag, 'last-modified': String(common['last-modified']) });
    return undefined;
  }
  const number = call.query.get('partNumber');
  const part = number === null ? undefined : partRange(info, number);
  if (part !== undefined && headers.range !== undefined)
    throw new S3Error('InvalidRequest', 400, 'Cannot specify both Range header and partNumber query parameter');
  const range = part?.range ?? parseRange(headers.range, info.size);
  const [start, end] = range ?? [0, info.size];
  const wantsSum = String(headers['x-amz-checksum-mode'] ?? '').toUpperCase() === 'ENABLED';
  const whole = range === undefined || (start === 0 && end === info.size && part === undefined);
  const sums = !wantsSum ? {} : whole || info.size === 0 ? checksumHeaders(info) : (part?.checksum ?? {});
  call.response.writeHead(range === undefined || info.size === 0 ? 200 : 206, {
    ...common,
    ...sums,
    'content-length': end - start,
    ...(range === undefined || info.size === 0 ? {} : { 'content-range': `bytes ${start}-${end - 1}/${info.size}` }),
    ...(part === undefined || info.parts === undefined ? {} : { 'x-amz-mp-parts-count': info.parts.length }),
  });
  return [start, end];
}
function partRange(
  info: ObjectDetails,
  text: string,
): { readonly range: readonly [number, number]; readonly checksum?: Record<string, string> } {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 10_000)
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
  const { parts } = info;
  const bad = (): S3Error =>
    new S3Error('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      ActualPartCount: String(parts?.length ?? 1),
      PartNumberRequested: text,
    });
  if (parts === undefined) {
    if (number !== 1) throw bad();
    return { range: [0, info.size], checksum: checksumHeaders(info) };
  }
  // The first of an object's parts is number 1, whatever the uploader called it.
  const part = parts[number - 1];
  if (part === undefined) throw bad();
  const start = parts.slice(0, number - 1).reduce((sum, p) => sum + p.size, 0);
  return {
    range: [start, start + part.size],
    ...(part.checksum && {
      checksum: {
        [`x-amz-checksum-${part.checksum.algorithm}`]: part.checksum.value,
        'x-amz-checksum-type': 'COMPOSITE',
      },
    }),
  };
}

/** If-Match and If-None-Match of a writer. */
export function writeConditions(call: Call): Pick<PutOptions, 'onlyNew' | 'ifMatch'> {
  const none = headerOf(call, 'if-none-match');
  if (none !== undefined && none !== '*') throw notImplemented('If-None-Match');
  return { onlyNew: none === '*', ifMatch: headerOf(call, 'if-match') };
}
/** Whether the bucket takes the ACL that a request names. */
export async function checkAcl(call: Call, acl: string | undefined): Promise<void> {
  if (acl === undefined) return;
  const settings = await call.store.settings(call.bucket);
  if (ownershipOf(settings) === 'BucketOwnerEnforced' && !['private', 'bucket-owner-full-control'].includes(acl))
    throw aclsOff();
  if (publicAccessOf(settings).BlockPublicAcls && /^(public-|authenticated-)/.test(acl)) throw accessDenied();
}
const aclsOff = (): S3Error => new S3Error('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');

export async function putObject(call: Call): Promise<void> {
  const source = headerOf(call, 'x-amz-copy-source');
  if (source !== undefined) return copyObject(call, source);
  const conditions = writeConditions(call);
  const options = objectOptions(call.request.headers, await call.store.settings(call.bucket));
  await checkAcl(call, options.acl);
  const { body, algorithm } = uploadBody(call.request, { chunks: call.caller.chunks });
  const info = await call.store.put(call.bucket, call.key, body, { ...options, ...conditions, algorithm });
  send(call, 200, writtenHeaders(info));
}

/** The object that a copy reads, open. */
export async function copySource(call: Call, source: string): Promise<OpenObject & { bucket: string; key: string }> {
  const [path = '', version] = source.split(/\?versionId=/);
  if (version !== undefined && version !== 'null') throw invalidArgument('Invalid version id specified');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path.replaceAll('+', '%20').replace(/^\//, ''));
  } catch {
    throw invalidArgument('Invalid copy source encoding.');
  }
  const slash = decoded.indexOf('/');
  if (slash <= 0 || slash === decoded.length - 1) throw invalidArgument('Invalid copy source object key');
  const [bucket, key] = [decoded.slice(0, slash), decoded.slice(slash + 1)];
  checkOwner(headerOf(call, 'x-amz-source-expected-bucket-owner'));
  if (!(await call.store.hasBucket(bucket))) throw noSuchBucket(bucket);
  if (!(await call.may('s3:GetObject', bucket, key))) throw accessDenied();
  const from = await call.store.open(bucket, key);
  try {
    if (checkConditions(call.request.headers, from.info, 'x-amz-copy-source-') === 'unchanged')
      throw preconditionFailed('x-amz-copy-source-If-None-Match');
  } catch (error) {
    await from.close();
    throw error;
  }
  return { ...from, bucket, key };
}
export function checkOwner(expected: string | undefined): void {
  if (expected !== undefined && expected !== ACCOUNT) throw accessDenied();
}
/** What of a copy's own makes it another object. */
const CHANGES = /^x-amz-(storage-class|website-redirect-location|server-side-encryption.*)$/;
async function copyObject(call: Call, source: string): Promise<void> {
  const { headers } = call.request;
  const conditions = writeConditions(call);
  const directive = (name: string): 'COPY' | 'REPLACE' => {
    const value = (headerOf(call, name) ?? 'COPY').toUpperCase();
    if (value !== 'COPY' && value !== 'REPLACE') throw invalidArgument(`Unknown ${name.slice(6)} directive.`);
    return value;
  };
  const own = objectOptions(headers, await call.store.settings(call.bucket));
  const replaces = directive('x-amz-metadata-directive') === 'REPLACE';
  const retags = directive('x-amz-tagging-directive') === 'REPLACE';
  const algorithm = namedAlgorithm(headers);
  await checkAcl(call, own.acl);
  const from = await copySource(call, source);
  try {
    const { info } = from;
    if (info.size > S3_OBJECT_BYTES_MAX)
      throw new S3Error(
        'InvalidRequest',
        400,
        'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
      );
    const changes = Object.keys(headers).some((n) => CHANGES.test(n));
    if (from.bucket === call.bucket && from.key === call.key && !replaces && !changes && algorithm === undefined)
      throw new S3Error(
        'InvalidRequest',
        400,
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    // Storage class, encryption and redirect are the request's own, never the source's.
    const inherited = Object.fromEntries(Object.entries(info.headers ?? {}).filter(([n]) => !n.startsWith('x-amz-')));
    const asked = Object.fromEntries(
      Object.entries(own.headers ?? {}).filter(([n]) => replaces || n.startsWith('x-amz-')),
    );
    const body = info.size === 0 ? new Uint8Array(0) : from.stream(0, info.size);
    const made = await call.store.put(call.bucket, call.key, body, {
      headers: replaces ? asked : { ...inherited, ...asked },
      metadata: replaces ? own.metadata : info.metadata,
      tags: retags ? own.tags : info.tags,
      acl: own.acl,
      algorithm: algorithm ?? info.checksum?.algorithm,
      ...conditions,
    });
    sendXml(
      call,
      'CopyObjectResult',
      `${element('LastModified', isoTime(made.modifiedMs))}${element('ETag', made.etag)}${checksumElement(made.checksum!)}${element('ChecksumType', made.checksum!.type)}`,
      encryptionOf(made.headers),
    );
  } finally {
    await from.close();
  }
}

export async function deleteObject(call: Call): Promise<void> {
  checkVersion(call.query);
  await call.store.delete(call.bucket, call.key, headerOf(call, 'if-match'));
  send(call, 204);
}
export async function deleteObjects(call: Call): Promise<void> {
  const { body } = uploadBody(call.request, { bytesMax: S3_XML_BYTES_MAX, chunks: call.caller.chunks });
  const leaves = await readLeaves(body, 'Delete');
  const quiet = leaves.some((l) => l.path === 'Delete/Quiet' && l.text === 'true');
  const known = ['Key', 'VersionId', 'ETag'].map((n) => `Delete/Object/${n}`);
  const objects = new Map<number, { key?: string; etag?: string }>();
  for (const l of leaves) {
    if (l.path === 'Delete/Quiet') continue;
    if (l.path === 'Delete') throw malformedXml();
    if (!known.includes(l.path) || (l.path.endsWith('/VersionId') && !['', 'null'].includes(l.text)))
      throw notImplemented();
    const object = objects.get(l.parent) ?? {};
    if (l.path.endsWith('/Key')) object.key = l.text;
    if (l.path.endsWith('/ETag')) object.etag = l.text;
    objects.set(l.parent, object);
  }
  if (objects.size === 0 || objects.size > S3_DELETE_KEYS_MAX) throw malformedXml();
  if ([...objects.values()].some((o) => o.key === undefined)) throw malformedXml();
  if (!(await call.store.hasBucket(call.bucket))) throw noSuchBucket(call.bucket);
  const out: string[] = [];
  for (const { key = '', etag } of objects.values()) {
    try {
      if (!(await call.may('s3:DeleteObject', call.bucket, key))) throw accessDenied();
      await call.store.delete(call.bucket, key, etag);
      if (!quiet) out.push(`<Deleted>${element('Key', key)}</Deleted>`);
    } catch (e) {
      const { code, message } = asS3Error(e, call.onBug);
      out.push(`<Error>${element('Key', key)}${element('Code', code)}${element('Message', message)}</Error>`);
    }
  }
  sendXml(call, 'DeleteResult', out.join(''));
}

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];
export async function getAttributes(call: Call): Promise<void> {
  const names = (headerOf(call, 'x-amz-object-attributes') ?? '').split(',').map((n) => n.trim());
  if (names.some((n) => !ATTRIBUTES.includes(n))) throw invalidArgument('Invalid attribute name specified.');
  const info = await detailsOf(call);
  const sum = info.checksum;
  const out: Record<string, string> = {
    ETag: element('ETag', info.etag.replaceAll('"', '')),
    Checksum:
      sum === undefined ? '' : `<Checksum>${checksumElement(sum)}${element('ChecksumType', sum.type)}</Checksum>`,
    ObjectParts: info.parts === undefined ? '' : objectParts(call, info),
    StorageClass: element('StorageClass', info.headers?.['x-amz-storage-class'] ?? 'STANDARD'),
    ObjectSize: element('ObjectSize', info.size),
  };
  sendXml(call, 'GetObjectAttributesResponse', ATTRIBUTES.map((n) => (names.includes(n) ? out[n] : '')).join(''), {
    'last-modified': new Date(info.modifiedMs).toUTCString(),
  });
}
/** Parts are described when each has a checksum. */
function objectParts(call: Call, info: ObjectDetails): string {
  const parts = info.parts!;
  const total = element('PartsCount', parts.length);
  if (parts.some((p) => p.checksum === undefined)) return `<ObjectParts>${total}</ObjectParts>`;
  const most = Math.min(1000, Number(headerOf(call, 'x-amz-max-parts') ?? 1000));
  const marker = Number(headerOf(call, 'x-amz-part-number-marker') ?? 0);
  if (!Number.isInteger(most) || !Number.isInteger(marker) || most < 0 || marker < 0)
    throw invalidArgument('Provided max-parts or part-number-marker not an integer or within integer range');
  const rest = parts.map((p, i) => ({ ...p, number: i + 1 })).filter((p) => p.number > marker);
  const shown = rest.slice(0, most);
  const rows = shown.map(
    (p) => `<Part>${element('PartNumber', p.number)}${element('Size', p.size)}${checksumElement(p.checksum!)}</Part>`,
  );
  return `<ObjectParts>${total}${element('PartNumberMarker', marker)}${element('NextPartNumberMarker', shown.at(-1)?.number ?? 0)}${element('MaxParts', most)}${element('IsTruncated', shown.length < rest.length)}${rows.join('')}</ObjectParts>`;
}

export async function readTags(call: Call, most: number): Promise<Tags> {
  const { body } = uploadBody(call.request, { bytesMax: S3_XML_BYTES_MAX, chunks: call.caller.chunks });
  const leaves = await readLeaves(body, 'Tagging');
  const tags = new Map<number, { key?: string; value?: string }>();
  for (const l of leaves) {
    if (l.path === 'Tagging/TagSet') continue;
    const tag = tags.get(l.parent) ?? {};
    if (l.path === 'Tagging/TagSet/Tag/Key') tag.key = l.text;
    else if (l.path === 'Tagging/TagSet/Tag/Value') tag.value = l.text;
    else throw malformedXml();
    tags.set(l.parent, tag);
  }
  if (!leaves.some((l: Leaf) => l.path.startsWith('Tagging/TagSet'))) throw malformedXml();
  if ([...tags.values()].some((t) => t.key === undefined || t.value === undefined)) throw malformedXml();
  return checkTags(
    [...tags.values()].map((t) => [t.key!, t.value!] as const),
    most,
  );
}
export const tagging = (tags: Tags): string =>
  `<TagSet>${tags.map(([key, value]) => `<Tag>${element('Key', key)}${element('Value', value)}</Tag>`).join('')}</TagSet>`;
export async function getObjectTagging(call: Call): Promise<void> {
  sendXml(call, 'Tagging', tagging((await detailsOf(call)).tags ?? []));
}
export async function putObjectTagging(call: Call): Promise<void> {
  const tags = await readTags(call, S3_OBJECT_TAGS_MAX);
  await detailsOf(call);
  await call.store.change(call.bucket, call.key, { tags });
  send(call, 200);
}
export async function deleteObjectTagging(call: Call): Promise<void> {
  await detailsOf(call);
  await call.store.change(call.bucket, call.key, { tags: [] });
  send(call, 204);
}

/** A canned ACL as the grants it stands for. */
export function aclXml(acl: string | undefined): string {
  const grant = (grantee: string, permission: string): string =>
    `<Grant>${grantee}${element('Permission', permission)}</Grant>`;
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const owner = `<Grantee ${xsi} xsi:type="CanonicalUser">${element('ID', CANONICAL_USER)}${element('DisplayName', 'slicehouse')}</Grantee>`;
  const group = (name: string): string =>
    `<Grantee ${xsi} xsi:type="Group">${element('URI', `http://acs.amazonaws.com/groups/${name}`)}</Grantee>`;
  const grants = [grant(owner, 'FULL_CONTROL')];
  if (acl === 'public-read' || acl === 'public-read-write') grants.push(grant(group('global/AllUsers'), 'READ'));
  if (acl === 'public-read-write') grants.push(grant(group('global/AllUsers'), 'WRITE'));
  if (acl === 'authenticated-read') grants.push(grant(group('global/AuthenticatedUsers'), 'READ'));
  if (acl === 'log-delivery-write')
    grants.push(grant(group('s3/LogDelivery'), 'WRITE'), grant(group('s3/LogDelivery'), 'READ_ACP'));
  return `${OWNER}<AccessControlList>${grants.join('')}</AccessControlList>`;
}
export async function getObjectAcl(call: Call): Promise<void> {
  sendXml(call, 'AccessControlPolicy', aclXml((await detailsOf(call)).acl));
}
/** Only by its canned name; grants in a body are not taken. */
export async function namedAcl(call: Call): Promise<string> {
  if (Number(headerOf(call, 'content-length') ?? 0) > 0) throw notImplemented('AccessControlPolicy');
  const acl = cannedAcl(headerOf(call, 'x-amz-acl'));
  if (acl === undefined)
    throw new S3Error('MissingSecurityHeader', 400, 'Your request was missing a required header', {
      MissingHeaderName: 'x-amz-acl',
    });
  if (
    ownershipOf(await call.store.settings(call.bucket)) === 'BucketOwnerEnforced' &&
    acl !== 'bucket-owner-full-control'
  )
    throw aclsOff();
  await checkAcl(call, acl);
  return acl;
}
export async function putObjectAcl(call: Call): Promise<void> {
  await detailsOf(call);
  await call.store.change(call.bucket, call.key, { acl: await namedAcl(call) });
  send(call, 200);
}
