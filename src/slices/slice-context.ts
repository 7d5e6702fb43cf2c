/**
 * What the parts of one slice's storage share: memory, pool, cache, disk and id counters. Built by slice.ts.
 */
import type { Disk } from '../common/disk.ts';
import { diskFull, sliceOutOfMemory, systemFailure } from '../common/errors/catalogue.ts';
import { isSystemError } from '../common/errors/fault.ts';
import type { ChunkMemory } from '../encodings/encoding.ts';
import type { BlockCache } from './block-cache.ts';
import type { ChunkLoader } from './chunk-loader.ts';
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

/** Pool memory or the out-of-memory error. */
export function take(context: { readonly pool: RegionPool }, bytes: number): number {
  const address = context.pool.allocate(bytes);
  if (address === 0) throw sliceOutOfMemory();
  return address;
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
