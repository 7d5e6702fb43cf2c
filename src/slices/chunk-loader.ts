/**
 * Brings a chunk into pool memory: read from its block (or taken from the tail), checksum verified, codec unwrapped,
 * pinned in the block cache. A checksum that does not fit ends the query with XX000 naming the block; the chunk is
 * never skipped. Keeps read handles of block files open, the least recently used closed first.
 */
import type { Disk, DiskFile } from '../common/disk.ts';
import { AssertionError } from '../common/assert.ts';
import { corruptBlock } from '../common/errors/catalogue.ts';
import { isSystemError } from '../common/errors/fault.ts';
import type { ChunkMemory } from '../encodings/encoding.ts';
import { expandChunk } from '../encodings/encode-chunk.ts';
import type { BlockCache, CacheEntry } from './block-cache.ts';
import type { RegionPool } from '../wasm/region-pool.ts';
import { BLOCK_HEADER_BYTES, piecesOf, readBlockIdentity } from './disk-layout.ts';
import type { Chunk } from './row-group.ts';
import { take } from './slice-context.ts';

const OPEN_FILES_MAX = 128;

export interface LoaderParts {
  readonly slice: number;
  readonly warehouse: string;
  readonly disk: Disk;
  readonly directory: string;
  readonly memory: ChunkMemory;
  readonly pool: RegionPool;
  readonly cache: BlockCache;
  readonly crcTables: number;
}

export class ChunkLoader {
  private readonly files = new Map<string, DiskFile>();
  constructor(private readonly parts: LoaderParts) {}

  /** The chunk's bytes at entry.address until unpin. */
  pin(chunk: Chunk): CacheEntry {
    return this.parts.cache.pin(chunk) ?? this.load(chunk);
  }

  private load(chunk: Chunk): CacheEntry {
    const { cache, pool, memory } = this.parts;
    const { meta } = chunk;
    if (meta.codec === 0) {
      const address = take(this.parts, meta.memoryBytes);
      try {
        this.readStored(chunk, address);
      } catch (error) {
        pool.free(address);
        throw error;
      }
      return cache.insert(chunk, address, meta.memoryBytes);
    }
    const stored = take(this.parts, meta.storedBytes);
    let address = 0;
    try {
      this.readStored(chunk, stored);
      address = take(this.parts, meta.memoryBytes);
      const good = expandChunk(memory, meta.codec, stored, meta.storedBytes, address, meta.memoryBytes, this.borrow);
      if (!good) throw this.corrupt(chunk, 'codec');
    } catch (error) {
      if (address !== 0) pool.free(address);
      throw error;
    } finally {
      pool.free(stored);
    }
    return cache.insert(chunk, address, meta.memoryBytes);
  }

  private readonly borrow = (bytes: number, use: (at: number) => void): void => {
    const at = take(this.parts, bytes);
    use(at);
    this.parts.pool.free(at);
  };

  private readStored(chunk: Chunk, address: number): void {
    const { memory, crcTables } = this.parts;
    const { meta } = chunk;
    const target = memory.bytes.subarray(address, address + meta.storedBytes);
    if (chunk.data !== undefined) target.set(chunk.data);
    else {
      try {
        const file = this.file(chunk.group.file!);
        for (const { position, start, bytes } of piecesOf(meta))
          file.read(position, target.subarray(start, start + bytes));
      } catch (error) {
        // Disks in memory assert that a file exists and is long enough.
        if (error instanceof AssertionError) throw this.corrupt(chunk, error.message);
        if (!isSystemError(error)) throw error;
        throw this.corrupt(chunk, error.code === 'ENOENT' ? 'the file is missing' : error.message);
      }
    }
    if (memory.kernels.crc32c(crcTables, address, meta.storedBytes) >>> 0 !== meta.checksum) {
      throw this.corrupt(chunk, this.foreign(chunk) ?? 'wrong checksum');
    }
  }

  /** Why a file does not hold the chunk, if its block says that it is another's. */
  private foreign(chunk: Chunk): string | undefined {
    const { meta, group } = chunk;
    if (group.file === null) return undefined;
    const head = new Uint8Array(BLOCK_HEADER_BYTES);
    try {
      this.file(group.file).read(meta.block, head);
    } catch {
      return 'short file';
    }
    const block = readBlockIdentity(head);
    if (block === undefined) return 'no block where one should begin';
    if (block.warehouse !== this.parts.warehouse) return 'it belongs to another warehouse';
    if (block.slice !== this.parts.slice) return `it belongs to slice ${block.slice}`;
    return block.attnum === meta.attnum ? undefined : `it holds column ${block.attnum} of table ${block.tableId}`;
  }

  private corrupt(chunk: Chunk, what: string): Error {
    const where = chunk.group.file === null ? 'tail' : `${this.parts.directory}/${chunk.group.file}`;
    const { meta } = chunk;
    const context =
      `${what}, slice ${this.parts.slice}, column ${meta.attnum}, row group ${chunk.group.id}, ` +
      `file ${where}, block at ${meta.block}, chunk at ${meta.position}`;
    return corruptBlock(`${where} at ${Math.max(meta.block, 0)}: ${what}`, context);
  }

  private file(name: string): DiskFile {
    let file = this.files.get(name);
    if (file === undefined) {
      file = this.parts.disk.open(`${this.parts.directory}/${name}`, 'read');
      if (this.files.size >= OPEN_FILES_MAX) this.forget(this.files.keys().next().value!);
    } else this.files.delete(name);
    this.files.set(name, file);
    return file;
  }
  /** Closes the handle of a file that is going away. */
  forget(name: string): void {
    this.files.get(name)?.close();
    this.files.delete(name);
  }
  close(): void {
    for (const name of [...this.files.keys()]) this.forget(name);
  }
}
