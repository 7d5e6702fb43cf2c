/**
 * What COPY, UNLOAD and their tools ask of a place where objects lie. The store in folders (store.ts) is one, an S3
 * endpoint over the network (endpoint/store.ts) another. Errors are S3Errors.
 */
import type { Readable } from 'node:stream';
import type { AccessKeys } from '../common/remote-source.ts';
import type { ObjectIo, Traffic } from './object-io.ts';
import type { ServerSideEncryption } from './server-side-encryption.ts';

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Of an endpoint's objects; a file's is there once somebody has asked for its details. */
  readonly etag?: string | undefined;
  /** User metadata, where it was asked for one object. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}
export interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Only keys (or common prefixes) after this one. */
  readonly after?: string;
  readonly max?: number;
}
export interface ListResult<Info extends ObjectInfo = ObjectInfo> {
  readonly objects: readonly Info[];
  readonly prefixes: readonly string[];
  /** Pass as `after` for the rest; undefined when complete. */
  readonly next: string | undefined;
}
/** Who loads or unloads, as the statement says. */
export type Credentials =
  /** One or more arns joined by commas (a chain). */
  | { readonly kind: 'role'; readonly arn: string }
  /** IAM_ROLE 'SESSION': whoever is logged in. */
  | { readonly kind: 'session' }
  | ({ readonly kind: 'keys' } & AccessKeys);
export interface Access {
  readonly bucket: string;
  /** Empty: the bucket itself. */
  readonly key: string;
  readonly action: 's3:ListBucket' | 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject';
  readonly prefix?: string;
  /** What the request says of an object that is put. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly credentials: Credentials;
  /** REGION; undefined: the cluster's. */
  readonly region: string | undefined;
}
export interface ObjectStore {
  hasBucket(bucket: string): Promise<boolean>;
  /** Throws AccessDenied, InvalidAccessKeyId, PermanentRedirect and their like; what an endpoint refuses itself it does not ask. */
  authorize(access: Access): Promise<void>;
  list(bucket: string, options?: ListOptions): Promise<ListResult>;
  /** Undefined when there is no such object; throws S3Error NoSuchBucket. */
  head(bucket: string, key: string): Promise<ObjectInfo | undefined>;
  /** Bytes [start, end) as a stream; throws NoSuchKey. */
  getStream(bucket: string, key: string, start?: number, end?: number): Promise<Readable>;
  /** The whole range in memory: manifests, header probes. */
  read(bucket: string, key: string, start?: number, end?: number): Promise<Buffer>;
  put(bucket: string, key: string, body: Uint8Array, options?: PlacedMeta): Promise<unknown>;
  delete(bucket: string, key: string): Promise<void>;
  copy(bucket: string, key: string, toBucket: string, toKey: string): Promise<void>;
  /** How the leader itself writes objects. */
  readonly io: ObjectIo;
  /** Makes what writers have sealed the objects of their keys; gives what that took where it moves bytes. */
  place(bucket: string, placings: readonly Placing[]): Promise<readonly Traffic[]>;
  /** Headers of objects that are encrypted so on the server's side; 'bucket': as the bucket does it by itself. */
  encryptionHeaders(bucket: string, asked: ServerSideEncryption | 'bucket'): Promise<Record<string, string>>;
  /** Removes what was written under a token and not placed. */
  discard(token: string): Promise<void>;
}
/** What an object has beside its bytes, of what UNLOAD writes. */
export interface PlacedMeta {
  /** User metadata, without x-amz-meta-. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** What encryptionHeaders() gave. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}
export interface Placing extends PlacedMeta {
  readonly key: string;
  /** What the writer gave. */
  readonly sealed: string;
}

/** `s3://bucket/key` taken apart; undefined when it is not such a url. */
export function parseS3Url(url: string): { readonly bucket: string; readonly key: string } | undefined {
  const m = /^s3:\/\/([^/]+)(?:\/([\s\S]*))?$/i.exec(url);
  return m === null ? undefined : { bucket: m[1]!, key: m[2] ?? '' };
}
