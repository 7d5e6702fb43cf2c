/**
 * What the parts of one slice's storage share: memory, pool, cache, disk and id counters. Built by slice.ts.
 */
import type { Disk } from '../common/disk.ts';
import { sliceOutOfMemory, systemFailure } from '../common/errors/catalogue.ts';
import { diskFull } from '../common/errors/recorded-errors.ts';
import { isSystemError } from '../common/errors/fault.ts';
import type { ChunkMemory } from '../encodings/encoding.ts';
import type { BlockCache } from './block-cache.ts';
import type { ChunkLoader } from './chunk-loader.ts';
import type { Steps } from '../common/steps.ts';
import type { RegionPool } from '../wasm/region-pool.ts';

export interface SliceContext {
  readonly slice: number;
  /** Identity of the data directory, 16 hex digits, in every file. */
  readonly warehouse: string;
  readonly disk: Disk;
  readonly directory: string;
  readonly memory: ChunkMemory;
  readonly pool: RegionPool;
  readonly cache: BlockCache;
  readonly loader: ChunkLoader;
  /** Address of the kernel's CRC tables. */
  readonly crcTables: number;
  readonly log: (message: string) => void;
  /** Rows of the first group a write makes; undefined = groups of the usual size. */
  readonly firstGroupRows: number | undefined;
  /** Tests only: chunks take layouts and codecs in turn. */
  readonly forcesEncodings: boolean;
  nextGroupId(): number;
  /** Unique number for file names. */
  nextFileNumber(): number;
}

interface Pooled {
  readonly pool: RegionPool;
}
/** Pool memory, or 0: tables that nobody reads yet have left memory for it then. */
export function allocate({ pool }: Pooled, bytes: number): number {
  for (;;) {
    const address = pool.allocate(bytes);
    if (address !== 0 || pool.relieve?.() !== true) return address;
  }
}

/** Pool memory or the out-of-memory error. */
export function take(context: Pooled, bytes: number): number {
  const address = allocate(context, bytes);
  if (address === 0) throw sliceOutOfMemory();
  return address;
}

/** The same in work of steps: others have their turn until they have given back enough, or nobody could. */
export function* taken(context: Pooled, bytes: number): Steps<number> {
  for (;;) {
    const address = allocate(context, bytes);
    if (address !== 0) return address;
    if (context.pool.onShortage?.() !== true) throw sliceOutOfMemory();
    yield;
  }
}

/** Waits until so many bytes are free, for what takes them in one go; goes on when waiting makes no sense. */
export function* roomFor({ pool }: Pooled, bytes: number): Steps<void> {
  while (!pool.makeRoom(bytes) && (pool.relieve?.() === true || pool.onShortage?.() === true)) yield;
}

/** Runs work that cannot wait, though it is part of work that can. */
export function withoutWaiting<T>({ pool }: Pooled, work: () => T): T {
  const { onShortage } = pool;
  pool.onShortage = undefined;
  try {
    return work();
  } finally {
    pool.onShortage = onShortage;
  }
}

/** Runs disk work; a full disk becomes Redshift's `Disk Full`, another error of the system says what it is. */
export function onDisk<T>(context: { readonly slice: number }, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(context.slice);
    throw isSystemError(error) ? systemFailure(error.message) : error;
  }
}
