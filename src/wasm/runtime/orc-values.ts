/**
 * ORC's values into the physical forms of columns (types/sql-type.ts), behind the run lengths of orc-runs.ts. Those that can fail
 * give -1, or the number of the first value that does not fit.
 */
import { DAY_US, MAX_DAY, MIN_DAY } from './calendar.ts';
import { tableOffset } from './timezone.ts';
import { fitsPrecision } from './numeric.ts';

/** Numbers of zeros in a batch's null bytes. */
export function orc_count(nulls: i32, n: i32): i32 {
  let there = 0;
  for (let i = 0; i < n; i++) there += 1 - <i32>load<u8>(nulls + i);
  return there;
}
/** Integers of 8 bytes in [low, high] as 4 bytes, `by` subtracted; may be in place. */
export function orc_narrow(from: i32, n: i32, to: i32, low: i64, high: i64, by: i64): i32 {
  for (let i = 0; i < n; i++) {
    const v = load<i64>(from + (i << 3));
    if (v < low || v > high) return i;
    store<i32>(to + (i << 2), <i32>(v - by));
  }
  return -1;
}
/** Bytes as i32, by their sign or not; from the end, so that it may be in place. */
export function orc_widen(from: i32, n: i32, to: i32, signed: i32): void {
  for (let i = n - 1; i >= 0; i--) store<i32>(to + (i << 2), signed ? <i32>load<i8>(from + i) : <i32>load<u8>(from + i));
}
const EPOCH_US: i64 = 946684800000000;
/**
 * Seconds since `base` (seconds since 1970) and nanoseconds as ORC packs them, to microseconds since 2000. `table`: of the zone whose clock is
 * wanted; 0: the moment itself.
 */
export function orc_timestamps(seconds: i32, nanos: i32, n: i32, out: i32, base: i64, table: i32): i32 {
  for (let i = 0; i < n; i++) {
    let s = load<i64>(seconds + (i << 3));
    const packed = load<i64>(nanos + (i << 3));
    let nano = packed >> 3;
    const zeros = <i32>(packed & 7);
    for (let k = zeros == 0 ? 0 : zeros + 1; k > 0; k--) nano *= 10;
    if (packed < 0 || nano > 999999999 || nano < 0) return i;
    if (s > 1000000000000000 || s < -1000000000000000) return i;
    s += base;
    // Seconds before 1970 are rounded toward zero by the format.
    if (s < 0 && nano > 999999) s--;
    let us = s * 1000000;
    if (us / 1000000 != s) return i;
    us += nano / 1000 - EPOCH_US;
    if (us < <i64>MIN_DAY * DAY_US || us >= (<i64>MAX_DAY + 1) * DAY_US) return i;
    if (table != 0) us += tableOffset(table, us);
    store<i64>(out + (i << 3), us);
  }
  return -1;
}
/**
 * Numbers of 7 bits a byte with their sign, up to 128 bits, 16 bytes each; `next` gets where the following one begins. How many there are before
 * `end`; `next` 0: one is broken.
 */
export function orc_wide(at: i32, end: i32, n: i32, out: i32, next: i32): i32 {
  let p = at;
  let i = 0;
  for (; i < n; i++) {
    let lo: u64 = 0;
    let hi: u64 = 0;
    let shift: u64 = 0;
    let q = p;
    let last = false;
    while (q < end) {
      const b = <u64>load<u8>(q++);
      const v = b & 127;
      if (shift < 64) {
        lo |= v << shift;
        if (shift > 57) hi |= v >>> (64 - shift);
      } else if (shift < 128) hi |= v << (shift - 64);
      if (shift > 126 && v > 3) {
        store<i32>(next, 0);
        return i;
      }
      if (b < 128) {
        last = true;
        break;
      }
      shift += 7;
    }
    if (!last) break;
    const sign: u64 = 0 - (lo & 1);
    store<u64>(out + (i << 4), ((lo >>> 1) | (hi << 63)) ^ sign);
    store<u64>(out + (i << 4), (hi >>> 1) ^ sign, 8);
    p = q;
  }
  store<i32>(next, p);
  return i;
}
/** value * 10^(scale - scales[i]), 16 bytes each, in place; what is cut off is lost, as in ORC's own readers. */
export function orc_rescale(values: i32, scales: i32, n: i32, scale: i32): i32 {
  for (let i = 0; i < n; i++) {
    const by = <i64>scale - load<i64>(scales + (i << 3));
    if (by == 0) continue;
    if (by > 38 || by < -38) return i;
    let lo = load<u64>(values + (i << 4));
    let hi = load<u64>(values + (i << 4), 8);
    const negative = <i64>hi < 0;
    if (negative) {
      lo = 0 - lo;
      hi = ~hi + (lo == 0 ? 1 : 0);
    }
    for (let k = by; k > 0; k--) {
      if (hi > 0x0cccccccccccccc0) return i;
      const low = (lo & 0xffffffff) * 10;
      const high = (lo >>> 32) * 10 + (low >>> 32);
      hi = hi * 10 + (high >>> 32);
      lo = (high << 32) | (low & 0xffffffff);
    }
    for (let k = by; k < 0; k++) {
      const rest = hi % 10;
      hi /= 10;
      const high = (rest << 32) | (lo >>> 32);
      const low = ((high % 10) << 32) | (lo & 0xffffffff);
      lo = ((high / 10) << 32) | (low / 10);
    }
    if (negative) {
      lo = 0 - lo;
      hi = ~hi + (lo == 0 ? 1 : 0);
    }
    store<u64>(values + (i << 4), lo);
    store<u64>(values + (i << 4), hi, 8);
  }
  return -1;
}
/** Numbers of 16 bytes that have at most so many digits; 8 bytes each when `narrow`, in place. */
export function orc_decimals(values: i32, n: i32, precision: i32, narrow: i32): i32 {
  for (let i = 0; i < n; i++) {
    const lo = load<i64>(values + (i << 4));
    const hi = load<i64>(values + (i << 4), 8);
    if (!fitsPrecision(lo, hi, precision)) return i;
    if (narrow) store<i64>(values + (i << 3), lo);
  }
  return -1;
}
/** Integers of 8 bytes as 16, in place. */
export function orc_to_wide(values: i32, n: i32): void {
  for (let i = n - 1; i >= 0; i--) {
    const v = load<i64>(values + (i << 3));
    store<i64>(values + (i << 4), v);
    store<i64>(values + (i << 4), v >> 63, 8);
  }
}
/** The sum of lengths; -1: one is none, or the sum is more than `most`. */
export function orc_sum(lengths: i32, n: i32, most: i64): i64 {
  let sum: i64 = 0;
  for (let i = 0; i < n; i++) {
    const v = load<i64>(lengths + (i << 3));
    if (v < 0 || v > most) return -1;
    sum += v;
    if (sum > most) return -1;
  }
  return sum;
}
/** Numbers of 8 bytes as 4; -1, or the first that is not below `count`. */
export function orc_indices(from: i32, n: i32, to: i32, count: i32): i32 {
  for (let i = 0; i < n; i++) {
    const v = load<u64>(from + (i << 3));
    if (v >= <u64><u32>count) return i;
    store<u32>(to + (i << 2), <u32>v);
  }
  return -1;
}
