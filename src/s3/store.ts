/**
 * The local object store: a bucket is a folder below the root, a key the path below it. Files that a user drops in are
 * objects like any other. What a file cannot hold (metadata, ETag, checksum) lies in meta-files.ts; a key that no file can
 * hold at its path lies in side-store.ts, and a file that is there wins over it. Writes go to `.slicehouse-tmp` and are
 * renamed, so an object is never seen half written. Used by COPY and UNLOAD on the leader and by the HTTP door; compute
 * nodes read and write with folder-io.ts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import {
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DEFAULT_REGION } from '../common/account.ts';
import { systemClock } from '../common/clock.ts';
import { authorizeStatement, type Keys } from './authorize.ts';
import { BucketSettingsFiles, type BucketSettings } from './bucket-settings.ts';
import { CHECKSUMS } from './checksum.ts';
import { FolderIo } from './folder-io.ts';
import { codeOf, isMissing, removeFolders } from './folders.ts';
import {
  S3Error,
  bucketFolder,
  checkBucket,
  noSuchBucket,
  noSuchKey,
  objectPath,
  preconditionFailed,
} from './key-path.ts';
import { Listing } from './listing.ts';
import { MetaFiles, type FileState, type KeptMeta } from './meta-files.ts';
import { etagListed, metaOf, type ObjectDetails, type ObjectMeta, type PutOptions } from './object-details.ts';
import type { Traffic } from './object-io.ts';
import type { Access, ListOptions, ListResult, ObjectInfo, ObjectStore, Placing } from './object-store.ts';
import { asksForTags, tagValues, type RequestValues } from './policy.ts';
import { dropTemporary, temporaryFolder } from './sealed.ts';
import { encryptionHeaders, type ServerSideEncryption } from './server-side-encryption.ts';
import { SideStore, type SideRecord } from './side-store.ts';

export { parseS3Url, type ObjectInfo, type ObjectStore } from './object-store.ts';

/** One state of an object: what is read is what `info` describes, whatever is put in its place meanwhile. */
export interface OpenObject {
  readonly info: ObjectDetails;
  /** Bytes [start, end); closes the object at its end. */
  stream(start: number, end: number): Readable;
  close(): Promise<void>;
}
/** Where an object lies. */
type Found = { readonly path: string; readonly record?: SideRecord };

const READ_BYTES = 256 * 1024;
/** The file system has another name in the way, or takes no such name: the object goes to the side store. */
const isNoPlace = (e: unknown): boolean =>
  ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'ENAMETOOLONG', 'EINVAL', 'EILSEQ'].includes(codeOf(e));

/** O_NONBLOCK is undefined on Windows. */
const { O_RDONLY, O_NONBLOCK } = constants as { readonly O_RDONLY: number; readonly O_NONBLOCK?: number };
/** Folders that a delete takes away under a put are made again this many times; so are reads of what is replaced. */
const TRIES = 20;
/** File systems without hard links say one of these. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];
const DEFAULT_ALGORITHM = 'crc64nvme';

export class LocalObjectStore implements ObjectStore {
  /** The last change of each object under way: changes of one object, file and metadata together, run one after another. */
  private readonly changing = new Map<string, Promise<unknown>>();
  /** ETags that are being computed. */
  private readonly computing = new Map<string, Promise<ObjectMeta>>();
  private readonly meta: MetaFiles;
  private readonly side: SideStore;
  private readonly settingsFiles: BucketSettingsFiles;
  private readonly listing: Listing;
  readonly io: FolderIo;
  private lastMtimeMs = 0;

  constructor(
    readonly root: string,
    /** Secrets by access key id; empty: whoever comes is the owner. */
    readonly keys: Keys = new Map(),
    /** The cluster's: where folders are that were dropped in, and what COPY and UNLOAD mean without REGION. */
    private readonly region: string = DEFAULT_REGION,
  ) {
    this.meta = new MetaFiles(root);
    this.side = new SideStore(root);
    this.settingsFiles = new BucketSettingsFiles(root);
    this.listing = new Listing(root, this.meta, this.side, (bucket, key) => this.head(bucket, key));
    this.io = new FolderIo(root);
  }

  async buckets(): Promise<readonly { readonly name: string; readonly createdMs: number }[]> {
    await mkdir(this.root, { recursive: true });
    const names = (await readdir(this.root)).filter((n) => !n.startsWith('.')).sort();
    const out: { name: string; createdMs: number }[] = [];
    for (const name of names) {
      const s = await stat(join(this.root, name)).catch(() => undefined);
      if (!s?.isDirectory()) continue;
      const { createdMs } = await this.settingsFiles.read(name);
      out.push({ name, createdMs: createdMs ?? (s.birthtimeMs || s.ctimeMs) });
    }
    return out;
  }
  /** Whether it was made: false when it was there. */
  async createBucket(bucket: string, settings: BucketSettings = {}): Promise<boolean> {
    checkBucket(bucket);
    await mkdir(this.root, { recursive: true });
    try {
      await mkdir(join(this.root, bucket));
    } catch (e) {
      if (codeOf(e) === 'EEXIST') return false;
      throw e;
    }
    await this.settingsFiles.write(bucket, { ...settings, createdMs: systemClock.nowMs() });
    return true;
  }
  async deleteBucket(bucket: string): Promise<void> {
    await this.needBucket(bucket);
    // Folder by folder, never what holds something: an object that is put meanwhile, or a file that is none of ours, stays.
    const folder = join(this.root, bucket);
    if ((await lstat(folder)).isSymbolicLink()) throw new S3Error('AccessDenied', 403, 'Access Denied');
    if ((await this.side.list(bucket)).length > 0 || !(await removeFolders(folder))) {
      throw new S3Error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName: bucket });
    }
    await this.settingsFiles.remove(bucket);
    await this.meta.removeBucket(bucket);
    await this.side.removeBucket(bucket);
  }
  async hasBucket(bucket: string): Promise<boolean> {
    checkBucket(bucket);
    return (await stat(join(this.root, bucket)).catch(() => undefined))?.isDirectory() ?? false;
  }
  async settings(bucket: string): Promise<BucketSettings> {
    await this.needBucket(bucket);
    return this.settingsFiles.read(bucket);
  }
  async setSettings(bucket: string, change: Partial<BucketSettings>): Promise<void> {
    await this.changed(`${bucket}/`, async () => {
      await this.settingsFiles.write(bucket, { ...(await this.settings(bucket)), ...change });
    });
  }
  async regionOf(bucket: string): Promise<string> {
    return (await this.settingsFiles.read(bucket)).region ?? this.region;
  }

  async authorize(access: Access): Promise<void> {
    const settings = await this.settings(access.bucket);
    const tags = await this.tagValues(access.bucket, access.key, settings.policy);
    authorizeStatement(settings, tags, this.keys, this.region, access);
  }
  /** An object's tags as a policy asks for them, if it does. */
  async tagValues(bucket: string, key: string, policy: string | undefined): Promise<RequestValues> {
    if (policy === undefined || key === '' || !asksForTags(policy)) return {};
    return tagValues((await this.details(bucket, key))?.tags);
  }

  async list(bucket: string, options: ListOptions = {}): Promise<ListResult> {
    await this.needBucket(bucket);
    return this.listing.list(bucket, options);
  }
  /** The same with all that S3's listings show. */
  async listDetails(bucket: string, options: ListOptions): Promise<ListResult<ObjectDetails>> {
    const found = await this.list(bucket, options);
    const objects: ObjectDetails[] = [];
    for (const { key } of found.objects) {
      const details = await this.details(bucket, key);
      if (details !== undefined) objects.push(details);
    }
    return { ...found, objects };
  }
  /** The file of an object as it is found by its key. */
  private async find(bucket: string, key: string): Promise<Found | undefined> {
    const path = objectPath(this.root, bucket, key);
    if (path !== undefined) {
      const s = await stat(path).catch((e: unknown) => {
        if (isMissing(e) || isNoPlace(e)) return undefined;
        throw e;
      });
      if (s?.isFile() === true) return { path };
    }
    const record = await this.side.get(bucket, key);
    return record && { path: this.side.dataPath(bucket, record), record };
  }
  async head(bucket: string, key: string): Promise<ObjectInfo | undefined> {
    const found = await this.find(bucket, key);
    if (found === undefined) return undefined;
    if (found.record !== undefined) {
      const { size, modifiedMs, etag, metadata } = found.record;
      return { key, size, modifiedMs, etag, metadata };
    }
    const s = await stat(found.path).catch(() => undefined);
    if (s?.isFile() !== true) return undefined;
    const { etag, metadata } = (await this.meta.read(bucket, key, s)) ?? {};
    return { key, size: s.size, modifiedMs: s.mtimeMs, etag, metadata };
  }
  /** With ETag and metadata; a file that was dropped in is read once for its ETag. */
  async details(bucket: string, key: string): Promise<ObjectDetails | undefined> {
    const object = await this.open(bucket, key).catch((e: unknown) => {
      if (e instanceof S3Error && e.code === 'NoSuchKey') return undefined;
      throw e;
    });
    await object?.close();
    return object?.info;
  }
  async open(bucket: string, key: string): Promise<OpenObject> {
    await this.needBucket(bucket);
    for (let tries = 1; ; tries++) {
      const found = await this.find(bucket, key);
      if (found === undefined) throw noSuchKey(key);
      // Not to wait for whoever writes into a pipe that lies there.
      const file = await open(found.path, O_RDONLY | (O_NONBLOCK ?? 0)).catch((e: unknown) => {
        if (isMissing(e) && tries < TRIES) return undefined;
        throw isMissing(e) ? noSuchKey(key) : e;
      });
      if (file === undefined) continue;
      try {
        const s = await file.stat();
        if (!s.isFile()) throw noSuchKey(key);
        const info = found.record ?? (await this.describe(bucket, key, file, s));
        return {
          info: { ...metaOf(info), key, size: s.size, modifiedMs: s.mtimeMs },
          stream: (start, end) => file.createReadStream({ start, end: end - 1, highWaterMark: READ_BYTES }),
          close: () => file.close(),
        };
      } catch (e) {
        await file.close();
        throw e;
      }
    }
  }
  private async describe(bucket: string, key: string, file: FileHandle, s: Stats): Promise<ObjectMeta> {
    const known = await this.meta.read(bucket, key, s);
    if (known?.etag !== undefined) return { ...known, etag: known.etag };
    const name = `${bucket}/${key}\0${s.size}-${s.mtimeMs}`;
    const computing = this.computing.get(name) ?? this.computeEtag(bucket, key, file, s);
    this.computing.set(name, computing);
    try {
      return await computing;
    } finally {
      this.computing.delete(name);
    }
  }
  private async computeEtag(bucket: string, key: string, file: FileHandle, state: FileState): Promise<ObjectMeta> {
    const hash = createHash('md5');
    const buffer = Buffer.alloc(READ_BYTES);
    for (let at = 0; at < state.size;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, state.size - at), at);
      if (bytesRead === 0) throw preconditionFailed();
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    const meta: ObjectMeta = { ...(await this.meta.read(bucket, key, state)), etag: `"${hash.digest('hex')}"` };
    const { size, mtimeMs } = await file.stat();
    // Kept for the next time; a store that may not be written computes it again.
    if (size === state.size && mtimeMs === state.mtimeMs) {
      await this.meta.write(bucket, key, state, meta).catch(() => undefined);
      void this.changed(`${bucket}/${key}`, () => this.forgetEarlier(bucket, key)).catch(() => undefined);
    }
    return meta;
  }
  /** What belonged to files that a user has replaced. */
  private async forgetEarlier(bucket: string, key: string): Promise<void> {
    const found = await this.find(bucket, key);
    if (found !== undefined && found.record === undefined)
      await this.meta.keepOnly(bucket, key, await stat(found.path));
  }
  async getStream(bucket: string, key: string, start = 0, end?: number): Promise<Readable> {
    const object = await this.openFile(bucket, key);
    const to = Math.min(end ?? object.size, object.size);
    if (to > start) return object.file.createReadStream({ start, end: to - 1, highWaterMark: READ_BYTES });
    await object.file.close();
    return Readable.from([]);
  }
  async read(bucket: string, key: string, start = 0, end?: number): Promise<Buffer> {
    const { file, size } = await this.openFile(bucket, key);
    const to = Math.min(end ?? size, size);
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
  private async openFile(bucket: string, key: string): Promise<{ file: FileHandle; size: number }> {
    await this.needBucket(bucket);
    const found = await this.find(bucket, key);
    if (found === undefined) throw noSuchKey(key);
    const file = await open(found.path, O_RDONLY | (O_NONBLOCK ?? 0)).catch((e: unknown) => {
      throw isMissing(e) ? noSuchKey(key) : e;
    });
    return { file, size: (await file.stat()).size };
  }

  async put(
    bucket: string,
    key: string,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    options: PutOptions = {},
  ): Promise<ObjectDetails> {
    await this.needBucket(bucket);
    objectPath(this.root, bucket, key);
    if (options.onlyNew === true && (await this.head(bucket, key)) !== undefined) throw preconditionFailed();
    const temporary = await this.temporaryPath();
    const hash = options.etag === undefined ? createHash('md5') : undefined;
    const algorithm = options.algorithm ?? DEFAULT_ALGORITHM;
    const checksum = options.checksum === undefined ? CHECKSUMS[algorithm]!.make() : undefined;
    try {
      const source = body instanceof Uint8Array ? [body] : body;
      // Made here: a stream that makes its file itself may do so behind the removal, when the body breaks off at once.
      const file = await open(temporary, 'w');
      await pipeline(async function* () {
        for await (const chunk of source) {
          hash?.update(chunk);
          checksum?.update(chunk);
          yield chunk;
        }
      }, file.createWriteStream());
      const etag = options.etag ?? `"${hash!.digest('hex')}"`;
      const computed = checksum && { algorithm, value: checksum.digest(), type: 'FULL_OBJECT' as const };
      const meta: ObjectMeta = { ...metaOf({ ...options, etag }), checksum: options.checksum ?? computed };
      return await this.placeFile(bucket, key, temporary, meta, options);
    } finally {
      await rm(temporary, { force: true });
    }
  }
  /** A temporary file becomes the object. */
  private async placeFile(
    bucket: string,
    key: string,
    temporary: string,
    meta: KeptMeta | undefined,
    options: Pick<PutOptions, 'onlyNew' | 'ifMatch'> = {},
  ): Promise<ObjectDetails> {
    const state = await this.ownTime(temporary);
    await this.changed(`${bucket}/${key}`, async () => {
      if (options.ifMatch !== undefined) await this.needMatch(bucket, key, options.ifMatch);
      const path = objectPath(this.root, bucket, key);
      if (path !== undefined && (await this.placePlain(bucket, key, temporary, path, state, meta, options))) return;
      const found = await this.find(bucket, key);
      if (options.onlyNew === true && found !== undefined) throw preconditionFailed();
      await this.needBucket(bucket);
      const etag = meta?.etag ?? (await this.hashed(temporary));
      const record = { ...meta, etag, key, size: state.size, modifiedMs: state.mtimeMs };
      await this.side.put(bucket, temporary, record, options.onlyNew === true);
      if (await this.hasBucket(bucket)) return;
      await this.side.remove(bucket, key);
      throw noSuchBucket(bucket);
    });
    return { ...metaOf({ etag: '', ...meta }), key, size: state.size, modifiedMs: state.mtimeMs };
  }
  /** False when no file can be there. */
  private async placePlain(
    bucket: string,
    key: string,
    temporary: string,
    path: string,
    state: FileState,
    meta: KeptMeta | undefined,
    { onlyNew = false }: Pick<PutOptions, 'onlyNew'>,
  ): Promise<boolean> {
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) return false;
    if (onlyNew && (await this.side.get(bucket, key)) !== undefined) throw preconditionFailed();
    try {
      if (meta !== undefined) await this.meta.write(bucket, key, state, meta);
      await this.placeAt(bucket, temporary, path, onlyNew);
    } catch (e) {
      if (!isNoPlace(e)) throw e;
      await this.meta.remove(bucket, key);
      return false;
    }
    await this.meta.keepOnly(bucket, key, state);
    await this.side.remove(bucket, key);
    return true;
  }
  /** A time of change that no other file of this store has; the same size and time mean the same bytes then. */
  private async ownTime(temporary: string): Promise<FileState> {
    const mtimeMs = (this.lastMtimeMs = Math.max(systemClock.nowMs(), this.lastMtimeMs + 0.002));
    await utimes(temporary, mtimeMs / 1000, mtimeMs / 1000);
    const s = await stat(temporary);
    return { size: s.size, mtimeMs: s.mtimeMs };
  }
  private async hashed(path: string): Promise<string> {
    const hash = createHash('md5');
    const file = await open(path);
    for await (const chunk of file.createReadStream({ highWaterMark: READ_BYTES })) hash.update(chunk as Buffer);
    return `"${hash.digest('hex')}"`;
  }
  private async needMatch(bucket: string, key: string, etags: string): Promise<void> {
    const info = await this.details(bucket, key);
    if (info === undefined) throw noSuchKey(key);
    if (!etagListed(etags, info.etag)) throw preconditionFailed('If-Match');
  }
  /** Other tags or another ACL for the same object. */
  async change(bucket: string, key: string, change: Partial<Pick<ObjectMeta, 'tags' | 'acl'>>): Promise<void> {
    // The ETag of a file that was dropped in is computed before the change has the object for itself.
    if ((await this.details(bucket, key)) === undefined) throw noSuchKey(key);
    await this.changed(`${bucket}/${key}`, async () => {
      const found = await this.find(bucket, key);
      if (found === undefined) throw noSuchKey(key);
      if (found.record !== undefined) return this.side.update(bucket, { ...found.record, ...change });
      const state = await stat(found.path);
      const known = await this.meta.read(bucket, key, state);
      if (known === undefined) throw preconditionFailed();
      await this.meta.write(bucket, key, state, { ...known, ...change });
    });
  }
  async delete(bucket: string, key: string, ifMatch?: string): Promise<void> {
    await this.needBucket(bucket);
    const path = objectPath(this.root, bucket, key);
    await this.changed(`${bucket}/${key}`, async () => {
      if (ifMatch !== undefined) await this.needMatch(bucket, key, ifMatch);
      if (path !== undefined) {
        // A file that is deleted uncovers nothing.
        await this.side.remove(bucket, key);
        if ((await lstat(path).catch(() => undefined))?.isDirectory() !== true)
          await rm(path, { force: true }).catch((e: unknown) => {
            if (!isMissing(e) && codeOf(e) !== 'ERR_FS_EISDIR') throw e;
          });
        await this.meta.remove(bucket, key);
      } else await this.side.remove(bucket, key);
    });
    if (path === undefined) return;
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
  async copy(bucket: string, key: string, toBucket: string, toKey: string): Promise<void> {
    const from = await this.open(bucket, key);
    try {
      const { headers, metadata, size } = from.info;
      await this.put(toBucket, toKey, size === 0 ? new Uint8Array(0) : from.stream(0, size), { headers, metadata });
    } finally {
      await from.close();
    }
  }
  async place(bucket: string, placings: readonly Placing[]): Promise<readonly Traffic[]> {
    for (const { key, sealed, metadata, headers } of placings) {
      const meta = metadata === undefined && headers === undefined ? undefined : { metadata, headers };
      await this.placeFile(bucket, key, join(temporaryFolder(this.root), sealed), meta);
    }
    return [];
  }
  async encryptionHeaders(bucket: string, asked: ServerSideEncryption | 'bucket'): Promise<Record<string, string>> {
    const settings = { ...(await this.settings(bucket)), region: await this.regionOf(bucket) };
    return encryptionHeaders(asked === 'bucket' ? undefined : asked, settings);
  }
  discard(token: string): Promise<void> {
    dropTemporary(this.root, token);
    return Promise.resolve();
  }

  /** A fresh path for a file that will be renamed into place. */
  async temporaryPath(): Promise<string> {
    const folder = temporaryFolder(this.root);
    await mkdir(folder, { recursive: true });
    return join(folder, randomBytes(12).toString('hex'));
  }
  private async placeAt(bucket: string, temporary: string, path: string, onlyNew: boolean): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.makeFolder(bucket, dirname(path));
        return await (onlyNew ? this.placeNew(temporary, path) : rename(temporary, path));
      } catch (e) {
        // The last object of the folder was deleted, and the folder with it, since it was made.
        if (codeOf(e) === 'ENOENT' && tries < TRIES && (await this.hasBucket(bucket))) continue;
        if (codeOf(e) === 'ENOENT') await this.needBucket(bucket);
        throw e;
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
      if (there?.isDirectory() === true) throw e;
      if (there !== undefined) throw preconditionFailed();
      await rename(temporary, path);
    }
  }
  /** Runs one change of an object behind those that began before. */
  private async changed(name: string, change: () => Promise<void>): Promise<void> {
    const before = this.changing.get(name);
    const mine = (before ?? Promise.resolve()).catch(() => undefined).then(change);
    this.changing.set(name, mine);
    try {
      await mine;
    } finally {
      if (this.changing.get(name) === mine) this.changing.delete(name);
    }
  }
  private async needBucket(bucket: string): Promise<void> {
    if (!(await this.hasBucket(bucket))) throw noSuchBucket(bucket);
    bucketFolder(this.root, bucket);
  }
}
