/**
 * The bytes of a chunk: one column of one row group, as it lies in memory and, when no codec wraps it, on disk. The
 * kernels repeat these numbers in src/wasm/runtime/encodings-layout.ts (a test keeps the two equal). Little-endian.
 *
 *   +0   u8   layout       1 raw, 2 az64, 3 bytedict, 4 runlength
 *   +1   u8   phys         0 i32, 1 i64, 2 f32, 3 f64, 4 i128, 5 str
 *   +2   u8   width        bytes per stored value (raw, az64); az64 width 0 = base + row * step
 *   +3   u8   0
 *   +4   u32  rows         +8  u32 NULLs
 *   +12  u32  nullsAt      offset of the null bitmap (bit set = NULL), 0 without NULLs
 *   +16  u32  dataAt       +20 u32 auxAt        +24 u32 entries (dictionary) or runs      +28 u32 bytes of the chunk
 *   +32  i64  base, low    +40 i64 base, high   +48 i64 step   +56 8 zero bytes
 *   +64  payload, each part 8-aligned
 *
 *   raw fixed   data: rows x width (bool 1, smallint 2, else the width of the physical type)
 *   raw str     data: (rows + 1) x u32 offsets, the first 0; aux: the bytes
 *   az64        data: rows x width unsigned differences from the base
 *   bytedict    data: rows x u8 codes; aux: entries, fixed or as offsets (entries + 1) then bytes
 *   runlength   data: runs x u32 end rows; aux: one value per run, in the form of dictionary entries
 *
 * Under a codec (lzo, zstd) the offsets of a raw str chunk are first replaced by the lengths, byte plane by byte plane.
 */
import { physOf, type Phys, type SqlType } from '../types/sql-type.ts';

export const CHUNK = {
  LAYOUT: 0,
  PHYS: 1,
  WIDTH: 2,
  ROWS: 4,
  NULL_COUNT: 8,
  NULLS_AT: 12,
  DATA_AT: 16,
  AUX_AT: 20,
  ENTRIES: 24,
  BYTES: 28,
  BASE_LOW: 32,
  BASE_HIGH: 40,
  STEP: 48,
  HEADER_BYTES: 64,
} as const;

export const LAYOUT = { raw: 1, az64: 2, bytedict: 3, runlength: 4 } as const;
export type LayoutName = keyof typeof LAYOUT;
export const LAYOUT_NAMES: Readonly<Record<number, LayoutName>> = {
  1: 'raw',
  2: 'az64',
  3: 'bytedict',
  4: 'runlength',
};

export const PHYS_TAG: Readonly<Record<Phys, number>> = { i32: 0, i64: 1, f32: 2, f64: 3, i128: 4, str: 5 };
const PHYS_FOLDED = 6;
/** How the kernels put values of a type in order: by their form, or by the folded form of strings (encodings-sort.ts). */
export const orderTag = (type: SqlType): number =>
  type.collation === undefined ? PHYS_TAG[physOf(type)] : PHYS_FOLDED;
export const PHYS_NAMES: readonly Phys[] = ['i32', 'i64', 'f32', 'f64', 'i128', 'str'];

export const align8 = (n: number): number => (n + 7) & ~7;

/** Bytes a value of this type takes in a raw chunk; strings 0. */
export function rawWidth(type: SqlType, phys: Phys): number {
  if (type.name === 'bool') return 1;
  if (type.name === 'int2') return 2;
  return phys === 'str' ? 0 : phys === 'i128' ? 16 : phys === 'i32' || phys === 'f32' ? 4 : 8;
}

export interface ChunkHeader {
  readonly layout: LayoutName;
  readonly phys: Phys;
  readonly width: number;
  readonly rows: number;
  readonly nullCount: number;
  readonly nullsAt: number;
  readonly dataAt: number;
  readonly auxAt: number;
  readonly entries: number;
  readonly bytes: number;
  readonly base: bigint;
  readonly step: bigint;
}
export function readChunkHeader(view: DataView, at: number): ChunkHeader {
  const word = (offset: number): number => view.getUint32(at + offset, true);
  return {
    layout: LAYOUT_NAMES[view.getUint8(at)] ?? 'raw',
    phys: PHYS_NAMES[view.getUint8(at + CHUNK.PHYS)] ?? 'i32',
    width: view.getUint8(at + CHUNK.WIDTH),
    rows: word(CHUNK.ROWS),
    nullCount: word(CHUNK.NULL_COUNT),
    nullsAt: word(CHUNK.NULLS_AT),
    dataAt: word(CHUNK.DATA_AT),
    auxAt: word(CHUNK.AUX_AT),
    entries: word(CHUNK.ENTRIES),
    bytes: word(CHUNK.BYTES),
    base: (view.getBigInt64(at + CHUNK.BASE_HIGH, true) << 64n) | view.getBigUint64(at + CHUNK.BASE_LOW, true),
    step: view.getBigInt64(at + CHUNK.STEP, true),
  };
}
