/**
 * to_char of timestamps, dates, times and intervals by a pattern (datetime-pattern.ts). Text between double quotes is literal,
 * FM drops padding, case of a name pattern decides the case of the text.
 */
import { alloc_scratch, shrink_scratch } from './alloc.ts';
import {
  civil, DAY, dayOf, dayOfWeek, DAY_US, daysFromCivil, HOUR_US, isoWeek, isoYear, isoYearStart, JULIAN_2000, MINUTE_US, MONTH,
  SECOND_US, timeOf, YEAR,
} from './calendar.ts';
import {
  F_AM, F_AMDOT, F_BC, F_BCDOT, F_CC, F_D, F_DAY, F_DD, F_DDD, F_DY, F_FM, F_HH12, F_HH24, F_I, F_ID, F_IDDD, F_IW, F_IY,
  F_IYY, F_IYYY, F_J, F_LITERAL, F_MI, F_MM, F_MON, F_MONTH, F_MS, F_OF, F_Q, F_RM, F_SS, F_SSSS, F_TH, F_TZ, F_US,
  F_W, F_WW, F_Y, F_YCOMMA, F_YY, F_YYY, F_YYYY, nextPattern, style, width,
} from './datetime-pattern.ts';
import { dayWord, monthWord } from './datetime-text.ts';
import { makeStr, put8, strLen, strPtr } from './layout.ts';
import { putName, putNumber, putOrdinal, putRoman, setCase } from './text-fields.ts';
import { setSpan, spanField } from './to-char-interval.ts';
import { putDigits } from './text-out.ts';
import { zoneOffsetAt } from './timezone.ts';

/** Years before 1 AD are counted back from there. */
function shownYear(y: i32): i32 {
  return y > 0 ? y : 1 - y;
}
function dateField(o: i32, f: i32, days: i32, fm: bool, how: i32): i32 {
  civil(days);
  const y = YEAR;
  const m = MONTH;
  const d = DAY;
  const shown = shownYear(y);
  switch (f) {
    case F_YYYY: return putNumber(o, shown, 4, fm);
    case F_YYY: return putNumber(o, shown % 1000, 3, fm);
    case F_YY: return putNumber(o, shown % 100, 2, fm);
    case F_Y: return putNumber(o, shown % 10, 1, fm);
    case F_YCOMMA: {
      o = putNumber(o, shown / 1000, 1, fm);
      store<u8>(o, 44);
      return putDigits(o + 1, shown % 1000, 3);
    }
    case F_IYYY: return putNumber(o, shownYear(isoYear(days)), 4, fm);
    case F_IYY: return putNumber(o, shownYear(isoYear(days)) % 1000, 3, fm);
    case F_IY: return putNumber(o, shownYear(isoYear(days)) % 100, 2, fm);
    case F_I: return putNumber(o, shownYear(isoYear(days)) % 10, 1, fm);
    case F_Q: return putNumber(o, (m - 1) / 3 + 1, 1, fm);
    case F_MONTH: return putName(o, monthWord(m), m == 9 ? WORD("r") : 0, 9, fm, how);
    case F_MON: return putName(o, monthWord(m) & 0xffffff, 0, 3, fm, how);
    case F_MM: return putNumber(o, m, 2, fm);
    case F_RM: {
      const e = putRoman(o, m);
      setCase(o, e - o, how == 0 ? 0 : 2);
      let n = e;
      while (n - o < 4 && !fm) store<u8>(n++, 32);
      return n;
    }
    case F_W: return putNumber(o, (d - 1) / 7 + 1, 1, fm);
    case F_WW: return putNumber(o, (days - daysFromCivil(y, 1, 1)) / 7 + 1, 2, fm);
    case F_IW: return putNumber(o, isoWeek(days), 2, fm);
    case F_DAY: return putName(o, dayWord(dayOfWeek(days)), dayOfWeek(days) == 3 ? WORD("y") : 0, 9, fm, how);
    case F_DY: return putName(o, dayWord(dayOfWeek(days)) & 0xffffff, 0, 3, fm, how);
    case F_DDD: return putNumber(o, days - daysFromCivil(y, 1, 1) + 1, 3, fm);
    case F_IDDD: return putNumber(o, days - isoYearStart(isoYear(days)) + 1, 3, fm);
    case F_DD: return putNumber(o, d, 2, fm);
    case F_D: return putNumber(o, dayOfWeek(days) + 1, 1, fm);
    case F_ID: return putNumber(o, (dayOfWeek(days) + 6) % 7 + 1, 1, fm);
    case F_J: return putNumber(o, <i64>days + JULIAN_2000, 1, fm);
    case F_CC: return putNumber(o, y > 0 ? (y + 99) / 100 : -((shown + 99) / 100), 2, fm);
    case F_BC: {
      put8(o, y > 0 ? WORD("AD") : WORD("BC"), 2);
      setCase(o, 2, how == 0 ? 0 : 2);
      return o + 2;
    }
    default: {
      put8(o, y > 0 ? WORD("A.D.") : WORD("B.C."), 4);
      setCase(o, 4, how == 0 ? 0 : 2);
      return o + 4;
    }
  }
}
function timeField(o: i32, f: i32, t: i64, fm: bool, how: i32): i32 {
  const h = <i32>(t / HOUR_US);
  switch (f) {
    case F_HH24: return putNumber(o, h, 2, fm);
    case F_HH12: return putNumber(o, h % 12 == 0 ? 12 : h % 12, 2, fm);
    case F_MI: return putNumber(o, (t / MINUTE_US) % 60, 2, fm);
    case F_SS: return putNumber(o, (t / SECOND_US) % 60, 2, fm);
    case F_SSSS: return putNumber(o, t / SECOND_US, 1, fm);
    case F_MS: return putDigits(o, (t % SECOND_US) / 1000, 3);
    case F_US: return putDigits(o, t % SECOND_US, 6);
    case F_AM: {
      put8(o, h >= 12 ? WORD("PM") : WORD("AM"), 2);
      setCase(o, 2, how == 0 ? 0 : 2);
      return o + 2;
    }
    default: {
      put8(o, h >= 12 ? WORD("P.M.") : WORD("A.M."), 4);
      setCase(o, 4, how == 0 ? 0 : 2);
      return o + 4;
    }
  }
}
function zoneField(o: i32, f: i32, offset: i64, zoned: bool, how: i32): i32 {
  let minutes = offset / MINUTE_US;
  if (f == F_TZ && minutes == 0) {
    put8(o, WORD("UTC"), 3);
    setCase(o, 3, how == 0 ? 0 : 2);
    return o + 3;
  }
  store<u8>(o++, minutes < 0 ? 45 : 43);
  if (minutes < 0) minutes = -minutes;
  o = putDigits(o, minutes / 60, 2);
  if (minutes % 60 == 0) return o;
  store<u8>(o++, 58);
  return putDigits(o, minutes % 60, 2);
}
/** Fields that are words take no ordinal. */
function isNumber(f: i32): bool {
  switch (f) {
    case F_MONTH: case F_MON: case F_DAY: case F_DY: case F_RM: case F_AM: case F_AMDOT: case F_BC: case F_BCDOT: case F_TZ:
    case F_OF: return false;
    default: return true;
  }
}
/** Ordinal ending of the number between start and o. */
function ordinal(o: i32, start: i32, upper: bool): i32 {
  const tens = o - 2 >= start && load<u8>(o - 2) >= 48 ? (load<u8>(o - 2) - 48) * 10 : 0;
  return putOrdinal(o, tens + load<u8>(o - 1) - 48, upper);
}
/** `zoned` and `spans`: what kind of value it is; a span's parts are in to-char-interval.ts. */
function format(ctx: i32, ts: i64, offset: i64, zoned: bool, spans: bool, fmt: i64): i64 {
  const n = strLen(fmt);
  const out = alloc_scratch(ctx, <i64>n * 10 + 64);
  if (out == 0) return 0;
  const days = dayOf(ts);
  const t = timeOf(ts);
  let o = out;
  let p = strPtr(fmt);
  const end = p + n;
  let fm = false;
  while (p < end) {
    const c = load<u8>(p);
    if (c == 34) {
      p++;
      while (p < end && load<u8>(p) != 34) store<u8>(o++, load<u8>(p++));
      p++;
      continue;
    }
    const f = nextPattern(p, end);
    const w = width;
    const how = style;
    // TH behind anything but a field is text.
    if (f == F_LITERAL || f == F_TH) {
      store<u8>(o++, c);
      p++;
      continue;
    }
    p += w;
    if (f == F_FM) {
      fm = true;
      continue;
    }
    const start = o;
    if (spans) {
      o = spanField(ctx, o, f, fm, how);
      if (o == 0) return 0;
    } else if (f == F_TZ || f == F_OF) o = zoneField(o, f, offset, zoned, how);
    else if ((f >= F_HH24 && f <= F_AMDOT) || f == F_SSSS) o = timeField(o, f, t, fm, how);
    else o = dateField(o, f, days, fm, how);
    fm = false;
    if (p < end && (load<u8>(p) | 32) == 116 && nextPattern(p, end) == F_TH) {
      const upper = style != 0;
      p += width;
      if (isNumber(f) && o > start) o = ordinal(o, start, upper);
    }
  }
  shrink_scratch(ctx, out, o - out);
  return makeStr(out, o - out);
}
export function timestamp_to_char(ctx: i32, ts: i64, fmt: i64): i64 {
  return format(ctx, ts, 0, false, false, fmt);
}
export function date_to_char(ctx: i32, v: i32, fmt: i64): i64 {
  return format(ctx, <i64>v * DAY_US, 0, false, false, fmt);
}
export function time_to_char(ctx: i32, v: i64, fmt: i64): i64 {
  return format(ctx, v, 0, false, false, fmt);
}
export function timestamptz_to_char(ctx: i32, ts: i64, fmt: i64): i64 {
  const offset = zoneOffsetAt(ctx, ts);
  return format(ctx, ts + offset, offset, true, false, fmt);
}
export function interval_to_char(ctx: i32, lo: i64, hi: i64, fmt: i64): i64 {
  setSpan(<i32>(hi >> 32), <i32>hi, lo);
  return format(ctx, 0, 0, false, true, fmt);
}
export function intervaly2m_to_char(ctx: i32, months: i32, fmt: i64): i64 {
  setSpan(months, 0, 0);
  return format(ctx, 0, 0, false, true, fmt);
}
export function intervald2s_to_char(ctx: i32, us: i64, fmt: i64): i64 {
  setSpan(0, 0, us);
  return format(ctx, 0, 0, false, true, fmt);
}
