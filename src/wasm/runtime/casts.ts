/**
 * Conversions between types other than numeric scale changes: text to integers and booleans, floats to integers (half
 * to even) and numerics, numerics to floats, dates to timestamps and back, and the length checks of char and varchar.
 */
import { dayOf, DAY_US, timeOf } from './calendar.ts';
import { alloc_scratch } from './alloc.ts';
import {
  BIGINT_RANGE, fail, failStr, failText, FLOAT_RANGE, FLOAT_UNDERFLOW, INTEGER_RANGE, INVALID_BOOL, INVALID_INTEGER,
  MULTIBYTE_CHAR, NUMERIC_OVERFLOW, SMALLINT_RANGE, VALUE_TOO_LONG,
} from './errors.ts';
import { decimalToFloat, fifteenDigits, lastExponent } from './float-text.ts';
import { magHi, magLo, signed128 } from './int128.ts';
import { makeStr, put8, RET_HI, setRetHi, strLen, strPtr, TZ_TABLE } from './layout.ts';
import { fitsPrecision, isSpace } from './numeric.ts';
import { packLower } from './text-hash.ts';
import { putU64 } from './text-out.ts';
import { checkDay } from './datetime-range.ts';
import { local_to_utc, utc_to_local, tableToLocal } from './timezone.ts';
import { mulWide, pow10, pow10Wide, R1, scaleDown, udiv128 } from './wide.ts';

export function text_to_int8(ctx: i32, s: i64): i64 {
  return parseInteger(ctx, s, BIGINT_RANGE);
}
function parseInteger(ctx: i32, s: i64, rangeCode: i32): i64 {
  let p = strPtr(s);
  let end = p + strLen(s);
  while (p < end && isSpace(load<u8>(p))) p++;
  while (end > p && isSpace(load<u8>(end - 1))) end--;
  let negative = false;
  if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) negative = load<u8>(p++) == 45;
  if (p >= end) {
    failStr(ctx, INVALID_INTEGER, s);
    return 0;
  }
  let v: u64 = 0;
  let over = false;
  for (; p < end; p++) {
    const d = <u64>load<u8>(p) - 48;
    if (d > 9) {
      failStr(ctx, INVALID_INTEGER, s);
      return 0;
    }
    if (v > 922337203685477580) over = true;
    v = v * 10 + d;
    if (v > 0x8000000000000000) over = true;
  }
  if (over || (!negative && v == 0x8000000000000000)) {
    fail(ctx, rangeCode);
    return 0;
  }
  return negative ? -<i64>v : <i64>v;
}
export function text_to_int4(ctx: i32, s: i64): i32 {
  const v = parseInteger(ctx, s, INTEGER_RANGE);
  if (v != <i64><i32>v) fail(ctx, INTEGER_RANGE);
  return <i32>v;
}
export function text_to_int2(ctx: i32, s: i64): i32 {
  const v = parseInteger(ctx, s, SMALLINT_RANGE);
  if (v != <i64><i16>v) fail(ctx, SMALLINT_RANGE);
  return <i32>v;
}
export function text_to_oid(ctx: i32, s: i64): i32 {
  const v = parseInteger(ctx, s, INTEGER_RANGE);
  if (v < -2147483648 || v > 4294967295) fail(ctx, INTEGER_RANGE);
  return <i32>v;
}
export function text_to_bool(ctx: i32, s: i64): i32 {
  let p = strPtr(s);
  let n = strLen(s);
  while (n > 0 && isSpace(load<u8>(p))) {
    p++;
    n--;
  }
  while (n > 0 && isSpace(load<u8>(p + n - 1))) n--;
  if (n > 0 && n <= 5) {
    const w = packLower(p, n);
    if (w == WORD("t") || w == WORD("true") || w == WORD("y") || w == WORD("yes") || w == WORD("1")) return 1;
    if (w == WORD("tr") || w == WORD("tru") || w == WORD("ye")) return 1;
    if (w == WORD("f") || w == WORD("false") || w == WORD("n") || w == WORD("no") || w == WORD("0")) return 0;
    if (w == WORD("fa") || w == WORD("fal") || w == WORD("fals")) return 0;
  }
  failStr(ctx, INVALID_BOOL, s);
  return 0;
}

// ---- integers ----
export function int8_to_int4(ctx: i32, v: i64): i32 {
  if (v != <i64><i32>v) fail(ctx, INTEGER_RANGE);
  return <i32>v;
}
export function int4_to_int2(ctx: i32, v: i32): i32 {
  if (v != <i32><i16>v) fail(ctx, SMALLINT_RANGE);
  return v;
}
export function int8_to_int2(ctx: i32, v: i64): i32 {
  if (v != <i64><i16>v) fail(ctx, SMALLINT_RANGE);
  return <i32>v;
}
export function float8_to_int8(ctx: i32, v: f64): i64 {
  const r = nearest(v);
  if (!(r >= -9223372036854775808.0 && r < 9223372036854775808.0)) {
    fail(ctx, BIGINT_RANGE);
    return 0;
  }
  return <i64>r;
}
export function float8_to_int4(ctx: i32, v: f64): i32 {
  const r = nearest(v);
  if (!(r >= -2147483648.0 && r <= 2147483647.0)) {
    fail(ctx, INTEGER_RANGE);
    return 0;
  }
  return <i32>r;
}
export function float8_to_int2(ctx: i32, v: f64): i32 {
  const r = nearest(v);
  if (!(r >= -32768.0 && r <= 32767.0)) {
    fail(ctx, SMALLINT_RANGE);
    return 0;
  }
  return <i32>r;
}
export function float8_to_float4(ctx: i32, v: f64): f32 {
  const r = <f32>v;
  if (abs(r) == Infinity && abs(v) != Infinity) fail(ctx, FLOAT_RANGE);
  if (r == 0 && v != 0) fail(ctx, FLOAT_UNDERFLOW);
  return r;
}

// ---- numeric ----
export function numeric_to_float8(ctx: i32, lo: i64, hi: i64, scale: i32): f64 {
  const negative = hi < 0;
  let l = magLo(lo, hi);
  let h = magHi(lo, hi);
  let exponent = -scale;
  while (h != 0) {
    l = scaleDown(l, h, 1, false);
    h = R1;
    exponent++;
  }
  const v = decimalToFloat(ctx, l, exponent);
  return negative ? -v : v;
}
/** float8 to numeric(precision, scale): the 15 significant digits of the float, rounded half away at the scale. */
export function float8_to_numeric(ctx: i32, v: f64, precision: i32, scale: i32): i64 {
  return floatToNumeric(ctx, v, precision, scale, 15);
}
export function float4_to_numeric(ctx: i32, v: f32, precision: i32, scale: i32): i64 {
  return floatToNumeric(ctx, <f64>v, precision, scale, 6);
}
function floatToNumeric(ctx: i32, v: f64, precision: i32, scale: i32, digits: i32): i64 {
  setRetHi(ctx, 0);
  if (v == 0) return 0;
  if (v != v || abs(v) == Infinity) {
    fail(ctx, NUMERIC_OVERFLOW);
    return 0;
  }
  const n = fifteenDigits(ctx, abs(v), digits);
  const by = lastExponent() - (digits - 1) + scale;
  let lo = n;
  let hi: u64 = 0;
  if (by > 0) {
    if (by > 24) {
      fail(ctx, NUMERIC_OVERFLOW);
      return 0;
    }
    let left = by;
    while (left > 0) {
      const step = min(left, 19);
      const l = mulWide(lo, pow10(step));
      const c = R1;
      if (hi != 0 && hi > 0x7fffffffffffffff / pow10(min(step, 18))) {
        fail(ctx, NUMERIC_OVERFLOW);
        return 0;
      }
      hi = hi * pow10(step) + c;
      lo = l;
      left -= step;
    }
  } else if (by < 0) {
    lo = scaleDown(lo, 0, -by, false);
    hi = R1;
  }
  if (<i64>hi < 0) {
    fail(ctx, NUMERIC_OVERFLOW);
    return 0;
  }
  const r = signed128(ctx, lo, hi, v < 0);
  if (!fitsPrecision(r, load<i64>(ctx, RET_HI), precision)) fail(ctx, NUMERIC_OVERFLOW);
  return r;
}
/** numeric to an integer, rounding half away from zero. */
export function numeric_to_int8(ctx: i32, lo: i64, hi: i64, scale: i32): i64 {
  const l = scaleDown(magLo(lo, hi), magHi(lo, hi), scale, false);
  const r = signed128(ctx, l, R1, hi < 0);
  if (load<i64>(ctx, RET_HI) != r >> 63) fail(ctx, BIGINT_RANGE);
  return r;
}
export function numeric_to_int4(ctx: i32, lo: i64, hi: i64, scale: i32): i32 {
  const l = scaleDown(magLo(lo, hi), magHi(lo, hi), scale, false);
  const r = signed128(ctx, l, R1, hi < 0);
  if (load<i64>(ctx, RET_HI) != r >> 63 || r != <i64><i32>r) fail(ctx, INTEGER_RANGE);
  return <i32>r;
}
export function numeric_to_int2(ctx: i32, lo: i64, hi: i64, scale: i32): i32 {
  const v = numeric_to_int4(ctx, lo, hi, scale);
  if (v != <i32><i16>v) fail(ctx, SMALLINT_RANGE);
  return v;
}

// ---- dates ----
export function date_to_timestamp(ctx: i32, v: i32): i64 {
  return <i64>v * DAY_US;
}
export function timestamp_to_date(ctx: i32, v: i64): i32 {
  return dayOf(v);
}
export function timestamp_to_time(ctx: i32, v: i64): i64 {
  return timeOf(v);
}
export function timestamp_to_timestamptz(ctx: i32, v: i64): i64 {
  return local_to_utc(ctx, v);
}
export function timestamptz_to_timestamp(ctx: i32, v: i64): i64 {
  return tableToLocal(ctx, load<i32>(ctx, TZ_TABLE), v);
}
export function date_to_timestamptz(ctx: i32, v: i32): i64 {
  return local_to_utc(ctx, <i64>v * DAY_US);
}
export function timestamptz_to_date(ctx: i32, v: i64): i32 {
  return checkDay(ctx, dayOf(utc_to_local(ctx, v)));
}
export function timestamptz_to_time(ctx: i32, v: i64): i64 {
  return timeOf(utc_to_local(ctx, v));
}
export function time_to_interval(ctx: i32, v: i64): i64 {
  setRetHi(ctx, 0);
  return v;
}
export function interval_to_time(ctx: i32, lo: i64, hi: i64): i64 {
  return timeOf(lo);
}

// ---- lengths ----
/** The longest prefix of at most `bytes` bytes that ends at a character boundary. */
export function cast_text_trunc(ctx: i32, s: i64, bytes: i32): i64 {
  const n = strLen(s);
  if (n <= bytes) return s;
  const p = strPtr(s);
  let keep = bytes;
  while (keep > 0 && (load<u8>(p + keep) & 0xc0) == 0x80) keep--;
  return makeStr(p, keep);
}
/** Cast to char(bytes): cut, trailing blanks dropped (the held form of char). */
export function cast_char_trunc(ctx: i32, s: i64, bytes: i32): i64 {
  const cut = cast_text_trunc(ctx, s, bytes);
  const p = strPtr(cut);
  let n = strLen(cut);
  check_char_bytes(ctx, cut);
  while (n > 0 && load<u8>(p + n - 1) == 32) n--;
  return makeStr(p, n);
}
/**
 * Assignment to varchar(bytes) or char(bytes): blanks beyond the length are cut, anything else fails with 22001. A char
 * loses its trailing blanks and must be single-byte.
 */
export function check_length(ctx: i32, s: i64, bytes: i32, isChar: i32): i64 {
  const p = strPtr(s);
  let n = strLen(s);
  if (n > bytes) {
    let over = n;
    while (over > bytes && load<u8>(p + over - 1) == 32) over--;
    if (over > bytes) {
      const t = alloc_scratch(ctx, 64);
      if (t == 0) return 0;
      let e = isChar ? PUT(t, "character(") : PUT(t, "character varying(");
      e = putU64(e, bytes);
      store<u8>(e, 41);
      failText(ctx, VALUE_TOO_LONG, t, e + 1 - t);
      return 0;
    }
    n = bytes;
  }
  if (isChar) {
    while (n > 0 && load<u8>(p + n - 1) == 32) n--;
    check_char_bytes(ctx, makeStr(p, n));
  }
  return makeStr(p, n);
}
/** char holds single-byte characters only. */
export function check_char_bytes(ctx: i32, s: i64): void {
  const p = strPtr(s);
  const n = strLen(s);
  let i = 0;
  for (; i + 8 <= n; i += 8) if ((load<u64>(p + i) & 0x8080808080808080) != 0) break;
  for (; i < n; i++) {
    const c = load<u8>(p + i);
    if (c < 128) continue;
    const width = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    failText(ctx, MULTIBYTE_CHAR, p + i, min(width, n - i));
    return;
  }
}
/** The blanks of a char(bytes) put back (concatenation and octet_length see the held form otherwise). */
export function pad_char(ctx: i32, s: i64, bytes: i32): i64 {
  const n = strLen(s);
  if (n >= bytes) return s;
  const p = alloc_scratch(ctx, bytes);
  if (p == 0) return 0;
  memory.copy(p, strPtr(s), n);
  memory.fill(p + n, 32, bytes - n);
  return makeStr(p, bytes);
}
