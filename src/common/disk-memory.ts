/**
 * A disk in RAM for tests and the leader of `--memory`: files are growing buffers, syncs do nothing. A removed file stays readable
 * through handles that are open, as on POSIX.
 */
import { assert } from './assert.ts';
import type { Disk, DiskFile } from './disk.ts';

/** The bytes of one file. */
export interface FileData {
  readonly length: number;
  /** The caller has checked that the file is long enough. */
  read(position: number, into: Uint8Array): void;
  write(position: number, from: Uint8Array): void;
  truncate(size: number): void;
}

export class MemoryData implements FileData {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;
  read(position: number, into: Uint8Array): void {
    into.set(this.bytes.subarray(position, position + into.length));
  }
  write(position: number, from: Uint8Array): void {
    const end = position + from.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(from, position);
    this.length = Math.max(this.length, end);
  }
  truncate(size: number): void {
    if (size < this.length) this.bytes.fill(0, size, this.length);
    else this.write(size, new Uint8Array(0));
    this.length = size;
  }
}

/** Told of what others may want to see; `files` may be given to share or fill them from outside. */
export interface MemoryDiskHooks<T extends FileData> {
  readonly files?: Map<string, T>;
  /** A new, empty file. */
  make(): T;
  onSync?(path: string, data: T): void;
  onRemove?(path: string, data: T | undefined): void;
}

export function memoryDisk(): Disk {
  return diskOf({ make: () => new MemoryData() });
}

/** A disk of files of any kind. */
export function diskOf<T extends FileData>(hooks: MemoryDiskHooks<T>): Disk {
  const files = hooks.files ?? new Map<string, T>();
  const open = (path: string, mode: 'read' | 'create' | 'append'): DiskFile => {
    let data = files.get(path);
    assert(data !== undefined || mode !== 'read', `no file ${path}`);
    if (data === undefined || mode === 'create') files.set(path, (data = hooks.make()));
    const file = data;
    return {
      path,
      size: () => file.length,
      read(position, into) {
        assert(position + into.length <= file.length, `${path} ends before byte ${position + into.length}`);
        file.read(position, into);
      },
      write: (position, bytes) => file.write(position, bytes),
      truncate: (size) => file.truncate(size),
      sync: () => hooks.onSync?.(path, file),
      close: () => {},
    };
  };
  const under = (directory: string): string => (directory === '' || directory === '.' ? '' : `${directory}/`);
  return {
    open,
    exists: (path) => files.has(path) || [...files.keys()].some((p) => p.startsWith(`${path}/`)),
    remove(path) {
      const data = files.get(path);
      files.delete(path);
      hooks.onRemove?.(path, data);
    },
    rename(from, to) {
      const data = files.get(from);
      assert(data !== undefined, `no file ${from}`);
      files.delete(from);
      files.set(to, data);
    },
    list(directory) {
      const prefix = under(directory);
      const names = new Set<string>();
      for (const path of files.keys())
        if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/')[0]!);
      return [...names].sort();
    },
    makeDirectory: () => {},
    removeDirectory(path) {
      for (const name of [...files.keys()]) if (name.startsWith(under(path))) files.delete(name);
    },
    syncDirectory: () => {},
  };
}
