/**
 * Offsets inside the execution context, the AssemblyScript twin of src/wasm/memory-map.ts (a test keeps the two equal).
 * Also the few things every kernel needs to know about string values: an i64 of address (low word) and length.
 * Text constants: the build replaces WORD("abc") by the u64 of up to eight ASCII bytes (first byte lowest) and
 * PUT(p, "text") by stores that return the new end, because string literals would need static data.
 */
export const ERROR_CODE: usize = 0;
export const ERROR_ARG: usize = 4;
export const ERROR_LEN: usize = 8;
export const RET_NULL: usize = 12;
export const RET_HI: usize = 16;
export const SCRATCH_CUR: usize = 24;
export const SCRATCH_END: usize = 28;
export const ARENA_CUR: usize = 32;
export const ARENA_END: usize = 36;
export const NOW: usize = 40;
export const STMT_NOW: usize = 48;
export const TZ_TABLE: usize = 56;
export const FLOAT_DIGITS: usize = 60;
export const DATE_STYLE: usize = 64;
export const SELF: usize = 68;
export const IDENTITY: usize = 72;
export const ZONES: usize = 88;
export const INLINE_MAX: usize = 92;
export const LONG_ROW: usize = 96;
export const LONG_PAIR: usize = 100;
export const REGEX_PROGRAMS: usize = 104;
export const SCRATCH_LAST: usize = 112;
export const ARENA_LAST: usize = 116;
export const CHECKED_SCRATCH: usize = 120;
export const CHECKED_ARENA: usize = 124;
export const STRING_MAX: usize = 144;
/** common/limits.ts: ALLOCATION_BYTES_MAX. */
export const ALLOCATION_MAX: u64 = 0x40000000;
export const RANDOM_FIRST: usize = 128;
export const RANDOM: usize = 136;

// @ts-ignore: decorator
@inline
export function strPtr(s: i64): i32 {
  return <i32>s;
}
// @ts-ignore: decorator
@inline
export function strLen(s: i64): i32 {
  return <i32>(s >>> 32);
}
// @ts-ignore: decorator
@inline
export function makeStr(ptr: i32, len: i32): i64 {
  return <i64>(<u64><u32>ptr | ((<u64><u32>len) << 32));
}
/** Writes the low `n` bytes (at most 8) of `word` at `p` (touches 8 bytes) and returns p + n. */
// @ts-ignore: decorator
@inline
export function put8(p: i32, word: u64, n: i32): i32 {
  store<u64>(p, word);
  return p + n;
}
// @ts-ignore: decorator
@inline
export function setRetHi(ctx: i32, hi: i64): void {
  store<i64>(ctx, hi, RET_HI);
}
// @ts-ignore: decorator
@inline
export function retNull(ctx: i32): void {
  store<i32>(ctx, 1, RET_NULL);
}
// @ts-ignore: decorator
@inline
export function failed(ctx: i32): bool {
  return load<i32>(ctx, ERROR_CODE) != 0;
}
