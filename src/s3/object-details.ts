/**
 * What an object has beside its bytes, as S3 keeps and returns it: ETag, parts, checksum, system and user metadata, tags
 * and ACL; and the conditions a writer may set. Used by the store in folders and the HTTP door.
 */
import type { ObjectInfo } from './object-store.ts';

export interface StoredChecksum {
  /** As in CHECKSUMS: crc32, crc32c, crc64nvme, sha1, sha256. */
  readonly algorithm: string;
  /** Base64; of a composite one with its number of parts: `value-N`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}
export interface StoredPart {
  readonly number: number;
  readonly size: number;
  readonly checksum?: { readonly algorithm: string; readonly value: string } | undefined;
}
export type Tags = readonly (readonly [string, string])[];
export interface ObjectMeta {
  /** In quotes, as it travels. */
  readonly etag: string;
  readonly checksum?: StoredChecksum | undefined;
  /** Of a multipart upload. */
  readonly parts?: readonly StoredPart[] | undefined;
  /** content-type, cache-control and the like, by header. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** User metadata, without x-amz-meta-. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Tags | undefined;
  /** A canned one; undefined = private. */
  readonly acl?: string | undefined;
}
export interface ObjectDetails extends ObjectInfo, ObjectMeta {
  readonly etag: string;
}
export interface PutOptions extends Partial<Omit<ObjectMeta, 'checksum'>> {
  /** The object must not exist when it is put in place: throws PreconditionFailed. */
  readonly onlyNew?: boolean;
  /** The object must have this ETag then. */
  readonly ifMatch?: string | undefined;
  /** Computed while the bytes pass; undefined: CRC-64/NVME, as S3 adds by itself. */
  readonly algorithm?: string | undefined;
  /** Replaces what would be computed. */
  readonly checksum?: StoredChecksum | undefined;
}

/** The parts of `source` that are metadata. */
export const metaOf = (source: ObjectMeta): ObjectMeta => ({
  etag: source.etag,
  checksum: source.checksum,
  parts: source.parts,
  headers: source.headers,
  metadata: source.metadata,
  tags: source.tags,
  acl: source.acl,
});
/** ETags as If-Match and If-None-Match list them; '*' matches any. */
export const etagListed = (list: string, etag: string): boolean =>
  list.trim() === '*' ||
  list.split(',').some((e) => e.trim().replace(/^W\//, '').replaceAll('"', '') === etag.replaceAll('"', ''));
