/**
 * Look-up in a list of values as types/value-list.ts lays it out (entries sorted, none twice): 1 when the value is there.
 */
import { bytesCompare, trimmedLen } from './strings-core.ts';
import { strLen, strPtr } from './layout.ts';

const ENTRIES: i32 = 8;

export function list_has_i64(list: i32, value: i64): i32 {
  let low = 0;
  let high = load<i32>(list);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<i64>(list + ENTRIES + (middle << 3)) < value) low = middle + 1;
    else high = middle;
  }
  return low < load<i32>(list) && load<i64>(list + ENTRIES + (low << 3)) == value ? 1 : 0;
}
export function list_has_i128(list: i32, lo: i64, hi: i64): i32 {
  let low = 0;
  let high = load<i32>(list);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = list + ENTRIES + (middle << 4);
    const h = load<i64>(at, 8);
    if (h < hi || (h == hi && <u64>load<i64>(at) < <u64>lo)) low = middle + 1;
    else high = middle;
  }
  if (low >= load<i32>(list)) return 0;
  const found = list + ENTRIES + (low << 4);
  return load<i64>(found) == lo && load<i64>(found, 8) == hi ? 1 : 0;
}
/** NaN is one value and the largest; -0.0 is 0.0, as WebAssembly compares them. */
export function list_has_f64(list: i32, value: f64): i32 {
  const count = load<i32>(list);
  if (value != value) {
    if (count == 0) return 0;
    const last = load<f64>(list + ENTRIES + ((count - 1) << 3));
    return last != last ? 1 : 0;
  }
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<f64>(list + ENTRIES + (middle << 3)) < value) low = middle + 1;
    else high = middle;
  }
  return low < count && load<f64>(list + ENTRIES + (low << 3)) == value ? 1 : 0;
}
export function list_has_str(list: i32, value: i64): i32 {
  const p = strPtr(value);
  const n = trimmedLen(p, strLen(value));
  let low = 0;
  let high = load<i32>(list);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = list + ENTRIES + (middle << 3);
    const order = bytesCompare(list + load<i32>(at), load<i32>(at, 4), p, n);
    if (order == 0) return 1;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return 0;
}
