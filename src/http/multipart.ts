/**
 * Multipart uploads: parts are files in `.slicehouse-tmp/uploads/<id>/`, put together by CompleteMultipartUpload. Open
 * uploads are known in memory only; a restart forgets them, as an abort would.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { S3_UPLOADS_MAX } from '../common/limits.ts';
import { HIDDEN, S3Error } from '../s3/key-path.ts';
import type { ObjectInfo, ObjectStore, PutOptions } from '../s3/store.ts';

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly options: PutOptions;
  /** By part number. Each arrival has a file of its own, so that one ETag always means the same bytes. */
  readonly parts: Map<number, { readonly etag: string; readonly file: string }>;
}
export interface UploadTarget {
  readonly bucket: string;
  readonly key: string;
}
export interface NamedPart {
  readonly number: number;
  readonly etag: string | undefined;
}
const bare = (etag: string): string => etag.replaceAll('"', '');

export class Multipart {
  private readonly uploads = new Map<string, Upload>();
  constructor(private readonly store: ObjectStore) {}

  async create(bucket: string, key: string, options: PutOptions): Promise<string> {
    if (!(await this.store.hasBucket(bucket)))
      throw new S3Error('NoSuchBucket', 404, `The specified bucket does not exist: ${bucket}`);
    if (this.uploads.size >= S3_UPLOADS_MAX)
      throw new S3Error('TooManyUploads', 503, `At most ${S3_UPLOADS_MAX} multipart uploads may be open`);
    const id = randomBytes(16).toString('hex');
    await mkdir(this.folder(id), { recursive: true });
    this.uploads.set(id, { bucket, key, options, parts: new Map() });
    return id;
  }
  /** Returns the part's ETag. */
  async part(id: string, target: UploadTarget, number: number, body: AsyncIterable<Uint8Array>): Promise<string> {
    const upload = this.need(id, target);
    if (!Number.isInteger(number) || number < 1 || number > 10_000)
      throw new S3Error('InvalidArgument', 400, 'Part number must be an integer between 1 and 10000');
    const hash = createHash('md5');
    const file = join(this.folder(id), randomBytes(12).toString('hex'));
    try {
      await pipeline(async function* () {
        for await (const chunk of body) {
          hash.update(chunk);
          yield chunk;
        }
      }, createWriteStream(file));
    } catch (error) {
      // A refused part leaves the one before it.
      await rm(file, { force: true });
      throw error;
    }
    const etag = `"${hash.digest('hex')}"`;
    upload.parts.set(number, { etag, file });
    return etag;
  }
  async complete(id: string, target: UploadTarget, named: readonly NamedPart[]): Promise<ObjectInfo> {
    const upload = this.need(id, target);
    for (const [i, { number, etag }] of named.entries()) {
      const have = upload.parts.get(number);
      if (have === undefined || (etag !== undefined && bare(etag) !== bare(have.etag)))
        throw new S3Error('InvalidPart', 400, 'One or more of the specified parts could not be found');
      if (i > 0 && number <= named[i - 1]!.number)
        throw new S3Error('InvalidPartOrder', 400, 'The list of parts was not in ascending order');
    }
    const paths = named.map((p) => upload.parts.get(p.number)!.file);
    const info = await this.store.put(
      upload.bucket,
      upload.key,
      (async function* () {
        for (const path of paths) yield* createReadStream(path) as AsyncIterable<Uint8Array>;
      })(),
      upload.options,
    );
    await this.abort(id, target);
    return info;
  }
  async abort(id: string, target: UploadTarget): Promise<void> {
    this.need(id, target);
    this.uploads.delete(id);
    await rm(this.folder(id), { recursive: true, force: true });
  }
  private need(id: string, target: UploadTarget): Upload {
    const upload = this.uploads.get(id);
    if (upload === undefined || upload.bucket !== target.bucket || upload.key !== target.key)
      throw new S3Error('NoSuchUpload', 404, 'The specified multipart upload does not exist');
    return upload;
  }
  private folder(id: string): string {
    return join(this.store.root, `${HIDDEN}-tmp`, 'uploads', id);
  }
}
