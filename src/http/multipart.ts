/**
 * Multipart uploads: parts are files in `.slicehouse-tmp/uploads/<id>/`, put together by CompleteMultipartUpload. Open
 * uploads are known in memory only; a restart forgets them, as an abort would.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { S3_UPLOADS_MAX } from '../common/limits.ts';
import { HIDDEN, S3Error } from '../s3/key-path.ts';
import type { ObjectInfo, ObjectStore, PutOptions } from '../s3/store.ts';

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly options: PutOptions;
}

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
    this.uploads.set(id, { bucket, key, options });
    return id;
  }
  /** Returns the part's ETag. */
  async part(id: string, number: number, body: AsyncIterable<Uint8Array>): Promise<string> {
    this.need(id);
    if (!Number.isInteger(number) || number < 1 || number > 10_000)
      throw new S3Error('InvalidArgument', 400, 'Part number must be an integer between 1 and 10000');
    const hash = createHash('md5');
    await pipeline(
      async function* () {
        for await (const chunk of body) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(join(this.folder(id), String(number))),
    );
    return `"${hash.digest('hex')}"`;
  }
  async complete(id: string, numbers: readonly number[]): Promise<ObjectInfo> {
    const upload = this.need(id);
    const paths = numbers.map((n) => join(this.folder(id), String(n)));
    for (const path of paths) {
      if ((await stat(path).catch(() => undefined)) === undefined)
        throw new S3Error('InvalidPart', 400, 'One or more of the specified parts could not be found');
    }
    const info = await this.store.put(
      upload.bucket,
      upload.key,
      (async function* () {
        for (const path of paths) yield* createReadStream(path) as AsyncIterable<Uint8Array>;
      })(),
      upload.options,
    );
    await this.abort(id);
    return info;
  }
  async abort(id: string): Promise<void> {
    this.need(id);
    this.uploads.delete(id);
    await rm(this.folder(id), { recursive: true, force: true });
  }
  private need(id: string): Upload {
    const upload = this.uploads.get(id);
    if (upload === undefined) throw new S3Error('NoSuchUpload', 404, 'The specified multipart upload does not exist');
    return upload;
  }
  private folder(id: string): string {
    return join(this.store.root, `${HIDDEN}-tmp`, 'uploads', id);
  }
}
