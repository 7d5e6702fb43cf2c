/**
 * The local object store: a bucket is a folder below the root, a key the path below it. Files that a user drops in are
 * objects like any other. What a file cannot hold (content type, user metadata, ETag) lies in `.slicehouse-meta`; it
 * counts only while size and mtime are those of the file. Writes go to `.slicehouse-tmp` and are renamed, so an object
 * is never seen half written. Used by COPY and UNLOAD on the leader and by the HTTP door; compute nodes read and
 * write with folder-io.ts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream, createWriteStream, type Stats } from 'node:fs';
import { link, lstat, mkdir, open, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  HIDDEN,
  S3Error,
  checkBucket,
  inside,
  noSuchBucket,
  noSuchKey,
  objectPath,
  preconditionFailed,
} from './key-path.ts';

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}
export interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Only keys (or common prefixes) after this one. */
  readonly after?: string;
  readonly max?: number;
}
export interface ListResult {
  readonly objects: readonly ObjectInfo[];
  readonly prefixes: readonly string[];
  /** Pass as `after` for the rest; undefined when complete. */
  readonly next: string | undefined;
}
export interface PutOptions {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The object must not exist when it is put in place: throws PreconditionFailed. */
  readonly onlyNew?: boolean;
}
/** One state of an object: what is read is what `info` describes, whatever is put in its place meanwhile. */
export interface OpenObject {
  readonly info: ObjectInfo;
  /** Bytes [start, end); closes the object at its end. */
  stream(start: number, end: number): Readable;
  close(): Promise<void>;
}
export interface ObjectStore {
  /** Folder that holds the buckets: slices open objects there. */
  readonly root: string;
  buckets(): Promise<readonly { readonly name: string; readonly createdMs: number }[]>;
  createBucket(bucket: string): Promise<void>;
  deleteBucket(bucket: string): Promise<void>;
  hasBucket(bucket: string): Promise<boolean>;
  list(bucket: string, options?: ListOptions): Promise<ListResult>;
  /** Undefined when there is no such object; throws S3Error NoSuchBucket. */
  head(bucket: string, key: string): Promise<ObjectInfo | undefined>;
  /** Throws NoSuchKey. */
  open(bucket: string, key: string): Promise<OpenObject>;
  /** Bytes [start, end) as a stream; throws NoSuchKey. */
  getStream(bucket: string, key: string, start?: number, end?: number): Promise<Readable>;
  /** The whole range in memory: manifests, header probes. */
  read(bucket: string, key: string, start?: number, end?: number): Promise<Buffer>;
  put(
    bucket: string,
    key: string,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    options?: PutOptions,
  ): Promise<ObjectInfo>;
  delete(bucket: string, key: string): Promise<void>;
}

interface Meta extends Omit<PutOptions, 'onlyNew'> {
  readonly size: number;
  readonly mtimeMs: number;
  readonly etag: string;
}

const READ_BYTES = 256 * 1024;
const compareKeys = (a: string, b: string): number =>
  /[\ud800-\udfff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : a > b ? 1 : 0;
const isMissing = (e: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'EISDIR'].includes((e as NodeJS.ErrnoException).code ?? '');

/** O_NONBLOCK is undefined on Windows. */
const { O_RDONLY, O_NONBLOCK } = constants as { readonly O_RDONLY: number; readonly O_NONBLOCK?: number };
/** Folders that a delete takes away under a put are made again this many times. */
const PLACE_TRIES = 20;
/** File systems without hard links say one of these. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];
const EMPTY_ETAG = '"d41d8cd98f00b204e9800998ecf8427e"';
const codeOf = (e: unknown): string => (e as NodeJS.ErrnoException).code ?? '';
const bothAtOnce = (): S3Error =>
  new S3Error('InvalidRequest', 409, 'A key cannot be an object and a folder of objects at once in this store');

export class LocalObjectStore implements ObjectStore {
  /** The last change of each object under way: changes of one object, file and metadata together, run one after another. */
  private readonly changing = new Map<string, Promise<unknown>>();

  constructor(readonly root: string) {}

  async buckets(): Promise<readonly { readonly name: string; readonly createdMs: number }[]> {
    await mkdir(this.root, { recursive: true });
    const names = (await readdir(this.root)).filter((n) => !n.startsWith('.')).sort();
    const out: { name: string; createdMs: number }[] = [];
    for (const name of names) {
      const s = await stat(join(this.root, name)).catch(() => undefined);
      if (s?.isDirectory()) out.push({ name, createdMs: s.birthtimeMs || s.ctimeMs });
    }
    return out;
  }
  async createBucket(bucket: string): Promise<void> {
    checkBucket(bucket);
    await mkdir(join(this.root, bucket), { recursive: true });
  }
  async deleteBucket(bucket: string): Promise<void> {
    await this.needBucket(bucket);
    // Folder by folder, never what holds something: an object that is put meanwhile, or a file that is none of ours, stays.
    const folder = join(this.root, bucket);
    if ((await lstat(folder)).isSymbolicLink()) throw new S3Error('AccessDenied', 403, 'Access Denied');
    if (!(await removeFolders(folder))) {
      throw new S3Error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty');
    }
  }
  async hasBucket(bucket: string): Promise<boolean> {
    checkBucket(bucket);
    return (await stat(join(this.root, bucket)).catch(() => undefined))?.isDirectory() ?? false;
  }

  async list(bucket: string, options: ListOptions = {}): Promise<ListResult> {
    await this.needBucket(bucket);
    const { prefix = '', delimiter = '', after = '', max = Infinity } = options;
    const objects: ObjectInfo[] = [];
    const prefixes: string[] = [];
    let last = '';
    if (max > 0) {
      for await (const key of this.walk(bucket, '', prefix, after, delimiter === '/')) {
        const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        const common = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
        if (common !== undefined && (common === prefixes[prefixes.length - 1] || compareKeys(common, after) <= 0))
          continue;
        if (common === undefined && compareKeys(key, after) <= 0) continue;
        if (objects.length + prefixes.length >= max) return { objects, prefixes, next: last };
        if (common === undefined) {
          const info = await this.head(bucket, key);
          if (info === undefined) continue;
          objects.push(info);
        } else prefixes.push(common);
        last = common ?? key;
      }
    }
    return { objects, prefixes, next: undefined };
  }

  /** Keys below `folder` in key order, with `prefix`; folders that end before `after` are not entered. */
  private async *walk(
    bucket: string,
    folder: string,
    prefix: string,
    after: string,
    shallow: boolean,
  ): AsyncGenerator<string> {
    const base = join(this.root, bucket);
    const entries = await readdir(join(base, folder), { withFileTypes: true }).catch((e: unknown) => {
      if (isMissing(e)) return [];
      throw e;
    });
    const names: string[] = [];
    for (const entry of entries) {
      let directory = entry.isDirectory();
      if (entry.isSymbolicLink()) {
        const path = join(base, folder, entry.name);
        const s = await stat(path).catch(() => undefined);
        if (s === undefined || !inside(base, path)) continue;
        directory = s.isDirectory();
        // A link to a folder could lead in circles.
        if (directory) continue;
      } else if (!directory && !entry.isFile()) continue;
      names.push(folder + entry.name + (directory ? '/' : ''));
    }
    for (const name of names.sort(compareKeys)) {
      if (!name.endsWith('/')) {
        if (name.startsWith(prefix)) yield name;
      } else if (name.startsWith(prefix) || prefix.startsWith(name)) {
        if (compareKeys(name, after) < 0 && !after.startsWith(name)) continue;
        if (shallow && name.length > prefix.length) {
          // Only whether the folder holds an object matters: its common prefix is the folder.
          for await (const key of this.walk(bucket, name, prefix, '', false)) {
            yield key;
            break;
          }
        } else yield* this.walk(bucket, name, prefix, after, shallow);
      }
    }
  }

  async head(bucket: string, key: string): Promise<ObjectInfo | undefined> {
    await this.needBucket(bucket);
    const path = objectPath(this.root, bucket, key);
    const s = await stat(path).catch((e: unknown) => {
      if (isMissing(e)) return undefined;
      throw e;
    });
    return s === undefined ? undefined : this.describe(bucket, key, s);
  }
  private async describe(bucket: string, key: string, s: Stats): Promise<ObjectInfo | undefined> {
    if (s.isDirectory() !== key.endsWith('/') || (!s.isFile() && !s.isDirectory())) return undefined;
    if (s.isDirectory()) return { key, size: 0, etag: EMPTY_ETAG, modifiedMs: s.mtimeMs };
    const meta = await this.readMeta(bucket, key);
    if (meta !== undefined && meta.size === s.size && meta.mtimeMs === s.mtimeMs) return infoOf(key, meta);
    const etag = `"${createHash('md5').update(`${s.size} ${s.mtimeMs} ${s.ino}`).digest('hex')}-0"`;
    return { key, size: s.size, etag, modifiedMs: s.mtimeMs };
  }
  async open(bucket: string, key: string): Promise<OpenObject> {
    await this.needBucket(bucket);
    const path = objectPath(this.root, bucket, key);
    // Not to wait for whoever writes into a pipe that lies there.
    const file = await open(path, O_RDONLY | (O_NONBLOCK ?? 0)).catch((e: unknown) => {
      throw isMissing(e) ? noSuchKey(key) : e;
    });
    try {
      const info = await this.describe(bucket, key, await file.stat());
      if (info === undefined) throw noSuchKey(key);
      return {
        info,
        stream: (start, end) => file.createReadStream({ start, end: end - 1, highWaterMark: READ_BYTES }),
        close: () => file.close(),
      };
    } catch (e) {
      await file.close();
      throw e;
    }
  }
  async getStream(bucket: string, key: string, start = 0, end?: number): Promise<Readable> {
    const info = await this.needObject(bucket, key);
    const to = Math.min(end ?? info.size, info.size);
    if (to <= start) return (await import('node:stream')).Readable.from([]);
    return createReadStream(objectPath(this.root, bucket, key), { start, end: to - 1, highWaterMark: READ_BYTES });
  }
  async read(bucket: string, key: string, start = 0, end?: number): Promise<Buffer> {
    const info = await this.needObject(bucket, key);
    const to = Math.min(end ?? info.size, info.size);
    const file = await open(objectPath(this.root, bucket, key), 'r');
    try {
      const out = Buffer.alloc(Math.max(0, to - start));
      let done = 0;
      while (done < out.length) {
        const { bytesRead } = await file.read(out, done, out.length - done, start + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return out.subarray(0, done);
    } finally {
      await file.close();
    }
  }
  async put(
    bucket: string,
    key: string,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    options: PutOptions = {},
  ): Promise<ObjectInfo> {
    await this.needBucket(bucket);
    const path = objectPath(this.root, bucket, key);
    const early = options.onlyNew === true && (await this.head(bucket, key)) !== undefined;
    if (early) throw preconditionFailed();
    const temporary = await this.temporaryPath();
    const hash = createHash('md5');
    try {
      const source = body instanceof Uint8Array ? [body] : body;
      await pipeline(async function* () {
        for await (const chunk of source) {
          hash.update(chunk);
          yield chunk;
        }
      }, createWriteStream(temporary));
      const { size, mtimeMs } = await stat(temporary);
      if (key.endsWith('/')) return await this.putFolder(bucket, key, path, size, options.onlyNew === true);
      const { contentType, metadata } = options;
      const meta: Meta = { size, mtimeMs, etag: `"${hash.digest('hex')}"`, contentType, metadata };
      await this.changed(path, async () => {
        await this.place(bucket, temporary, path, options.onlyNew === true);
        await this.writeMeta(bucket, key, meta);
      });
      return infoOf(key, meta);
    } finally {
      await rm(temporary, { force: true });
    }
  }
  /** A folder of its own; it has no place for bytes. */
  private async putFolder(
    bucket: string,
    key: string,
    path: string,
    size: number,
    onlyNew: boolean,
  ): Promise<ObjectInfo> {
    if (size > 0) throw new S3Error('InvalidRequest', 409, 'A key that ends with / cannot hold bytes in this store');
    await this.makeFolder(bucket, dirname(path)).catch(conflict);
    await mkdir(path).catch(async (e: unknown) => {
      if (codeOf(e) !== 'EEXIST') return conflict(e);
      if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) throw bothAtOnce();
      if (onlyNew) throw preconditionFailed();
    });
    const info = await this.head(bucket, key);
    if (info === undefined) throw bothAtOnce();
    return info;
  }
  async delete(bucket: string, key: string): Promise<void> {
    await this.needBucket(bucket);
    const path = objectPath(this.root, bucket, key);
    if (key.endsWith('/')) {
      await rmdir(path).catch(() => undefined);
      return;
    }
    await this.changed(path, async () => {
      await rm(path, { force: true }).catch((e: unknown) => {
        if (!isMissing(e) && codeOf(e) !== 'ERR_FS_EISDIR') throw e;
      });
      await rm(this.metaPath(bucket, key), { force: true });
    });
    // Folders exist only for their objects.
    const base = join(this.root, bucket);
    for (let folder = dirname(path); folder !== base && folder.startsWith(base); folder = dirname(folder)) {
      if (
        !(await rmdir(folder).then(
          () => true,
          () => false,
        ))
      )
        break;
    }
  }

  /** A fresh path for a file that will be renamed into place. */
  async temporaryPath(): Promise<string> {
    const folder = join(this.root, `${HIDDEN}-tmp`);
    await mkdir(folder, { recursive: true });
    return join(folder, randomBytes(12).toString('hex'));
  }
  private async place(bucket: string, temporary: string, path: string, onlyNew: boolean): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.makeFolder(bucket, dirname(path));
        return await (onlyNew ? this.placeNew(temporary, path) : rename(temporary, path));
      } catch (e) {
        // The last object of the folder was deleted, and the folder with it, since it was made.
        if (codeOf(e) === 'ENOENT' && tries < PLACE_TRIES && (await this.hasBucket(bucket))) continue;
        if (codeOf(e) === 'ENOENT') await this.needBucket(bucket);
        return conflict(e);
      }
    }
  }
  /** Makes the folders of a key, never the bucket: one that was deleted meanwhile stays so. */
  private async makeFolder(bucket: string, folder: string): Promise<void> {
    if (folder === join(this.root, bucket)) return this.needBucket(bucket);
    await mkdir(folder).catch(async (e: unknown) => {
      if (codeOf(e) === 'EEXIST') return;
      if (codeOf(e) !== 'ENOENT') throw e;
      await this.makeFolder(bucket, dirname(folder));
      await mkdir(folder).catch((again: unknown) => {
        if (codeOf(again) !== 'EEXIST') throw again;
      });
    });
  }
  /** Whoever comes second finds the name taken: link() looks and makes in one step, also beside other programs. */
  private async placeNew(temporary: string, path: string): Promise<void> {
    try {
      await link(temporary, path);
    } catch (e) {
      const code = codeOf(e);
      if (code !== 'EEXIST' && !NO_LINKS.includes(code)) throw e;
      const there = await stat(path).catch(() => undefined);
      if (there?.isDirectory() === true) throw bothAtOnce();
      if (there !== undefined) throw preconditionFailed();
      await rename(temporary, path);
    }
  }
  /** Runs one change of an object behind those that began before. */
  private async changed(path: string, change: () => Promise<void>): Promise<void> {
    const before = this.changing.get(path);
    const mine = (before ?? Promise.resolve()).catch(() => undefined).then(change);
    this.changing.set(path, mine);
    try {
      await mine;
    } finally {
      if (this.changing.get(path) === mine) this.changing.delete(path);
    }
  }
  private metaPath(bucket: string, key: string): string {
    return join(this.root, `${HIDDEN}-meta`, bucket, createHash('sha256').update(key).digest('hex'));
  }
  private async readMeta(bucket: string, key: string): Promise<Meta | undefined> {
    const text = await readFile(this.metaPath(bucket, key), 'utf8').catch(() => undefined);
    try {
      return text === undefined ? undefined : (JSON.parse(text) as Meta);
    } catch {
      return undefined;
    }
  }
  private async writeMeta(bucket: string, key: string, meta: Meta): Promise<void> {
    const path = this.metaPath(bucket, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(meta));
  }
  private async needBucket(bucket: string): Promise<void> {
    if (!(await this.hasBucket(bucket))) throw noSuchBucket(bucket);
  }
  private async needObject(bucket: string, key: string): Promise<ObjectInfo> {
    const info = await this.head(bucket, key);
    if (info === undefined) throw noSuchKey(key);
    return info;
  }
}

const infoOf = (key: string, meta: Meta): ObjectInfo => ({
  key,
  size: meta.size,
  etag: meta.etag,
  modifiedMs: meta.mtimeMs,
  contentType: meta.contentType,
  metadata: meta.metadata,
});
/** Removes a folder in which nothing is but folders; false when there is something else. */
async function removeFolders(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((e) => !e.isDirectory())) return false;
  for (const { name } of entries) if (!(await removeFolders(join(folder, name)))) return false;
  return rmdir(folder).then(
    () => true,
    (e: unknown) => {
      if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(e))) return false;
      throw e;
    },
  );
}
/** An error of making a folder or a name: another key is in the way. */
function conflict(e: unknown): never {
  throw ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY'].includes(codeOf(e)) ? bothAtOnce() : e;
}

/** `s3://bucket/key` taken apart; undefined when it is not such a url. */
export function parseS3Url(url: string): { readonly bucket: string; readonly key: string } | undefined {
  const m = /^s3:\/\/([^/]+)(?:\/([\s\S]*))?$/i.exec(url);
  return m === null ? undefined : { bucket: m[1]!, key: m[2] ?? '' };
}
