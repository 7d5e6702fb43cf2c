/**
 * Support for the storage tests: kernels on a fresh shared memory, a slice over any disk, vectors from host values and
 * rows back from scans. Kernels come from build/kernels.wasm; when that is missing or older than the sources they are
 * built first.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Disk } from '../common/disk.ts';
import { memoryDisk } from '../common/disk-memory.ts';
import { chunkMemory, type ChunkMemory } from '../encodings/encoding.ts';
import type { EncodingKernels } from '../encodings/kernels.ts';
import { PHYS_BYTES, physOf, type Phys, type SqlType } from '../types/sql-type.ts';
import { NO_LONG_VALUES } from '../wasm/memory-map.ts';
import { RegionPool } from '../wasm/region-pool.ts';
import { openSliceStorage, type Slice } from './slice.ts';
import type { ColumnVector, Snapshot, StorageColumn, StorageTable, ZoneRange } from './storage.ts';

export type Cell = bigint | number | string | null;

const root = join(import.meta.dirname, '../..');
let module: WebAssembly.Module | undefined;

export async function kernelModule(): Promise<WebAssembly.Module> {
  if (module) return module;
  const file = process.env['SLICEHOUSE_KERNELS'] ?? join(root, 'build/kernels.wasm');
  const folder = join(root, 'src/wasm/runtime');
  const newest = Math.max(
    ...readdirSync(folder)
      .filter((n) => /^(encodings|lzo)/.test(n))
      .map((n) => statSync(join(folder, n)).mtimeMs),
  );
  if (!existsSync(file) || statSync(file).mtimeMs < newest) {
    const { buildKernels } = await import('../../tools/build-kernels.ts');
    await buildKernels();
  }
  return (module = new WebAssembly.Module(readFileSync(file)));
}

export interface TestNode {
  readonly memory: WebAssembly.Memory;
  readonly kernels: EncodingKernels;
  readonly chunks: ChunkMemory;
  /** Vectors of the test itself. */
  readonly arena: RegionPool;
  /** Slices opened so far. */
  opened: number;
}
export async function testNode(megabytes = 256): Promise<TestNode> {
  const memory = new WebAssembly.Memory({ initial: megabytes * 16, maximum: 65536, shared: true });
  const instance = new WebAssembly.Instance(await kernelModule(), {
    env: { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES },
  });
  const kernels = instance.exports as unknown as EncodingKernels;
  const half = (megabytes / 2) * 1024 * 1024;
  return { memory, kernels, chunks: chunkMemory(memory, kernels), arena: new RegionPool(half, half), opened: 0 };
}
export function openTestSlice(
  node: TestNode,
  disk: Disk = memoryDisk(),
  options: {
    slice?: number;
    sortBytesMax?: number;
    firstGroupRows?: number;
    readOnly?: boolean;
    directory?: string;
  } = {},
): Slice {
  // Slices open at the same time must not share addresses; a test has at most three.
  const share = Math.floor((node.arena.base - 65536) / 3);
  const pool = new RegionPool(65536 + (node.opened++ % 3) * share, share);
  return openSliceStorage({
    slice: 0,
    disk,
    directory: 'slice-0',
    memory: node.memory,
    pool,
    kernels: node.kernels,
    ...options,
  });
}

export function writeCell(view: DataView, at: number, phys: Phys, value: bigint | number): void {
  if (phys === 'i32') view.setInt32(at, Number(value), true);
  else if (phys === 'f32') view.setFloat32(at, Number(value), true);
  else if (phys === 'f64') view.setFloat64(at, Number(value), true);
  else {
    const wide = BigInt(value);
    view.setBigInt64(at, BigInt.asIntN(64, wide), true);
    if (phys === 'i128') view.setBigInt64(at + 8, wide >> 64n, true);
  }
}
/** Puts host values into node memory; addresses come from node.arena and are given back by `free`. */
export function vector(
  node: TestNode,
  attnum: number,
  type: SqlType,
  cells: readonly Cell[],
): ColumnVector & { free(): void } {
  const phys = physOf(type);
  const width = PHYS_BYTES[phys];
  const { view, bytes } = node.chunks;
  const values = node.arena.allocate(Math.max(cells.length * width, 16));
  const withNulls = cells.some((c) => c === null);
  const nulls = withNulls ? node.arena.allocate(cells.length) : 0;
  const encoded =
    phys === 'str' ? cells.map((c) => (c === null ? new Uint8Array(0) : new TextEncoder().encode(String(c)))) : [];
  const heap = phys === 'str' ? node.arena.allocate(encoded.reduce((n, e) => n + e.length, 16)) : 0;
  let at = heap;
  cells.forEach((cell, row) => {
    if (withNulls) bytes[nulls + row] = cell === null ? 1 : 0;
    if (phys !== 'str') return writeCell(view, values + row * width, phys, (cell ?? 0) as bigint | number);
    bytes.set(encoded[row]!, at);
    view.setUint32(values + row * 8, at, true);
    view.setUint32(values + row * 8 + 4, encoded[row]!.length, true);
    at += encoded[row]!.length;
  });
  return {
    attnum,
    values,
    nulls,
    free: () => {
      for (const address of [values, nulls, heap]) if (address !== 0) node.arena.free(address);
    },
  };
}
export function readCell(node: TestNode, phys: Phys, at: number): Cell {
  const { view, bytes } = node.chunks;
  if (phys === 'i32') return view.getInt32(at, true);
  if (phys === 'f32') return view.getFloat32(at, true);
  if (phys === 'f64') return view.getFloat64(at, true);
  if (phys === 'i64') return view.getBigInt64(at, true);
  if (phys === 'i128') return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
  const from = view.getUint32(at, true);
  return new TextDecoder().decode(bytes.slice(from, from + view.getUint32(at + 4, true)));
}
/** Decodes a pinned chunk in pieces of `piece` rows. */
export function decode(node: TestNode, chunk: number, type: SqlType, rows: number, piece = 2048): Cell[] {
  const phys = physOf(type);
  const width = PHYS_BYTES[phys];
  const out = node.arena.allocate(piece * width),
    nulls = node.arena.allocate(piece);
  const cells: Cell[] = [];
  for (let start = 0; start < rows; start += piece) {
    const count = Math.min(piece, rows - start);
    const has = node.kernels.chunk_decode(chunk, start, count, out, nulls);
    for (let i = 0; i < count; i++) {
      cells.push(has && node.chunks.bytes[nulls + i] ? null : readCell(node, phys, out + i * width));
    }
  }
  node.arena.free(out);
  node.arena.free(nulls);
  return cells;
}

export const column = (attnum: number, type: SqlType, encoding = 'raw'): StorageColumn => ({
  attnum,
  name: `c${attnum}`,
  type,
  notNull: false,
  encoding,
});
export const snapshot = (xmax: number, own = 0, active: readonly number[] = [], statement = 1000): Snapshot => ({
  xmax,
  active,
  own,
  statement,
});
/** Appends rows (arrays of cells in column order) and returns the change. */
export function insert(
  node: TestNode,
  slice: Slice,
  table: StorageTable,
  rows: readonly (readonly Cell[])[],
  xid: number,
  options: { statement?: number; sortRows?: boolean; batch?: number } = {},
): ReturnType<ReturnType<Slice['openWriter']>['finish']> {
  const writer = slice.openWriter(table, xid, options.statement ?? 1, { sortRows: options.sortRows ?? false });
  const batch = options.batch ?? 5000;
  for (let at = 0; at < rows.length; at += batch) {
    const part = rows.slice(at, at + batch);
    const vectors = table.columns.map((c, i) =>
      vector(
        node,
        c.attnum,
        c.type,
        part.map((r) => r[i]!),
      ),
    );
    writer.append(vectors, part.length);
    for (const v of vectors) v.free();
  }
  return writer.finish();
}
/** Every visible row, with its address, in scan order. */
export function rowsOf(
  node: TestNode,
  slice: Slice,
  table: StorageTable,
  at: Snapshot,
  ranges: readonly ZoneRange[] = [],
): { cells: Cell[]; address: bigint }[] {
  const scan = slice.scan(
    table,
    table.columns.map((c) => c.attnum),
    ranges,
    at,
  );
  const result: { cells: Cell[]; address: bigint }[] = [];
  for (let group = scan.next(); group; group = scan.next()) {
    const pinned = group;
    const columns = table.columns.map((c, i) => decode(node, pinned.chunks[i]!, c.type, pinned.rowCount));
    for (let row = 0; row < group.rowCount; row++) {
      if (group.invisible !== 0 && node.chunks.bytes[group.invisible + row] === 1) continue;
      result.push({ cells: columns.map((c) => c[row]!), address: (BigInt(group.groupId) << 20n) + BigInt(row) });
    }
    group.release();
  }
  scan.close();
  return result;
}
