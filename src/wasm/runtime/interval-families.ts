/**
 * The two types of intervals: months (INTERVAL YEAR TO MONTH, i32) and microseconds (INTERVAL DAY TO SECOND, i64), to and
 * from the untyped interval of expressions, which carries months, days and microseconds. Text forms are those of the
 * untyped interval. A result that does not fit fails with 22008; what belongs to the other family is refused.
 */
import { alloc_scratch } from './alloc.ts';
import { addMonths, DAY_US } from './calendar.ts';
import { checkDay, failInterval } from './datetime-range.ts';
import { fmt_interval } from './datetime-text.ts';
import { DIVISION_BY_ZERO, fail, failText, INVALID_PARAMETER } from './errors.ts';
import { interval_div, interval_div_int8, interval_mul, interval_mul_int8, interval_mul_numeric } from './interval.ts';
import { text_to_interval_in } from './interval-parse.ts';
import { failed, makeStr, put8, RET_HI, setRetHi } from './layout.ts';
import { mulWide, R1 } from './wide.ts';

// ---- to and from the untyped interval ----
export function intervaly2m_to_interval(ctx: i32, months: i32): i64 {
  setRetHi(ctx, <i64>months << 32);
  return 0;
}
export function time_to_intervald2s(ctx: i32, v: i64): i64 {
  return v;
}
/** Whole days apart, so that parts and texts show 1 day and not 24 hours. */
export function intervald2s_to_interval(ctx: i32, us: i64): i64 {
  setRetHi(ctx, (us / DAY_US) & 0xffffffff);
  return us % DAY_US;
}
function otherFamily(ctx: i32, months: bool): i64 {
  const t = alloc_scratch(ctx, 96);
  if (t == 0) return 0;
  const e = months ? PUT(t, "an interval of months cannot become INTERVAL DAY TO SECOND") : PUT(t, "an interval of days cannot become INTERVAL YEAR TO MONTH");
  failText(ctx, INVALID_PARAMETER, t, e - t);
  return 0;
}
export function interval_to_intervaly2m(ctx: i32, lo: i64, hi: i64): i32 {
  if (lo != 0 || <i32>hi != 0) return <i32>otherFamily(ctx, false);
  return <i32>(hi >> 32);
}
export function interval_to_intervald2s(ctx: i32, lo: i64, hi: i64): i64 {
  if (hi >> 32 != 0) return otherFamily(ctx, true);
  const days = <i64><i32>hi;
  const r = mulWide(<u64>(days < 0 ? -days : days), <u64>DAY_US);
  if (R1 != 0 || <i64>r < 0) return failInterval(ctx);
  const part = days < 0 ? -<i64>r : <i64>r;
  const sum = part + lo;
  return ((part ^ sum) & (lo ^ sum)) < 0 ? failInterval(ctx) : sum;
}
/** The span of the day-time part alone, as a literal with a qualifier drops the other. */
export function text_to_intervald2s(ctx: i32, s: i64, bare: i32, minutes: i32): i64 {
  const lo = text_to_interval_in(ctx, s, bare, minutes);
  return failed(ctx) ? 0 : interval_to_intervald2s(ctx, lo, load<i64>(ctx, RET_HI) & 0xffffffff);
}
export function text_to_intervaly2m(ctx: i32, s: i64, bare: i32, minutes: i32): i32 {
  text_to_interval_in(ctx, s, bare, minutes);
  return failed(ctx) ? 0 : <i32>(load<i64>(ctx, RET_HI) >> 32);
}
export function fmt_intervaly2m(ctx: i32, out: i32, months: i32): i32 {
  return fmt_interval(ctx, out, 0, <i64>months << 32);
}
export function fmt_intervald2s(ctx: i32, out: i32, us: i64): i32 {
  return fmt_interval(ctx, out, us % DAY_US, (us / DAY_US) & 0xffffffff);
}
export function intervaly2m_to_text(ctx: i32, months: i32): i64 {
  const p = alloc_scratch(ctx, 96);
  return p == 0 ? 0 : makeStr(p, fmt_intervaly2m(ctx, p, months) - p);
}
export function intervald2s_to_text(ctx: i32, us: i64): i64 {
  const p = alloc_scratch(ctx, 96);
  return p == 0 ? 0 : makeStr(p, fmt_intervald2s(ctx, p, us) - p);
}

// ---- what a qualifier keeps ----
export function intervaly2m_cut(ctx: i32, months: i32, unit: i64): i32 {
  return months - months % <i32>unit;
}
export function intervald2s_cut(ctx: i32, us: i64, unit: i64): i64 {
  return us - us % unit;
}
/** Digits of a second are rounded half away from zero. */
export function intervald2s_round(ctx: i32, us: i64, unit: i64): i64 {
  const rest = us % unit;
  const cut = us - rest;
  if (rest >= unit / 2) return cut > i64.MAX_VALUE - unit ? failInterval(ctx) : cut + unit;
  if (rest <= -(unit / 2)) return cut < i64.MIN_VALUE + unit ? failInterval(ctx) : cut - unit;
  return cut;
}

// ---- arithmetic within a family ----
function months32(ctx: i32, v: i64): i32 {
  return v == <i64><i32>v ? <i32>v : <i32>failInterval(ctx);
}
export function intervaly2m_add(ctx: i32, a: i32, b: i32): i32 {
  return months32(ctx, <i64>a + b);
}
export function intervaly2m_sub(ctx: i32, a: i32, b: i32): i32 {
  return months32(ctx, <i64>a - b);
}
export function intervaly2m_neg(ctx: i32, a: i32): i32 {
  return months32(ctx, -<i64>a);
}
export function intervaly2m_mul_int8(ctx: i32, a: i32, n: i64): i32 {
  if (n > 0xffffffff || n < -0xffffffff) return a == 0 ? 0 : <i32>failInterval(ctx);
  return months32(ctx, <i64>a * n);
}
/** Fractions of a month are cut: the type has nothing smaller. */
export function intervaly2m_mul(ctx: i32, a: i32, by: f64): i32 {
  const v = <f64>a * by;
  if (!(v > -2147483649.0 && v < 2147483648.0)) return <i32>failInterval(ctx);
  return <i32>v;
}
export function intervaly2m_mul_numeric(ctx: i32, a: i32, lo: i64, hi: i64): i32 {
  interval_mul_numeric(ctx, 0, <i64>a << 32, lo, hi);
  return <i32>(load<i64>(ctx, RET_HI) >> 32);
}
export function intervaly2m_div(ctx: i32, a: i32, by: f64): i32 {
  if (by != 0) return intervaly2m_mul(ctx, a, 1 / by);
  fail(ctx, DIVISION_BY_ZERO);
  return 0;
}
export function intervaly2m_div_int8(ctx: i32, a: i32, n: i64): i32 {
  if (n != 0) return months32(ctx, <i64>a / n);
  fail(ctx, DIVISION_BY_ZERO);
  return 0;
}
export function intervald2s_add(ctx: i32, a: i64, b: i64): i64 {
  const r = a + b;
  return ((a ^ r) & (b ^ r)) < 0 ? failInterval(ctx) : r;
}
export function intervald2s_sub(ctx: i32, a: i64, b: i64): i64 {
  const r = a - b;
  return ((a ^ b) & (a ^ r)) < 0 ? failInterval(ctx) : r;
}
export function intervald2s_neg(ctx: i32, a: i64): i64 {
  return intervald2s_sub(ctx, 0, a);
}
export function intervald2s_mul_int8(ctx: i32, a: i64, n: i64): i64 {
  return interval_mul_int8(ctx, a, 0, n);
}
export function intervald2s_mul_numeric(ctx: i32, a: i64, lo: i64, hi: i64): i64 {
  return interval_mul_numeric(ctx, a, 0, lo, hi);
}
export function intervald2s_mul(ctx: i32, a: i64, by: f64): i64 {
  return interval_mul(ctx, a, 0, by);
}
export function intervald2s_div(ctx: i32, a: i64, by: f64): i64 {
  return interval_div(ctx, a, 0, by);
}
export function intervald2s_div_int8(ctx: i32, a: i64, n: i64): i64 {
  return interval_div_int8(ctx, a, 0, n);
}

// ---- with dates and times ----
export function date_plus_intervaly2m(ctx: i32, v: i32, months: i32): i32 {
  if (months > 4000000 || months < -4000000) return checkDay(ctx, i32.MAX_VALUE);
  return checkDay(ctx, addMonths(v, months));
}
export function date_minus_intervaly2m(ctx: i32, v: i32, months: i32): i32 {
  return date_plus_intervaly2m(ctx, v, months == i32.MIN_VALUE ? i32.MAX_VALUE : -months);
}
