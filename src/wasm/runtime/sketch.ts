/**
 * HyperLogLog sketches of HLLSKETCH: 2^15 registers, each the highest rank met. A value's hash gives a coupon: the low 26
 * bits of its first half (of which the low 15 are the register) and the rank, one more than the zeros its second half
 * begins with. A sketch of few values is the list of its coupons in order, a word each (index << 6 | rank); a larger one has
 * all registers, a byte each. Its length says which.
 */
import { alloc_scratch } from './alloc.ts';
import { makeStr, strLen, strPtr } from './layout.ts';
import { murmurBytes, murmurWord, SECOND_HALF } from './murmur128.ts';
import { stateRoom } from './state-room.ts';

export const REGISTERS: i32 = 1 << 15;
export const INDEX_BITS: i32 = 26;
export const RANK_BITS: i32 = 6;
const RANKS: i32 = 1 << RANK_BITS;
const RANK_MAX: i32 = RANKS - 1;
/** A list of more coupons becomes registers: its text would pass 65,535 bytes. */
export const LISTED_MAX: i32 = 5400;
export const COUPON_BYTES: i32 = 4;

function coupon(first: u64): i32 {
  const index = <i32>first & ((1 << INDEX_BITS) - 1);
  return (index << RANK_BITS) | min(<i32>clz(SECOND_HALF) + 1, RANK_MAX);
}
export function coupon_i32(v: i32): i32 {
  return coupon(murmurWord(<u64><u32>v, 4));
}
export function coupon_i64(v: i64): i32 {
  return coupon(murmurWord(<u64>v, 8));
}
export function coupon_i128(ctx: i32, lo: i64, hi: i64): i32 {
  const p = alloc_scratch(ctx, 16);
  if (p == 0) return 0;
  store<i64>(p, lo);
  store<i64>(p, hi, 8);
  return coupon(murmurBytes(p, 16));
}
/** -0.0 is 0.0, and NaN is one value. */
export function coupon_f64(v: f64): i32 {
  const bits = v == 0 ? 0 : v != v ? 0x7ff8000000000000 : reinterpret<u64>(v);
  return coupon(murmurWord(bits, 8));
}
/** Blanks at the end do not count. */
export function coupon_str(s: i64): i32 {
  const p = strPtr(s);
  let n = strLen(s);
  while (n > 0 && load<u8>(p + n - 1) == 32) n--;
  return coupon(murmurBytes(p, n));
}

// @ts-ignore: decorator
@inline
export function isAll(sketch: i64): bool {
  return strLen(sketch) == REGISTERS;
}
// @ts-ignore: decorator
@inline
function indexOf(word: u32): u32 {
  return word >>> RANK_BITS;
}
function raise(registers: i32, word: u32): void {
  const at = registers + (<i32>indexOf(word) & (REGISTERS - 1));
  const rank = word & RANK_MAX;
  if (<u32>load<u8>(at) < rank) store<u8>(at, <u8>rank);
}
function raiseAll(registers: i32, list: i64): void {
  const end = strPtr(list) + strLen(list);
  for (let e = strPtr(list); e < end; e += COUPON_BYTES) raise(registers, load<u32>(e));
}
/** `held`: in the arena, behind its room; else in scratch, with room for a list of any length. */
function room(ctx: i32, old: i64, bytes: i32, held: bool): i32 {
  if (held) return stateRoom(ctx, old, bytes);
  return strPtr(old) == 0 ? alloc_scratch(ctx, REGISTERS) : strPtr(old);
}
/** All registers of a list; 0 when there is no memory. */
function spread(ctx: i32, list: i64, held: bool): i64 {
  const p = room(ctx, 0, REGISTERS, held);
  if (p == 0) return 0;
  memory.fill(p, 0, REGISTERS);
  raiseAll(p, list);
  return makeStr(p, REGISTERS);
}
/** Where the first coupon of a list with this index or a larger one lies. */
function placeOf(list: i64, index: u32): i32 {
  const start = strPtr(list);
  let low = 0;
  let high = strLen(list) / COUPON_BYTES;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (indexOf(load<u32>(start + middle * COUPON_BYTES)) < index) low = middle + 1;
    else high = middle;
  }
  return start + low * COUPON_BYTES;
}
/** The sketch (0 for none) with a coupon; 0 when there is no memory. */
export function put(ctx: i32, sketch: i64, word: u32, held: bool): i64 {
  if (isAll(sketch)) {
    raise(strPtr(sketch), word);
    return sketch;
  }
  const length = strLen(sketch);
  const start = strPtr(sketch);
  const at = placeOf(sketch, indexOf(word));
  if (at < start + length && indexOf(load<u32>(at)) == indexOf(word)) {
    if (load<u32>(at) < word) store<u32>(at, word);
    return sketch;
  }
  if (length == LISTED_MAX * COUPON_BYTES) {
    const all = spread(ctx, sketch, held);
    if (all != 0) raise(strPtr(all), word);
    return all;
  }
  const p = room(ctx, sketch, length + COUPON_BYTES, held);
  if (p == 0) return 0;
  const before = at - start;
  if (p != start) memory.copy(p, start, before);
  memory.copy(p + before + COUPON_BYTES, at, length - before);
  store<u32>(p + before, word);
  return makeStr(p, length + COUPON_BYTES);
}
export function sketch_add(ctx: i32, sketch: i64, word: i32): i64 {
  return put(ctx, sketch, word, true);
}

/** Coupons of both lists together. */
function unionCount(a: i64, b: i64): i32 {
  let x = strPtr(a);
  let y = strPtr(b);
  const xEnd = x + strLen(a);
  const yEnd = y + strLen(b);
  let n = 0;
  while (x < xEnd && y < yEnd) {
    const i = indexOf(load<u32>(x));
    const j = indexOf(load<u32>(y));
    if (i <= j) x += COUPON_BYTES;
    if (j <= i) y += COUPON_BYTES;
    n++;
  }
  return n + (xEnd - x + yEnd - y) / COUPON_BYTES;
}
/** Merges list `b` into `count` places at `p`, which begin with list `a`; from the end, so that nothing is overwritten. */
function mergeLists(p: i32, aBytes: i32, b: i64, count: i32): void {
  let x = p + aBytes - COUPON_BYTES;
  let y = strPtr(b) + strLen(b) - COUPON_BYTES;
  let to = p + (count - 1) * COUPON_BYTES;
  while (y >= strPtr(b)) {
    const u = load<u32>(y);
    const v: u32 = x >= p ? load<u32>(x) : 0;
    const isMore = x >= p && indexOf(v) > indexOf(u);
    const isSame = x >= p && indexOf(v) == indexOf(u);
    store<u32>(to, isMore ? v : isSame ? max(u, v) : u);
    if (isMore || isSame) x -= COUPON_BYTES;
    if (!isMore) y -= COUPON_BYTES;
    to -= COUPON_BYTES;
  }
}
/** The union of two sketches; `into` (0 for none) may be changed. 0 when there is no memory. */
export function merged(ctx: i32, into: i64, from: i64, held: bool): i64 {
  if (!isAll(into) && !isAll(from)) {
    const count = unionCount(into, from);
    if (count <= LISTED_MAX) {
      const p = room(ctx, into, count * COUPON_BYTES, held);
      if (p == 0) return 0;
      if (p != strPtr(into)) memory.copy(p, strPtr(into), strLen(into));
      mergeLists(p, strLen(into), from, count);
      return makeStr(p, count * COUPON_BYTES);
    }
  }
  const all = isAll(into) ? into : spread(ctx, into, held);
  if (all == 0) return 0;
  if (!isAll(from)) raiseAll(strPtr(all), from);
  else {
    const a = strPtr(all);
    const b = strPtr(from);
    for (let i = 0; i < REGISTERS; i += 16) v128.store(a + i, i8x16.max_u(v128.load(a + i), v128.load(b + i)));
  }
  return all;
}
export function sketch_merge(ctx: i32, into: i64, from: i64): i64 {
  return merged(ctx, into, from, true);
}

/** Registers by rank in scratch, RANKS words; 0 when there is no memory. */
function histogram(ctx: i32, sketch: i64): i32 {
  const p = alloc_scratch(ctx, RANKS * 4);
  if (p == 0) return 0;
  memory.fill(p, 0, RANKS * 4);
  const start = strPtr(sketch);
  for (let e = start; e < start + REGISTERS; e++) {
    const at = p + <i32>load<u8>(e) * 4;
    store<u32>(at, load<u32>(at) + 1);
  }
  return p;
}
/** Sum of x^(2^k) * 2^(k-1): what empty registers add (Ertl, New cardinality estimation algorithms, 2017). */
function sigma(x: f64): f64 {
  if (x == 1) return Infinity;
  let y: f64 = 1;
  let z = x;
  for (let before: f64 = -1; before != z;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}
/** What full registers add. */
function tau(x: f64): f64 {
  if (x == 0 || x == 1) return 0;
  let y: f64 = 1;
  let z = 1 - x;
  for (let before: f64 = -1; before != z;) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}
/** Estimated number of distinct values. Of a list the number of coupons, corrected for those that fell on one index. */
export function sketch_estimate(ctx: i32, sketch: i64): i64 {
  if (!isAll(sketch)) {
    const n = <f64>(strLen(sketch) / COUPON_BYTES);
    const places = <f64>(1 << INDEX_BITS);
    return <i64>nearest(n + (n * (n - 1)) / (2 * places));
  }
  const counts = histogram(ctx, sketch);
  if (counts == 0) return 0;
  const m = <f64>REGISTERS;
  let z = m * tau(1 - <f64>load<u32>(counts + RANK_MAX * 4) / m);
  for (let rank = RANK_MAX - 1; rank >= 1; rank--) z = 0.5 * (z + <f64>load<u32>(counts + rank * 4));
  z += m * sigma(<f64>load<u32>(counts) / m);
  return <i64>nearest((m * m) / (2 * 0.6931471805599453 * z));
}
