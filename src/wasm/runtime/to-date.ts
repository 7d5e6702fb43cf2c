/**
 * to_date and to_timestamp: a text by a pattern. Fields out of range carry over; strict reading refuses them.
 */
import { alloc_scratch } from './alloc.ts';
import { dayOf, daysFromCivil, daysInMonth, isoYearStart, JULIAN_2000, SECOND_US } from './calendar.ts';
import { monthByName } from './datetime-parse.ts';
import {
  F_AM, F_AMDOT, F_BC, F_BCDOT, F_CC, F_D, F_DAY, F_DD, F_DDD, F_DY, F_FM, F_HH12, F_HH24, F_I, F_ID, F_IDDD, F_IW,
  F_IY, F_IYY, F_IYYY, F_J, F_LITERAL, F_MI, F_MM, F_MON, F_MONTH, F_MS, F_OF, F_Q, F_RM, F_SS, F_SSSS, F_TH, F_TZ,
  F_US, F_W, F_WW, F_Y, F_YCOMMA, F_YY, F_YYY, F_YYYY, nextPattern, width, nextPattern, width,
} from './datetime-pattern.ts';
import { stamp } from './datetime-range.ts';
import { DATE_FIELD_RANGE, DATETIME_RANGE, failText, INVALID_PARAMETER, TIME_FIELD_RANGE } from './errors.ts';
import { put8, strLen, strPtr } from './layout.ts';
import { putDigits, putI64 } from './text-out.ts';
import { local_to_utc } from './timezone.ts';

let year: i32 = 0;
let yearSet: bool = false;
let month: i32 = 0;
let day: i32 = 0;
let doy: i32 = 0;
let julian: i32 = 0;
let isoYearValue: i32 = 0;
let isoWeekValue: i32 = 0;
let isoDay: i32 = 0;
let century: i32 = 0;
let hour: i64 = 0;
let minute: i64 = 0;
let second: i64 = 0;
let micros: i64 = 0;
let half: i32 = 0;
let bc: bool = false;
let pos: i32 = 0;
let last: i32 = 0;

/** Up to `most` digits (a sign allowed) at pos; -1 when there is none. */
function read(most: i32): i64 {
  while (pos < last && load<u8>(pos) == 32) pos++;
  const start = pos;
  let v: i64 = 0;
  while (pos < last && pos - start < most) {
    const d = <i32>load<u8>(pos) - 48;
    if (d < 0 || d > 9) break;
    v = v * 10 + d;
    pos++;
  }
  return pos == start ? -1 : v;
}
function readFractionDigits(most: i32): i64 {
  const start = pos;
  const v = read(most);
  if (v < 0) return 0;
  let r = v;
  for (let i = pos - start; i < 6; i++) r *= 10;
  return r;
}
/** Whether the pattern at q starts with a digit field, so that this field is limited to its own width. */
function readName(): i32 {
  const start = pos;
  while (pos < last && (load<u8>(pos) | 32) >= 97 && (load<u8>(pos) | 32) <= 122) pos++;
  const n = pos - start;
  let m = monthByName(start, n);
  if (m == 0 && n > 3) {
    m = monthByName(start, 3);
    if (m != 0) pos = start + 3;
  }
  return m;
}
function readField(f: i32): bool {
  let v: i64 = 0;
  switch (f) {
    case F_YYYY: case F_IYYY: v = read(4); break;
    case F_YYY: case F_IYY: case F_DDD: case F_IDDD: v = read(3); break;
    case F_J: v = read(7); break;
    case F_Y: case F_I: case F_Q: case F_D: case F_ID: case F_W: v = read(1); break;
    case F_YCOMMA: {
      v = read(1);
      if (pos < last && load<u8>(pos) == 44) pos++;
      v = v * 1000 + read(3);
      break;
    }
    case F_MS: micros = readFractionDigits(3); return true;
    case F_US: micros = readFractionDigits(6); return true;
    case F_SSSS: v = read(5); break;
    case F_MONTH: case F_MON:
      month = readName();
      return month != 0;
    case F_DAY: case F_DY:
      while (pos < last && (load<u8>(pos) | 32) >= 97 && (load<u8>(pos) | 32) <= 122) pos++;
      return true;
    case F_AM: case F_AMDOT: case F_BC: case F_BCDOT: return readMark(f);
    case F_RM: return readRoman();
    case F_TZ: case F_OF: return false;
    case F_FM: case F_TH: return true;
    default: v = read(2);
  }
  if (v < 0) return false;
  setField(f, v);
  return true;
}
function readMark(f: i32): bool {
  const n = f == F_AM || f == F_BC ? 2 : 4;
  if (pos + n > last) return false;
  const c = load<u8>(pos) | 32;
  pos += n;
  if (f == F_AM || f == F_AMDOT) half = c == 112 ? 2 : 1;
  else bc = c == 98;
  return true;
}
function readRoman(): bool {
  let v = 0;
  let previous = 0;
  while (pos < last) {
    const c = load<u8>(pos) | 32;
    const d = c == 105 ? 1 : c == 118 ? 5 : c == 120 ? 10 : 0;
    if (d == 0) break;
    v += d > previous && previous > 0 ? d - 2 * previous : d;
    previous = d;
    pos++;
  }
  month = v;
  return v >= 1 && v <= 12;
}
function setField(f: i32, v: i64): void {
  const n = <i32>v;
  switch (f) {
    case F_YYYY: case F_YCOMMA:
      year = n;
      yearSet = true;
      break;
    case F_YYY:
      year = n >= 520 ? n + 1000 : n + 2000;
      yearSet = true;
      break;
    case F_YY:
      year = n < 70 ? n + 2000 : n + 1900;
      yearSet = true;
      break;
    case F_Y:
      year = n + 2000;
      yearSet = true;
      break;
    case F_IYYY: isoYearValue = n; break;
    case F_IYY: case F_IY: case F_I: isoYearValue = n + 2000; break;
    case F_MM: month = n; break;
    case F_DD: day = n; break;
    case F_DDD: doy = n; break;
    case F_IW: isoWeekValue = n; break;
    case F_WW: doy = (n - 1) * 7 + 1; break;
    case F_ID: isoDay = n; break;
    case F_J: julian = n; break;
    case F_CC: century = n; break;
    case F_Q: break;
    case F_HH24: hour = v; break;
    case F_HH12: hour = v; break;
    case F_MI: minute = v; break;
    case F_SS: second = v; break;
    case F_SSSS:
      hour = v / 3600;
      minute = (v / 60) % 60;
      second = v % 60;
      break;
  }
}
function badFormat(ctx: i32, s: i64): i64 {
  const n = min(strLen(s), 200);
  const t = alloc_scratch(ctx, n + 64);
  if (t == 0) return 0;
  let e = PUT(t, "value does not match the format: ");
  memory.copy(e, strPtr(s), n);
  failText(ctx, INVALID_PARAMETER, t, e + n - t);
  return 0;
}
/** Fields out of range carry over, or fail; the message of a load names the text, that of a function the date or the time. */
const LENIENT: i32 = 0;
const STRICT: i32 = 1;
const LOADING: i32 = 2;

/** Text by format to a local timestamp. */
function readText(ctx: i32, s: i64, fmt: i64, mode: i32): i64 {
  pos = strPtr(s);
  last = pos + strLen(s);
  year = 1;
  yearSet = false;
  month = 1;
  day = 1;
  doy = 0;
  julian = -1;
  isoYearValue = 0;
  isoWeekValue = 0;
  isoDay = 0;
  century = 0;
  hour = 0;
  minute = 0;
  second = 0;
  micros = 0;
  half = 0;
  bc = false;
  let p = strPtr(fmt);
  const end = p + strLen(fmt);
  while (p < end) {
    while (pos < last && load<u8>(pos) == 32 && load<u8>(p) != 32) pos++;
    if (pos >= last) break;
    if (load<u8>(p) == 34) {
      p++;
      while (p < end && load<u8>(p) != 34) {
        p++;
        pos++;
      }
      p++;
      continue;
    }
    const f = nextPattern(p, end);
    p += width;
    if (f == F_LITERAL) {
      // any separator stands for any other; letters and digits in the text are not skipped for a separator
      const c = load<u8>(pos);
      const isWordChar = (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 122);
      const q = load<u8>(p - 1);
      const wanted = (q >= 48 && q <= 57) || ((q | 32) >= 97 && (q | 32) <= 122);
      if (!isWordChar || wanted) pos++;
      continue;
    }
    if (!readField(f)) return badFormat(ctx, s);
  }
  return assemble(ctx, s, mode);
}
/** `2001-6-31`: fields as they were read. */
function badDate(ctx: i32, y: i32): i64 {
  const t = alloc_scratch(ctx, 64);
  if (t == 0) return 0;
  let e = putI64(t, y);
  store<u8>(e++, 45);
  e = putI64(e, month);
  store<u8>(e++, 45);
  e = putI64(e, day);
  failText(ctx, DATE_FIELD_RANGE, t, e - t);
  return 0;
}
/** `24:38:15.0` */
function badTime(ctx: i32): i64 {
  const t = alloc_scratch(ctx, 96);
  if (t == 0) return 0;
  let e = putI64(t, hour);
  store<u8>(e++, 58);
  e = putI64(e, minute);
  store<u8>(e++, 58);
  e = putI64(e, second);
  store<u8>(e++, 46);
  e = putDigits(e, <u64>micros, 6);
  for (let n = 0; n < 5 && load<u8>(e - 1) == 48; n++) e--;
  failText(ctx, TIME_FIELD_RANGE, t, e - t);
  return 0;
}
function assemble(ctx: i32, s: i64, mode: i32): i64 {
  if (half == 2 && hour < 12) hour += 12;
  else if (half == 1 && hour == 12) hour = 0;
  let y = year;
  if (!yearSet && century > 0) y = (century - 1) * 100 + 1;
  if (bc) y = 1 - y;
  if (mode != LENIENT) {
    const isNoDay = month < 1 || month > 12 || day < 1 || day > daysInMonth(y, month);
    const isNoTime = hour > 23 || minute > 59 || second > 59;
    if (mode == STRICT && isNoDay) return badDate(ctx, y);
    if (mode == STRICT && isNoTime) return badTime(ctx);
    if (isNoDay || isNoTime || doy > 366) {
      failText(ctx, DATETIME_RANGE, strPtr(s), strLen(s));
      return 0;
    }
  }
  let days: i32;
  if (julian >= 0) days = julian - JULIAN_2000;
  else if (isoYearValue != 0) days = isoYearStart(isoYearValue) + (isoWeekValue > 0 ? isoWeekValue - 1 : 0) * 7 + (isoDay > 0 ? isoDay - 1 : 0);
  else if (doy > 0) days = daysFromCivil(y, 1, doy);
  else {
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      failText(ctx, DATETIME_RANGE, strPtr(s), strLen(s));
      return 0;
    }
    days = daysFromCivil(y, month, day);
  }
  return stamp(ctx, days, ((<i64>hour * 60 + minute) * 60 + second) * SECOND_US + micros);
}
export function to_date(ctx: i32, s: i64, fmt: i64): i32 {
  return dayOf(readText(ctx, s, fmt, LENIENT));
}
export function to_date_strict(ctx: i32, s: i64, fmt: i64, strict: i32): i32 {
  return dayOf(readText(ctx, s, fmt, strict != 0 ? STRICT : LENIENT));
}
export function to_timestamp(ctx: i32, s: i64, fmt: i64): i64 {
  return local_to_utc(ctx, readText(ctx, s, fmt, LENIENT));
}
export function to_timestamp_strict(ctx: i32, s: i64, fmt: i64, strict: i32): i64 {
  return local_to_utc(ctx, readText(ctx, s, fmt, strict != 0 ? STRICT : LENIENT));
}
/** A timestamp without zone by format, for loads: no session zone. */
export function text_by_format(ctx: i32, s: i64, fmt: i64): i64 {
  return readText(ctx, s, fmt, LOADING);
}
