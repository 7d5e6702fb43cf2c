/**
 * What an encoding is, and the job it gets: one column of one row group in node memory, with statistics already taken.
 * A LAYOUT encoding (raw, az64, bytedict, runlength) writes a chunk that kernels decode in place; a CODEC encoding (lzo,
 * zstd) compresses a finished chunk for the disk. Called by encode-chunk.ts and choose-encodings.ts.
 */
import { physOf, type Phys, type SqlType } from '../types/sql-type.ts';
import { CHUNK, LAYOUT, PHYS_TAG, align8, orderTag, rawWidth, type LayoutName } from './chunk-layout.ts';
import type { EncodingKernels } from './kernels.ts';

/** Node memory with its kernels. */
export interface ChunkMemory {
  readonly kernels: EncodingKernels;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}
export function chunkMemory(memory: WebAssembly.Memory, kernels: EncodingKernels): ChunkMemory {
  return { kernels, bytes: new Uint8Array(memory.buffer), view: new DataView(memory.buffer) };
}

export interface ColumnStats {
  /** Integers: bigint; floats: number (undefined with NaN or without values); strings: first 8 bytes (folded) as a number. */
  readonly min: bigint | number | undefined;
  readonly max: bigint | number | undefined;
  readonly nullCount: number;
  readonly runs: number;
  readonly linear: boolean;
  readonly step: bigint;
  readonly stringBytes: number;
}
export interface EncodeJob {
  readonly memory: ChunkMemory;
  readonly type: SqlType;
  readonly phys: Phys;
  readonly rows: number;
  readonly values: number;
  /** 0 when there are no null bytes. */
  readonly nulls: number;
  readonly stats: ColumnStats;
  /** Room for chunkBytesMax(job). */
  readonly out: number;
  /** SCRATCH_BYTES of work space. */
  readonly scratch: number;
}
export const SCRATCH_BYTES = 64 * 1024;

export interface Codec {
  /** Compressed form of a chunk in node memory; a copy. `room` is free space at `work`, at least codecRoom(bytes). */
  compress(memory: ChunkMemory, at: number, bytes: number, work: number, scratch: number): Uint8Array;
  /** Unpacks `stored` bytes to exactly `bytes` at `to`; false when the data is broken. */
  expand(memory: ChunkMemory, stored: number, storedBytes: number, to: number, bytes: number): boolean;
}
export const codecRoom = (bytes: number): number => bytes + (bytes >> 4) + 128;

export interface EncodingDefinition {
  readonly name: string;
  readonly tag: number;
  readonly doc: string;
  supports(type: SqlType): boolean;
  /** Writes a chunk at job.out and returns its bytes, 0 when the data does not suit the layout. */
  readonly encode?: (job: EncodeJob) => number;
  readonly codec?: Codec;
}
export const encoding = (definition: EncodingDefinition): EncodingDefinition => definition;

const PREFIX_BYTES = 8;

/** Takes statistics with the kernel; `scratch` gets 64 bytes. */
export function columnStats(
  memory: ChunkMemory,
  type: SqlType,
  values: number,
  nulls: number,
  rows: number,
  scratch: number,
): ColumnStats {
  const phys = physOf(type);
  memory.kernels.column_stats(values, nulls, rows, orderTag(type), scratch);
  const view = memory.view;
  const nullCount = view.getUint32(scratch + 32, true);
  const common = {
    nullCount,
    runs: view.getUint32(scratch + 36, true),
    linear: view.getUint32(scratch + 40, true) === 1,
    step: view.getBigInt64(scratch + 48, true),
    stringBytes: Number(view.getBigUint64(scratch + 56, true)),
  };
  if (nullCount === rows) return { ...common, min: undefined, max: undefined };
  if (phys === 'f32' || phys === 'f64') {
    const nan = view.getUint32(scratch + 44, true) === 1;
    const min = view.getFloat64(scratch, true),
      max = view.getFloat64(scratch + 16, true);
    return { ...common, min: nan ? undefined : min, max: nan ? undefined : max };
  }
  if (phys === 'str') {
    return {
      ...common,
      min: view.getBigUint64(scratch, true),
      max: view.getBigUint64(scratch + 2 * PREFIX_BYTES, true),
    };
  }
  return { ...common, min: readWide(view, scratch), max: readWide(view, scratch + 16) };
}
const readWide = (view: DataView, at: number): bigint =>
  (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);

/** Bytes of the raw payload. */
export function rawBytes(type: SqlType, rows: number, stringBytes: number): number {
  const phys = physOf(type);
  return phys === 'str' ? (rows + 1) * 4 + stringBytes : rows * rawWidth(type, phys);
}
/** Room an encoder may need: the raw form, the bitmap, and slack for alignment and dictionary entries. */
export function chunkBytesMax(type: SqlType, rows: number, stringBytes: number): number {
  return CHUNK.HEADER_BYTES + (rows >> 3) + rawBytes(type, rows, stringBytes) + rows + 16 * 1024;
}

/** Writes header and null bitmap; returns the offset where the payload may begin. */
export function beginChunk(job: EncodeJob, layout: LayoutName, width: number): number {
  const { view, bytes, kernels } = job.memory;
  const at = job.out;
  bytes.fill(0, at, at + CHUNK.HEADER_BYTES);
  view.setUint8(at, LAYOUT[layout]);
  view.setUint8(at + CHUNK.PHYS, PHYS_TAG[job.phys]);
  view.setUint8(at + CHUNK.WIDTH, width);
  view.setUint32(at + CHUNK.ROWS, job.rows, true);
  view.setUint32(at + CHUNK.NULL_COUNT, job.stats.nullCount, true);
  let next: number = CHUNK.HEADER_BYTES;
  if (job.stats.nullCount > 0) {
    view.setUint32(at + CHUNK.NULLS_AT, next, true);
    kernels.nulls_pack(job.nulls, job.rows, at + next);
    next = align8(next + ((job.rows + 7) >> 3));
  }
  view.setUint32(at + CHUNK.DATA_AT, next, true);
  return next;
}
export function endChunk(job: EncodeJob, end: number): number {
  job.memory.view.setUint32(job.out + CHUNK.BYTES, end, true);
  return end;
}
