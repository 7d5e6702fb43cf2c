/**
 * Intervals: their span, order and arithmetic. Two words: low is microseconds, high is months in its upper half and days in
 * its lower half. Results that do not fit fail with 22008.
 */
import { DAY_US } from './calendar.ts';
import { failInterval } from './datetime-range.ts';
import { DIVISION_BY_ZERO, fail } from './errors.ts';
import { RET_HI, setRetHi } from './layout.ts';
import { i128_cmp, magHi, magLo } from './int128.ts';
import { divWide, mulWide, R1 } from './wide.ts';

// @ts-ignore: decorator
@inline
function monthsOf(hi: i64): i64 {
  return hi >> 32;
}
// @ts-ignore: decorator
@inline
function daysOf(hi: i64): i64 {
  return <i64><i32>hi;
}
/**
 * An interval as one number: microseconds, with days of 24 hours and months of 30 days. Equal spans are equal intervals:
 * comparison, hashing and sort keys of the type go through it.
 */
export function interval_span(ctx: i32, lo: i64, hi: i64): i64 {
  const d = monthsOf(hi) * 30 + daysOf(hi);
  const l = mulWide(<u64>(d < 0 ? -d : d), <u64>DAY_US);
  const low = d < 0 ? -l : l;
  const high = d < 0 ? ~R1 + (l == 0 ? 1 : 0) : R1;
  const sum = low + <u64>lo;
  setRetHi(ctx, <i64>(high + <u64>(lo >> 63) + (sum < low ? 1 : 0)));
  return <i64>sum;
}
export function interval_cmp(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i32 {
  const a = interval_span(ctx, alo, ahi);
  const ah = load<i64>(ctx, RET_HI);
  const b = interval_span(ctx, blo, bhi);
  return i128_cmp(a, ah, b, load<i64>(ctx, RET_HI));
}

function give(ctx: i32, months: i64, days: i64, us: i64): i64 {
  if (months != <i64><i32>months || days != <i64><i32>days) return failInterval(ctx);
  setRetHi(ctx, (months << 32) | (days & 0xffffffff));
  return us;
}
export function interval_add(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  const us = alo + blo;
  if (((alo ^ us) & (blo ^ us)) < 0) return failInterval(ctx);
  return give(ctx, monthsOf(ahi) + monthsOf(bhi), daysOf(ahi) + daysOf(bhi), us);
}
export function interval_sub(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  const us = alo - blo;
  if (((alo ^ blo) & (alo ^ us)) < 0) return failInterval(ctx);
  return give(ctx, monthsOf(ahi) - monthsOf(bhi), daysOf(ahi) - daysOf(bhi), us);
}
export function interval_neg(ctx: i32, lo: i64, hi: i64): i64 {
  return interval_sub(ctx, 0, 0, lo, hi);
}
/** lo * n, or a failure when it does not fit. */
function times(ctx: i32, lo: i64, n: i64): i64 {
  const r = mulWide(lo < 0 ? <u64>-lo : <u64>lo, n < 0 ? <u64>-n : <u64>n);
  if (R1 != 0 || <i64>r < 0) return failInterval(ctx);
  return (lo ^ n) < 0 ? -<i64>r : <i64>r;
}
export function interval_mul_int8(ctx: i32, lo: i64, hi: i64, n: i64): i64 {
  const us = times(ctx, lo, n);
  const months = times(ctx, monthsOf(hi), n);
  return give(ctx, months, times(ctx, daysOf(hi), n), us);
}
/** A float as a whole number of microseconds, days or months. */
function whole(ctx: i32, v: f64): i64 {
  if (!(v > -9223372036854775000.0 && v < 9223372036854775000.0)) return failInterval(ctx);
  return <i64>v;
}
/** To the microsecond, as fractions of days and seconds cascade. */
function micro(v: f64): f64 {
  return nearest(v * 1000000.0) / 1000000.0;
}
/** months and days given as floats, `us` already exact or rounded: fractions go down to the next smaller field. */
function cascade(ctx: i32, m: f64, d: f64, us: i64): i64 {
  const months = whole(ctx, m);
  let days = whole(ctx, d);
  const more = micro((m - <f64>months) * 30.0);
  const moreDays = <i64>more;
  const seconds = micro((d - <f64>days + more - <f64>moreDays) * 86400.0);
  days += moreDays;
  const rest = <i64>nearest(seconds * 1000000.0);
  const total = us + rest;
  if (((us ^ total) & (rest ^ total)) < 0) return failInterval(ctx);
  return give(ctx, months, days, total);
}
export function interval_mul(ctx: i32, lo: i64, hi: i64, by: f64): i64 {
  return cascade(ctx, <f64>monthsOf(hi) * by, <f64>daysOf(hi) * by, whole(ctx, nearest(<f64>lo * by)));
}
const E18: u64 = 1000000000000000000;
/** By a decimal with 18 digits behind the point: the microseconds are exact, rounded half away from zero at the end. */
export function interval_mul_numeric(ctx: i32, lo: i64, hi: i64, nlo: i64, nhi: i64): i64 {
  const negative = nhi < 0;
  const mlo = magLo(nlo, nhi);
  const mhi = magHi(nlo, nhi);
  if (mhi >= E18) return failInterval(ctx);
  const int = divWide(mhi, mlo, E18);
  const part = R1;
  if (<i64>int < 0) return failInterval(ctx);
  const n = negative ? -<i64>int : <i64>int;
  const low = mulWide(lo < 0 ? <u64>-lo : <u64>lo, part);
  let below = divWide(R1, low, E18);
  if (R1 >= E18 / 2) below++;
  const us = times(ctx, lo, n);
  const extra = (lo < 0) != negative ? -<i64>below : <i64>below;
  const total = us + extra;
  if (((us ^ total) & (extra ^ total)) < 0) return failInterval(ctx);
  if (part == 0) return give(ctx, times(ctx, monthsOf(hi), n), times(ctx, daysOf(hi), n), total);
  const by = <f64>n + (negative ? -<f64>part : <f64>part) / 1e18;
  return cascade(ctx, <f64>monthsOf(hi) * by, <f64>daysOf(hi) * by, total);
}
export function interval_div(ctx: i32, lo: i64, hi: i64, by: f64): i64 {
  if (by == 0) {
    fail(ctx, DIVISION_BY_ZERO);
    return 0;
  }
  return cascade(ctx, <f64>monthsOf(hi) / by, <f64>daysOf(hi) / by, whole(ctx, nearest(<f64>lo / by)));
}
/** Divisors up to this keep (remainder in days) * (microseconds of a day) inside 64 bits. */
const EXACT_DIVISOR: i64 = 10000000;
export function interval_div_int8(ctx: i32, lo: i64, hi: i64, n: i64): i64 {
  if (n == 0 || n > EXACT_DIVISOR || n < -EXACT_DIVISOR) return interval_div(ctx, lo, hi, <f64>n);
  const months = monthsOf(hi) / n;
  const monthDays = (monthsOf(hi) % n) * 30;
  const days = daysOf(hi) / n + monthDays / n;
  const left = ((daysOf(hi) % n) + (monthDays % n)) * DAY_US;
  // lo / n and left / n each leave a remainder below n; the sum of both is rounded half away from zero.
  const rest = lo % n + left % n;
  let us = lo / n + left / n + rest / n;
  const half = rest % n;
  const size = n < 0 ? -n : n;
  if ((half < 0 ? -half : half) * 2 >= size) us += (half < 0) != (n < 0) ? -1 : 1;
  return give(ctx, months, days, us);
}

// ---- sums: the three fields are added up as 128-bit integers and put together at the end ----
export function interval_months(ctx: i32, lo: i64, hi: i64): i64 {
  return monthsOf(hi);
}
export function interval_days(ctx: i32, lo: i64, hi: i64): i64 {
  return daysOf(hi);
}
export function interval_micros(ctx: i32, lo: i64, hi: i64): i64 {
  return lo;
}
export function interval_of_sums(ctx: i32, mlo: i64, mhi: i64, dlo: i64, dhi: i64, ulo: i64, uhi: i64): i64 {
  if (mhi != mlo >> 63 || dhi != dlo >> 63 || uhi != ulo >> 63) return failInterval(ctx);
  return give(ctx, mlo, dlo, ulo);
}
