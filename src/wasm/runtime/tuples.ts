/**
 * Kernels over runs of tuples (see tuple-layout.ts): linking hash buckets, finding unmatched rows of an outer join,
 * listing addresses for a sort, HyperLogLog registers.
 */

/** Links the tuples of [start, end) into the bucket array; the hash is at +4, the chain pointer at +0. */
export function link_tuples(start: i32, end: i32, size: i32, heads: i32, mask: i32): void {
  for (let t = start; t < end; t += size) {
    const bucket = heads + ((load<i32>(t, 4) & mask) << 2);
    store<i32>(t, load<i32>(bucket));
    store<i32>(bucket, t);
  }
}
// @ts-ignore: decorator
@inline
function word(t: i32, offset: i32, isWide: i32): i64 {
  return isWide ? load<i64>(t + offset) : <i64>load<i32>(t + offset);
}
// @ts-ignore: decorator
@inline
function isNull(t: i32, nullOffset: i32): bool {
  return nullOffset >= 0 && load<u8>(t + nullOffset) != 0;
}
/** Widens the least and greatest key at `out` (two i64) by those of [start, end) that are not NULL. */
export function key_range(start: i32, end: i32, size: i32, offset: i32, isWide: i32, nullOffset: i32, out: i32): void {
  let low = load<i64>(out);
  let high = load<i64>(out, 8);
  for (let t = start; t < end; t += size) {
    if (isNull(t, nullOffset)) continue;
    const key = word(t, offset, isWide);
    if (key < low) low = key;
    if (key > high) high = key;
  }
  store<i64>(out, low);
  store<i64>(out, high, 8);
}
/** Links the tuples of [start, end) into an array by key - base; those without a key stand alone, met by nobody. */
export function link_dense(
  start: i32, end: i32, size: i32, offset: i32, isWide: i32, nullOffset: i32, heads: i32, base: i64,
): void {
  for (let t = start; t < end; t += size) {
    if (isNull(t, nullOffset)) {
      store<i32>(t, 0);
      continue;
    }
    const place = heads + (<i32>(word(t, offset, isWide) - base) << 2);
    store<i32>(t, load<i32>(place));
    store<i32>(place, t);
  }
}
/** Sets the bits of key - base for the tuples of [start, end). */
export function filter_dense(
  start: i32, end: i32, size: i32, offset: i32, isWide: i32, nullOffset: i32, bits: i32, base: i64,
): void {
  for (let t = start; t < end; t += size) {
    if (isNull(t, nullOffset)) continue;
    const bit = <i32>(word(t, offset, isWide) - base);
    const at = bits + (bit >>> 3);
    store<u8>(at, <u8>(<i32>load<u8>(at) | (1 << (bit & 7))));
  }
}
/** Sets the bits hash & mask. */
export function filter_hashed(start: i32, end: i32, size: i32, bits: i32, mask: i32): void {
  for (let t = start; t < end; t += size) {
    const bit = load<i32>(t, 4) & mask;
    const at = bits + (bit >>> 3);
    store<u8>(at, <u8>(<i32>load<u8>(at) | (1 << (bit & 7))));
  }
}
/** Writes the addresses of [start, end) at `out`; returns the end of the list. */
export function list_tuples(start: i32, end: i32, size: i32, out: i32): i32 {
  for (let t = start; t < end; t += size) {
    store<i32>(out, t);
    out += 4;
  }
  return out;
}
/**
 * Addresses of tuples whose chain pointer has bit 0 clear, from `start`, at most `limit`; stores them at `out` and the
 * place to go on from at `next`. Returns how many.
 */
export function unmatched_tuples(start: i32, end: i32, size: i32, out: i32, limit: i32, next: i32): i32 {
  let n = 0;
  let t = start;
  for (; t < end && n < limit; t += size) {
    if (load<i32>(t) & 1) continue;
    store<i32>(out + (n << 2), t);
    n++;
  }
  store<i32>(next, t);
  return n;
}

const REGISTER_BITS: i32 = 11;

/** Adds a value's hash to the registers (2048 bytes) of a sketch. */
export function hll_add(sketch: i64, hash: i32): void {
  // Spread the 32-bit hash to 64 bits so that the rank has room.
  let h = <u64><u32>hash * 0x9e3779b97f4a7c15;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93;
  h ^= h >> 32;
  const register = <i32>(h >> (64 - REGISTER_BITS));
  const rank = <i32>clz((h << REGISTER_BITS) | (1 << (REGISTER_BITS - 1))) + 1;
  const at = <i32>sketch + register;
  if (<i32>load<u8>(at) < rank) store<u8>(at, rank);
}
/** Registers of `into` become the maxima of both. */
export function hll_merge(into: i64, from: i64): void {
  const a = <i32>into;
  const b = <i32>from;
  for (let i = 0; i < 1 << REGISTER_BITS; i += 16) v128.store(a + i, i8x16.max_u(v128.load(a + i), v128.load(b + i)));
}
/** Estimated number of distinct values. */
export function hll_estimate(ctx: i32, sketch: i64): i64 {
  const m: f64 = <f64>(1 << REGISTER_BITS);
  let sum: f64 = 0;
  let zeros: i32 = 0;
  for (let i = 0; i < 1 << REGISTER_BITS; i++) {
    const r = load<u8>(<i32>sketch + i);
    sum += 1.0 / <f64>(<u64>1 << <u64>r);
    if (r == 0) zeros++;
  }
  let e = (0.7213 / (1 + 1.079 / m)) * m * m / sum;
  if (e <= 2.5 * m && zeros > 0) e = m * log_e(m / <f64>zeros);
  return <i64>nearest(e);
}
/** Natural logarithm for values >= 1, to about 1e-12: enough for an estimate. */
function log_e(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  const exponent = <i32>(bits >> 52) - 1023;
  const mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  const z = (mantissa - 1) / (mantissa + 1);
  const z2 = z * z;
  let term = z;
  let sum: f64 = 0;
  for (let k = 1; k < 40; k += 2) {
    sum += term / <f64>k;
    term *= z2;
  }
  return 2 * sum + <f64>exponent * 0.6931471805599453;
}

/** A string of at most 7 bytes without its trailing blanks as (length + 1) << 56 | bytes; 0 for a longer one. */
export function str_pack(s: i64): i64 {
  const p = <i32>s;
  let n = <i32>(s >>> 32);
  while (n > 0 && load<u8>(p + n - 1) == 0x20) n--;
  if (n > 7) return 0;
  let v: u64 = 0;
  for (let i = n - 1; i >= 0; i--) v = (v << 8) | <u64>load<u8>(p + i);
  return <i64>(v | (<u64>(n + 1) << 56));
}
