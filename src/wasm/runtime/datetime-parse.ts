/**
 * Text to date, time, timestamp and timestamptz: ISO, M/D/Y by DateStyle, month names, year.dayofyear, Julian days,
 * compact digits, AM/PM, zone words and offsets, now/today/tomorrow/yesterday/epoch. `scan` fills module variables that
 * are return registers for the four entry points below; nothing survives a call.
 */
import { civil, DAY, dayOf, DAY_US, daysFromCivil, daysInMonth, HOUR_US, JULIAN_2000, MAX_DAY, MIN_DAY, MINUTE_US, MONTH, timeOf, YEAR } from './calendar.ts';
import { DATETIME_RANGE, failStr, INVALID_DATE, INVALID_TIME, INVALID_TIMESTAMP } from './errors.ts';
import { DATE_STYLE, failed, NOW, strLen, strPtr } from './layout.ts';
import { packLower } from './text-hash.ts';
import { local_to_utc, tableToUtc, utc_to_local } from './timezone.ts';
import { ZONE_TEXT, zoneByName } from './zones.ts';
import { checkTimestamp, shifted } from './datetime-range.ts';

const SCAN_OK: i32 = 0;
const SCAN_SYNTAX: i32 = 1;
const SCAN_RANGE: i32 = 2;

let year: i32 = 0;
let month: i32 = 0;
let day: i32 = 0;
let dayOfYearValue: i32 = 0;
let yearDigits: i32 = 0;
let hasDate: bool = false;
let dayNumber: i32 = 0;
let hasDayNumber: bool = false;
let timeUs: i64 = 0;
let hasTime: bool = false;
let meridian: i32 = 0;
let bc: bool = false;
/** 0 none, 1 fixed seconds east, 2 table. */
let zoneKind: i32 = 0;
let zoneTable: i32 = 0;
let zoneSeconds: i32 = 0;
let isNow: bool = false;
/** text_to_time: six digits without a date are a time. */
let wantTime: bool = false;
let pos: i32 = 0;
let last: i32 = 0;

// @ts-ignore: decorator
@inline
function at(p: i32): i32 {
  return p < last ? <i32>load<u8>(p) : 0;
}
// @ts-ignore: decorator
@inline
function digit(c: i32): bool {
  return c >= 48 && c <= 57;
}
// @ts-ignore: decorator
@inline
function letter(c: i32): bool {
  const l = c | 32;
  return l >= 97 && l <= 122;
}
let runDigits: i32 = 0;
/** Reads digits at pos; their count in runDigits. */
function readNumber(): i32 {
  let v: i64 = 0;
  const start = pos;
  while (digit(at(pos))) {
    if (v < 1000000000000) v = v * 10 + at(pos) - 48;
    pos++;
  }
  runDigits = pos - start;
  return v > 0x7fffffff ? 0x7fffffff : <i32>v;
}
/** ".ffffff" at pos in microseconds, rounded at the seventh digit. */
function readFraction(): i32 {
  if (at(pos) != 46 || !digit(at(pos + 1))) {
    if (at(pos) == 46) pos++;
    return 0;
  }
  pos++;
  let v = 0;
  let n = 0;
  while (digit(at(pos))) {
    if (n < 6) v = v * 10 + at(pos) - 48;
    else if (n == 6 && at(pos) >= 53) v++;
    n++;
    pos++;
  }
  for (; n < 6; n++) v *= 10;
  return v;
}
function monthOf(w: u64, n: i32): i32 {
  const w3 = w & 0xffffff;
  let m = 0;
  if (w3 == WORD("jan")) m = 1;
  else if (w3 == WORD("feb")) m = 2;
  else if (w3 == WORD("mar")) m = 3;
  else if (w3 == WORD("apr")) m = 4;
  else if (w3 == WORD("may")) m = 5;
  else if (w3 == WORD("jun")) m = 6;
  else if (w3 == WORD("jul")) m = 7;
  else if (w3 == WORD("aug")) m = 8;
  else if (w3 == WORD("sep")) m = 9;
  else if (w3 == WORD("oct")) m = 10;
  else if (w3 == WORD("nov")) m = 11;
  else if (w3 == WORD("dec")) m = 12;
  if (m == 0 || n == 3) return m;
  if (w == WORD("january") || w == WORD("february") || w == WORD("march") || w == WORD("april") || w == WORD("june")) return m;
  if (w == WORD("july") || w == WORD("august") || w == WORD("septembe") || w == WORD("sept") || w == WORD("october")) return m;
  return w == WORD("november") || w == WORD("december") ? m : 0;
}
/** Month number of a name (used by to_date too), 0 when it is none. */
export function monthByName(p: i32, n: i32): i32 {
  return monthOf(packLower(p, n), n);
}
function isDayName(w: u64, n: i32): bool {
  const w3 = w & 0xffffff;
  if (n < 3 || n > 9) return false;
  return w3 == WORD("sun") || w3 == WORD("mon") || w3 == WORD("tue") || w3 == WORD("wed") || w3 == WORD("thu") || w3 == WORD("fri") || w3 == WORD("sat");
}
function fullYear(y: i32, digits: i32): i32 {
  if (digits > 2) return y;
  return y < 70 ? y + 2000 : y + 1900;
}
function setYmd(y: i32, digits: i32, m: i32, d: i32): void {
  year = y;
  yearDigits = digits;
  month = m;
  day = d;
  hasDate = true;
}
/** h:m[:s[.f]] with the hour read. */
function scanTime(h: i32): i32 {
  pos++;
  const m = readNumber();
  if (runDigits == 0 || runDigits > 2) return SCAN_SYNTAX;
  let s = 0;
  let f = 0;
  if (at(pos) == 58) {
    pos++;
    s = readNumber();
    if (runDigits == 0 || runDigits > 2) return SCAN_SYNTAX;
    f = readFraction();
  }
  return setTime(h, m, s, f);
}
function setTime(h: i32, m: i32, s: i32, f: i32): i32 {
  if (h > 24 || m > 59 || s > 60 || (h == 24 && (m | s | f) != 0)) return SCAN_RANGE;
  timeUs = ((<i64>h * 60 + m) * 60 + s) * 1000000 + f;
  hasTime = true;
  return SCAN_OK;
}
/** A date of three parts whose first number was read: a sep b sep c. */
function scanDate(style: i32, a: i32, aDigits: i32, sep: i32): i32 {
  pos++;
  let b = 0;
  let bDigits = 0;
  let named = false;
  if (letter(at(pos))) {
    const start = pos;
    while (letter(at(pos))) pos++;
    b = monthByName(start, pos - start);
    if (b == 0) return SCAN_SYNTAX;
    named = true;
  } else {
    b = readNumber();
    bDigits = runDigits;
    if (bDigits == 0) return SCAN_SYNTAX;
    if (sep == 46 && bDigits == 3 && aDigits == 4 && at(pos) != 46) {
      year = a;
      yearDigits = 4;
      dayOfYearValue = b;
      hasDate = true;
      return b < 1 || b > 366 ? SCAN_RANGE : SCAN_OK;
    }
  }
  if (at(pos) != sep && !(named && (at(pos) == 45 || at(pos) == 47 || at(pos) == 32))) {
    return SCAN_SYNTAX;
  }
  pos++;
  const c = readNumber();
  const cDigits = runDigits;
  if (cDigits == 0) return SCAN_SYNTAX;
  if (named) {
    if (aDigits > 2) setYmd(a, aDigits, b, c);
    else setYmd(c, cDigits, b, a);
    return SCAN_OK;
  }
  if (aDigits > 2 || (style & 32) != 0) setYmd(a, aDigits, b, c);
  else if ((style & 16) != 0 || (sep == 46 && a > 12)) setYmd(c, cDigits, b, a);
  else setYmd(c, cDigits, a, b);
  return SCAN_OK;
}
function scanOffset(): i32 {
  const negative = at(pos) == 45;
  pos++;
  let h = readNumber();
  let m = 0;
  if (runDigits == 0 || runDigits > 4) return SCAN_SYNTAX;
  if (runDigits > 2) {
    m = h % 100;
    h /= 100;
  } else if (at(pos) == 58) {
    pos++;
    m = readNumber();
    if (runDigits != 2) return SCAN_SYNTAX;
  }
  let s = 0;
  if (at(pos) == 58 && digit(at(pos + 1))) {
    pos++;
    s = readNumber();
    if (runDigits != 2) return SCAN_SYNTAX;
  }
  if (h > 15 || m > 59 || s > 59) return SCAN_RANGE;
  zoneKind = 1;
  zoneSeconds = (h * 60 + m) * 60 + s;
  if (negative) zoneSeconds = -zoneSeconds;
  return SCAN_OK;
}
function scanNumber(style: i32): i32 {
  const start = pos;
  const v = readNumber();
  const n = runDigits;
  const next = at(pos);
  if (next == 58 && !hasTime) return n > 2 ? SCAN_SYNTAX : scanTime(v);
  const dateLeft = !hasDate && month == 0;
  if (dateLeft && (next == 45 || next == 47 || (next == 46 && n != 6))) {
    if (letter(at(pos + 1)) || digit(at(pos + 1))) return scanDate(style, v, n, next);
  }
  if (n == 14 && dateLeft) {
    const d = fixed(start, 8);
    setYmd(d / 10000, 4, (d / 100) % 100, d % 100);
    const t = fixed(start + 8, 6);
    return setTime(t / 10000, (t / 100) % 100, t % 100, readFraction());
  }
  if (n == 8 && dateLeft) {
    setYmd(v / 10000, 4, (v / 100) % 100, v % 100);
    return SCAN_OK;
  }
  if (n == 6 && dateLeft && !wantTime) {
    setYmd(v / 10000, 2, (v / 100) % 100, v % 100);
    return SCAN_OK;
  }
  if (n == 6 && !hasTime) return setTime(v / 10000, (v / 100) % 100, v % 100, readFraction());
  if (n == 4 && !hasTime && hasDate && yearDigits > 0) return setTime(v / 100, v % 100, 0, 0);
  return scanLoose(v, n);
}
function fixed(p: i32, n: i32): i32 {
  let v = 0;
  for (let i = 0; i < n; i++) v = v * 10 + load<u8>(p + i) - 48;
  return v;
}
/** A lone number: the day, then the year of a date written with a month name, or an hour before AM/PM. */
function scanLoose(v: i32, n: i32): i32 {
  if (!hasTime && n <= 2 && meridianFollows()) return setTime(v, 0, 0, 0);
  if (n <= 2 && day == 0 && !hasDate) {
    day = v;
    if (month != 0 && yearDigits > 0) hasDate = true;
    return SCAN_OK;
  }
  if (yearDigits == 0 && n >= 1) {
    year = v;
    yearDigits = n;
    if (month != 0 && day != 0) hasDate = true;
    return SCAN_OK;
  }
  return SCAN_SYNTAX;
}
function meridianFollows(): bool {
  let p = pos;
  while (at(p) == 32) p++;
  const w = at(p) | 32;
  return (w == 97 || w == 112) && (at(p + 1) | 32) == 109 && !letter(at(p + 2));
}
function scanWord(ctx: i32): i32 {
  const start = pos;
  while (letter(at(pos)) || at(pos) == 95 || (at(pos) == 47 && letter(at(pos + 1)))) pos++;
  const n = pos - start;
  const w = packLower(start, n);
  const c = at(pos);
  if (n == 1 && w == WORD("t") && digit(c)) return SCAN_OK;
  if (n == 1 && w == WORD("j") && digit(c)) {
    dayNumber = readNumber() - JULIAN_2000;
    hasDayNumber = true;
    hasDate = true;
    return SCAN_OK;
  }
  const m = monthOf(w, n);
  if (m != 0) {
    if (month != 0 || hasDate) return SCAN_SYNTAX;
    month = m;
    // Mon-dd-yyyy
    if ((c == 45 || c == 47) && digit(at(pos + 1))) {
      pos++;
      day = readNumber();
      if (at(pos) == c) {
        pos++;
        year = readNumber();
        yearDigits = runDigits;
        if (runDigits == 0) return SCAN_SYNTAX;
      }
    }
    if (day != 0 && yearDigits > 0) hasDate = true;
    return SCAN_OK;
  }
  if (n == 2 && (w == WORD("am") || w == WORD("pm"))) {
    meridian = w == WORD("am") ? 1 : 2;
    return SCAN_OK;
  }
  if (n == 2 && (w == WORD("ad") || w == WORD("bc"))) {
    bc = w == WORD("bc");
    return SCAN_OK;
  }
  if (isDayName(w, n) || w == WORD("at") || w == WORD("on")) return SCAN_OK;
  return scanSpecial(ctx, start, n, w);
}
function scanSpecial(ctx: i32, start: i32, n: i32, w: u64): i32 {
  const today = dayOf(utc_to_local(ctx, load<i64>(ctx, NOW)));
  if (w == WORD("now")) {
    isNow = true;
    hasDate = true;
    return SCAN_OK;
  }
  const shift = w == WORD("today") ? 0 : w == WORD("tomorrow") ? 1 : w == WORD("yesterda") && n == 9 ? -1 : 2;
  if (shift != 2 || w == WORD("epoch")) {
    dayNumber = shift == 2 ? -10957 : today + shift;
    hasDayNumber = true;
    hasDate = true;
    return SCAN_OK;
  }
  return scanZone(ctx, start, n);
}
/** A zone's name: the longest run of its characters that names one (Etc/GMT+3, EST5EDT), else the letters alone. */
function scanZone(ctx: i32, start: i32, letters: i32): i32 {
  let end = start + letters;
  while (end < last && (letter(at(end)) || digit(at(end)) || at(end) == 43 || at(end) == 45 || at(end) == 47 || at(end) == 95)) end++;
  let table = zoneByName(ctx, start, end - start, ZONE_TEXT);
  if (table == 0 && end > start + letters) {
    end = start + letters;
    table = zoneByName(ctx, start, letters, ZONE_TEXT);
  }
  if (table == 0) return SCAN_SYNTAX;
  pos = end;
  zoneTable = table;
  zoneKind = 2;
  return SCAN_OK;
}
function scan(ctx: i32, s: i64): i32 {
  pos = strPtr(s);
  last = pos + strLen(s);
  year = 0;
  month = 0;
  day = 0;
  dayOfYearValue = 0;
  yearDigits = 0;
  hasDate = false;
  hasDayNumber = false;
  timeUs = 0;
  hasTime = false;
  meridian = 0;
  bc = false;
  zoneKind = 0;
  isNow = false;
  const style = load<i32>(ctx, DATE_STYLE);
  let any = false;
  while (pos < last) {
    const c = at(pos);
    if (c == 32 || c == 44 || (c >= 9 && c <= 13)) {
      pos++;
      continue;
    }
    any = true;
    let r: i32;
    if (digit(c)) r = scanNumber(style);
    else if (letter(c)) r = scanWord(ctx);
    else if ((c == 43 || c == 45) && digit(at(pos + 1)) && (hasTime || (hasDate && at(pos - 1) == 32))) r = scanOffset();
    else return SCAN_SYNTAX;
    if (r != SCAN_OK) return r;
  }
  if (!any) return SCAN_SYNTAX;
  return finish();
}
/** Checks fields and makes dayNumber and timeUs final. */
function finish(): i32 {
  if (meridian != 0) {
    if (!hasTime) return SCAN_SYNTAX;
    const h = timeUs / HOUR_US;
    if (h > 12 || h == 0) return SCAN_RANGE;
    if (meridian == 1 && h == 12) timeUs -= 12 * HOUR_US;
    if (meridian == 2 && h != 12) timeUs += 12 * HOUR_US;
  }
  if (isNow || hasDayNumber) return SCAN_OK;
  if (!hasDate) return month != 0 || day != 0 || yearDigits != 0 ? SCAN_SYNTAX : SCAN_OK;
  let y = fullYear(year, yearDigits);
  if (bc) {
    if (y <= 0) return SCAN_RANGE;
    y = 1 - y;
  } else if (y == 0) return SCAN_RANGE;
  if (y > 294276 || y < -4712) return SCAN_RANGE;
  if (dayOfYearValue > 0) dayNumber = daysFromCivil(y, 1, dayOfYearValue);
  else {
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(y, month)) return SCAN_RANGE;
    dayNumber = daysFromCivil(y, month, day);
  }
  return SCAN_OK;
}
function report(ctx: i32, result: i32, s: i64, syntaxCode: i32): void {
  failStr(ctx, result == SCAN_RANGE ? DATETIME_RANGE : syntaxCode, s);
}
export function text_to_date(ctx: i32, s: i64): i32 {
  const r = scan(ctx, s);
  if (r != SCAN_OK || !hasDate) {
    report(ctx, r, s, INVALID_DATE);
    return 0;
  }
  if (isNow) return dayOf(utc_to_local(ctx, load<i64>(ctx, NOW)));
  if (dayNumber < MIN_DAY || dayNumber > MAX_DAY) failStr(ctx, DATETIME_RANGE, s);
  return dayNumber;
}
export function text_to_time(ctx: i32, s: i64): i64 {
  wantTime = true;
  const r = scan(ctx, s);
  wantTime = false;
  if (r != SCAN_OK || (!hasTime && !isNow)) {
    report(ctx, r, s, INVALID_TIME);
    return 0;
  }
  if (isNow) return timeOf(utc_to_local(ctx, load<i64>(ctx, NOW)));
  return timeUs;
}
export function text_to_timestamp(ctx: i32, s: i64): i64 {
  const r = scan(ctx, s);
  if (r != SCAN_OK || !hasDate) {
    report(ctx, r, s, INVALID_TIMESTAMP);
    return 0;
  }
  if (isNow) return utc_to_local(ctx, load<i64>(ctx, NOW));
  if (dayNumber < MIN_DAY || dayNumber > MAX_DAY) {
    failStr(ctx, DATETIME_RANGE, s);
    return 0;
  }
  return checkTimestamp(ctx, <i64>dayNumber * DAY_US + timeUs);
}
export function text_to_timestamptz(ctx: i32, s: i64): i64 {
  const local = text_to_timestamp(ctx, s);
  if (failed(ctx)) return 0;
  if (isNow) return load<i64>(ctx, NOW);
  if (zoneKind == 0) return local_to_utc(ctx, local);
  if (zoneKind == 2) return tableToUtc(ctx, zoneTable, local);
  return shifted(ctx, local, <i64>zoneSeconds * -1000000);
}
/** In UTC. A zone named without a day has today's offset; without a zone the session's counts. */
export function text_to_timetz(ctx: i32, s: i64): i64 {
  const local = text_to_time(ctx, s);
  if (failed(ctx)) return 0;
  if (isNow) return timeOf(load<i64>(ctx, NOW));
  if (zoneKind == 1) return timeOf(local - <i64>zoneSeconds * 1000000 + DAY_US);
  const day = hasDate ? dayNumber : dayOf(utc_to_local(ctx, load<i64>(ctx, NOW)));
  const instant = <i64>day * DAY_US + local;
  return timeOf(zoneKind == 2 ? tableToUtc(ctx, zoneTable, instant) : local_to_utc(ctx, instant));
}
