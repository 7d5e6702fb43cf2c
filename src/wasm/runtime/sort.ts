/**
 * Sorting tuples by the order-preserving key string each holds at keyOffset. A run is an array of entries in order, 16
 * bytes each: u64 the key's first bytes (big-endian, so that they compare as a number), u32 tuple, u32 key length. Runs
 * are merged by a tree of losers, as many rows at a time as the reader asks for:
 *
 *   +0 u32 runs  +4 i32 pending  +8 u32 keyOffset, then per run { u32 next, u32 end, u32 final, u32 pad }, then u32 losers[runs]
 *
 * `pending` is the run that has nothing left in memory: the caller gives it more entries or marks it final; -1 none, -2 all
 * runs are at their end. Rows with equal keys come in the order of their runs, and of their places in one.
 */
import { keysOrder, keyStart } from './long-values.ts';

export const ENTRY: i32 = 16;
const MERGE_HEADER: i32 = 16;
const RUN_BYTES: i32 = 16;
/** Entries put in order by insertion before runs of them are merged. */
const INSERTION: i32 = 12;

/** Order of two entries' keys: negative, 0, positive. */
// @ts-ignore: decorator
@inline
function compare(a: i32, b: i32, keyOffset: i32, same: i32): i32 {
  const x = load<u64>(a);
  const y = load<u64>(b);
  if (x != y) return x < y ? -1 : 1;
  return compareFrom(a, b, keyOffset, same);
}
/** Order of two keys whose first `same` bytes are alike. */
export function compareFrom(a: i32, b: i32, keyOffset: i32, same: i32): i32 {
  const an = load<i32>(a, 12);
  const bn = load<i32>(b, 12);
  if (an <= same || bn <= same) return an == bn ? 0 : an < bn ? -1 : 1;
  return keysOrder(load<i64>(load<i32>(a, 8) + keyOffset), load<i64>(load<i32>(b, 8) + keyOffset), same);
}

/** Entries of the tuples in [start, end) at `out`; returns their end. */
export function make_entries(start: i32, end: i32, size: i32, keyOffset: i32, out: i32): i32 {
  for (let t = start; t < end; t += size) {
    const key = load<i64>(t + keyOffset);
    store<u64>(out, keyStart(key));
    store<i32>(out, t, 8);
    store<i32>(out, <i32>(key >>> 32), 12);
    out += ENTRY;
  }
  return out;
}

/** The first bytes of their keys into entries that held something else. */
export function refresh_entries(entries: i32, count: i32, keyOffset: i32): void {
  for (let e = entries; e < entries + count * ENTRY; e += ENTRY)
    store<u64>(e, keyStart(load<i64>(load<i32>(e, 8) + keyOffset)));
}

/** Stable merge sort of `count` entries; keys whose words are alike begin with `same` bytes alike. `tmp` has room for all. */
export function sort_entries(entries: i32, count: i32, tmp: i32, keyOffset: i32, same: i32): void {
  const bytes = count * ENTRY;
  const step = INSERTION * ENTRY;
  for (let lo = 0; lo < bytes; lo += step) {
    const hi = entries + min(lo + step, bytes);
    for (let i = entries + lo + ENTRY; i < hi; i += ENTRY) {
      let j = i - ENTRY;
      if (compare(j, i, keyOffset, same) <= 0) continue;
      const held = v128.load(i);
      v128.store(tmp, held);
      do {
        v128.store(j + ENTRY, v128.load(j));
        j -= ENTRY;
      } while (j >= entries + lo && compare(j, tmp, keyOffset, same) > 0);
      v128.store(j + ENTRY, held);
    }
  }
  let from = entries;
  let to = tmp;
  for (let width = step; width < bytes; width *= 2) {
    for (let lo = 0; lo < bytes; lo += 2 * width) mergeParts(from, to, lo, min(lo + width, bytes), min(lo + 2 * width, bytes), keyOffset, same);
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != entries) memory.copy(entries, from, bytes);
}
function mergeParts(from: i32, to: i32, lo: i32, mid: i32, hi: i32, keyOffset: i32, same: i32): void {
  if (mid >= hi || compare(from + mid - ENTRY, from + mid, keyOffset, same) <= 0) {
    memory.copy(to + lo, from + lo, hi - lo);
    return;
  }
  let i = from + lo;
  let j = from + mid;
  let k = to + lo;
  const iEnd = from + mid;
  const jEnd = from + hi;
  while (i < iEnd && j < jEnd) {
    if (compare(i, j, keyOffset, same) > 0) {
      v128.store(k, v128.load(j));
      j += ENTRY;
    } else {
      v128.store(k, v128.load(i));
      i += ENTRY;
    }
    k += ENTRY;
  }
  memory.copy(k, i, iEnd - i);
  memory.copy(k + (iEnd - i), j, jEnd - j);
}

// @ts-ignore: decorator
@inline
function runAt(m: i32, r: i32): i32 {
  return m + MERGE_HEADER + r * RUN_BYTES;
}
/** Whether run a's next entry comes before run b's; -1 stands for a place that no run has taken yet. */
function comesFirst(m: i32, a: i32, b: i32): bool {
  if (a < 0 || b < 0) return a < 0;
  const x = runAt(m, a);
  const y = runAt(m, b);
  const p = load<i32>(x);
  const q = load<i32>(y);
  if (p == load<i32>(x, 4)) return q == load<i32>(y, 4) && a < b;
  if (q == load<i32>(y, 4)) return true;
  const order = compare(p, q, load<i32>(m, 8), 8);
  return order == 0 ? a < b : order < 0;
}
/** Run r plays its way up from its leaf. */
function play(m: i32, r: i32): void {
  const k = load<i32>(m);
  const losers = m + MERGE_HEADER + k * RUN_BYTES;
  for (let at = (r + k) >> 1; at > 0; at >>= 1) {
    const other = load<i32>(losers + (at << 2));
    if (comesFirst(m, other, r)) {
      store<i32>(losers + (at << 2), r);
      r = other;
    }
  }
  store<i32>(losers, r);
}
/** Builds the tree; every run has entries or is final. */
export function start_merge(m: i32): void {
  const k = load<i32>(m);
  const losers = m + MERGE_HEADER + k * RUN_BYTES;
  for (let i = 0; i < k; i++) store<i32>(losers + (i << 2), -1);
  for (let r = k - 1; r >= 0; r--) play(m, r);
  store<i32>(m, -1, 4);
}
/** The next tuples in order, at most `limit`, at `out`; returns how many. */
export function merge_next(m: i32, out: i32, limit: i32): i32 {
  const losers = m + MERGE_HEADER + load<i32>(m) * RUN_BYTES;
  const pending = load<i32>(m, 4);
  if (pending == -2) return 0;
  if (pending >= 0) play(m, pending);
  store<i32>(m, -1, 4);
  for (let n = 0; n < limit; n++) {
    const winner = load<i32>(losers);
    const run = runAt(m, winner);
    const entry = load<i32>(run);
    if (entry == load<i32>(run, 4)) {
      store<i32>(m, -2, 4);
      return n;
    }
    store<i32>(out + (n << 2), load<i32>(entry, 8));
    store<i32>(run, entry + ENTRY);
    if (entry + ENTRY == load<i32>(run, 4) && load<i32>(run, 8) == 0) {
      store<i32>(m, winner, 4);
      return n + 1;
    }
    play(m, winner);
  }
  return limit;
}
/** Whether a key string comes after (or equals) another: 1 or 0. */
export function key_not_before(key: i64, other: i64): i32 {
  return keysOrder(key, other, 0) >= 0 ? 1 : 0;
}
