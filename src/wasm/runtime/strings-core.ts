/**
 * Comparison, equality, copying and hashing of string values. Trailing blanks never count in comparisons and hashes;
 * order is bytewise. Strings are read eight bytes at a time where possible.
 */
import { alloc_arena, alloc_scratch } from './alloc.ts';
import { makeStr, strLen, strPtr } from './layout.ts';

const BLANKS: u64 = 0x2020202020202020;

/** Eight bytes as a number that compares as they do. */
// @ts-ignore: decorator
@inline
export function bytesWord(p: i32): u64 {
  const v = v128.load_zero<u64>(p);
  return <u64>v128.extract_lane<i64>(v128.shuffle<u8>(v, v, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}
/** Length without trailing blanks. */
export function trimmedLen(p: i32, n: i32): i32 {
  while (n >= 8 && load<u64>(p + n - 8) == BLANKS) n -= 8;
  while (n > 0 && load<u8>(p + n - 1) == 0x20) n--;
  return n;
}
export function bytesEqual(a: i32, b: i32, n: i32): bool {
  let i = 0;
  for (; i + 8 <= n; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  for (; i < n; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}
/** memcmp with lengths: negative, 0, positive. */
export function bytesCompare(a: i32, an: i32, b: i32, bn: i32): i32 {
  const n = min(an, bn);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const x = load<u64>(a + i);
    const y = load<u64>(b + i);
    if (x != y) return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
  }
  for (; i < n; i++) {
    const x = <i32>load<u8>(a + i);
    const y = <i32>load<u8>(b + i);
    if (x != y) return x < y ? -1 : 1;
  }
  return an == bn ? 0 : an < bn ? -1 : 1;
}
export function str_eq(a: i64, b: i64): i32 {
  const pa = strPtr(a);
  const pb = strPtr(b);
  let na = strLen(a);
  let nb = strLen(b);
  if (na != nb || (na > 0 && load<u8>(pa + na - 1) == 0x20)) {
    na = trimmedLen(pa, na);
    nb = trimmedLen(pb, nb);
    if (na != nb) return 0;
  }
  return bytesEqual(pa, pb, na) ? 1 : 0;
}
export function str_cmp(a: i64, b: i64): i32 {
  const pa = strPtr(a);
  const pb = strPtr(b);
  return bytesCompare(pa, trimmedLen(pa, strLen(a)), pb, trimmedLen(pb, strLen(b)));
}
export function str_copy_arena(ctx: i32, s: i64): i64 {
  const n = strLen(s);
  const p = alloc_arena(ctx, n);
  if (p == 0) return 0;
  memory.copy(p, strPtr(s), n);
  return makeStr(p, n);
}
export function str_copy_scratch(ctx: i32, s: i64): i64 {
  const n = strLen(s);
  const p = alloc_scratch(ctx, n);
  if (p == 0) return 0;
  memory.copy(p, strPtr(s), n);
  return makeStr(p, n);
}

// @ts-ignore: decorator
@inline
function fmix(h: u64): u64 {
  h ^= h >>> 33;
  h *= 0xff51afd7ed558ccd;
  h ^= h >>> 33;
  h *= 0xc4ceb9fe1a85ec53;
  return h ^ (h >>> 33);
}
export function hash_i64(v: i64): i32 {
  return <i32>fmix(<u64>v + 0x9e3779b97f4a7c15);
}
export function hash_f64(v: f64): i32 {
  if (v == 0) v = 0;
  if (v != v) return 0x7ff80000;
  return hash_i64(reinterpret<i64>(v));
}
export function hash_i128(lo: i64, hi: i64): i32 {
  if (hi == lo >> 63) return hash_i64(lo);
  return <i32>fmix((<u64>lo ^ 0x9e3779b97f4a7c15) * 0xa0761d6478bd642f + <u64>hi);
}
export function hash_bytes64(p: i32, n: i32, seed: u64): u64 {
  let h: u64 = seed ^ (<u64>n * 0x9e3779b97f4a7c15);
  let i = 0;
  for (; i + 8 <= n; i += 8) h = rotl<u64>((h ^ load<u64>(p + i)) * 0xa0761d6478bd642f, 29);
  if (i < n) {
    let w: u64 = 0;
    if (n >= 8) w = load<u64>(p + n - 8);
    else if (n >= 4) w = <u64>load<u32>(p) | (<u64>load<u32>(p + n - 4) << 32);
    else w = <u64>load<u8>(p) | (<u64>load<u8>(p + (n >> 1)) << 8) | (<u64>load<u8>(p + n - 1) << 16);
    h = rotl<u64>((h ^ w) * 0xe7037ed1a0b428db, 31);
  }
  return fmix(h);
}
export function hash_str(s: i64): i32 {
  const p = strPtr(s);
  return <i32>hash_bytes64(p, trimmedLen(p, strLen(s)), 0x2545f4914f6cdd1d);
}
export function hash_combine(a: i32, b: i32): i32 {
  return <i32>fmix(((<u64><u32>a) << 32) | <u64><u32>b);
}
/** 64-bit value hashes for HyperLogLog registers. */
export function hash64_i64(v: i64): i64 {
  return <i64>fmix(<u64>v + 0x9e3779b97f4a7c15);
}
export function hash64_str(s: i64): i64 {
  const p = strPtr(s);
  return <i64>hash_bytes64(p, trimmedLen(p, strLen(s)), 0x9fb21c651e98df25);
}
