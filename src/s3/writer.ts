/**
 * Synchronous writing of one object, for the unload step: bytes go to a temporary file and are renamed into place by
 * close(), so that a cancelled UNLOAD leaves nothing half written. GZIP writes one member for each 1 MB (concatenated
 * members are one stream to every reader). Written bytes may lie in shared memory.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HIDDEN, objectPath } from './key-path.ts';

export interface TargetSpec {
  readonly root: string;
  readonly bucket: string;
  readonly key: string;
  readonly compression: 'none' | 'gzip';
}
export interface ObjectWriter {
  write(bytes: Uint8Array): void;
  /** Bytes of the object so far (compressed); what is still buffered is not counted. */
  readonly size: number;
  /** Puts the object in place and returns its size. */
  close(): number;
  /** Forgets the object. */
  abort(): void;
}

const BUFFER_BYTES = 1024 * 1024;

export function createObjectWriter(spec: TargetSpec): ObjectWriter {
  const path = objectPath(spec.root, spec.bucket, spec.key);
  const temporary = join(spec.root, `${HIDDEN}-tmp`, randomBytes(12).toString('hex'));
  mkdirSync(dirname(temporary), { recursive: true });
  const fd = openSync(temporary, 'wx');
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let used = 0;
  let size = 0;
  let members = 0;
  const flush = (): void => {
    if (used === 0) return;
    const plain = buffer.subarray(0, used);
    const bytes = spec.compression === 'gzip' ? gzipSync(plain, { level: 6 }) : plain;
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    size += bytes.length;
    members++;
    used = 0;
  };
  return {
    get size() {
      return size;
    },
    write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const n = Math.min(bytes.length - at, BUFFER_BYTES - used);
        buffer.set(bytes.subarray(at, at + n), used);
        used += n;
        at += n;
        if (used === BUFFER_BYTES) flush();
      }
    },
    close() {
      flush();
      if (spec.compression === 'gzip' && members === 0) size += writeSync(fd, gzipSync(Buffer.alloc(0)));
      closeSync(fd);
      mkdirSync(dirname(path), { recursive: true });
      renameSync(temporary, path);
      return size;
    },
    abort() {
      closeSync(fd);
      rmSync(temporary, { force: true });
    },
  };
}
