/**
 * Synchronous, streaming reading of one object or a byte range of it, for slices: nothing larger than two small buffers
 * is held, however big the file. `into` may lie in shared memory. Errors: S3Error (missing), SqlError (damaged gzip).
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { assert } from '../common/assert.ts';
import type { PullSource } from './inflate.ts';
import { openGunzip } from './native-gunzip.ts';
import { noSuchKey, objectPath } from './key-path.ts';

export interface SourceSpec {
  /** The store's root folder. */
  readonly root: string;
  readonly bucket: string;
  readonly key: string;
  /** Byte range of the stored file; end undefined = to its end. */
  readonly start?: number;
  readonly end?: number;
  readonly compression: 'none' | 'gzip';
}
export interface Source {
  /** Fills `into` from its start; returns the bytes, 0 at the end. May return fewer than asked for. */
  read(into: Uint8Array): number;
  close(): void;
}

export function openSource(spec: SourceSpec): Source {
  const path = objectPath(spec.root, spec.bucket, spec.key);
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') throw noSuchKey(spec.key);
    throw e;
  }
  if (fstatSync(fd).isDirectory()) {
    closeSync(fd);
    throw noSuchKey(spec.key);
  }
  let position = spec.start ?? 0;
  const end = spec.end ?? Infinity;
  assert(spec.compression === 'none' || position === 0, 'a compressed file is read from its start');
  const raw: PullSource = (into) => {
    const want = Math.min(into.length, end - position);
    if (want <= 0) return 0;
    const n = readSync(fd, into, 0, want, position);
    position += n;
    return n;
  };
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  if (spec.compression === 'none') return { read: raw, close };
  const gunzip = openGunzip(raw);
  return {
    read: (into) => gunzip.read(into),
    close: () => {
      gunzip.close();
      close();
    },
  };
}
