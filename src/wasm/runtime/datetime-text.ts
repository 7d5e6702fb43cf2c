/**
 * Output text of booleans, integers, dates, times, timestamps and intervals: fmt_<type> at an address, <type>_to_text
 * into scratch. ISO style unless ctx+DATE_STYLE says SQL, German or Postgres. Fractions lose their trailing zeros.
 */
import { copyShort } from './copy-short.ts';
import { alloc_scratch } from './alloc.ts';
import { civil, DAY, dayOf, dayOfWeek, DAY_US, MONTH, timeOf, YEAR } from './calendar.ts';
import { putStandardInterval, putVerboseInterval } from './interval-styles.ts';
import { DATE_STYLE, makeStr, put8 } from './layout.ts';
import { putDigits, putI64, putU64 } from './text-out.ts';
import { zoneOffsetAt } from './timezone.ts';

// @ts-ignore: decorator
@inline
function putChar(p: i32, c: i32): i32 {
  store<u8>(p, <u8>c);
  return p + 1;
}
function putYear(p: i32, year: i32): i32 {
  const y = year > 0 ? year : 1 - year;
  return y < 10000 ? putDigits(p, y, 4) : putU64(p, y);
}
function putBc(p: i32, year: i32): i32 {
  return year > 0 ? p : PUT(p, " BC");
}
/** Date in the session's style without the era. */
function putDate(p: i32, style: i32, y: i32, m: i32, d: i32): i32 {
  const kind = style & 15;
  if (kind == 0) {
    p = putChar(putYear(p, y), 45);
    p = putChar(putDigits(p, m, 2), 45);
    return putDigits(p, d, 2);
  }
  const sep = kind == 1 ? 47 : kind == 2 ? 46 : 45;
  const dayFirst = kind == 2 || (style & 16) != 0;
  p = putChar(putDigits(p, dayFirst ? d : m, 2), sep);
  p = putChar(putDigits(p, dayFirst ? m : d, 2), sep);
  return putYear(p, y);
}
export function putTime(p: i32, us: i64): i32 {
  const seconds = us / 1000000;
  p = putChar(putDigits(p, seconds / 3600, 2), 58);
  p = putChar(putDigits(p, (seconds / 60) % 60, 2), 58);
  p = putDigits(p, seconds % 60, 2);
  return putFraction(p, us - seconds * 1000000);
}
/** ".ffffff" without trailing zeros, nothing for 0. */
export function putFraction(p: i32, us: i64): i32 {
  if (us == 0) return p;
  p = putDigits(putChar(p, 46), us, 6);
  while (load<u8>(p - 1) == 48) p--;
  return p;
}
export function monthWord(m: i32): u64 {
  switch (m) {
    case 1: return WORD("January");
    case 2: return WORD("February");
    case 3: return WORD("March");
    case 4: return WORD("April");
    case 5: return WORD("May");
    case 6: return WORD("June");
    case 7: return WORD("July");
    case 8: return WORD("August");
    case 9: return WORD("Septembe");
    case 10: return WORD("October");
    case 11: return WORD("November");
    default: return WORD("December");
  }
}
/** The first eight letters; Wednesday lacks its y. */
export function dayWord(d: i32): u64 {
  switch (d) {
    case 0: return WORD("Sunday");
    case 1: return WORD("Monday");
    case 2: return WORD("Tuesday");
    case 3: return WORD("Wednesda");
    case 4: return WORD("Thursday");
    case 5: return WORD("Friday");
    default: return WORD("Saturday");
  }
}
export function fmt_date(ctx: i32, out: i32, v: i32): i32 {
  civil(v);
  const y = YEAR;
  return putBc(putDate(out, load<i32>(ctx, DATE_STYLE), y, MONTH, DAY), y);
}
export function fmt_time(ctx: i32, out: i32, v: i64): i32 {
  return putTime(out, v);
}
/** Behind the styles that name a zone: UTC by name, others by their offset. */
function putNamedZone(p: i32, offset: i64): i32 {
  p = putChar(p, 32);
  return offset == 0 ? PUT(p, "UTC") : putZone(p, offset);
}
function putZone(p: i32, offset: i64): i32 {
  let o = offset / 1000000;
  p = putChar(p, o < 0 ? 45 : 43);
  if (o < 0) o = -o;
  p = putDigits(p, o / 3600, 2);
  const minutes = (o / 60) % 60;
  const seconds = o % 60;
  if (minutes != 0 || seconds != 0) p = putDigits(putChar(p, 58), minutes, 2);
  if (seconds != 0) p = putDigits(putChar(p, 58), seconds, 2);
  return p;
}
function putStamp(p: i32, style: i32, v: i64, zoned: bool, offset: i64): i32 {
  const days = dayOf(v);
  civil(days);
  const y = YEAR;
  const m = MONTH;
  const d = DAY;
  if ((style & 15) == 3) {
    p = putChar(put8(p, dayWord(dayOfWeek(days)), 3), 32);
    const dayFirst = (style & 16) != 0;
    if (dayFirst) p = putChar(put8(putChar(putDigits(p, d, 2), 32), monthWord(m), 3), 32);
    else p = putChar(putDigits(putChar(put8(p, monthWord(m), 3), 32), d, 2), 32);
    p = putYear(putChar(putTime(p, timeOf(v)), 32), y);
    if (zoned) p = putNamedZone(p, offset);
    return putBc(p, y);
  }
  p = putTime(putChar(putDate(p, style, y, m, d), 32), timeOf(v));
  if (zoned) p = (style & 15) == 0 ? putZone(p, offset) : putNamedZone(p, offset);
  return putBc(p, y);
}
export function fmt_timestamp(ctx: i32, out: i32, v: i64): i32 {
  return putStamp(out, load<i32>(ctx, DATE_STYLE), v, false, 0);
}
export function fmt_timestamptz(ctx: i32, out: i32, v: i64): i32 {
  const offset = zoneOffsetAt(ctx, v);
  return putStamp(out, load<i32>(ctx, DATE_STYLE), v + offset, true, offset);
}
export function fmt_bool(ctx: i32, out: i32, v: i32): i32 {
  store<u8>(out, v ? 116 : 102);
  return out + 1;
}
export function fmt_int4(ctx: i32, out: i32, v: i32): i32 {
  return putI64(out, v);
}
export function fmt_int8(ctx: i32, out: i32, v: i64): i32 {
  return putI64(out, v);
}
export function fmt_oid(ctx: i32, out: i32, v: i32): i32 {
  return putU64(out, <u64><u32>v);
}
export function fmt_str(ctx: i32, out: i32, s: i64): i32 {
  const n = <i32>(s >>> 32);
  copyShort(<usize><u32>s, <usize><u32>out, <u32>n);
  return out + n;
}
/** char(n): the value and its blanks up to n bytes. */
export function fmt_char(ctx: i32, out: i32, s: i64, length: i32): i32 {
  const n = <i32>(s >>> 32);
  copyShort(<usize><u32>s, <usize><u32>out, <u32>n);
  if (n < length) memory.fill(out + n, 32, length - n);
  return out + max(n, length);
}

/** The number of the intervalstyle setting lies above the date style (types/date-style.ts). */
const INTERVAL_STYLE_SHIFT: i32 = 8;

// ---- interval: lo = microseconds, hi = months << 32 | days ----
function putUnit(p: i32, start: i32, n: i64, plus: bool, word: u64, len: i32): i32 {
  if (p != start) p = putChar(p, 32);
  if (plus) p = putChar(p, 43);
  p = put8(putChar(putI64(p, n), 32), word, len);
  return n == 1 ? p : putChar(p, 115);
}
/** Hours of any length, minutes and seconds of a magnitude in microseconds. */
function putClock(p: i32, us: u64): i32 {
  const seconds = us / 1000000;
  const hours = seconds / 3600;
  p = putChar(hours < 100 ? putDigits(p, hours, 2) : putU64(p, hours), 58);
  p = putChar(putDigits(p, (seconds / 60) % 60, 2), 58);
  return putFraction(putDigits(p, seconds % 60, 2), us - seconds * 1000000);
}
/** A positive part behind a negative one carries its sign. */
export function fmt_interval(ctx: i32, out: i32, lo: i64, hi: i64): i32 {
  const months = <i32>(hi >> 32);
  const style = load<i32>(ctx, DATE_STYLE) >> INTERVAL_STYLE_SHIFT;
  if (style == 1) return putVerboseInterval(out, months, <i32>hi, lo);
  if (style == 2) return putStandardInterval(out, months, <i32>hi, lo);
  const parts: i32 = 3;
  let p = out;
  let negative = false;
  for (let i = 0; i < parts; i++) {
    const n = i == 0 ? months / 12 : i == 1 ? months % 12 : <i32>hi;
    if (n == 0) continue;
    p = putUnit(p, out, n, negative && n > 0, i == 0 ? WORD("year") : i == 1 ? WORD("mon") : WORD("day"), i == 0 ? 4 : 3);
    negative = n < 0;
  }
  if (lo == 0 && p != out) return p;
  if (p != out) p = putChar(p, 32);
  if (lo < 0) p = putChar(p, 45);
  else if (negative) p = putChar(p, 43);
  return putClock(p, lo < 0 ? <u64>-lo : <u64>lo);
}

// ---- into scratch ----
export function bool_to_text(ctx: i32, v: i32): i64 {
  const p = alloc_scratch(ctx, 8);
  return p == 0 ? 0 : makeStr(p, fmt_bool(ctx, p, v) - p);
}
export function int4_to_text(ctx: i32, v: i32): i64 {
  return int8_to_text(ctx, v);
}
export function int8_to_text(ctx: i32, v: i64): i64 {
  const p = alloc_scratch(ctx, 32);
  return p == 0 ? 0 : makeStr(p, putI64(p, v) - p);
}
export function oid_to_text(ctx: i32, v: i32): i64 {
  return int8_to_text(ctx, <i64><u32>v);
}
export function date_to_text(ctx: i32, v: i32): i64 {
  const p = alloc_scratch(ctx, 40);
  return p == 0 ? 0 : makeStr(p, fmt_date(ctx, p, v) - p);
}
export function time_to_text(ctx: i32, v: i64): i64 {
  const p = alloc_scratch(ctx, 32);
  return p == 0 ? 0 : makeStr(p, putTime(p, v) - p);
}
export function timestamp_to_text(ctx: i32, v: i64): i64 {
  const p = alloc_scratch(ctx, 72);
  return p == 0 ? 0 : makeStr(p, fmt_timestamp(ctx, p, v) - p);
}
export function timestamptz_to_text(ctx: i32, v: i64): i64 {
  const p = alloc_scratch(ctx, 72);
  return p == 0 ? 0 : makeStr(p, fmt_timestamptz(ctx, p, v) - p);
}
export function interval_to_text(ctx: i32, lo: i64, hi: i64): i64 {
  const p = alloc_scratch(ctx, 96);
  return p == 0 ? 0 : makeStr(p, fmt_interval(ctx, p, lo, hi) - p);
}
