/**
 * The disk as an interface, so that tests can run on a simulated one that loses un-synced writes and tears the last
 * one. Paths are relative to the disk's root. Synchronous: slices are threads of their own; the leader's commit sync
 * runs off its main thread.
 */
export interface DiskFile {
  readonly path: string;
  size(): number;
  /** Reads exactly `into.length` bytes; throws when the file is shorter. `into` may lie in shared memory. */
  read(position: number, into: Uint8Array): void;
  write(position: number, bytes: Uint8Array): void;
  /** write() off the calling thread; where it is missing, write() is used. The bytes must stay as they are meanwhile. */
  writeAsync?(position: number, bytes: Uint8Array): Promise<void>;
  truncate(size: number): void;
  /** fdatasync. */
  sync(): void;
  /** fdatasync off the calling thread; where it is missing, sync() is used. */
  syncAsync?(): Promise<void>;
  /** A second call does nothing. */
  close(): void;
}
export interface Disk {
  open(path: string, mode: 'read' | 'create' | 'append'): DiskFile;
  exists(path: string): boolean;
  /** Creates the file with these bytes, or answers false when it exists already (O_EXCL). */
  createExclusive?(path: string, bytes: Uint8Array): boolean;
  remove(path: string): void;
  rename(from: string, to: string): void;
  list(directory: string): readonly string[];
  makeDirectory(path: string): void;
  removeDirectory(path: string): void;
  /** fsync of a directory, so that creations and renames in it are durable. */
  syncDirectory(path: string): void;
  /** What the device holds at most, used or not; where it is missing, that is the machine's memory. */
  capacityBytes?(): number;
}
