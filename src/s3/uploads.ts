/**
 * Multipart uploads, in `.slicehouse-tmp/uploads/<id>/`: what the upload is (`upload.json`), and for each part a file of
 * bytes and, renamed into place behind it, a note that names it. They outlive a restart. CompleteMultipartUpload puts the
 * parts together as one object by the store's own way, so that nobody sees half of it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemClock } from '../common/clock.ts';
import { S3_PART_BYTES_MIN, S3_UPLOADS_MAX } from '../common/limits.ts';
import { CHECKSUMS } from './checksum.ts';
import { S3Error, invalidArgument, noSuchBucket } from './key-path.ts';
import { readJson, writeWhole } from './meta-files.ts';
import type { ObjectDetails, PutOptions, StoredChecksum, StoredPart } from './object-details.ts';
import { temporaryFolder } from './sealed.ts';
import type { LocalObjectStore } from './store.ts';

export interface UploadTarget {
  readonly bucket: string;
  readonly key: string;
}
export interface Upload extends UploadTarget {
  readonly id: string;
  readonly startedMs: number;
  /** Metadata of the object. */
  readonly options: PutOptions;
  /** Undefined: the client said none, and gets CRC-64/NVME of the whole. */
  readonly algorithm?: string | undefined;
  readonly type?: 'FULL_OBJECT' | 'COMPOSITE' | undefined;
}
export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly checksum?: { readonly algorithm: string; readonly value: string } | undefined;
  /** Each arrival has a file of its own, so that one ETag always means the same bytes. */
  readonly file: string;
}
export interface NamedPart {
  readonly number: number;
  readonly etag: string | undefined;
  /** Values the client names, by algorithm. */
  readonly checksums: ReadonlyMap<string, string>;
}
export interface Completion extends Pick<PutOptions, 'onlyNew' | 'ifMatch'> {
  readonly size?: number | undefined;
  readonly checksum?: { readonly algorithm: string; readonly value: string } | undefined;
  readonly type?: string | undefined;
}

export const PARTS_MAX = 10_000;
const ID = /^[0-9a-f]{32}$/;
const bare = (etag: string): string => etag.replaceAll('"', '');
const noSuchUpload = (id: string): S3Error =>
  new S3Error(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: id },
  );
const invalidPart = (number: number, etag: string | undefined): S3Error =>
  new S3Error(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { PartNumber: String(number), ETag: bare(etag ?? '') },
  );

export class Uploads {
  constructor(private readonly store: LocalObjectStore) {}

  async create(upload: Omit<Upload, 'id' | 'startedMs'>): Promise<string> {
    if (!(await this.store.hasBucket(upload.bucket))) throw noSuchBucket(upload.bucket);
    const open = await readdir(this.folder()).catch(() => []);
    if (open.length >= S3_UPLOADS_MAX)
      throw new S3Error('SlowDown', 503, `At most ${S3_UPLOADS_MAX} multipart uploads may be open`);
    const id = randomBytes(16).toString('hex');
    await mkdir(this.folder(id), { recursive: true });
    const made: Upload = { ...upload, id, startedMs: systemClock.nowMs() };
    await writeWhole(join(this.folder(id), 'upload.json'), JSON.stringify(made));
    return id;
  }
  /** Throws NoSuchUpload. */
  async need(id: string, target: UploadTarget): Promise<Upload> {
    const upload = ID.test(id) ? await readJson<Upload>(join(this.folder(id), 'upload.json')) : undefined;
    if (upload === undefined || upload.bucket !== target.bucket || upload.key !== target.key) throw noSuchUpload(id);
    return upload;
  }
  async part(
    id: string,
    target: UploadTarget,
    number: number,
    body: AsyncIterable<Uint8Array>,
    /** The value is computed here too; who sent it has had it verified. */
    algorithm: string | undefined,
  ): Promise<Part> {
    const upload = await this.need(id, target);
    if (!Number.isInteger(number) || number < 1 || number > PARTS_MAX)
      throw invalidArgument(`Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`);
    const wanted = upload.algorithm;
    if (wanted !== undefined && wanted !== algorithm && (algorithm !== undefined || upload.type === 'COMPOSITE'))
      throw new S3Error(
        'InvalidRequest',
        400,
        `Checksum Type mismatch occurred, expected checksum Type: ${wanted}, actual checksum Type: ${algorithm ?? 'null'}`,
      );
    const md5 = createHash('md5');
    const computed = algorithm ?? wanted;
    const checksum = computed === undefined ? undefined : CHECKSUMS[computed]!.make();
    const file = randomBytes(12).toString('hex');
    const path = join(this.folder(id), file);
    let size = 0;
    try {
      // Made here: a stream that makes its file itself may do so behind the removal.
      const written = await open(path, 'w');
      await pipeline(async function* () {
        for await (const chunk of body) {
          md5.update(chunk);
          checksum?.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      }, written.createWriteStream());
      const part: Part = {
        number,
        etag: `"${md5.digest('hex')}"`,
        size,
        modifiedMs: systemClock.nowMs(),
        ...(checksum && { checksum: { algorithm: computed!, value: checksum.digest() } }),
        file,
      };
      const note = join(this.folder(id), `part-${number}.json`);
      const before = await readJson<Part>(note);
      await writeWhole(note, JSON.stringify(part));
      if (before !== undefined) await rm(join(this.folder(id), before.file), { force: true });
      return part;
    } catch (error) {
      // A refused part leaves the one before it.
      await rm(path, { force: true });
      await this.need(id, target);
      throw error;
    }
  }
  /** By number. */
  async parts(id: string, target: UploadTarget): Promise<readonly Part[]> {
    await this.need(id, target);
    const out: Part[] = [];
    for (const name of await readdir(this.folder(id))) {
      const part = /^part-\d+\.json$/.test(name) ? await readJson<Part>(join(this.folder(id), name)) : undefined;
      if (part !== undefined) out.push(part);
    }
    return out.sort((a, b) => a.number - b.number);
  }
  /** Of a bucket, by key and then by when they began. */
  async list(bucket: string): Promise<readonly Upload[]> {
    const out: Upload[] = [];
    for (const id of await readdir(this.folder()).catch(() => [])) {
      const upload = ID.test(id) ? await readJson<Upload>(join(this.folder(id), 'upload.json')) : undefined;
      if (upload?.bucket === bucket) out.push(upload);
    }
    return out.sort(
      (a, b) =>
        Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.startedMs - b.startedMs || (a.id < b.id ? -1 : 1),
    );
  }
  async complete(
    id: string,
    target: UploadTarget,
    named: readonly NamedPart[],
    asked: Completion,
  ): Promise<ObjectDetails> {
    const upload = await this.need(id, target);
    const have = new Map((await this.parts(id, target)).map((p) => [p.number, p]));
    for (const [i, { number }] of named.entries())
      if (i > 0 && number <= named[i - 1]!.number)
        throw new S3Error(
          'InvalidPartOrder',
          400,
          'The list of parts was not in ascending order. Parts must be ordered by part number.',
        );
    const parts = named.map((n) => this.matching(have.get(n.number), n));
    for (const [i, part] of parts.entries())
      if (i < parts.length - 1 && part.size < S3_PART_BYTES_MIN)
        throw new S3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
          ProposedSize: String(part.size),
          MinSizeAllowed: String(S3_PART_BYTES_MIN),
          PartNumber: String(part.number),
          ETag: bare(part.etag),
        });
    const size = parts.reduce((sum, p) => sum + p.size, 0);
    if (asked.size !== undefined && asked.size !== size)
      throw new S3Error(
        'InvalidRequest',
        400,
        `The provided 'x-amz-mp-object-size' header value ${asked.size} does not match what was computed: ${size}`,
      );
    const algorithm = upload.algorithm ?? 'crc64nvme';
    const type = upload.type ?? 'FULL_OBJECT';
    if (asked.type !== undefined && asked.type !== type)
      throw new S3Error('InvalidRequest', 400, `The upload was created using the ${type} checksum mode.`);
    const checksum = await this.checksum(upload, algorithm, type, parts);
    if (asked.checksum !== undefined) {
      if (asked.checksum.algorithm !== algorithm)
        throw new S3Error(
          'InvalidRequest',
          400,
          `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${asked.checksum.algorithm}`,
        );
      if (asked.checksum.value.replace(/-\d+$/, '') !== checksum.value.replace(/-\d+$/, ''))
        throw new S3Error(
          'BadDigest',
          400,
          `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
        );
    }
    const md5 = createHash('md5');
    for (const p of parts) md5.update(Buffer.from(bare(p.etag), 'hex'));
    const folder = this.folder(id);
    const info = await this.store.put(
      upload.bucket,
      upload.key,
      (async function* () {
        for (const p of parts) yield* createReadStream(join(folder, p.file)) as AsyncIterable<Uint8Array>;
      })(),
      {
        ...upload.options,
        onlyNew: asked.onlyNew === true,
        ifMatch: asked.ifMatch,
        etag: `"${md5.digest('hex')}-${parts.length}"`,
        checksum,
        parts: parts.map((p): StoredPart => ({
          number: p.number,
          size: p.size,
          ...(upload.algorithm !== undefined && type === 'COMPOSITE' && { checksum: p.checksum }),
        })),
      },
    );
    await this.abort(id, target).catch(() => undefined);
    return info;
  }
  private matching(have: Part | undefined, { number, etag, checksums }: NamedPart): Part {
    if (have === undefined || (etag !== undefined && bare(etag) !== bare(have.etag))) throw invalidPart(number, etag);
    for (const [algorithm, value] of checksums)
      if (have.checksum?.algorithm === algorithm && have.checksum.value !== value) throw invalidPart(number, etag);
    return have;
  }
  private async checksum(
    upload: Upload,
    algorithm: string,
    type: 'FULL_OBJECT' | 'COMPOSITE',
    parts: readonly Part[],
  ): Promise<StoredChecksum> {
    const sum = CHECKSUMS[algorithm]!.make();
    if (type === 'COMPOSITE') {
      for (const p of parts) sum.update(Buffer.from(p.checksum!.value, 'base64'));
      return { algorithm, value: `${sum.digest()}-${parts.length}`, type };
    }
    for (const p of parts)
      for await (const chunk of createReadStream(join(this.folder(upload.id), p.file)) as AsyncIterable<Uint8Array>)
        sum.update(chunk);
    return { algorithm, value: sum.digest(), type };
  }
  async abort(id: string, target: UploadTarget): Promise<void> {
    await this.need(id, target);
    // Out of sight in one step; what still writes a part finds its folder gone.
    const gone = `${this.folder(id)}~`;
    await rename(this.folder(id), gone);
    await rm(gone, { recursive: true, force: true });
  }
  /** A bucket that goes takes its open uploads with it. */
  async abortAll(bucket: string): Promise<void> {
    for (const upload of await this.list(bucket)) await this.abort(upload.id, upload).catch(() => undefined);
  }
  private folder(id = ''): string {
    return join(temporaryFolder(this.store.root), 'uploads', id);
  }
}
