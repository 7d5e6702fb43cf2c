/**
 * Object I/O over the store in folders, with asynchronous file operations. An object that is written lies in a temporary
 * file until the store's place() renames it into place. Pipes and devices are no objects, and opening one never waits.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../common/assert.ts';
import { decryptedReader, INSTRUCTION_BYTES_MAX, instructionKey, type Metadata } from './client-encryption.ts';
import { unpackedReader } from './codecs/unpacked-reader.ts';
import { noSuchKey, objectPath, preconditionFailed, S3Error } from './key-path.ts';
import {
  noTraffic,
  timed,
  type ObjectIo,
  type ObjectRange,
  type ObjectReader,
  type ObjectState,
  type ObjectTarget,
  type ObjectWriter,
} from './object-io.ts';
import { MetaFiles } from './meta-files.ts';
import { temporaryFolder } from './sealed.ts';
import { SideStore } from './side-store.ts';

/** O_NONBLOCK is undefined on Windows. */
const { O_RDONLY, O_NONBLOCK } = constants as { readonly O_RDONLY: number; readonly O_NONBLOCK?: number };

class FileReader implements ObjectReader {
  readonly traffic = noTraffic();
  constructor(
    private readonly file: FileHandle,
    private position: number,
    private readonly end: number,
    private readonly state: ObjectState,
  ) {}
  async read(into: Uint8Array): Promise<number> {
    const want = Math.min(into.length, this.end - this.position);
    if (want <= 0) return this.ended();
    const { bytesRead } = await timed(this.traffic, () => this.file.read(into, 0, want, this.position));
    if (bytesRead === 0) throw preconditionFailed();
    this.position += bytesRead;
    this.traffic.bytes += bytesRead;
    return bytesRead;
  }
  private async ended(): Promise<0> {
    await this.check();
    return 0;
  }
  /** Whoever writes into a file in place changes what pieces of it were read before, and those after. */
  async check(): Promise<void> {
    const { size, mtimeMs } = await this.file.stat();
    if (size !== this.state.size || mtimeMs !== this.state.modifiedMs) throw preconditionFailed();
  }
  close(): Promise<void> {
    return this.file.close();
  }
}

class FileWriter implements ObjectWriter {
  readonly traffic = noTraffic();
  private isOpen = true;
  constructor(
    private readonly file: FileHandle,
    private readonly folder: string,
    private readonly name: string,
  ) {}
  async write(bytes: Uint8Array): Promise<void> {
    await timed(this.traffic, async () => {
      for (let at = 0; at < bytes.length;) at += (await this.file.write(bytes, at)).bytesWritten;
    });
    this.traffic.bytes += bytes.length;
  }
  async seal(): Promise<string> {
    this.isOpen = false;
    await this.file.close();
    return this.name;
  }
  async abort(): Promise<void> {
    if (this.isOpen) await this.file.close().catch(() => undefined);
    this.isOpen = false;
    await rm(join(this.folder, this.name), { force: true });
  }
}

export class FolderIo implements ObjectIo {
  private readonly side: SideStore;
  private readonly meta: MetaFiles;
  constructor(private readonly root: string) {
    this.side = new SideStore(root);
    this.meta = new MetaFiles(root);
  }

  async open({ bucket, key, start, end, state, compression, masterKey }: ObjectRange): Promise<ObjectReader> {
    const { file, metadata } = await this.find(bucket, key);
    const isWhole = compression !== 'none' || masterKey !== undefined;
    assert(!isWhole || start === 0, 'a compressed or encrypted file is read from its start');
    const reader = new FileReader(file, start, end, state);
    try {
      await reader.check();
    } catch (error) {
      await file.close();
      throw error;
    }
    if (masterKey === undefined) return compression === 'none' ? reader : unpackedReader(reader, compression);
    const sealed = {
      name: `s3://${bucket}/${key}`,
      size: state.size,
      metadata: await metadata(state),
      instruction: () => this.beginning(bucket, instructionKey(key), INSTRUCTION_BYTES_MAX),
    };
    const text = await decryptedReader(reader, sealed, masterKey);
    return compression === 'none' ? text : unpackedReader(text, compression);
  }
  /** The file at the key's path, else the side store's. */
  private async find(
    bucket: string,
    key: string,
  ): Promise<{
    readonly file: FileHandle;
    metadata(state: ObjectState): Promise<Metadata | undefined>;
  }> {
    const path = objectPath(this.root, bucket, key);
    const plain = path === undefined ? undefined : await openFile(path);
    if (plain !== undefined) {
      const metadata = async ({ size, modifiedMs: mtimeMs }: ObjectState): Promise<Metadata | undefined> =>
        (await this.meta.read(bucket, key, { size, mtimeMs }))?.metadata;
      return { file: plain, metadata };
    }
    const record = await this.side.get(bucket, key);
    const file = record && (await openFile(this.side.dataPath(bucket, record)));
    if (file === undefined) throw noSuchKey(key);
    return { file, metadata: () => Promise.resolve(record?.metadata) };
  }
  /** The first bytes of a small object; undefined when there is none. */
  private async beginning(bucket: string, key: string, bytes: number): Promise<Uint8Array | undefined> {
    const found = await this.find(bucket, key).catch((e: unknown) => {
      if (e instanceof S3Error && e.code === 'NoSuchKey') return undefined;
      throw e;
    });
    if (found === undefined) return undefined;
    const { file } = found;
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
  async create({ bucket, key, token }: ObjectTarget): Promise<ObjectWriter> {
    objectPath(this.root, bucket, key);
    return this.createTemporary(token);
  }
  /** A file of its own in the folder of temporary files. */
  async createTemporary(token: string): Promise<ObjectWriter> {
    const folder = temporaryFolder(this.root);
    await mkdir(folder, { recursive: true });
    const name = `${token}${randomBytes(12).toString('hex')}`;
    return new FileWriter(await open(join(folder, name), 'wx'), folder, name);
  }
}

/** Undefined when there is no regular file. */
async function openFile(path: string): Promise<FileHandle | undefined> {
  const file = await open(path, O_RDONLY | (O_NONBLOCK ?? 0)).catch((e: unknown) => {
    if (NO_FILE.includes((e as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw e;
  });
  if (file === undefined || (await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}
const NO_FILE = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENXIO', 'ENAMETOOLONG'];
