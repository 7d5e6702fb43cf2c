/**
 * Dates and timestamps of COPY by DATEFORMAT and TIMEFORMAT. `format` is a program made by src/formats/text/time-format.ts
 * (a string value): empty = 'auto'; byte 0xd0 = the default format; 0xe1 epochsecs; 0xe2 epochmillisecs; else one byte
 * per element: 1 YYYY 2 YY 3 MM 4 month name 6 DD 7 HH24 8 HH12 9 MI 10 SS 11 AM/PM 12 fraction 14 DDD 15 J, and
 * bytes from 0x20 stand for themselves. Parsed parts lie in the error cell: +16 year +20 month +24 day +32 microseconds
 * of the day (i64) +40 zone offset seconds +44 seen (1 date, 2 time, 4 zone, 8 pm, 16 am).
 */
import { DATE_STYLE, ERROR_CODE, TZ_TABLE, retNull } from './layout.ts';
import { tableToUtc } from './timezone.ts';
import { load_fail, REASON_DATE, REASON_DATE_LENGTH, REASON_TIME, REASON_TIMESTAMP } from './csv-load.ts';

const DAY_US: i64 = 86400000000;

// @ts-ignore: decorator
@inline
function digit_at(p: usize, end: usize): bool {
  return p < end && <u32>load<u8>(p) - 48 <= 9;
}
// @ts-ignore: decorator
@inline
function two(p: usize): i32 {
  const a = <u32>load<u8>(p) - 48;
  const b = <u32>load<u8>(p + 1) - 48;
  return a > 9 || b > 9 ? -1 : <i32>(a * 10 + b);
}
// @ts-ignore: decorator
@inline
function is_letter(c: u32): bool {
  return (c | 32) - 97 < 26;
}
// @ts-ignore: decorator
@inline
function is_digit(c: u32): bool {
  return c - 48 < 10;
}
function days_in_month(y: i32, m: i32): i32 {
  if (m == 2) return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 29 : 28;
  return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}
/** Days since 2000-01-01, or i32.MIN_VALUE for an impossible date. */
function days_from(y: i32, m: i32, d: i32): i32 {
  if (m < 1 || m > 12 || d < 1 || y < -4712 || y > 294276 || d > days_in_month(y, m)) return i32.MIN_VALUE;
  const yy = m <= 2 ? y - 1 : y;
  const era = (yy >= 0 ? yy : yy - 399) / 400;
  const yoe = yy - era * 400;
  const doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + (yoe * 365 + yoe / 4 - yoe / 100 + doy) - 730425;
}
function century(y: i32): i32 {
  return y < 70 ? y + 2000 : y < 100 ? y + 1900 : y;
}
/** Month 1-12 of the letters at p (three or the whole name), 0 = none. */
function month_name(p: usize, n: i32): i32 {
  if (n < 3) return 0;
  const w = (<u32>load<u8>(p) | (<u32>load<u8>(p + 1) << 8) | (<u32>load<u8>(p + 2) << 16)) | 0x202020;
  if (w == 0x6e616a) return 1;
  if (w == 0x626566) return 2;
  if (w == 0x72616d) return 3;
  if (w == 0x727061) return 4;
  if (w == 0x79616d) return 5;
  if (w == 0x6e756a) return 6;
  if (w == 0x6c756a) return 7;
  if (w == 0x677561) return 8;
  if (w == 0x706573) return 9;
  if (w == 0x74636f) return 10;
  if (w == 0x766f6e) return 11;
  if (w == 0x636564) return 12;
  return 0;
}
function weekday_name(p: usize, n: i32): bool {
  if (n < 3) return false;
  const w = (<u32>load<u8>(p) | (<u32>load<u8>(p + 1) << 8) | (<u32>load<u8>(p + 2) << 16)) | 0x202020;
  return w == 0x6e6f6d || w == 0x657574 || w == 0x646577 || w == 0x756874 || w == 0x697266 || w == 0x746173 || w == 0x6e7573;
}

/** Reads up to `most` digits: value | count << 32; count 0 = none. */
function digits(p: usize, end: usize, most: i32): i64 {
  let v: i64 = 0;
  let n: i64 = 0;
  while (n < most && digit_at(p, end)) {
    v = v * 10 + <i64>(load<u8>(p) - 48);
    p++;
    n++;
  }
  return (v & 0xffffffff) | (n << 32);
}
/** Microseconds of a fraction whose digits begin at p: value | digits read << 32 (all are read, six count, rounded). */
function fraction(p: usize, end: usize): i64 {
  let v: i64 = 0;
  let n: i64 = 0;
  while (digit_at(p, end)) {
    const d = <i64>(load<u8>(p) - 48);
    if (n < 6) v = v * 10 + d;
    else if (n == 6 && d >= 5) v++;
    p++;
    n++;
  }
  for (let i = n; i < 6; i++) v *= 10;
  return v | (n << 32);
}

function mark_seen(err: usize, bits: i32): void {
  store<i32>(err, load<i32>(err, 44) | bits, 44);
}
function add_time(err: usize, us: i64): void {
  store<i64>(err, load<i64>(err, 32) + us, 32);
  mark_seen(err, 2);
}
function clear(err: usize): void {
  store<i64>(err, 0, 16);
  store<i64>(err, 0, 24);
  store<i64>(err, 0, 32);
  store<i64>(err, 0, 40);
}
function set_date(err: usize, y: i32, m: i32, d: i32): void {
  store<i32>(err, y, 16);
  store<i32>(err, m, 20);
  store<i32>(err, d, 24);
  mark_seen(err, 1);
}
/** AM/PM applied to the hour. */
function finish_time(err: usize): bool {
  const seen = load<i32>(err, 44);
  let us = load<i64>(err, 32);
  if (seen & 24) {
    const hour = us / 3600000000;
    if (hour < 1 || hour > 12) return false;
    if (hour == 12) us -= 43200000000;
    if (seen & 8) us += 43200000000;
    store<i64>(err, us, 32);
  }
  return us <= DAY_US;
}

/** H:MM[:SS[.f]] at p; returns the position behind it, 0 when wrong. */
function parse_time(p: usize, end: usize, err: usize): usize {
  let r = digits(p, end, 2);
  if (r >> 32 == 0 || <i32>r > 24) return 0;
  const hour = <i64>(<u32>r);
  p += <usize>(r >> 32);
  if (p >= end || load<u8>(p) != 58) return 0;
  r = digits(p + 1, end, 2);
  if (r >> 32 == 0 || <i32>r > 59) return 0;
  p += 1 + <usize>(r >> 32);
  add_time(err, hour * 3600000000 + <i64>(<u32>r) * 60000000);
  if (p < end && load<u8>(p) == 58) {
    r = digits(p + 1, end, 2);
    if (r >> 32 == 0 || <i32>r > 60) return 0;
    p += 1 + <usize>(r >> 32);
    add_time(err, <i64>(<u32>r) * 1000000);
    if (p < end && (load<u8>(p) == 46 || load<u8>(p) == 44) && digit_at(p + 1, end)) {
      r = fraction(p + 1, end);
      p += 1 + <usize>(r >> 32);
      add_time(err, <i64>(<u32>r));
    }
  }
  return p;
}
/** +hh[:mm] or -hhmm at p; returns the position behind it, 0 when wrong. */
function parse_offset(p: usize, end: usize, err: usize): usize {
  const sign = load<u8>(p) == 45 ? -1 : 1;
  let r = digits(p + 1, end, 2);
  if (r >> 32 == 0) return 0;
  let seconds = <i32>r * 3600;
  p += 1 + <usize>(r >> 32);
  if (p < end && load<u8>(p) == 58) p++;
  r = digits(p, end, 2);
  seconds += <i32>r * 60;
  p += <usize>(r >> 32);
  store<i32>(err, seconds * sign, 40);
  mark_seen(err, 4);
  return p;
}
/** A date of three parts with one separator (numbers, or a month's name in it) that begins with digits at p. */
function parse_parts(p: usize, end: usize, err: usize, style: i32): usize {
  const a = digits(p, end, 9);
  p += <usize>(a >> 32);
  const sep = load<u8>(p++);
  let b: i64 = 0;
  let named = 0;
  let letters: usize = 0;
  while (p + letters < end && is_letter(load<u8>(p + letters))) letters++;
  if (letters > 0) {
    named = month_name(p, <i32>letters);
    if (named == 0) return 0;
    p += letters;
  } else {
    b = digits(p, end, 9);
    if (b >> 32 == 0) return 0;
    p += <usize>(b >> 32);
  }
  if (p >= end || load<u8>(p) != sep) {
    // 1999.008: year and day of the year.
    if (a >> 32 != 4 || b >> 32 != 3 || sep == 58) return 0;
    set_date(err, <i32>a, 1, 1);
    store<i32>(err, <i32>b, 28);
    return p;
  }
  const c = digits(p + 1, end, 9);
  if (c >> 32 == 0) return 0;
  p += 1 + <usize>(c >> 32);
  if (a >> 32 >= 3) set_date(err, <i32>a, named ? named : <i32>b, <i32>c);
  else if (!named && (style & 32) != 0) set_date(err, century(<i32>a), <i32>b, <i32>c);
  else if (named) set_date(err, c >> 32 <= 2 ? century(<i32>c) : <i32>c, named, <i32>a);
  else {
    const y = c >> 32 <= 2 ? century(<i32>c) : <i32>c;
    if ((style & 16) != 0 || <i32>a > 12) set_date(err, y, <i32>b, <i32>a);
    else set_date(err, y, <i32>a, <i32>b);
  }
  return p;
}
/** A run of digits with nothing to tell its meaning: 19990108, 990108, 040506, a day or a year. */
function parse_number(p: usize, end: usize, err: usize): usize {
  const r = digits(p, end, 9);
  const n = <i32>(r >> 32);
  const v = <i32>r;
  const seen = load<i32>(err, 44);
  if (n == 8 && !(seen & 1)) set_date(err, v / 10000, v / 100 % 100, v % 100);
  else if (n == 6 && !(seen & 1)) set_date(err, century(v / 10000), v / 100 % 100, v % 100);
  else if (n == 6 && !(seen & 2)) {
    if (v / 10000 > 23 || v / 100 % 100 > 59 || v % 100 > 59) return 0;
    add_time(err, (<i64>(v / 10000) * 3600 + <i64>(v / 100 % 100) * 60 + <i64>(v % 100)) * 1000000);
    if (p + 7 < end && load<u8>(p + 6) == 46 && digit_at(p + 7, end)) {
      const f = fraction(p + 7, end);
      add_time(err, <i64>(<u32>f));
      return p + 7 + <usize>(f >> 32);
    }
  } else if (n == 9 && !(seen & 1)) {
    // 14 digits: date and time in one.
    set_date(err, v / 100000, v / 1000 % 100, v / 10 % 100);
    const t = digits(p + 8, end, 7);
    if (t >> 32 != 6) return 0;
    return parse_number(p + 8, end, err);
  } else if (n <= 2 && load<i32>(err, 24) == 0) store<i32>(err, v, 24);
  else if (n <= 4 && load<i32>(err, 16) == 0) store<i32>(err, n <= 2 ? century(v) : v, 16);
  else return 0;
  return p + n;
}
/** A word: month, weekday, T, Z, UTC, AM, PM, AD, BC, J<digits>. */
function parse_word(p: usize, end: usize, err: usize): usize {
  let n: usize = 0;
  while (p + n < end && is_letter(load<u8>(p + n))) n++;
  const c = load<u8>(p) | 32;
  if (n == 1) {
    if (c == 116) return p + 1;
    if (c == 122) {
      mark_seen(err, 4);
      return p + 1;
    }
    if (c == 106 && digit_at(p + 1, end)) {
      const r = digits(p + 1, end, 9);
      set_date(err, 2000, 1, 1);
      store<i32>(err, <i32>r - 2451545 + 1, 28);
      return p + 1 + <usize>(r >> 32);
    }
    return 0;
  }
  const d = load<u8>(p + 1) | 32;
  if (n == 2 && d == 109 && (c == 97 || c == 112)) {
    mark_seen(err, c == 112 ? 8 : 16);
    return p + 2;
  }
  if (n == 2 && c == 97 && d == 100) return p + 2;
  if (n == 2 && c == 98 && d == 99) {
    store<i32>(err, 1 - load<i32>(err, 16), 16);
    return p + 2;
  }
  if (n == 3 && ((c == 117 && d == 116) || (c == 103 && d == 109))) {
    mark_seen(err, 4);
    return p + 3;
  }
  const m = month_name(p, <i32>n);
  if (m != 0 && load<i32>(err, 20) == 0) {
    store<i32>(err, m, 20);
    return p + n;
  }
  return weekday_name(p, <i32>n) ? p + n : 0;
}
/** 'auto': any of the forms above in any sensible order. */
function parse_auto(p: usize, end: usize, err: usize, style: i32): bool {
  clear(err);
  while (p < end) {
    const c = load<u8>(p);
    if (c <= 32 || c == 44) {
      p++;
      continue;
    }
    if (is_digit(c)) {
      let q = p;
      while (digit_at(q, end)) q++;
      const after = q < end ? load<u8>(q) : 0;
      const seen = load<i32>(err, 44);
      const next = q + 1 < end ? load<u8>(q + 1) : 0;
      const part = is_digit(next) || is_letter(next);
      if (after == 58) p = seen & 2 ? 0 : parse_time(p, end, err);
      else if (!(seen & 1) && load<i32>(err, 20) == 0 && part && (after == 45 || after == 47 || after == 46)) p = parse_parts(p, end, err, style);
      else p = parse_number(p, end, err);
    } else if (is_letter(c)) p = parse_word(p, end, err);
    else if ((c == 43 || c == 45) && load<i32>(err, 44) & 2) p = parse_offset(p, end, err);
    else if (c == 45 || c == 47 || c == 46) p++;
    else return false;
    if (p == 0) return false;
  }
  if (load<i32>(err, 20) != 0) mark_seen(err, 1);
  return (load<i32>(err, 44) & 1) != 0 && finish_time(err);
}

/** Runs a format program. Returns the position behind what it matched, 0 when the text does not fit. */
function parse_format(p: usize, end: usize, err: usize, format: i64): usize {
  clear(err);
  const f = <usize>(<u32>format);
  const n = <i32>(format >>> 32);
  let year = 1;
  let month = 1;
  let day = 1;
  for (let i = 0; i < n; i++) {
    const op = load<u8>(f + i);
    if (op >= 32) {
      if (p >= end) return i > 2 && load<i32>(err, 44) & 1 ? p : 0;
      const c = load<u8>(p);
      if (is_digit(c)) return 0;
      if (is_letter(op) && (c | 32) != (op | 32)) return 0;
      p++;
      continue;
    }
    if (op == 4 || op == 11) {
      let k: usize = 0;
      while (p + k < end && is_letter(load<u8>(p + k))) k++;
      if (op == 4) {
        month = month_name(p, <i32>k);
        if (month == 0) return 0;
        mark_seen(err, 1);
      } else {
        const c = load<u8>(p) | 32;
        if (k != 2 || (c != 97 && c != 112)) return 0;
        mark_seen(err, c == 112 ? 8 : 16);
      }
      p += k;
      continue;
    }
    const most = op == 1 ? 4 : op == 14 ? 3 : op == 15 ? 9 : 2;
    const r = op == 12 ? fraction(p, end) : digits(p, end, most);
    if (r >> 32 == 0) return op == 12 ? p : 0;
    const v = <i32>r;
    p += <usize>(r >> 32);
    if (op == 1) year = r >> 32 <= 2 ? century(v) : v;
    else if (op == 2) year = century(v);
    else if (op == 3) month = v;
    else if (op == 6) day = v;
    else if (op == 14) store<i32>(err, v, 28);
    else if (op == 15) {
      year = 2000;
      store<i32>(err, v - 2451545 + 1, 28);
    } else if (op == 7 || op == 8) {
      if (v > 24) return 0;
      add_time(err, <i64>v * 3600000000);
    } else if (op == 9) {
      if (v > 59) return 0;
      add_time(err, <i64>v * 60000000);
    } else if (op == 10) {
      if (v > 60) return 0;
      add_time(err, <i64>v * 1000000);
    } else if (op == 12) add_time(err, <i64>(<u32>r));
    if (op <= 6 || op >= 14) mark_seen(err, 1);
  }
  set_date(err, year, month, day);
  return finish_time(err) ? p : 0;
}

/** Days of the parsed parts (a day of the year or Julian offset lies at +28). */
function parsed_days(err: usize): i32 {
  const offset = load<i32>(err, 28);
  const days = days_from(load<i32>(err, 16), load<i32>(err, 20), offset ? 1 : load<i32>(err, 24));
  return days == i32.MIN_VALUE ? days : days + (offset ? offset - 1 : 0);
}
function first_byte(format: i64): i32 {
  return format >>> 32 == 0 ? 0 : <i32>load<u8>(<usize>(<u32>format));
}
/** Whether the text ends in BC behind a blank. */
function ends_in_bc(p: usize, end: usize): bool {
  return end - p > 12 && (load<u8>(end - 1) | 32) == 99 && (load<u8>(end - 2) | 32) == 98 && load<u8>(end - 3) <= 32;
}
/** How many digits the year at p has: four, or five or six in front of a hyphen. */
function year_digits(p: usize, end: usize): usize {
  let n: usize = 4;
  while (n < 6 && digit_at(p + n, end)) n++;
  return p + n < end && load<u8>(p + n) == 45 ? n : 4;
}
/** YYYY-MM-DD at p (the year's digits and six bytes), days or i32.MIN_VALUE. */
function default_date(p: usize, yearBytes: usize, bc: bool): i32 {
  const hi = two(p);
  const lo = two(p + 2);
  const m = two(p + yearBytes + 1);
  const d = two(p + yearBytes + 4);
  if ((hi | lo | m | d) < 0) return i32.MIN_VALUE;
  let year = hi * 100 + lo;
  for (let i: usize = 4; i < yearBytes; i++) year = year * 10 + <i32>(load<u8>(p + i) - 48);
  return days_from(bc ? 1 - year : year, m, d);
}

/** The days of a text that is `dddd-dd-dd` and nothing else, which is what most are; i32.MIN_VALUE for any other. */
// @ts-ignore: decorator
@inline
function plain_date(s: i64): i32 {
  if (s >>> 32 != 10) return i32.MIN_VALUE;
  const p = <usize>(<u32>s);
  const month = load<u64>(p) ^ 0x2d30302d30303030;
  const day = <u32>load<u16>(p, 8) ^ 0x3030;
  // Every byte is a digit now, 0 where a minus stands.
  if (((month + 0x7676767676767676) | month) & 0x8080808080808080) return i32.MIN_VALUE;
  if (((day + 0x7676) | day) & 0x8080 || month & 0xff0000ff00000000) return i32.MIN_VALUE;
  const year = <i32>((month & 0xff) * 1000 + ((month >> 8) & 0xff) * 100 + ((month >> 16) & 0xff) * 10 + ((month >> 24) & 0xff));
  return days_from(year, <i32>(((month >> 40) & 0xff) * 10 + ((month >> 48) & 0xff)), <i32>((day & 0xff) * 10 + (day >> 8)));
}

/** DATE. `any`: ACCEPTANYDATE turns a bad date into NULL. The time part of a value is ignored. */
export function load_date(ctx: usize, s: i64, err: usize, format: i64, any: i32): i32 {
  const mode = first_byte(format);
  if (mode == 0xd0) {
    const plain = plain_date(s);
    if (plain != i32.MIN_VALUE) return plain;
  }
  let p = <usize>(<u32>s);
  let end = p + <usize>(s >>> 32);
  while (p < end && load<u8>(p) <= 32) p++;
  while (end > p && load<u8>(end - 1) <= 32) end--;
  let days = i32.MIN_VALUE;
  let reason = REASON_DATE;
  if (mode == 0xd0) {
    const yearBytes = year_digits(p, end);
    if (end - p < yearBytes + 6) reason = REASON_DATE_LENGTH;
    else days = default_date(p, yearBytes, ends_in_bc(p, end));
  } else if (mode == 0) {
    if (parse_auto(p, end, err, load<i32>(ctx, DATE_STYLE))) days = parsed_days(err);
  } else if (parse_format(p, end, err, format) != 0) days = parsed_days(err);
  if (days != i32.MIN_VALUE) return days;
  if (any) retNull(<i32>ctx);
  else load_fail(err, 1205, reason, 0);
  return 0;
}

/** Microseconds since 2000 of a timestamp text, i64.MIN_VALUE when wrong. The zone's offset stays in the cell. */
function timestamp_of(ctx: usize, s: i64, err: usize, format: i64, zoned: bool): i64 {
  let p = <usize>(<u32>s);
  let end = p + <usize>(s >>> 32);
  while (p < end && load<u8>(p) <= 32) p++;
  while (end > p && load<u8>(end - 1) <= 32) end--;
  const mode = first_byte(format);
  if (mode >= 0xe1) return epoch_of(p, end, err, mode == 0xe1);
  if (mode == 0xd0) {
    clear(err);
    const yearBytes = year_digits(p, end);
    if (end - p < yearBytes + 6 || load<u8>(p + yearBytes) != 45 || load<u8>(p + yearBytes + 3) != 45) return i64.MIN_VALUE;
    const bc = ends_in_bc(p, end);
    if (bc) {
      end -= 3;
      while (end > p && load<u8>(end - 1) <= 32) end--;
    }
    const days = default_date(p, yearBytes, bc);
    if (days == i32.MIN_VALUE) return i64.MIN_VALUE;
    p += yearBytes + 6;
    if (p < end) {
      if (load<u8>(p) != 32) return i64.MIN_VALUE;
      while (p < end && load<u8>(p) == 32) p++;
      p = parse_time(p, end, err);
      if (p == 0) return i64.MIN_VALUE;
      if (zoned && p < end) p = load<u8>(p) == 43 || load<u8>(p) == 45 ? parse_offset(p, end, err) : 0;
      if (p != end || !finish_time(err)) return i64.MIN_VALUE;
    }
    return <i64>days * DAY_US + load<i64>(err, 32);
  }
  if (mode == 0) {
    if (!parse_auto(p, end, err, load<i32>(ctx, DATE_STYLE))) return i64.MIN_VALUE;
  } else {
    p = parse_format(p, end, err, format);
    if (p == 0) return i64.MIN_VALUE;
    if (p < end && load<u8>(p) == 46) {
      const f = fraction(p + 1, end);
      add_time(err, <i64>(<u32>f));
      p += 1 + <usize>(f >> 32);
    }
    if (zoned && p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p = parse_offset(p, end, err);
    if (p != end) return i64.MIN_VALUE;
  }
  const days = parsed_days(err);
  return days == i32.MIN_VALUE ? i64.MIN_VALUE : <i64>days * DAY_US + load<i64>(err, 32);
}
/** Seconds (with a fraction) or milliseconds since 1970. */
function epoch_of(p: usize, end: usize, err: usize, seconds: bool): i64 {
  let negative = false;
  if (p < end && load<u8>(p) == 45) {
    negative = true;
    p++;
  }
  let v: i64 = 0;
  const first = p;
  while (digit_at(p, end)) {
    if (p - first > 13) return i64.MIN_VALUE;
    v = v * 10 + <i64>(load<u8>(p) - 48);
    p++;
  }
  if (p == first) return i64.MIN_VALUE;
  let us = v * (seconds ? 1000000 : 1000);
  if (p < end && load<u8>(p) == 46) {
    const f = fraction(p + 1, end);
    us += seconds ? <i64>(<u32>f) : <i64>(<u32>f) / 1000;
    p += 1 + <usize>(f >> 32);
  }
  if (p != end) return i64.MIN_VALUE;
  clear(err);
  mark_seen(err, 4);
  return (negative ? -us : us) - 946684800000000;
}

/** TIMESTAMP. */
export function load_timestamp(ctx: usize, s: i64, err: usize, format: i64, any: i32): i64 {
  const us = timestamp_of(ctx, s, err, format, false);
  if (us != i64.MIN_VALUE) return us;
  if (any) retNull(<i32>ctx);
  else load_fail(err, 1206, REASON_TIMESTAMP, 0);
  return 0;
}
/** TIMESTAMPTZ: a value without a zone is in the session's zone. */
export function load_timestamptz(ctx: usize, s: i64, err: usize, format: i64, any: i32): i64 {
  const us = timestamp_of(ctx, s, err, format, true);
  if (us == i64.MIN_VALUE) {
    if (any) retNull(<i32>ctx);
    else load_fail(err, 1206, REASON_TIMESTAMP, 0);
    return 0;
  }
  const utc = load<i32>(err, 44) & 4 ? us - <i64>load<i32>(err, 40) * 1000000 : tableToUtc(<i32>ctx, <i32>load<u32>(ctx, TZ_TABLE), us);
  if (load<i32>(ctx, ERROR_CODE) == 0) return utc;
  // Outside the range of timestamps in this zone: the row is refused, the load goes on.
  store<i32>(ctx, 0, ERROR_CODE);
  if (any) retNull(<i32>ctx);
  else load_fail(err, 1206, REASON_TIMESTAMP, 0);
  return 0;
}
/** TIME: HH:MI:SS[.ffffff], also with AM/PM. */
export function load_time(ctx: usize, s: i64, err: usize): i64 {
  let p = <usize>(<u32>s);
  const end = p + <usize>(s >>> 32);
  clear(err);
  while (p < end && load<u8>(p) <= 32) p++;
  p = parse_time(p, end, err);
  while (p != 0 && p < end) {
    if (load<u8>(p) <= 32) p++;
    else if (is_letter(load<u8>(p))) p = parse_word(p, end, err);
    else p = 0;
  }
  if (p != 0 && finish_time(err)) return load<i64>(err, 32);
  load_fail(err, 1206, REASON_TIME, 0);
  return 0;
}
