/**
 * Stable merge sort of tuple addresses by the key string each tuple holds at keyOffset. `tmp` has room for `count`
 * addresses. Runs of up to 12 are made by insertion.
 */
import { bytesCompare } from './strings-core.ts';

// @ts-ignore: decorator
@inline
function after(a: i32, b: i32, keyOffset: i32): bool {
  const x = load<i64>(a + keyOffset);
  const y = load<i64>(b + keyOffset);
  return bytesCompare(<i32>x, <i32>(x >>> 32), <i32>y, <i32>(y >>> 32)) > 0;
}
const RUN: i32 = 12;

export function sort_tuples(tuples: i32, count: i32, keyOffset: i32, tmp: i32): void {
  for (let lo = 0; lo < count; lo += RUN) {
    const hi = min(lo + RUN, count);
    for (let i = lo + 1; i < hi; i++) {
      const t = load<i32>(tuples + i * 4);
      let j = i - 1;
      while (j >= lo && after(load<i32>(tuples + j * 4), t, keyOffset)) {
        store<i32>(tuples + j * 4 + 4, load<i32>(tuples + j * 4));
        j--;
      }
      store<i32>(tuples + j * 4 + 4, t);
    }
  }
  let from = tuples;
  let to = tmp;
  for (let width = RUN; width < count; width *= 2) {
    for (let lo = 0; lo < count; lo += 2 * width) mergeRuns(from, to, lo, min(lo + width, count), min(lo + 2 * width, count), keyOffset);
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != tuples) memory.copy(tuples, from, count * 4);
}
function mergeRuns(from: i32, to: i32, lo: i32, mid: i32, hi: i32, keyOffset: i32): void {
  let i = lo;
  let j = mid;
  let k = lo;
  if (mid >= hi || !after(load<i32>(from + mid * 4 - 4), load<i32>(from + mid * 4), keyOffset)) {
    memory.copy(to + lo * 4, from + lo * 4, (hi - lo) * 4);
    return;
  }
  while (i < mid && j < hi) {
    const a = load<i32>(from + i * 4);
    const b = load<i32>(from + j * 4);
    if (after(a, b, keyOffset)) {
      store<i32>(to + k * 4, b);
      j++;
    } else {
      store<i32>(to + k * 4, a);
      i++;
    }
    k++;
  }
  memory.copy(to + k * 4, from + i * 4, (mid - i) * 4);
  k += mid - i;
  memory.copy(to + k * 4, from + j * 4, (hi - j) * 4);
}
/** Order of two tuples' keys: negative, 0, positive. */
export function compare_tuple_keys(a: i32, b: i32, keyOffset: i32): i32 {
  const x = load<i64>(a + keyOffset);
  const y = load<i64>(b + keyOffset);
  return bytesCompare(<i32>x, <i32>(x >>> 32), <i32>y, <i32>(y >>> 32));
}
