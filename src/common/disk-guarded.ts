/**
 * A disk that asks before it changes anything: `check` throws when the node that writes is out of service, so that nothing
 * computed on corrupt memory reaches a file. Reads pass. Slices open their storage through it.
 */
import type { Disk, DiskFile } from './disk.ts';

export function guardedDisk(disk: Disk, check: () => void): Disk {
  const guarded = (file: DiskFile): DiskFile => ({
    path: file.path,
    size: () => file.size(),
    read: (position, into) => file.read(position, into),
    write: (position, bytes) => {
      check();
      file.write(position, bytes);
    },
    truncate: (size) => {
      check();
      file.truncate(size);
    },
    sync: () => {
      check();
      file.sync();
    },
    close: () => file.close(),
  });
  const changes = <A extends readonly unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      check();
      return work(...args);
    };
  };
  return {
    open: (path, mode) => {
      if (mode !== 'read') check();
      return guarded(disk.open(path, mode));
    },
    exists: (path) => disk.exists(path),
    list: (directory) => disk.list(directory),
    remove: changes((path: string) => disk.remove(path)),
    rename: changes((from: string, to: string) => disk.rename(from, to)),
    makeDirectory: changes((path: string) => disk.makeDirectory(path)),
    removeDirectory: changes((path: string) => disk.removeDirectory(path)),
    syncDirectory: changes((path: string) => disk.syncDirectory(path)),
  };
}
