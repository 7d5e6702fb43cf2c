/**
 * SUPER values from scalars and to scalars. To a scalar the value's own kind decides; what has no such cast is NULL, or
 * with `strict` (cast_super_null_on_error off) an error.
 */
import { float8_to_int8, float8_to_numeric, text_to_bool, text_to_int8 } from './casts.ts';
import { text_to_date, text_to_time, text_to_timestamp, text_to_timestamptz } from './datetime-parse.ts';
import { fail, OUT_OF_MEMORY, SUPER_CAST } from './errors.ts';
import { failLongString, stringMax } from './string-functions.ts';
import { parseFloatText } from './float-text.ts';
import { ERROR_CODE, failed, makeStr, retNull, RET_HI, setRetHi, strLen, strPtr } from './layout.ts';
import { fitsPrecision, numeric_rescale, numeric_truncate, text_to_numeric } from './numeric.ts';
import {
  beginBuild, finishBuild, putBool, putDecimal, putFloat4, putFloat8, putInteger, putString,
} from './super-build.ts';
import {
  exactHigh, exactLow, exactScale, FALSE, FLOAT4, floatOf, INTEGER, integerOf, isExact, isNumber, NULL, STRING, tagOf, TRUE,
} from './super-form.ts';
import { asDouble } from './super-number.ts';
import { plainText } from './super-text.ts';

// ---- from scalars ----
export function super_from_bool(ctx: i32, v: i32): i64 {
  return beginBuild(ctx, 8) && putBool(ctx, v != 0) ? finishBuild(ctx) : 0;
}
export function super_from_int8(ctx: i32, v: i64): i64 {
  return beginBuild(ctx, 16) && putInteger(ctx, v) ? finishBuild(ctx) : 0;
}
export function super_from_int4(ctx: i32, v: i32): i64 {
  return super_from_int8(ctx, <i64>v);
}
export function super_from_numeric(ctx: i32, lo: i64, hi: i64, scale: i32): i64 {
  return beginBuild(ctx, 24) && putDecimal(ctx, lo, hi, scale) ? finishBuild(ctx) : 0;
}
/** NaN and the infinities have no place in JSON: NULL. */
export function super_from_float8(ctx: i32, v: f64): i64 {
  if (v != v || abs(v) == Infinity) {
    retNull(ctx);
    return 0;
  }
  return beginBuild(ctx, 16) && putFloat8(ctx, v) ? finishBuild(ctx) : 0;
}
export function super_from_float4(ctx: i32, v: f32): i64 {
  if (v != v || abs(v) == Infinity) {
    retNull(ctx);
    return 0;
  }
  return beginBuild(ctx, 16) && putFloat4(ctx, v) ? finishBuild(ctx) : 0;
}
export function super_from_text(ctx: i32, s: i64): i64 {
  if (strLen(s) > stringMax(ctx)) failLongString(ctx);
  return beginBuild(ctx, strLen(s) + 1) && putString(ctx, strPtr(s), strLen(s)) ? finishBuild(ctx) : 0;
}

/** A value as its bytes, and back. */
export function super_same(ctx: i32, s: i64): i64 {
  return s;
}

// ---- to scalars ----
/** There is no such value: NULL or an error. An error that a reader of texts left is no error of the lax mode. */
function miss(ctx: i32, strict: i32): void {
  const code = load<i32>(ctx, ERROR_CODE);
  if (code == OUT_OF_MEMORY) return;
  store<i32>(ctx, 0, ERROR_CODE);
  if (strict != 0) fail(ctx, SUPER_CAST);
  else retNull(ctx);
}
function isNull(ctx: i32, tag: i32): bool {
  if (tag != NULL) return false;
  retNull(ctx);
  return true;
}
function stringOf(s: i64): i64 {
  return makeStr(strPtr(s) + 1, strLen(s) - 1);
}
export function super_to_bool(ctx: i32, s: i64, strict: i32): i32 {
  const p = strPtr(s);
  const tag = tagOf(p);
  if (tag == TRUE || tag == FALSE) return tag == TRUE ? 1 : 0;
  if (isNull(ctx, tag)) return 0;
  if (tag == INTEGER) return integerOf(p, p + strLen(s)) != 0 ? 1 : 0;
  if (isExact(tag) && exactScale(p) == 0) return 1;
  if (tag == STRING) {
    const v = text_to_bool(ctx, stringOf(s));
    if (!failed(ctx)) return v;
  }
  miss(ctx, strict);
  return 0;
}
export function super_to_int8(ctx: i32, s: i64, strict: i32): i64 {
  const p = strPtr(s);
  const end = p + strLen(s);
  const tag = tagOf(p);
  if (tag == INTEGER) return integerOf(p, end);
  if (isNull(ctx, tag)) return 0;
  let v: i64 = 0;
  if (tag == TRUE || tag == FALSE) return tag == TRUE ? 1 : 0;
  if (isExact(tag)) {
    v = numeric_truncate(ctx, exactLow(p, end), exactHigh(p, end), -exactScale(p));
    if (load<i64>(ctx, RET_HI) == v >> 63) return v;
  } else if (isNumber(tag)) {
    v = float8_to_int8(ctx, floatOf(p));
    if (!failed(ctx)) return v;
  } else if (tag == STRING) {
    v = text_to_int8(ctx, stringOf(s));
    if (!failed(ctx)) return v;
  }
  miss(ctx, strict);
  return 0;
}
export function super_to_int4(ctx: i32, s: i64, strict: i32): i32 {
  const v = super_to_int8(ctx, s, strict);
  if (v != <i64><i32>v) miss(ctx, strict);
  return <i32>v;
}
export function super_to_int2(ctx: i32, s: i64, strict: i32): i32 {
  const v = super_to_int8(ctx, s, strict);
  if (v != <i64><i16>v) miss(ctx, strict);
  return <i32>v;
}
/** Decimals that there is no room for are cut off, as casts of NUMERIC values cut them. */
export function super_to_numeric(ctx: i32, s: i64, precision: i32, scale: i32, strict: i32): i64 {
  const p = strPtr(s);
  const end = p + strLen(s);
  const tag = tagOf(p);
  setRetHi(ctx, 0);
  if (isNull(ctx, tag)) return 0;
  let v: i64 = 0;
  let known = true;
  if (isExact(tag)) {
    const by = scale - exactScale(p);
    v = by < 0
      ? numeric_truncate(ctx, exactLow(p, end), exactHigh(p, end), by)
      : numeric_rescale(ctx, exactLow(p, end), exactHigh(p, end), by);
  } else if (isNumber(tag)) v = float8_to_numeric(ctx, floatOf(p), precision, scale);
  else if (tag == STRING) v = text_to_numeric(ctx, stringOf(s), precision, scale);
  else known = false;
  if (known && !failed(ctx) && fitsPrecision(v, load<i64>(ctx, RET_HI), precision)) return v;
  miss(ctx, strict);
  return 0;
}
/** The same for precisions that one word holds. */
export function super_to_numeric64(ctx: i32, s: i64, precision: i32, scale: i32, strict: i32): i64 {
  return super_to_numeric(ctx, s, precision, scale, strict);
}
export function super_to_float8(ctx: i32, s: i64, strict: i32): f64 {
  const p = strPtr(s);
  const tag = tagOf(p);
  if (isNull(ctx, tag)) return 0;
  if (isNumber(tag)) return asDouble(ctx, p, p + strLen(s));
  if (tag == STRING) {
    const v = parseFloatText(ctx, stringOf(s), 53);
    if (!failed(ctx)) return v;
  }
  miss(ctx, strict);
  return 0;
}
export function super_to_float4(ctx: i32, s: i64, strict: i32): f32 {
  if (load<u8>(strPtr(s)) == FLOAT4) return load<f32>(strPtr(s), 1);
  const v = super_to_float8(ctx, s, strict);
  if ((abs(<f32>v) == Infinity && abs(v) != Infinity) || (<f32>v == 0 && v != 0)) miss(ctx, strict);
  return <f32>v;
}
/** A string loses its quotes; arrays and objects have no text of this kind (JSON_SERIALIZE gives it). */
export function super_to_text(ctx: i32, s: i64, strict: i32): i64 {
  const p = strPtr(s);
  if (isNull(ctx, tagOf(p))) return 0;
  const text = plainText(ctx, p, p + strLen(s));
  if (text == 0 && !failed(ctx)) miss(ctx, strict);
  return text;
}
/** Dates and times are strings in JSON. */
export function super_to_date(ctx: i32, s: i64, strict: i32): i32 {
  if (isNull(ctx, tagOf(strPtr(s)))) return 0;
  if (tagOf(strPtr(s)) == STRING) {
    const v = text_to_date(ctx, stringOf(s));
    if (!failed(ctx)) return v;
  }
  miss(ctx, strict);
  return 0;
}
/** kind: 0 TIME, 1 TIMESTAMP, 2 TIMESTAMPTZ. */
export function super_to_moment(ctx: i32, s: i64, strict: i32, kind: i32): i64 {
  if (isNull(ctx, tagOf(strPtr(s)))) return 0;
  if (tagOf(strPtr(s)) == STRING) {
    const text = stringOf(s);
    const v = kind == 0 ? text_to_time(ctx, text) : kind == 1 ? text_to_timestamp(ctx, text) : text_to_timestamptz(ctx, text);
    if (!failed(ctx)) return v;
  }
  miss(ctx, strict);
  return 0;
}
/** The value itself; a JSON null is NULL, as operands of comparisons see it. */
export function super_operand(ctx: i32, s: i64): i64 {
  if (isNull(ctx, tagOf(strPtr(s)))) return 0;
  return s;
}
