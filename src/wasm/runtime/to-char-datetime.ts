/**
 * to_char of timestamps, to_date and to_timestamp: one pattern scanner (`nextPattern`) for both directions. Text between
 * double quotes is literal, FM drops padding, case of a name pattern decides the case of the text.
 */
import { alloc_scratch, shrink_scratch } from './alloc.ts';
import {
  civil, DAY, dayOf, dayOfWeek, DAY_US, daysFromCivil, daysInMonth, HOUR_US, isoWeek, isoYear, isoYearStart, JULIAN_2000,
  MINUTE_US, MONTH, SECOND_US, timeOf, YEAR,
} from './calendar.ts';
import { dayWord, monthWord } from './datetime-text.ts';
import { monthByName } from './datetime-parse.ts';
import { failText, INVALID_PARAMETER, DATETIME_RANGE } from './errors.ts';
import { makeStr, put8, strLen, strPtr } from './layout.ts';
import { putDigits, putI64 } from './text-out.ts';
import { stamp } from './datetime-range.ts';
import { local_to_utc, utc_to_local, zoneOffsetAt } from './timezone.ts';

const F_LITERAL: i32 = 0;
const F_YYYY: i32 = 1;
const F_YYY: i32 = 2;
const F_YY: i32 = 3;
const F_Y: i32 = 4;
const F_YCOMMA: i32 = 5;
const F_IYYY: i32 = 6;
const F_IYY: i32 = 7;
const F_IY: i32 = 8;
const F_I: i32 = 9;
const F_Q: i32 = 10;
const F_MONTH: i32 = 11;
const F_MON: i32 = 12;
const F_MM: i32 = 13;
const F_RM: i32 = 14;
const F_W: i32 = 15;
const F_WW: i32 = 16;
const F_IW: i32 = 17;
const F_DAY: i32 = 18;
const F_DY: i32 = 19;
const F_DDD: i32 = 20;
const F_IDDD: i32 = 21;
const F_DD: i32 = 22;
const F_D: i32 = 23;
const F_ID: i32 = 24;
const F_J: i32 = 25;
const F_HH24: i32 = 26;
const F_HH12: i32 = 27;
const F_MI: i32 = 28;
const F_SS: i32 = 29;
const F_MS: i32 = 30;
const F_US: i32 = 31;
const F_AM: i32 = 32;
const F_AMDOT: i32 = 33;
const F_BC: i32 = 34;
const F_BCDOT: i32 = 35;
const F_CC: i32 = 36;
const F_TZ: i32 = 37;
const F_OF: i32 = 38;
const F_FM: i32 = 39;
const F_SSSS: i32 = 40;
const F_TH: i32 = 41;

let width: i32 = 0;
/** Case of the pattern's letters: 0 lower, 1 first upper, 2 all upper. */
let style: i32 = 0;
/** Whether the format at p starts with the word (any case). */
function at(p: i32, end: i32, word: u64, n: i32): bool {
  if (p + n > end) return false;
  for (let i = 0; i < n; i++) {
    let c = <u64>load<u8>(p + i);
    if (c >= 97 && c <= 122) c -= 32;
    if (c != ((word >>> (<u64>i * 8)) & 0xff)) return false;
  }
  width = n;
  const a = load<u8>(p);
  const b = n > 1 ? load<u8>(p + 1) : a;
  style = a >= 97 ? 0 : b >= 97 && b <= 122 ? 1 : 2;
  return true;
}
function nextPattern(p: i32, end: i32): i32 {
  const c = load<u8>(p) & 0xdf;
  if (c == 89) {
    if (at(p, end, WORD("YYYY"), 4)) return F_YYYY;
    if (at(p, end, WORD("Y,YYY"), 5)) return F_YCOMMA;
    if (at(p, end, WORD("YYY"), 3)) return F_YYY;
    if (at(p, end, WORD("YY"), 2)) return F_YY;
    width = 1;
    return F_Y;
  }
  if (c == 77) {
    if (at(p, end, WORD("MONTH"), 5)) return F_MONTH;
    if (at(p, end, WORD("MON"), 3)) return F_MON;
    if (at(p, end, WORD("MM"), 2)) return F_MM;
    if (at(p, end, WORD("MI"), 2)) return F_MI;
    if (at(p, end, WORD("MS"), 2)) return F_MS;
  } else if (c == 68) {
    if (at(p, end, WORD("DAY"), 3)) return F_DAY;
    if (at(p, end, WORD("DDD"), 3)) return F_DDD;
    if (at(p, end, WORD("DD"), 2)) return F_DD;
    if (at(p, end, WORD("DY"), 2)) return F_DY;
    if (at(p, end, WORD("D"), 1)) return F_D;
  } else if (c == 72) {
    if (at(p, end, WORD("HH24"), 4)) return F_HH24;
    if (at(p, end, WORD("HH12"), 4)) return F_HH12;
    if (at(p, end, WORD("HH"), 2)) return F_HH12;
  } else if (c == 73) {
    if (at(p, end, WORD("IYYY"), 4)) return F_IYYY;
    if (at(p, end, WORD("IDDD"), 4)) return F_IDDD;
    if (at(p, end, WORD("IYY"), 3)) return F_IYY;
    if (at(p, end, WORD("IY"), 2)) return F_IY;
    if (at(p, end, WORD("IW"), 2)) return F_IW;
    if (at(p, end, WORD("ID"), 2)) return F_ID;
    if (at(p, end, WORD("I"), 1)) return F_I;
  }
  return otherPattern(p, end, c);
}
function otherPattern(p: i32, end: i32, c: i32): i32 {
  if (c == 83) {
    if (at(p, end, WORD("SSSS"), 4)) return F_SSSS;
    if (at(p, end, WORD("SS"), 2)) return F_SS;
  } else if (c == 65 || c == 80 || c == 66) {
    if (at(p, end, WORD("A.M."), 4) || at(p, end, WORD("P.M."), 4)) return F_AMDOT;
    if (at(p, end, WORD("AM"), 2) || at(p, end, WORD("PM"), 2)) return F_AM;
    if (at(p, end, WORD("A.D."), 4) || at(p, end, WORD("B.C."), 4)) return F_BCDOT;
    if (at(p, end, WORD("AD"), 2) || at(p, end, WORD("BC"), 2)) return F_BC;
  } else if (c == 87) {
    if (at(p, end, WORD("WW"), 2)) return F_WW;
    if (at(p, end, WORD("W"), 1)) return F_W;
  } else if (c == 84) {
    if (at(p, end, WORD("TZ"), 2)) return F_TZ;
    if (at(p, end, WORD("TH"), 2)) return F_TH;
  } else if (at(p, end, WORD("Q"), 1)) return F_Q;
  else if (at(p, end, WORD("US"), 2)) return F_US;
  else if (at(p, end, WORD("RM"), 2)) return F_RM;
  else if (at(p, end, WORD("CC"), 2)) return F_CC;
  else if (at(p, end, WORD("OF"), 2)) return F_OF;
  else if (at(p, end, WORD("FM"), 2)) return F_FM;
  else if (at(p, end, WORD("J"), 1)) return F_J;
  width = 1;
  return F_LITERAL;
}
function cased(p: i32, n: i32, how: i32): void {
  for (let i = 0; i < n; i++) {
    const c = load<u8>(p + i);
    if (c < 65 || c == 46) continue;
    const upper = how == 2 || (how == 1 && i == 0);
    store<u8>(p + i, upper ? c & 0xdf : c | 0x20);
  }
}
function number(o: i32, v: i64, digits: i32, fm: bool): i32 {
  if (v < 0) {
    store<u8>(o++, 45);
    v = -v;
  }
  if (fm) return putI64(o, v);
  let need = 1;
  for (let t = v; t >= 10; t /= 10) need++;
  return putDigits(o, v, max(need, digits));
}
/** A name of up to nine letters padded with blanks unless FM. */
function name(o: i32, word: u64, tail: u64, padTo: i32, fm: bool, how: i32): i32 {
  put8(put8(o, word, 8), tail, 8);
  let n = 0;
  while (n < 16 && load<u8>(o + n) != 0) n++;
  cased(o, n, how);
  while (n < padTo && !fm) store<u8>(o + n++, 32);
  return o + n;
}
function roman(o: i32, v: i32): i32 {
  while (v >= 1000) {
    store<u8>(o++, 77);
    v -= 1000;
  }
  o = romanDigit(o, v / 100, 67, 68, 77);
  o = romanDigit(o, (v / 10) % 10, 88, 76, 67);
  return romanDigit(o, v % 10, 73, 86, 88);
}
function romanDigit(o: i32, d: i32, one: u8, five: u8, ten: u8): i32 {
  if (d == 9 || d == 4) {
    store<u8>(o++, one);
    store<u8>(o++, d == 9 ? ten : five);
    return o;
  }
  if (d >= 5) {
    store<u8>(o++, five);
    d -= 5;
  }
  while (d-- > 0) store<u8>(o++, one);
  return o;
}
export function putRoman(o: i32, v: i32): i32 {
  return roman(o, v);
}
/** st, nd, rd, th for the number whose last two digits are given. */
export function putOrdinal(o: i32, lastTwo: i32, upper: bool): i32 {
  const d = lastTwo % 10;
  const teen = lastTwo / 10 == 1;
  const w = teen || d > 3 || d == 0 ? WORD("th") : d == 1 ? WORD("st") : d == 2 ? WORD("nd") : WORD("rd");
  put8(o, w, 2);
  if (upper) cased(o, 2, 2);
  return o + 2;
}
function dateField(o: i32, f: i32, days: i32, fm: bool, how: i32): i32 {
  civil(days);
  const y = YEAR;
  const m = MONTH;
  const d = DAY;
  const shown = y > 0 ? y : 1 - y;
  switch (f) {
    case F_YYYY: return number(o, shown, 4, fm);
    case F_YYY: return number(o, shown % 1000, 3, fm);
    case F_YY: return number(o, shown % 100, 2, fm);
    case F_Y: return number(o, shown % 10, 1, fm);
    case F_YCOMMA: {
      o = number(o, shown / 1000, 1, fm);
      store<u8>(o, 44);
      return putDigits(o + 1, shown % 1000, 3);
    }
    case F_IYYY: return number(o, isoYear(days), 4, fm);
    case F_IYY: return number(o, isoYear(days) % 1000, 3, fm);
    case F_IY: return number(o, isoYear(days) % 100, 2, fm);
    case F_I: return number(o, isoYear(days) % 10, 1, fm);
    case F_Q: return number(o, (m - 1) / 3 + 1, 1, fm);
    case F_MONTH: return name(o, monthWord(m), m == 9 ? WORD("r") : 0, 9, fm, how);
    case F_MON: return name(o, monthWord(m) & 0xffffff, 0, 3, fm, how);
    case F_MM: return number(o, m, 2, fm);
    case F_RM: {
      const e = roman(o, m);
      cased(o, e - o, how == 0 ? 0 : 2);
      let n = e;
      while (n - o < 4 && !fm) store<u8>(n++, 32);
      return n;
    }
    case F_W: return number(o, (d - 1) / 7 + 1, 1, fm);
    case F_WW: return number(o, (days - daysFromCivil(y, 1, 1)) / 7 + 1, 2, fm);
    case F_IW: return number(o, isoWeek(days), 2, fm);
    case F_DAY: return name(o, dayWord(dayOfWeek(days)), dayOfWeek(days) == 3 ? WORD("y") : 0, 9, fm, how);
    case F_DY: return name(o, dayWord(dayOfWeek(days)) & 0xffffff, 0, 3, fm, how);
    case F_DDD: return number(o, days - daysFromCivil(y, 1, 1) + 1, 3, fm);
    case F_IDDD: return number(o, days - isoYearStart(isoYear(days)) + 1, 3, fm);
    case F_DD: return number(o, d, 2, fm);
    case F_D: return number(o, dayOfWeek(days) + 1, 1, fm);
    case F_ID: return number(o, (dayOfWeek(days) + 6) % 7 + 1, 1, fm);
    case F_J: return number(o, <i64>days + JULIAN_2000, 1, fm);
    case F_CC: return number(o, y > 0 ? (y + 99) / 100 : (shown + 99) / 100, 2, fm);
    case F_BC: {
      put8(o, y > 0 ? WORD("AD") : WORD("BC"), 2);
      cased(o, 2, how == 0 ? 0 : 2);
      return o + 2;
    }
    default: {
      put8(o, y > 0 ? WORD("A.D.") : WORD("B.C."), 4);
      cased(o, 4, how == 0 ? 0 : 2);
      return o + 4;
    }
  }
}
function timeField(o: i32, f: i32, t: i64, fm: bool, how: i32): i32 {
  const h = <i32>(t / HOUR_US);
  switch (f) {
    case F_HH24: return number(o, h, 2, fm);
    case F_HH12: return number(o, h % 12 == 0 ? 12 : h % 12, 2, fm);
    case F_MI: return number(o, (t / MINUTE_US) % 60, 2, fm);
    case F_SS: return number(o, (t / SECOND_US) % 60, 2, fm);
    case F_SSSS: return number(o, t / SECOND_US, 1, fm);
    case F_MS: return putDigits(o, (t % SECOND_US) / 1000, 3);
    case F_US: return putDigits(o, t % SECOND_US, 6);
    case F_AM: {
      put8(o, h >= 12 ? WORD("PM") : WORD("AM"), 2);
      cased(o, 2, how == 0 ? 0 : 2);
      return o + 2;
    }
    default: {
      put8(o, h >= 12 ? WORD("P.M.") : WORD("A.M."), 4);
      cased(o, 4, how == 0 ? 0 : 2);
      return o + 4;
    }
  }
}
function zoneField(o: i32, f: i32, offset: i64, zoned: bool, how: i32): i32 {
  let minutes = offset / MINUTE_US;
  if (f == F_TZ && minutes == 0) {
    put8(o, WORD("UTC"), 3);
    cased(o, 3, how == 0 ? 0 : 2);
    return o + 3;
  }
  store<u8>(o++, minutes < 0 ? 45 : 43);
  if (minutes < 0) minutes = -minutes;
  o = putDigits(o, minutes / 60, 2);
  if (minutes % 60 == 0) return o;
  store<u8>(o++, 58);
  return putDigits(o, minutes % 60, 2);
}
function format(ctx: i32, ts: i64, offset: i64, zoned: bool, fmt: i64): i64 {
  const n = strLen(fmt);
  const out = alloc_scratch(ctx, <i64>n * 10 + 64);
  if (out == 0) return 0;
  const days = dayOf(ts);
  const t = timeOf(ts);
  let o = out;
  let p = strPtr(fmt);
  const end = p + n;
  let fm = false;
  let last: i64 = 0;
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
    // TH is a suffix: in front of everything it is text.
    if (f == F_LITERAL || (f == F_TH && o == out)) {
      store<u8>(o++, c);
      p++;
      continue;
    }
    p += w;
    if (f == F_FM) {
      fm = true;
      continue;
    }
    if (f == F_TH) {
      const tens = o - 2 >= out && load<u8>(o - 2) >= 48 && load<u8>(o - 2) <= 57 ? (load<u8>(o - 2) - 48) * 10 : 0;
      o = putOrdinal(o, tens + ((load<u8>(o - 1) - 48) % 10), how != 0);
      continue;
    }
    if (f == F_TZ || f == F_OF) o = zoneField(o, f, offset, zoned, how);
    else if ((f >= F_HH24 && f <= F_AMDOT) || f == F_SSSS) o = timeField(o, f, t, fm, how);
    else o = dateField(o, f, days, fm, how);
    fm = false;
  }
  shrink_scratch(ctx, out, o - out);
  return makeStr(out, o - out);
}
export function timestamp_to_char(ctx: i32, ts: i64, fmt: i64): i64 {
  return format(ctx, ts, 0, false, fmt);
}
export function date_to_char(ctx: i32, v: i32, fmt: i64): i64 {
  return format(ctx, <i64>v * DAY_US, 0, false, fmt);
}
export function time_to_char(ctx: i32, v: i64, fmt: i64): i64 {
  return format(ctx, v, 0, false, fmt);
}
export function timestamptz_to_char(ctx: i32, ts: i64, fmt: i64): i64 {
  const offset = zoneOffsetAt(ctx, ts);
  return format(ctx, ts + offset, offset, true, fmt);
}

// ---- reading ----
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
/** Text by format to a local timestamp. Lenient: fields out of range carry over; strict: they fail. */
function readText(ctx: i32, s: i64, fmt: i64, strict: bool): i64 {
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
  return assemble(ctx, s, strict);
}
function assemble(ctx: i32, s: i64, strict: bool): i64 {
  if (half == 2 && hour < 12) hour += 12;
  else if (half == 1 && hour == 12) hour = 0;
  let y = year;
  if (!yearSet && century > 0) y = (century - 1) * 100 + 1;
  if (bc) y = 1 - y;
  if (strict) {
    const badDate = month < 1 || month > 12 || day < 1 || day > daysInMonth(y, month) || doy > 366;
    if (badDate || hour > 23 || minute > 59 || second > 59) {
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
  return dayOf(readText(ctx, s, fmt, false));
}
export function to_date_strict(ctx: i32, s: i64, fmt: i64, strict: i32): i32 {
  return dayOf(readText(ctx, s, fmt, strict != 0));
}
export function to_timestamp(ctx: i32, s: i64, fmt: i64): i64 {
  return local_to_utc(ctx, readText(ctx, s, fmt, false));
}
export function to_timestamp_strict(ctx: i32, s: i64, fmt: i64, strict: i32): i64 {
  return local_to_utc(ctx, readText(ctx, s, fmt, strict != 0));
}
/** A timestamp without zone by format, for loads: no session zone. */
export function text_by_format(ctx: i32, s: i64, fmt: i64): i64 {
  return readText(ctx, s, fmt, true);
}
