/**
 * Percentiles of n ordered values: which rows they lie between (counted from 1), and how far from the first. The percentile
 * is counted in billionths, so that rows are found exactly.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { fail, PERCENTILE_RANGE } from './errors.ts';
import { makeStr, strLen, strPtr } from './layout.ts';
import { stateRoom } from './state-room.ts';

const ONE: i64 = 1000000000;

function refuses(ctx: i32, p: i64): bool {
  if (p >= 0 && p <= ONE) return false;
  fail(ctx, PERCENTILE_RANGE);
  return true;
}
/** p * (n - 1), whole part and rest apart; n is below 2^32, so nothing overflows. */
function place(ctx: i32, p: i64, n: i64): i64 {
  return refuses(ctx, p) || n <= 0 ? 0 : p * (n - 1);
}
export function percentile_low(ctx: i32, p: i64, n: i64): i64 {
  return place(ctx, p, n) / ONE + 1;
}
export function percentile_high(ctx: i32, p: i64, n: i64): i64 {
  return (place(ctx, p, n) + ONE - 1) / ONE + 1;
}
/** How far from the low row to the high one, in billionths. */
export function percentile_share(ctx: i32, p: i64, n: i64): i64 {
  return place(ctx, p, n) % ONE;
}
/** The first row of which at least the share p of the rows is not behind it. */
export function percentile_row(ctx: i32, p: i64, n: i64): i64 {
  return refuses(ctx, p) ? 0 : max<i64>(1, (p * n + ONE - 1) / ONE);
}
/** Between two whole numbers, cut towards the low one; they may be further apart than a signed number goes. */
export function between_i64(ctx: i32, low: i64, high: i64, share: i64): i64 {
  const distance = <u64>(high >= low ? high - low : low - high);
  const part = (distance / <u64>ONE) * <u64>share + ((distance % <u64>ONE) * <u64>share) / <u64>ONE;
  return high >= low ? low + <i64>part : low - <i64>part;
}
export function between_i32(ctx: i32, low: i32, high: i32, share: i64): i32 {
  return <i32>between_i64(ctx, <i64>low, <i64>high, share);
}

// ----------------------------------------------------------------------------------------------------- lists of values
// A list is a string of i64s: whole numbers as they are, doubles so that they compare as whole numbers do.

/** `v` behind the list `old` (made here, or 0). */
export function values_i64(ctx: i32, old: i64, v: i64): i64 {
  const n = strLen(old);
  const p = stateRoom(ctx, old, <i64>n + 8);
  if (p == 0) return 0;
  if (p != strPtr(old)) memory.copy(p, strPtr(old), n);
  store<i64>(p + n, v);
  return makeStr(p, n + 8);
}
export function values_f64(ctx: i32, old: i64, v: f64): i64 {
  // One zero, and one value that is no number.
  const bits = isNaN<f64>(v) ? 0x7ff8000000000000 : reinterpret<i64>(v + 0.0);
  return values_i64(ctx, old, swapped(bits));
}
/** The list `s` behind the list `old` (made here, or 0). */
export function values_merge(ctx: i32, old: i64, s: i64): i64 {
  const n = strLen(old);
  const bytes = <i64>n + strLen(s);
  const p = stateRoom(ctx, old, bytes);
  if (p == 0) return 0;
  if (p != strPtr(old)) memory.copy(p, strPtr(old), n);
  memory.copy(p + n, strPtr(s), strLen(s));
  return makeStr(p, <i32>bytes);
}
/** The bits of a double as a number in its order, and back. */
// @ts-ignore: decorator
@inline
function swapped(bits: i64): i64 {
  return bits ^ ((bits >> 63) & 0x7fffffffffffffff);
}
export function value_count(ctx: i32, list: i64): i64 {
  return strLen(list) >>> 3;
}
export function percentile_item_i64(ctx: i32, pair: i64, which: i32): i64 {
  return load<i64>(strPtr(pair) + (which << 3));
}
export function percentile_item_i32(ctx: i32, pair: i64, which: i32): i32 {
  return load<i32>(strPtr(pair) + (which << 3));
}
export function percentile_item_f64(ctx: i32, pair: i64, which: i32): f64 {
  return reinterpret<f64>(swapped(load<i64>(strPtr(pair) + (which << 3))));
}
/** The values the percentile lies between, the first in the order first. `how`: 1 descending, 2 the value at the row of a share. */
export function percentile_pair(ctx: i32, list: i64, p: i64, how: i32): i64 {
  const n: i64 = value_count(ctx, list);
  const out = alloc_scratch(ctx, 16);
  if (out == 0) return 0;
  let low = (how & 2) != 0 ? percentile_row(ctx, p, n) : percentile_low(ctx, p, n);
  let high = (how & 2) != 0 ? low : percentile_high(ctx, p, n);
  if (p < 0 || p > ONE) return 0;
  if ((how & 1) != 0) {
    low = n + 1 - low;
    high = n + 1 - high;
  }
  const position = mark(ctx);
  if (!select(ctx, strPtr(list), <i32>n, <i32>min(low, high) - 1, out)) return 0;
  release(ctx, position);
  const least = load<i64>(out);
  const next = low == high ? least : load<i64>(out, 8);
  store<i64>(out, (how & 1) != 0 ? next : least);
  store<i64>(out, (how & 1) != 0 ? least : next, 8);
  return makeStr(out, 16);
}

/** Values that are parted in place; of more only those stay that have the wanted one's leading bits. */
const FEW: i32 = 2048;
const BINS: i32 = 2048;
const BIN_BITS: i32 = 11;

/** The value at place k (from 0) of n, and the one behind it (the same for the last), at `out`; the list stays as it is. */
function select(ctx: i32, list: i32, n: i32, k: i32, out: i32): bool {
  let from = list;
  let copy = 0;
  // The least of the values that are known to come behind.
  let behind = i64.MAX_VALUE;
  let hasBehind = false;
  let bins = 0;
  while (n > FEW) {
    let least = load<i64>(from);
    let most = least;
    for (let i = 1; i < n; i++) {
      const v = load<i64>(from + (i << 3));
      least = min(least, v);
      most = max(most, v);
    }
    if (least == most) {
      store<i64>(out, least);
      store<i64>(out, k + 1 < n || !hasBehind ? least : behind, 8);
      return true;
    }
    const shift: i64 = max<i64>(0, 64 - clz<i64>(most - least) - BIN_BITS);
    if (bins == 0) bins = alloc_scratch(ctx, BINS * 4);
    if (bins == 0) return false;
    memory.fill(bins, 0, BINS * 4);
    for (let i = 0; i < n; i++) {
      const bin = bins + (<i32>(<u64>(load<i64>(from + (i << 3)) - least) >> <u64>shift) << 2);
      store<i32>(bin, load<i32>(bin) + 1);
    }
    let bin = 0;
    let before = 0;
    while (before + load<i32>(bins + (bin << 2)) <= k) before += load<i32>(bins + (bin++ << 2));
    const kept = load<i32>(bins + (bin << 2));
    if (copy == 0) copy = alloc_scratch(ctx, (<i64>kept + 1) << 3);
    if (copy == 0) return false;
    let to = copy;
    for (let i = 0; i < n; i++) {
      const v = load<i64>(from + (i << 3));
      const at = <i32>(<u64>(v - least) >> <u64>shift);
      if (at > bin) {
        behind = min(behind, v);
        hasBehind = true;
      } else if (at == bin) {
        store<i64>(to, v);
        to += 8;
      }
    }
    from = copy;
    n = kept;
    k -= before;
  }
  if (copy == 0) {
    copy = alloc_scratch(ctx, <i64>n << 3);
    if (copy == 0) return false;
    memory.copy(copy, list, n << 3);
  }
  part(copy, n, k);
  const found = load<i64>(copy + (k << 3));
  for (let i = k + 1; i < n; i++) behind = min(behind, load<i64>(copy + (i << 3)));
  store<i64>(out, found);
  store<i64>(out, k + 1 < n || hasBehind ? behind : found, 8);
  return true;
}
/** Parts n values in place, so that the k-th is where it belongs and none behind it is less. */
function part(p: i32, n: i32, k: i32): void {
  let lo = 0;
  let hi = n - 1;
  while (lo < hi) {
    const a = load<i64>(p + (lo << 3));
    const b = load<i64>(p + (((lo + hi) >>> 1) << 3));
    const c = load<i64>(p + (hi << 3));
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (load<i64>(p + (i << 3)) < pivot) i++;
      while (load<i64>(p + (j << 3)) > pivot) j--;
      if (i > j) break;
      const x = load<i64>(p + (i << 3));
      store<i64>(p + (i << 3), load<i64>(p + (j << 3)));
      store<i64>(p + (j << 3), x);
      i++;
      j--;
    }
    if (k <= j) hi = j;
    else if (k >= i) lo = i;
    else return;
  }
}
