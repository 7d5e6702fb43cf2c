/**
 * Typed conversions of COPY, which differ from casts: their failures skip the row instead of the statement. Every
 * kernel takes `err`, a 64-byte load error cell; only a failure writes it, so the caller zeroes ERROR once per row:
 *   +0 code (STL_LOAD_ERRORS.err_code, 0 = fine)  +4 reason (src/formats/text/load-reason.ts)  +8 byte position in the
 *   field  +12 unused  +16 .. +63 working space of the date parser.
 * A NULL result (ACCEPTANYDATE) sets RET_NULL in ctx. Fields of non-string columns never arrive empty (the scanner
 * made them NULL). Callers: the emitted parse step.
 */
import { has_high } from './csv-scan.ts';
import { RET_HI } from './layout.ts';

export const REASON_DIGIT: i32 = 1;
export const REASON_OVERFLOW: i32 = 2;
export const REASON_DECIMAL_OVERFLOW: i32 = 3;
export const REASON_STRING_LENGTH: i32 = 4;
export const REASON_CHAR_LENGTH: i32 = 5;
export const REASON_DATE_LENGTH: i32 = 6;
export const REASON_DATE: i32 = 7;
export const REASON_TIMESTAMP: i32 = 8;
export const REASON_BOOL: i32 = 9;
export const REASON_NOT_NULL: i32 = 10;
export const REASON_MULTIBYTE: i32 = 11;
export const REASON_TIME: i32 = 12;
export const REASON_SKETCH: i32 = 13;
export const REASON_JSON: i32 = 14;
export const REASON_INTERVAL: i32 = 15;
export const REASON_HEX: i32 = 16;
export const REASON_BYTES_LENGTH: i32 = 17;
export const REASON_GEOMETRY: i32 = 18;
export const REASON_SHAPE_SIZE: i32 = 60;

export function load_fail(err: usize, code: i32, reason: i32, pos: i32): void {
  store<i32>(err, code);
  store<i32>(err, reason, 4);
  store<i32>(err, pos, 8);
}

/** NOT NULL column that got NULL. */
export function load_not_null(ctx: usize, err: usize): void {
  load_fail(err, 1213, REASON_NOT_NULL, 0);
}

// @ts-ignore: decorator
@inline
function load_integer(s: i64, err: usize, limit: u64): i64 {
  const end = <usize>(<u32>s) + <usize>(s >>> 32);
  let p = <usize>(<u32>s);
  const below = p < end && load<u8>(p) == 45;
  if (below) p++;
  // What is no more than a sign and digits, none of which can overflow.
  if (p < end && end - p <= 18) {
    let v: u64 = 0;
    for (; p < end; p++) {
      const d = <u32>load<u8>(p) - 48;
      if (d > 9) break;
      v = v * 10 + d;
    }
    if (p == end && v <= limit) return below ? -<i64>v : <i64>v;
  }
  return any_integer(s, err, limit);
}
function any_integer(s: i64, err: usize, limit: u64): i64 {
  const start = <usize>(<u32>s);
  let end = start + <usize>(s >>> 32);
  let p = start;
  while (p < end && load<u8>(p) <= 32) p++;
  while (end > p && load<u8>(end - 1) <= 32) end--;
  let negative = false;
  if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) negative = load<u8>(p++) == 45;
  if (p >= end) {
    load_fail(err, 1207, REASON_DIGIT, <i32>(p > start ? p - start - 1 : 0));
    return 0;
  }
  let v: u64 = 0;
  while (p < end) {
    const d = <u32>load<u8>(p) - 48;
    if (d > 9) {
      load_fail(err, 1207, REASON_DIGIT, <i32>(p - start));
      return 0;
    }
    if (v > 922337203685477580) v = <u64>-1;
    else v = v * 10 + d;
    if (v > limit + (negative ? 1 : 0)) {
      const at = <i32>(p - start);
      while (p < end && <u32>load<u8>(p) - 48 <= 9) p++;
      if (p < end) load_fail(err, 1207, REASON_DIGIT, <i32>(p - start));
      else load_fail(err, 1222, REASON_OVERFLOW, at);
      return 0;
    }
    p++;
  }
  return negative ? -<i64>v : <i64>v;
}
export function load_int2(ctx: usize, s: i64, err: usize): i32 {
  return <i32>load_integer(s, err, 32767);
}
export function load_int4(ctx: usize, s: i64, err: usize): i32 {
  return <i32>load_integer(s, err, 2147483647);
}
export function load_int8(ctx: usize, s: i64, err: usize): i64 {
  return load_integer(s, err, 9223372036854775807);
}

/** high word of lo * 10 + d. */
// @ts-ignore: decorator
@inline
function carry10(lo: u64, d: u64): u64 {
  const low = (lo & 0xffffffff) * 10 + d;
  return ((lo >> 32) * 10 + (low >> 32)) >> 32;
}

/**
 * The same of a sign, digits and a point alone, when no digit is lost, none overflows and the unscaled value has no more than 18 of
 * them; else i64.MIN_VALUE.
 */
// @ts-ignore: decorator
@inline
function short_numeric(s: i64, precision: i32, scale: i32): i64 {
  const end = <usize>(<u32>s) + <usize>(s >>> 32);
  let p = <usize>(<u32>s);
  const below = p < end && load<u8>(p) == 45;
  if (below) p++;
  if (end - p > 19) return i64.MIN_VALUE;
  const first = p;
  let v: i64 = 0;
  for (; p < end; p++) {
    const d = <u32>load<u8>(p) - 48;
    if (d > 9) break;
    v = v * 10 + d;
  }
  let digits = <i32>(p - first);
  let missing = scale;
  if (p < end) {
    if (load<u8>(p) != 46) return i64.MIN_VALUE;
    const part = ++p;
    for (; p < end; p++) {
      const d = <u32>load<u8>(p) - 48;
      if (d > 9) return i64.MIN_VALUE;
      v = v * 10 + d;
    }
    digits += <i32>(p - part);
    missing -= <i32>(p - part);
  }
  digits += missing;
  if (p == first || missing < 0 || missing == digits || digits > 18 || digits > precision) return i64.MIN_VALUE;
  for (; missing > 0; missing--) v *= 10;
  return below ? -v : v;
}
/** Decimal text to an unscaled 128-bit integer (low returned, high at ctx+RET_HI). `round`: ROUNDEC, else truncates. */
export function load_numeric(ctx: usize, s: i64, err: usize, precision: i32, scale: i32, round: i32): i64 {
  const v = short_numeric(s, precision, scale);
  if (v == i64.MIN_VALUE) return any_numeric(ctx, s, err, precision, scale, round);
  store<i64>(ctx, v >> 63, RET_HI);
  return v;
}
function any_numeric(ctx: usize, s: i64, err: usize, precision: i32, scale: i32, round: i32): i64 {
  const start = <usize>(<u32>s);
  let end = start + <usize>(s >>> 32);
  let p = start;
  while (p < end && load<u8>(p) <= 32) p++;
  while (end > p && load<u8>(end - 1) <= 32) end--;
  let negative = false;
  if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) negative = load<u8>(p++) == 45;
  // First pass: where digits, point and exponent are.
  const first = p;
  let point: usize = 0;
  let digits = 0;
  let exponent = 0;
  let stop = end;
  for (; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (c - 48 <= 9) digits++;
    else if (c == 46 && point == 0) point = p;
    else if ((c | 32) == 101 && digits > 0) {
      stop = p++;
      let sign = 1;
      if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) sign = load<u8>(p++) == 45 ? -1 : 1;
      if (p >= end) digits = 0;
      for (; p < end; p++) {
        const d = <u32>load<u8>(p) - 48;
        if (d > 9) {
          load_fail(err, 1207, REASON_DIGIT, <i32>(p - start));
          return 0;
        }
        if (exponent < 1000) exponent = exponent * 10 + d;
      }
      exponent *= sign;
      break;
    } else {
      load_fail(err, 1207, REASON_DIGIT, <i32>(p - start));
      return 0;
    }
  }
  if (digits == 0) {
    load_fail(err, 1207, REASON_DIGIT, <i32>(p > start ? p - start - 1 : 0));
    return 0;
  }
  // Digits to take: all before the point (moved by the exponent) and `scale` behind it.
  const whole = <i32>((point ? point : stop) - first) + exponent;
  return take_digits(ctx, err, first, stop, whole + scale, precision, round, negative);
}
/** Unscaled value of the first `take` digits of [p, stop), filled up with zeros. */
function take_digits(ctx: usize, err: usize, p: usize, stop: usize, take: i32, precision: i32, round: i32, negative: bool): i64 {
  let lo: u64 = 0;
  let hi: u64 = 0;
  let significant = 0;
  let up = false;
  for (; p < stop && take >= 0; p++) {
    if (load<u8>(p) == 46) continue;
    const d = <u64>(load<u8>(p) - 48);
    if (take-- == 0) {
      up = d >= 5;
      break;
    }
    if (significant || d) significant++;
    if (significant > precision) return decimal_overflow(err);
    const h = carry10(lo, d);
    lo = lo * 10 + d;
    hi = hi * 10 + h;
  }
  while (take-- > 0 && (lo | hi) != 0) {
    if (++significant > precision) return decimal_overflow(err);
    const h = carry10(lo, 0);
    lo *= 10;
    hi = hi * 10 + h;
  }
  if (round && up) {
    lo++;
    if (lo == 0) hi++;
    if (significant == precision && reaches_power(lo, hi, precision)) return decimal_overflow(err);
  }
  if (negative) {
    hi = ~hi + (lo == 0 ? 1 : 0);
    lo = -lo;
  }
  store<u64>(ctx, hi, RET_HI);
  return <i64>lo;
}
function decimal_overflow(err: usize): i64 {
  load_fail(err, 1204, REASON_DECIMAL_OVERFLOW, 0);
  return 0;
}
function reaches_power(lo: u64, hi: u64, precision: i32): bool {
  let l: u64 = 1;
  let h: u64 = 0;
  for (let i = 0; i < precision; i++) {
    h = h * 10 + carry10(l, 0);
    l *= 10;
  }
  return l == lo && h == hi;
}
/** Precision <= 18: the value fits an i64. */
export function load_numeric_64(ctx: usize, s: i64, err: usize, precision: i32, scale: i32, round: i32): i64 {
  const v = short_numeric(s, precision, scale);
  return v == i64.MIN_VALUE ? any_numeric(ctx, s, err, precision, scale, round) : v;
}

/** t, true, y, yes, on, 1 and their opposites, prefixes of true/false/yes/no included, any case. */
export function load_bool(ctx: usize, s: i64, err: usize): i32 {
  let p = <usize>(<u32>s);
  let n = <i32>(s >>> 32);
  while (n > 0 && load<u8>(p) <= 32) {
    p++;
    n--;
  }
  while (n > 0 && load<u8>(p + n - 1) <= 32) n--;
  let word: u64 = 0;
  if (n <= 5) for (let i = 0; i < n; i++) word |= <u64>(load<u8>(p + i) | 32) << (<u64>i << 3);
  const all = n >= 8 ? 0 : (<u64>1 << (<u64>n << 3)) - 1;
  if (n > 0) {
    if (n <= 4 && word == (0x65757274 & all)) return 1; // true
    if (n <= 5 && word == (0x65736c6166 & all)) return 0; // false
    if (n <= 3 && word == (0x736579 & all)) return 1; // yes
    if (n <= 2 && word == (0x6f6e & all)) return 0; // no
    if (n == 2 && word == 0x6e6f) return 1; // on
    if (n >= 2 && n <= 3 && word == (0x66666f & all)) return 0; // off
    if (n == 1 && word == 0x31) return 1;
    if (n == 1 && word == 0x30) return 0;
  }
  load_fail(err, 1210, REASON_BOOL, 0);
  return 0;
}

/** VARCHAR(length bytes): UTF-8 was checked by the scanner. `truncate`: TRUNCATECOLUMNS, cut at a character. */
export function load_varchar(ctx: usize, s: i64, err: usize, length: i32, truncate: i32): i64 {
  const n = <i32>(s >>> 32);
  if (n <= length) return s;
  if (!truncate) {
    load_fail(err, 1204, REASON_STRING_LENGTH, 0);
    return s;
  }
  const p = <usize>(<u32>s);
  let cut = length;
  while (cut > 0 && (load<u8>(p + cut) & 0xc0) == 0x80) cut--;
  return (s & 0xffffffff) | (<i64>cut << 32);
}

/** CHAR(length): single bytes only; trailing blanks do not count and are not kept. */
export function load_char(ctx: usize, s: i64, err: usize, length: i32, truncate: i32): i64 {
  const p = <usize>(<u32>s);
  let n = <i32>(s >>> 32);
  if (has_high(p, p + n)) {
    let i = 0;
    while (load<u8>(p + i) < 128) i++;
    load_fail(err, 1215, REASON_MULTIBYTE, i);
    return s;
  }
  while (n > 0 && load<u8>(p + n - 1) == 32) n--;
  if (n > length) {
    if (!truncate) {
      load_fail(err, 1204, REASON_CHAR_LENGTH, 0);
      return s;
    }
    n = length;
    while (n > 0 && load<u8>(p + n - 1) == 32) n--;
  }
  return <i64>p | (<i64>n << 32);
}
