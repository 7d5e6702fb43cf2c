/**
 * From COPY's FROM to the list of objects it loads: every key beginning with the prefix, or what a manifest names. The
 * texts of what goes wrong are Redshift's.
 */
import {
  invalidS3Url,
  manifestError,
  s3PrefixMissing,
  s3ServiceException,
  sourceNotSupported,
} from '../../common/errors/catalogue.ts';
import { S3Error } from '../../s3/key-path.ts';
import { parseS3Url, type ObjectStore } from '../../s3/store.ts';
import type { CopyOptions } from './options.ts';

export interface SourceObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
}
interface ManifestEntry {
  readonly url: string;
  readonly mandatory: boolean;
}

const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

/** Runs an S3 request and turns its refusal into Redshift's error. */
export async function asRedshift<T>(context: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (e) {
    if (e instanceof S3Error) throw s3ServiceException(e.message.replace(/: .*$/s, ''), e.status, e.code, context);
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
    const { url: target, mandatory } = (entry ?? {}) as { url?: unknown; mandatory?: unknown };
    if (typeof target !== 'string') throw bad(`entry ${i + 1} has no "url"`);
    if (mandatory !== undefined && typeof mandatory !== 'boolean')
      throw bad(`"mandatory" of entry ${i + 1} must be true or false`);
    const where = parseS3Url(target);
    if (where === undefined || where.key === '' || where.key.endsWith('/')) {
      throw manifestError(`The file path in the manifest is not a full path of an S3 object: ${target}`, context);
    }
    return { url: target, mandatory: mandatory ?? false };
  });
}

async function fromManifest(
  store: ObjectStore,
  url: string,
  bucket: string,
  key: string,
): Promise<readonly SourceObject[]> {
  const context = `S3 key being read : s3://${bucket}/${key}`;
  const info = await asRedshift(context, () => store.head(bucket, key));
  if (info === undefined) throw s3PrefixMissing(key, context);
  if (info.size > MANIFEST_BYTES_MAX) throw manifestError('Manifest file is too large', context);
  const text = (await store.read(bucket, key)).toString('utf8');
  const out: SourceObject[] = [];
  for (const entry of parseManifest(text, url)) {
    const where = parseS3Url(entry.url)!;
    const object = await asRedshift(`S3 key being read : ${entry.url}`, async () =>
      (await store.hasBucket(where.bucket)) || entry.mandatory ? store.head(where.bucket, where.key) : undefined,
    );
    if (object !== undefined) out.push({ ...where, size: object.size, modifiedMs: object.modifiedMs });
    else if (entry.mandatory)
      throw manifestError('Mandatory url is not present in manifest file.', `url=${entry.url}`);
  }
  return out;
}

/** A small object that an option names. */
export async function readNamed(store: ObjectStore, url: string): Promise<Uint8Array> {
  const where = parseS3Url(url);
  if (where === undefined) throw invalidS3Url(url);
  const { bucket, key } = where;
  const context = `S3 key being read : s3://${bucket}/${key}`;
  const info = await asRedshift(context, () => store.head(bucket, key));
  if (info === undefined) throw s3PrefixMissing(key, context);
  if (info.size > MANIFEST_BYTES_MAX) throw manifestError('The file is too large', context);
  return store.read(bucket, key);
}

export async function copySources(
  store: ObjectStore,
  from: string,
  options: Pick<CopyOptions, 'manifest'>,
): Promise<readonly SourceObject[]> {
  const where = parseS3Url(from);
  if (where === undefined) {
    const scheme = /^([a-z0-9]+):\/\//i.exec(from)?.[1]?.toLowerCase();
    throw scheme === 'emr' || scheme === 'dynamodb' || scheme === 'ssh'
      ? sourceNotSupported(`${scheme}://`)
      : invalidS3Url(from);
  }
  const { bucket, key: prefix } = where;
  if (options.manifest) return fromManifest(store, from, bucket, prefix);
  const context = `Listing bucket=${bucket} prefix=${prefix}`;
  const { objects } = await asRedshift(context, () => store.list(bucket, { prefix }));
  if (objects.length === 0) throw s3PrefixMissing(prefix, context);
  return objects.map(({ key, size, modifiedMs }) => ({ bucket, key, size, modifiedMs }));
}
