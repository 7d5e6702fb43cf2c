/**
 * Offsets in a chunk header, the AssemblyScript twin of src/encodings/chunk-layout.ts, and the small readers that
 * decode and encode kernels share.
 */
export const LAYOUT: usize = 0;
export const PHYS: usize = 1;
export const WIDTH: usize = 2;
export const ROWS: usize = 4;
export const NULL_COUNT: usize = 8;
export const NULLS_AT: usize = 12;
export const DATA_AT: usize = 16;
export const AUX_AT: usize = 20;
export const ENTRIES: usize = 24;
export const BASE_LOW: usize = 32;
export const BASE_HIGH: usize = 40;
export const STEP: usize = 48;

export const LAYOUT_RAW: u32 = 1;
export const LAYOUT_AZ64: u32 = 2;
export const LAYOUT_BYTEDICT: u32 = 3;
export const LAYOUT_RUNLENGTH: u32 = 4;

export const PHYS_I32: u32 = 0;
export const PHYS_I64: u32 = 1;
export const PHYS_F32: u32 = 2;
export const PHYS_F64: u32 = 3;
export const PHYS_I128: u32 = 4;
export const PHYS_STR: u32 = 5;
/** Strings of the collation case_insensitive where they are put in order: no chunk says so. */
export const PHYS_FOLDED: u32 = 6;

// @ts-ignore: decorator
@inline
export function vectorWidth(phys: u32): u32 {
  if (phys == PHYS_I32 || phys == PHYS_F32) return 4;
  return phys == PHYS_I128 ? 16 : 8;
}
// @ts-ignore: decorator
@inline
export function isNull(nulls: usize, row: u32): bool {
  return nulls != 0 && load<u8>(nulls + row) != 0;
}
