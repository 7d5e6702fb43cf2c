/**
 * What UNLOAD writes where: object names, the check of the destination, header line and manifest text. Slices name
 * their own parts with partKey, so both sides agree.
 */
import { invalidS3Url, unloadNotEmpty } from '../../common/errors/catalogue.ts';
import { parseS3Url, type ObjectStore } from '../../s3/store.ts';
import { SSE_S3 } from '../../s3/server-side-encryption.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { TYPE_INFO } from '../../types/sql-type.ts';
import { asRedshift } from '../copy/sources.ts';
import type { UnloadFormat, UnloadOptions } from './options.ts';

export interface UnloadTarget {
  readonly bucket: string;
  readonly prefix: string;
}
/** `isFolder`: with PARTITION BY, the prefix is one. */
export function unloadTarget(to: string, isFolder = false): UnloadTarget {
  const where = parseS3Url(to);
  if (where === undefined) throw invalidS3Url(to);
  const isOpen = isFolder && where.key !== '' && !where.key.endsWith('/');
  return { bucket: where.bucket, prefix: isOpen ? `${where.key}/` : where.key };
}

export { partKey } from '../../s3/part-writer.ts';
export const manifestKey = (prefix: string): string => `${prefix}manifest`;

type Authority = Pick<UnloadOptions, 'credentials'> & Partial<Pick<UnloadOptions, 'region' | 'encryption'>>;
const accessOf = ({ bucket }: UnloadTarget, key: string, { credentials, region }: Authority) => ({
  bucket,
  key,
  credentials,
  region,
});
/** Throws when one of the keys may not be written as the statement writes it. */
export async function authorizeWriting(
  store: ObjectStore,
  target: UnloadTarget,
  keys: readonly string[],
  options: Authority,
): Promise<void> {
  const headers = await store.encryptionHeaders(target.bucket, options.encryption ?? SSE_S3);
  for (const key of keys)
    await store.authorize({ ...accessOf(target, key, options), action: 's3:PutObject', headers });
}
/** CLEANPATH: deletes what may be deleted, all of it or nothing. */
export async function deleteKeys(
  store: ObjectStore,
  target: UnloadTarget,
  objects: readonly { readonly key: string }[],
  options: Authority,
): Promise<void> {
  for (const { key } of objects)
    await store.authorize({ ...accessOf(target, key, options), action: 's3:DeleteObject' });
  for (const { key } of objects) await store.delete(target.bucket, key);
}
/** Before any row: refuses or cleans a destination that already holds objects. Returns the keys removed. */
export async function prepareDestination(
  store: ObjectStore,
  target: UnloadTarget,
  options: Pick<UnloadOptions, 'allowOverwrite' | 'cleanPath' | 'credentials'> &
    Partial<Pick<UnloadOptions, 'partition' | 'region' | 'encryption'>>,
): Promise<readonly string[]> {
  const { bucket, prefix } = target;
  return asRedshift(`Listing bucket=${bucket} prefix=${prefix}`, async () => {
    await store.authorize({ ...accessOf(target, '', options), action: 's3:ListBucket', prefix });
    await authorizeWriting(store, target, [prefix], options);
    // Of partitions those are cleaned that are written.
    if (options.allowOverwrite || (options.cleanPath && options.partition !== undefined)) {
      await store.list(bucket, { prefix, max: 1 });
      return [];
    }
    const { objects } = await store.list(bucket, options.cleanPath ? { prefix } : { prefix, max: 1 });
    if (objects.length === 0) return [];
    if (!options.cleanPath) throw unloadNotEmpty();
    await deleteKeys(store, target, objects, options);
    return objects.map((o) => o.key);
  });
}

/** The first line of every file with HEADER: names written as fields of the format are. */
export function headerLine(
  names: readonly string[],
  format: Extract<UnloadFormat, { kind: 'delimited' | 'csv' }>,
): string {
  const delimiter = String.fromCharCode(format.delimiter);
  const field = (name: string): string => {
    if (format.kind === 'csv') {
      return name.includes(delimiter) || /["\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
    }
    let text = name;
    if (format.escape) {
      const special = new Set(['\n', '\r', '\\', delimiter, ...(format.addQuotes ? ['"', "'"] : [])]);
      text = [...name].map((c) => (special.has(c) ? `\\${c}` : c)).join('');
    } else if (format.addQuotes) text = name.replaceAll('"', '""');
    return format.addQuotes ? `"${text}"` : text;
  };
  return `${names.map(field).join(delimiter)}\n`;
}

export interface UnloadedFile {
  readonly key: string;
  readonly bytes: number;
  /** Rows, header lines included. */
  readonly rows: number;
}
interface ManifestType {
  readonly base: string;
  readonly max_length?: number;
  readonly precision?: number;
  readonly scale?: number;
}
function manifestType(type: SqlType): ManifestType {
  const base = TYPE_INFO[type.name].sqlName;
  if (type.name === 'numeric') return { base, precision: type.precision ?? 18, scale: type.scale ?? 0 };
  return type.length === undefined ? { base } : { base, max_length: type.length };
}

/** The manifest object's text. */
export function manifestText(
  target: UnloadTarget,
  files: readonly UnloadedFile[],
  columns: readonly { readonly name: string; readonly type: SqlType }[],
  verbose: boolean,
  /** COPY of columnar files wants to know how long they are. */
  lengths = false,
): string {
  const url = (key: string): string => `s3://${target.bucket}/${key}`;
  if (!verbose) {
    const meta = (f: UnloadedFile) => (lengths ? { meta: { content_length: f.bytes } } : {});
    return JSON.stringify({ entries: files.map((f) => ({ url: url(f.key), ...meta(f) })) }, undefined, 2);
  }
  return JSON.stringify(
    {
      entries: files.map((f) => ({ url: url(f.key), meta: { content_length: f.bytes, record_count: f.rows } })),
      schema: { elements: columns.map((c) => ({ name: c.name, type: manifestType(c.type) })) },
      meta: {
        content_length: files.reduce((sum, f) => sum + f.bytes, 0),
        record_count: files.reduce((sum, f) => sum + f.rows, 0),
      },
      author: { name: 'Amazon Redshift', version: '1.0.0' },
    },
    undefined,
    2,
  );
}

export const unloadNotice = (rows: number) =>
  ({
    severity: 'INFO',
    sqlstate: '00000',
    message: `UNLOAD completed, ${rows} record(s) unloaded successfully.`,
  }) as const;
