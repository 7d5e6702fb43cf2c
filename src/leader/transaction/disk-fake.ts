/**
 * A disk in memory for tests of this folder: it keeps what was synced apart from what was only written, so
 * that a test can crash it, tear the un-synced end at a seeded place and flip bits. Not used outside tests.
 */
import { assert } from '../../common/assert.ts';
import type { Disk, DiskFile } from '../../common/disk.ts';
import type { Prng } from '../../common/prng.ts';

interface Stored {
  data: Uint8Array;
  synced: Uint8Array;
}

export class FakeDisk implements Disk {
  readonly files = new Map<string, Stored>();
  private readonly directories = new Set<string>(['.']);
  syncs = 0;
  /** The next write throws, as on a full disk. */
  failWrites = 0;

  open(path: string, mode: 'read' | 'create' | 'append'): DiskFile {
    let stored = this.files.get(path);
    if (stored === undefined) {
      assert(mode === 'create', `no file ${path}`);
      this.files.set(path, (stored = { data: new Uint8Array(0), synced: new Uint8Array(0) }));
    }
    const file = stored;
    const sync = (): void => {
      this.syncs++;
      file.synced = file.data.slice();
    };
    return {
      path,
      size: () => file.data.length,
      read: (position, into) => {
        assert(position + into.length <= file.data.length, 'read past the end');
        into.set(file.data.subarray(position, position + into.length));
      },
      write: (position, bytes) => {
        if (this.failWrites > 0) {
          this.failWrites--;
          assert(false, 'disk full');
        }
        const end = Math.max(file.data.length, position + bytes.length);
        const next = new Uint8Array(end);
        next.set(file.data);
        next.set(bytes, position);
        file.data = next;
      },
      truncate: (size) => {
        const next = new Uint8Array(size);
        next.set(file.data.subarray(0, size));
        file.data = next;
      },
      sync,
      syncAsync: () => new Promise<void>((resolve) => setImmediate(() => resolve(sync()))),
      close: () => undefined,
    };
  }
  exists(path: string): boolean {
    return this.files.has(path) || this.directories.has(path);
  }
  remove(path: string): void {
    this.files.delete(path);
  }
  rename(from: string, to: string): void {
    this.files.set(to, this.files.get(from)!);
    this.files.delete(from);
  }
  list(directory: string): readonly string[] {
    const prefix = directory === '.' ? '' : `${directory}/`;
    return [...this.files.keys()].filter((p) => p.startsWith(prefix)).map((p) => p.slice(prefix.length));
  }
  makeDirectory(path: string): void {
    this.directories.add(path);
  }
  removeDirectory(path: string): void {
    this.directories.delete(path);
  }
  syncDirectory(): void {}

  /** What a crash leaves: synced bytes, and of the un-synced end a part whose last bytes may be garbage. */
  crash(prng: Prng): FakeDisk {
    const after = new FakeDisk();
    for (const d of this.directories) after.directories.add(d);
    for (const [path, stored] of this.files) {
      let data = stored.synced;
      const unsynced = stored.data.length - stored.synced.length;
      if (unsynced > 0) {
        data = stored.data.slice(0, stored.synced.length + prng.int(0, unsynced));
        for (let i = stored.synced.length; i < data.length; i++) if (prng.int(0, 9) === 0) data[i] = prng.int(0, 255);
      }
      after.files.set(path, { data: data.slice(), synced: data.slice() });
    }
    return after;
  }
  copy(): FakeDisk {
    const after = new FakeDisk();
    for (const d of this.directories) after.directories.add(d);
    for (const [path, s] of this.files) after.files.set(path, { data: s.data.slice(), synced: s.synced.slice() });
    return after;
  }
}
