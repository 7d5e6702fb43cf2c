/**
 * Kernels over runs of tuples (see tuple-layout.ts): linking hash buckets, finding unmatched rows of an outer join,
 * listing addresses for a sort.
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
/** Writes { address, second word } of the tuples of [start, end) at `out`. */
export function list_marked(start: i32, end: i32, size: i32, out: i32): void {
  for (let t = start; t < end; t += size) {
    store<i32>(out, t);
    store<i32>(out, load<i32>(t, 4), 4);
    out += 8;
  }
}
/** The same of tuples at these addresses. */
export function list_pointers(list: i32, rows: i32, out: i32): void {
  for (let r = 0; r < rows; r++) {
    const t = load<i32>(list + (r << 2));
    list_marked(t, t + 8, 8, out + (r << 3));
  }
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
