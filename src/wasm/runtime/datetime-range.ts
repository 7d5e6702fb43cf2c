/**
 * Range checks of date and time results. Everything a function or cast gives lies between 4713 BC and the end of 294276,
 * or the query ends with 22008; no sum wraps.
 */
import { alloc_scratch } from './alloc.ts';
import { DAY_US, dayOf, MAX_DAY, MIN_DAY } from './calendar.ts';
import { DATETIME_RESULT, failText } from './errors.ts';
import { put8 } from './layout.ts';

/** "timestamp out of range" and its kin; the word has at most 12 letters, eight of them in `first`. */
export function failRange(ctx: i32, first: u64, second: u64, len: i32): void {
  const p = alloc_scratch(ctx, 16);
  if (p == 0) return;
  put8(put8(p, first, 8), second, 8);
  failText(ctx, DATETIME_RESULT, p, len);
}
export function failTimestamp(ctx: i32): i64 {
  failRange(ctx, WORD("timestam"), WORD("p"), 9);
  return 0;
}
export function failInterval(ctx: i32): i64 {
  failRange(ctx, WORD("interval"), 0, 8);
  return 0;
}
export function failDate(ctx: i32): i32 {
  failRange(ctx, WORD("date"), 0, 4);
  return 0;
}
export function checkDay(ctx: i32, day: i64): i32 {
  return day < MIN_DAY || day > MAX_DAY ? failDate(ctx) : <i32>day;
}
export function checkTimestamp(ctx: i32, ts: i64): i64 {
  const d = dayOf(ts);
  return d < MIN_DAY || d > MAX_DAY ? failTimestamp(ctx) : ts;
}
/** A timestamp of a day number of any size and microseconds of any size; neither product nor sum wraps. */
export function stamp(ctx: i32, day: i64, us: i64): i64 {
  let d = day + us / DAY_US;
  let t = us % DAY_US;
  if (t < 0) {
    t += DAY_US;
    d--;
  }
  return d < MIN_DAY || d > MAX_DAY ? failTimestamp(ctx) : d * DAY_US + t;
}
/** a + b for a timestamp and any number of microseconds. */
export function shifted(ctx: i32, ts: i64, by: i64): i64 {
  const day = dayOf(ts);
  return stamp(ctx, <i64>day + by / DAY_US, ts - <i64>day * DAY_US + by % DAY_US);
}
