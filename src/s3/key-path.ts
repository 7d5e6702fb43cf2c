/**
 * From (bucket, key) to a path on disk that cannot leave the bucket's folder: a key that a file can hold is relative, has no
 * empty, '.' or '..' part and no NUL, and no symbolic link on the way may lead outside. Every path of a file that is an
 * object is made here; other keys lie in side-store.ts under names of its own. Names beginning with '.slicehouse' in the
 * root are ours (temporary files, uploads, metadata, side store).
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** An error with S3's code, as the REST answer needs it. COPY and UNLOAD turn it into S3ServiceException texts. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    /** Elements that S3 adds to the error's document: BucketName, Key, RangeRequested. */
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
export const noSuchBucket = (bucket: string): S3Error =>
  new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket });
export const noSuchKey = (key: string): S3Error =>
  new S3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
export const preconditionFailed = (condition?: string): S3Error =>
  new S3Error(
    'PreconditionFailed',
    412,
    'At least one of the pre-conditions you specified did not hold',
    condition === undefined ? {} : { Condition: condition },
  );
/** A request to the endpoint of a region that the bucket is not in. */
export const permanentRedirect = (bucket: string, region: string): S3Error =>
  new S3Error(
    'PermanentRedirect',
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Bucket: bucket, Region: region },
  );
export const invalidArgument = (message: string): S3Error => new S3Error('InvalidArgument', 400, message);

/** What the file system says, in S3's words: no path of ours, no text of the system leaves this process. */
export function asS3Error(error: unknown, onBug: (error: unknown) => void): S3Error {
  if (error instanceof S3Error) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const said = FILE_ERRORS[code];
  if (said !== undefined) return new S3Error(...said);
  onBug(error);
  return new S3Error('InternalError', 500, 'We encountered an internal error. Please try again.');
}
const MISSING = ['NoSuchKey', 404, 'The specified key does not exist.'] as const;
const DENIED = ['AccessDenied', 403, 'Access Denied'] as const;
const BUSY = ['SlowDown', 503, 'Please reduce your request rate.'] as const;
const FULL = ['ServiceUnavailable', 503, 'The disk is full.'] as const;
const BROKEN = ['IncompleteBody', 400, 'The request body ended too early'] as const;
const FILE_ERRORS: Readonly<Record<string, readonly [string, number, string]>> = {
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  EISDIR: MISSING,
  ENAMETOOLONG: ['KeyTooLongError', 400, 'Your key is too long'],
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: DENIED,
  ELOOP: DENIED,
  EMFILE: BUSY,
  ENFILE: BUSY,
  ENOSPC: FULL,
  EDQUOT: FULL,
  ECONNRESET: BROKEN,
  ERR_STREAM_PREMATURE_CLOSE: BROKEN,
};

export const HIDDEN = '.slicehouse';
const KEY_BYTES_MAX = 1024;

export function checkBucket(bucket: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{1,62}$/.test(bucket) || bucket.includes('..')) {
    throw new S3Error('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: bucket });
  }
}
/** Names that S3 gives to nobody, and those it takes for new buckets. */
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
export function checkNewBucket(bucket: string): void {
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(bucket);
  if (
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) ||
    /\.\.|\.-|-\./.test(bucket) ||
    isAddress ||
    RESERVED.test(bucket)
  )
    throw new S3Error('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: bucket });
}
export function checkKey(key: string): void {
  if (key === '' || Buffer.byteLength(key) > KEY_BYTES_MAX)
    throw new S3Error('KeyTooLongError', 400, 'Your key is too long');
}
/** Bytes of a file's name on the usual file systems. */
const NAME_BYTES_MAX = 255;
/** Whether a file at the key's own path can hold the object, as far as the key alone tells. */
export function isPlainKey(key: string): boolean {
  const parts = key.split('/');
  return !(
    key.includes('\0') ||
    parts.some((p) => p === '' || p === '.' || p === '..' || Buffer.byteLength(p) > NAME_BYTES_MAX) ||
    (sep === '\\' && /[\\:]/.test(key))
  );
}

/** Whether `path` (existing) resolves to something inside `folder` (existing). */
export function inside(folder: string, path: string): boolean {
  const base = realpathSync.native(folder);
  const real = realpathSync.native(path);
  return real === base || real.startsWith(base + sep);
}

/** The bucket's folder; throws S3Error for a bad name, an unknown bucket, or one that leads out of the root. */
export function bucketFolder(root: string, bucket: string): string {
  checkBucket(bucket);
  const folder = join(root, bucket);
  if (!existsSync(folder)) throw noSuchBucket(bucket);
  if (!inside(root, folder)) throw new S3Error('AccessDenied', 403, 'Access Denied');
  return folder;
}
/**
 * Path of an object that may or may not exist; undefined when no file can hold the key. Throws S3Error for a bad name, an
 * unknown bucket or an escape.
 */
export function objectPath(root: string, bucket: string, key: string): string | undefined {
  checkBucket(bucket);
  checkKey(key);
  const folder = bucketFolder(root, bucket);
  if (!isPlainKey(key)) return undefined;
  const path = join(folder, key);
  let ancestor = path;
  while (!existsSync(ancestor)) ancestor = dirname(ancestor);
  if (!inside(folder, ancestor)) throw new S3Error('AccessDenied', 403, 'Access Denied');
  return path;
}
