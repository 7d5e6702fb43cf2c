/**
 * A disk that fails as disks do, from a seed. `operationsMax` stops the machine in the middle of whatever it does: that
 * operation and all later ones throw PowerLoss until crash() was called. crash() loses writes that were not synced (a
 * random prefix of them may have reached the platter, the next one torn at a 512-byte boundary), and creations and
 * removals whose directory was not synced. `bytesMax` makes writes past that total fail with ENOSPC. Files open at a
 * crash must not be used again.
 */
import { assert } from './assert.ts';
import { MemoryData } from './disk-memory.ts';
import type { Disk, DiskFile } from './disk.ts';
import { Prng } from './prng.ts';

const SECTOR_BYTES = 512;

interface PendingWrite {
  readonly position: number;
  /** Undefined: a truncation to `position`. */
  readonly bytes?: Uint8Array;
}
interface Inode {
  readonly current: MemoryData;
  durable: MemoryData;
  readonly pending: PendingWrite[];
}
interface NameChange {
  readonly path: string;
  readonly before: Inode | undefined;
  readonly after: Inode | undefined;
}
class NoSpace extends Error {
  readonly code = 'ENOSPC';
}

/** Thrown by every operation once the power is gone. */
export class PowerLoss extends Error {}

export interface SimulatedDiskOptions {
  readonly seed: number;
  /** Bytes that may be written in all. */
  readonly bytesMax?: number;
}

export class SimulatedDisk implements Disk {
  bytesWritten = 0;
  bytesMax: number;
  crashes = 0;
  /** Writes, syncs and name changes that still succeed. */
  operationsMax = Infinity;
  private readonly prng: Prng;
  private readonly names = new Map<string, Inode>();
  private changes: NameChange[] = [];

  constructor(options: SimulatedDiskOptions) {
    this.prng = new Prng(options.seed);
    this.bytesMax = options.bytesMax ?? Infinity;
  }

  open(path: string, mode: 'read' | 'create' | 'append'): DiskFile {
    let inode = this.names.get(path);
    assert(inode !== undefined || mode !== 'read', `no file ${path}`);
    if (inode === undefined) {
      inode = { current: new MemoryData(), durable: new MemoryData(), pending: [] };
      this.link(path, inode);
    } else if (mode === 'create') {
      inode.current.truncate(0);
      inode.pending.push({ position: 0 });
    }
    return this.handle(path, inode);
  }
  private handle(path: string, inode: Inode): DiskFile {
    const era = this.crashes;
    const alive = (): void => assert(era === this.crashes, `${path} was opened before the crash`);
    return {
      path,
      size: () => inode.current.length,
      read: (position, into) => {
        alive();
        assert(position + into.length <= inode.current.length, `${path} ends before byte ${position + into.length}`);
        into.set(inode.current.bytes.subarray(position, position + into.length));
      },
      write: (position, bytes) => {
        alive();
        this.operate();
        const room = Math.max(0, this.bytesMax - this.bytesWritten);
        const part = bytes.slice(0, Math.min(bytes.length, room));
        this.bytesWritten += part.length;
        inode.current.write(position, part);
        inode.pending.push({ position, bytes: part });
        if (part.length < bytes.length) throw new NoSpace('ENOSPC: no space left on device, write');
      },
      truncate: (size) => {
        alive();
        inode.current.truncate(size);
        inode.pending.push({ position: size });
      },
      sync: () => {
        alive();
        this.operate();
        for (const write of inode.pending) apply(inode.durable, write);
        inode.pending.length = 0;
      },
      close: () => {},
    };
  }

  exists(path: string): boolean {
    return this.names.has(path) || [...this.names.keys()].some((p) => p.startsWith(`${path}/`));
  }
  remove(path: string): void {
    if (this.names.has(path)) this.link(path, undefined);
  }
  rename(from: string, to: string): void {
    const inode = this.names.get(from);
    assert(inode !== undefined, `no file ${from}`);
    this.link(to, inode);
    this.link(from, undefined);
  }
  list(directory: string): readonly string[] {
    const prefix = `${directory}/`;
    const names = new Set<string>();
    for (const path of this.names.keys())
      if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/')[0]!);
    return [...names].sort();
  }
  makeDirectory(): void {}
  removeDirectory(path: string): void {
    for (const name of [...this.names.keys()]) if (name.startsWith(`${path}/`)) this.remove(name);
  }
  syncDirectory(path: string): void {
    this.operate();
    const inside = (p: string): boolean => (path === '.' ? !p.includes('/') : p.startsWith(`${path}/`));
    this.changes = this.changes.filter((c) => !inside(c.path));
  }
  /** Flips one bit, as rot does. */
  corrupt(path: string, position: number): void {
    const inode = this.names.get(path);
    assert(inode !== undefined && position < inode.current.length, `no byte ${position} in ${path}`);
    inode.current.bytes[position]! ^= 1;
    if (position < inode.durable.length) inode.durable.bytes[position]! ^= 1;
  }

  /** Power goes: what comes back is what was durable, plus what chance had written already. */
  crash(): void {
    this.crashes++;
    this.operationsMax = Infinity;
    // A prefix of the name changes survives; the rest is undone, newest first.
    const kept = this.prng.int(0, this.changes.length);
    for (const change of this.changes.slice(kept).reverse()) {
      if (change.before) this.names.set(change.path, change.before);
      else this.names.delete(change.path);
    }
    this.changes = [];
    for (const inode of this.names.values()) this.crashFile(inode);
  }
  private crashFile(inode: Inode): void {
    const kept = this.prng.int(0, inode.pending.length);
    for (const write of inode.pending.slice(0, kept)) apply(inode.durable, write);
    const torn = inode.pending[kept];
    if (torn?.bytes) {
      const sectors = this.prng.int(0, Math.floor(torn.bytes.length / SECTOR_BYTES));
      apply(inode.durable, { position: torn.position, bytes: torn.bytes.slice(0, sectors * SECTOR_BYTES) });
    }
    inode.pending.length = 0;
    inode.current.bytes = inode.durable.bytes.slice();
    inode.current.length = inode.durable.length;
  }

  private operate(): void {
    if (this.operationsMax-- <= 0) throw new PowerLoss('power loss');
  }
  private link(path: string, inode: Inode | undefined): void {
    this.operate();
    this.changes.push({ path, before: this.names.get(path), after: inode });
    if (inode) this.names.set(path, inode);
    else this.names.delete(path);
  }
}

function apply(data: MemoryData, write: PendingWrite): void {
  if (write.bytes) data.write(write.position, write.bytes);
  else data.truncate(write.position);
}
