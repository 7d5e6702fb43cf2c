/**
 * From COPY's FROM to the list of objects it loads: every key beginning with the prefix, or what a manifest names. The
 * texts of what goes wrong are Redshift's.
 */
import { createHash } from 'node:crypto';
import { invalidS3Url, manifestError, s3PrefixMissing, s3ServiceException } from '../../common/errors/catalogue.ts';
import { isEncrypted, withoutInstructions } from '../../s3/client-encryption.ts';
import { S3Error } from '../../s3/key-path.ts';
import { readStart } from '../../s3/object-io.ts';
import { parseS3Url, type Access, type ObjectInfo, type ObjectStore } from '../../s3/object-store.ts';
import type { CopyOptions } from './options.ts';

export interface SourceObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Undefined of a file that was dropped in, until somebody asked for it. */
  readonly etag?: string | undefined;
}
interface ManifestEntry {
  readonly url: string;
  readonly mandatory: boolean;
  /** meta.content_length: bytes of the object. */
  readonly bytes: number | undefined;
  /** meta.sha256, ours: hexadecimal. */
  readonly sha256: string | undefined;
}
export type SourceOptions = Pick<CopyOptions, 'manifest' | 'credentials'> &
  Partial<Pick<CopyOptions, 'region' | 'format' | 'masterKey'>>;

const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

const hintOf = ({ code, details }: S3Error): string | undefined =>
  code === 'PermanentRedirect' && details['Region']
    ? `The bucket "${details['Bucket']}" is in region ${details['Region']}: say REGION '${details['Region']}'.`
    : undefined;
/** Runs an S3 request and turns its refusal into Redshift's error. */
export async function asRedshift<T>(context: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (e) {
    if (e instanceof S3Error) throw s3ServiceException(e.message, e.status, e.code, context, hintOf(e));
    throw e;
  }
}

/** Checks the JSON of a manifest by hand: its mistakes are worded for people who write it by hand. */
export function parseManifest(text: string, url: string): readonly ManifestEntry[] {
  const context = `Manifest file location = ${url}`;
  const bad = (what: string) => manifestError(`Manifest file is not in correct json format: ${what}`, context);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (e) {
    throw bad((e as Error).message);
  }
  const entries = (json as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries)) throw bad('"entries" must be a list');
  return entries.map((entry: unknown, i) => {
    const { url: target, mandatory, meta } = (entry ?? {}) as { url?: unknown; mandatory?: unknown; meta?: unknown };
    if (typeof target !== 'string') throw bad(`entry ${i + 1} has no "url"`);
    if (mandatory !== undefined && typeof mandatory !== 'boolean')
      throw bad(`"mandatory" of entry ${i + 1} must be true or false`);
    const where = parseS3Url(target);
    if (where === undefined || where.key === '' || where.key.endsWith('/')) {
      throw manifestError(`The file path in the manifest is not a full path of an S3 object: ${target}`, context);
    }
    if (meta !== undefined && (typeof meta !== 'object' || meta === null || Array.isArray(meta)))
      throw bad(`"meta" of entry ${i + 1} must be an object`);
    const { content_length: bytes, sha256 } = (meta ?? {}) as { content_length?: unknown; sha256?: unknown };
    if (bytes !== undefined && !(Number.isSafeInteger(bytes) && (bytes as number) >= 0))
      throw bad(`"content_length" of entry ${i + 1} must be a number of bytes`);
    if (sha256 !== undefined && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256)))
      throw bad(`"sha256" of entry ${i + 1} must be 64 hexadecimal digits`);
    return { url: target, mandatory: mandatory ?? false, bytes: bytes as number | undefined, sha256 };
  });
}

async function fromManifest(
  store: ObjectStore,
  url: string,
  bucket: string,
  key: string,
  options: SourceOptions,
): Promise<readonly SourceObject[]> {
  const context = `S3 key being read : s3://${bucket}/${key}`;
  const info = await asRedshift(context, async () => {
    await store.authorize(access(options, bucket, key, 's3:GetObject'));
    return store.head(bucket, key);
  });
  if (info === undefined) throw s3PrefixMissing(key, context);
  if (info.size > MANIFEST_BYTES_MAX) throw manifestError('Manifest file is too large', context);
  const bytes = await asRedshift(context, () => readManifest(store, bucket, info, options.masterKey));
  const text = decodeManifest(bytes, url);
  const out: SourceObject[] = [];
  for (const entry of parseManifest(text, url)) {
    // As columnar files need it.
    if (entry.bytes === undefined && (options.format?.name === 'parquet' || options.format?.name === 'orc'))
      throw manifestError(
        'Manifest file is not in correct json format: "content_length" is missing, which columnar files need',
        `url=${entry.url}`,
      );
    const where = parseS3Url(entry.url)!;
    const object = await asRedshift(`S3 key being read : ${entry.url}`, async () => {
      if (!entry.mandatory && !(await store.hasBucket(where.bucket))) return undefined;
      await store.authorize(access(options, where.bucket, where.key, 's3:GetObject'));
      return store.head(where.bucket, where.key);
    });
    if (object === undefined && entry.mandatory)
      throw manifestError('Mandatory url is not present in manifest file.', `url=${entry.url}`);
    if (object === undefined) continue;
    if (entry.bytes !== undefined && entry.bytes !== object.size)
      throw manifestError(
        `The size of the object does not match the content_length in the manifest file. Expected: ${entry.bytes}, actual: ${object.size}`,
        `url=${entry.url}`,
      );
    const { size, modifiedMs, etag } = object;
    out.push({ ...where, size, modifiedMs, etag });
    if (entry.sha256 !== undefined) await checkSha256(store, out.at(-1)!, entry.sha256, entry.url);
  }
  if (out.length === 0) throw manifestError('The manifest file names no object that exists.', `url=${url}`);
  return out;
}
/** UNLOAD with ENCRYPTED encrypts its manifest, too; others write plain ones beside encrypted objects. */
async function readManifest(
  store: ObjectStore,
  bucket: string,
  { key, metadata, ...state }: ObjectInfo,
  masterKey: string | undefined,
): Promise<Uint8Array> {
  if (masterKey === undefined || !isEncrypted(metadata)) return store.read(bucket, key);
  const range = { bucket, key, start: 0, end: state.size, state, compression: 'none', masterKey } as const;
  return readStart(store.io, range, state.size);
}
/** UTF-8, with or without a mark. */
function decodeManifest(bytes: Uint8Array, url: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw manifestError(
      'Manifest file is not in correct json format: it is not in UTF-8',
      `Manifest file location = ${url}`,
    );
  }
}
/** Reads the object once before it is loaded; the load finds it in the same state, or fails. */
async function checkSha256(store: ObjectStore, object: SourceObject, wanted: string, url: string): Promise<void> {
  const hash = createHash('sha256');
  await asRedshift(`S3 key being read : ${url}`, async () => {
    for await (const chunk of (await store.getStream(object.bucket, object.key)) as AsyncIterable<Uint8Array>)
      hash.update(chunk);
  });
  const found = hash.digest('hex');
  if (found !== wanted.toLowerCase())
    throw manifestError(
      `The SHA-256 of the object does not match the manifest file. Expected: ${wanted.toLowerCase()}, actual: ${found}`,
      `url=${url}`,
    );
}
export const access = (options: SourceOptions, bucket: string, key: string, action: Access['action']): Access => ({
  bucket,
  key,
  action,
  credentials: options.credentials,
  region: options.region,
});

/** A small object that an option names. */
export async function readNamed(store: ObjectStore, url: string, options: SourceOptions): Promise<Uint8Array> {
  const where = parseS3Url(url);
  if (where === undefined) throw invalidS3Url(url);
  const { bucket, key } = where;
  const context = `S3 key being read : s3://${bucket}/${key}`;
  return asRedshift(context, async () => {
    await store.authorize(access(options, bucket, key, 's3:GetObject'));
    const info = await store.head(bucket, key);
    if (info === undefined) throw s3PrefixMissing(key, context);
    if (info.size > MANIFEST_BYTES_MAX) throw manifestError('The file is too large', context);
    return store.read(bucket, key);
  });
}

export async function copySources(
  store: ObjectStore,
  from: string,
  options: SourceOptions,
): Promise<readonly SourceObject[]> {
  const where = parseS3Url(from);
  if (where === undefined) throw invalidS3Url(from);
  const { bucket, key: prefix } = where;
  if (options.manifest) return fromManifest(store, from, bucket, prefix, options);
  const objects = await listSources(store, bucket, prefix, options);
  if (objects.length === 0) throw s3PrefixMissing(prefix, `Listing bucket=${bucket} prefix=${prefix}`);
  await requireReadable(store, objects, options);
  return objects;
}

const requireListable = (store: ObjectStore, bucket: string, prefix: string, options: SourceOptions): Promise<void> =>
  store.authorize({ ...access(options, bucket, '', 's3:ListBucket'), prefix });
/** What lies below a prefix, if it may be listed. */
export async function listSources(
  store: ObjectStore,
  bucket: string,
  prefix: string,
  options: SourceOptions,
): Promise<readonly SourceObject[]> {
  const { objects } = await asRedshift(`Listing bucket=${bucket} prefix=${prefix}`, async () => {
    await requireListable(store, bucket, prefix, options);
    return store.list(bucket, { prefix });
  });
  const found = options.masterKey === undefined ? objects : withoutInstructions(objects);
  return found.map(({ key, size, modifiedMs, etag }) => ({ bucket, key, size, modifiedMs, etag }));
}

async function requireReadable(
  store: ObjectStore,
  objects: readonly SourceObject[],
  options: SourceOptions,
): Promise<void> {
  for (const { bucket, key } of objects)
    await asRedshift(`S3 key being read : s3://${bucket}/${key}`, () =>
      store.authorize(access(options, bucket, key, 's3:GetObject')),
    );
}

/** A job's files were found by its worker, not in the name of its role. */
export async function requireJobAccess(
  store: ObjectStore,
  from: string,
  objects: readonly SourceObject[],
  options: SourceOptions,
): Promise<void> {
  const { bucket, key: prefix } = parseS3Url(from)!;
  await asRedshift(`Listing bucket=${bucket} prefix=${prefix}`, () =>
    requireListable(store, bucket, prefix, options),
  );
  await requireReadable(store, objects, options);
}
