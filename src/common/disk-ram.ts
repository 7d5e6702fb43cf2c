/**
 * The disk of `--memory`: files live in SharedArrayBuffers that belong to the process, not to the slice's thread that
 * wrote them. A sync tells the file's keeper (RamFiles, on the main thread) and the readers of the node where it lies;
 * what was not synced goes with its thread, as with a power cut. Nothing is copied: handles travel, bytes stay. When the
 * slice starts anew it is given the files that were kept.
 *
 *   file   extents of 64 KiB, doubling up to 4 MiB, and a length; an extent never moves, so growing copies nothing
 *
 * Extents of files that are gone serve the next ones: shared memory does not press on any thread's collector, which would
 * let it pile up. Whoever still reads such a file elsewhere does so for a query that has ended, and its checksum fails.
 *
 * Readers (the node's other slices, for ALL tables) look into their channel before they look for a file, so a file that was
 * synced before the reader was told of it is always there. Renames are not published: slices never rename.
 */
import { BroadcastChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Disk } from './disk.ts';
import { diskOf, type FileData } from './disk-memory.ts';

/** A file as its handles travel. */
export interface RamFile {
  readonly path: string;
  readonly extents: readonly SharedArrayBuffer[];
  readonly length: number;
}
/** A file was synced, or (no extents) is gone. */
export type RamFileChange = RamFile | { readonly path: string; readonly extents?: undefined };

const EXTENT_BYTES_MIN = 64 * 1024;
const EXTENT_BYTES_MAX = 4 * 1024 * 1024;

/** Extents that no file has, by their size; one pool a disk. */
class ExtentPool {
  private readonly free = new Map<number, SharedArrayBuffer[]>();
  private bytes = 0;
  constructor(private readonly bytesMax: number) {}

  take(bytes: number): SharedArrayBuffer {
    const extent = this.free.get(bytes)?.pop();
    if (extent === undefined) return new SharedArrayBuffer(bytes);
    this.bytes -= bytes;
    return extent;
  }
  give(extent: SharedArrayBuffer): void {
    const bytes = extent.byteLength;
    if (this.bytes + bytes > this.bytesMax) return;
    this.bytes += bytes;
    const list = this.free.get(bytes);
    if (list === undefined) this.free.set(bytes, [extent]);
    else list.push(extent);
  }
}

class ExtentData implements FileData {
  length = 0;
  constructor(private readonly pool?: ExtentPool) {}
  private capacity = 0;
  private readonly extents: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  static of(file: RamFile, pool?: ExtentPool): ExtentData {
    const data = new ExtentData(pool);
    for (const buffer of file.extents) data.add(buffer);
    data.length = file.length;
    return data;
  }
  handles(path: string): RamFile {
    const extents = this.extents.map((e) => e.bytes.buffer as SharedArrayBuffer);
    return { path, extents, length: this.length };
  }
  private add(buffer: SharedArrayBuffer): void {
    this.extents.push({ at: this.capacity, bytes: new Uint8Array(buffer) });
    this.capacity += buffer.byteLength;
  }
  /** The pieces of extents that hold these bytes, in order. */
  private *pieces(position: number, count: number): Generator<Uint8Array> {
    const end = position + count;
    let index = this.extents.findIndex((e) => position < e.at + e.bytes.length);
    for (let from = position; from < end; index++) {
      const { at, bytes } = this.extents[index]!;
      const to = Math.min(end, at + bytes.length);
      yield bytes.subarray(from - at, to - at);
      from = to;
    }
  }
  read(position: number, into: Uint8Array): void {
    let done = 0;
    for (const piece of this.pieces(position, into.length)) {
      into.set(piece, done);
      done += piece.length;
    }
  }
  write(position: number, from: Uint8Array): void {
    const end = position + from.length;
    while (this.capacity < end) {
      const bytes = Math.min(EXTENT_BYTES_MAX, Math.max(EXTENT_BYTES_MIN, this.capacity));
      this.add(this.pool?.take(bytes) ?? new SharedArrayBuffer(bytes));
    }
    // A used extent is not empty.
    if (position > this.length) for (const gap of this.pieces(this.length, position - this.length)) gap.fill(0);
    let done = 0;
    for (const piece of this.pieces(position, from.length)) {
      piece.set(from.subarray(done, done + piece.length));
      done += piece.length;
    }
    this.length = Math.max(this.length, end);
  }
  truncate(size: number): void {
    if (size > this.length) this.write(size, new Uint8Array(0));
    this.length = size;
  }
  /** The file is gone: nothing of it can be read here any more. */
  release(): void {
    for (const { bytes } of this.extents.splice(0)) this.pool?.give(bytes.buffer as SharedArrayBuffer);
    this.capacity = this.length = 0;
  }
}

const filesOf = (kept: readonly RamFile[], pool?: ExtentPool): Map<string, ExtentData> =>
  new Map(kept.map((file) => [file.path, ExtentData.of(file, pool)]));

/** A slice's own disk: what was kept of it, and whom to tell of changes. */
export function ramDisk(
  kept: readonly RamFile[],
  publish: (change: RamFileChange) => void,
  /** Memory of files that are gone, kept for the next ones. */
  poolBytesMax = 0,
): Disk {
  const pool = new ExtentPool(poolBytesMax);
  const files = filesOf(kept, pool);
  /** What a new start would find: a file that is written anew keeps its old bytes until it is synced. */
  const synced = new Map(files);
  const forget = (path: string, data: ExtentData | undefined): void => {
    const old = synced.get(path);
    if (old !== data) old?.release();
  };
  return diskOf({
    files,
    make: () => new ExtentData(pool),
    onSync: (path, data) => {
      publish(data.handles(path));
      forget(path, data);
      synced.set(path, data);
    },
    onRemove: (path, data) => {
      publish({ path });
      forget(path, data);
      synced.delete(path);
      data?.release();
    },
  });
}

function channelOf(name: string): BroadcastChannel {
  const channel = new BroadcastChannel(name);
  channel.unref();
  return channel;
}
/** Tells the node's readers of the owner's files. */
export function ramPublisher(channelName: string): (change: RamFileChange) => void {
  const channel = channelOf(channelName);
  return (change) => channel.postMessage(change);
}

/** Another slice's view of the owner's disk. `pull` takes in what was published; reading does so by itself. */
export function followingRamDisk(channelName: string, kept: readonly RamFile[]): Disk & { pull(): void } {
  const channel = channelOf(channelName);
  const files = filesOf(kept);
  const disk = diskOf({ files, make: () => new ExtentData() });
  const pull = (): void => {
    // Node takes a BroadcastChannel here, its types only know of ports.
    const port = channel as unknown as MessagePort;
    for (let m = receiveMessageOnPort(port); m; m = receiveMessageOnPort(port)) {
      const change = m.message as RamFileChange;
      if (change.extents === undefined) files.delete(change.path);
      else files.set(change.path, ExtentData.of(change));
    }
  };
  const pulled = <A extends readonly unknown[], R>(look: (...args: A) => R) => {
    return (...args: A): R => {
      pull();
      return look(...args);
    };
  };
  return {
    ...disk,
    pull,
    open: pulled((path: string, mode: 'read' | 'create' | 'append') => disk.open(path, mode)),
    exists: pulled((path: string) => disk.exists(path)),
    list: pulled((directory: string) => disk.list(directory)),
  };
}

/** The keeper of all slices' files, on the main thread. */
export class RamFiles {
  private readonly files = new Map<string, RamFile>();

  apply(change: RamFileChange): void {
    if (change.extents === undefined) this.files.delete(change.path);
    else this.files.set(change.path, change);
  }
  /** The files as a disk: those of now to read, and what is written and synced there is kept. */
  disk(): Disk {
    return ramDisk([...this.files.values()], (change) => this.apply(change));
  }
  /** What is kept under these directories. */
  under(directories: readonly string[]): readonly RamFile[] {
    return [...this.files.values()].filter((f) => directories.some((d) => f.path.startsWith(`${d}/`)));
  }
}

/** A disk of the thread's own: nobody else sees its files, and they go with it. */
export function ownRamDisk(poolBytesMax: number): Disk {
  const pool = new ExtentPool(poolBytesMax);
  return diskOf({ make: () => new ExtentData(pool), onRemove: (_, data) => data?.release() });
}
