/**
 * Synchronous writing of one object, for the unload step: bytes go to a temporary file, which seal() closes and
 * placeSealed() renames into place, so that a cancelled UNLOAD leaves nothing half written. GZIP writes one member for
 * each 1 MB (concatenated members are one stream to every reader). Written bytes may lie in shared memory.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HIDDEN, S3Error, objectPath } from './key-path.ts';

export interface TargetSpec {
  readonly root: string;
  readonly bucket: string;
  readonly key: string;
  readonly compression: 'none' | 'gzip';
  /** Begins the temporary file's name. */
  readonly token?: string;
}
export interface ObjectWriter {
  write(bytes: Uint8Array): void;
  /** Bytes of the object so far (compressed); what is still buffered is not counted. */
  readonly size: number;
  /** As `size`, with the most that buffered bytes can come to. */
  readonly sizeMax: number;
  /** Ends the file; it waits under `temporary` to be placed. */
  seal(): { readonly temporary: string; readonly size: number };
  /** Puts the object in place and returns its size. */
  close(): number;
  /** Forgets the object. */
  abort(): void;
}

const BUFFER_BYTES = 1024 * 1024;
/** What a gzip member may add to bytes that do not compress. */
const MEMBER_BYTES = 1024;
const folderOf = (root: string): string => join(root, `${HIDDEN}-tmp`);

export function createObjectWriter(spec: TargetSpec): ObjectWriter {
  objectPath(spec.root, spec.bucket, spec.key);
  const temporary = `${spec.token ?? ''}${randomBytes(12).toString('hex')}`;
  mkdirSync(folderOf(spec.root), { recursive: true });
  const fd = openSync(join(folderOf(spec.root), temporary), 'wx');
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let used = 0;
  let size = 0;
  let members = 0;
  let isOpen = true;
  const flush = (): void => {
    if (used === 0) return;
    const plain = buffer.subarray(0, used);
    const bytes = spec.compression === 'gzip' ? gzipSync(plain, { level: 6 }) : plain;
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    size += bytes.length;
    members++;
    used = 0;
  };
  const seal = (): { temporary: string; size: number } => {
    flush();
    if (spec.compression === 'gzip' && members === 0) size += writeSync(fd, gzipSync(Buffer.alloc(0)));
    closeSync(fd);
    isOpen = false;
    return { temporary, size };
  };
  return {
    get size() {
      return size;
    },
    get sizeMax() {
      return size + used + (spec.compression === 'gzip' ? MEMBER_BYTES : 0);
    },
    write(bytes) {
      for (let at = 0; at < bytes.length;) {
        const n = Math.min(bytes.length - at, BUFFER_BYTES - used);
        buffer.set(bytes.subarray(at, at + n), used);
        used += n;
        at += n;
        if (used === BUFFER_BYTES) flush();
      }
    },
    seal,
    close() {
      seal();
      placeSealed(spec.root, spec.bucket, spec.key, temporary);
      return size;
    },
    abort() {
      if (isOpen) closeSync(fd);
      isOpen = false;
      rmSync(join(folderOf(spec.root), temporary), { force: true });
    },
  };
}

/** Makes a sealed file the object of that key. */
export function placeSealed(root: string, bucket: string, key: string, temporary: string): void {
  const path = objectPath(root, bucket, key);
  try {
    mkdirSync(dirname(path), { recursive: true });
    renameSync(join(folderOf(root), temporary), path);
  } catch (e) {
    if (!['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY'].includes((e as NodeJS.ErrnoException).code ?? '')) throw e;
    throw new S3Error(
      'InvalidRequest',
      409,
      'A key cannot be an object and a folder of objects at once in this store',
    );
  }
}
/** Removes every temporary file of one token. */
export function dropTemporary(root: string, token: string): void {
  let names: string[];
  try {
    names = readdirSync(folderOf(root));
  } catch {
    return;
  }
  for (const name of names) if (name.startsWith(token)) rmSync(join(folderOf(root), name), { force: true });
}
