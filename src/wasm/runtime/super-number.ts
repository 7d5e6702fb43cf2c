/**
 * Numbers inside SUPER values: arithmetic by what they are (whole numbers, decimals, doubles), rounding, their text. A
 * whole number that leaves bigint is a decimal of scale 0; beyond 38 digits is an error, never another number. What is
 * no number makes the result NULL.
 */
import { mark, release } from './alloc.ts';
import { DIVISION_BY_ZERO, fail, FLOAT_RANGE, NUMERIC_OVERFLOW } from './errors.ts';
import { i128_add, i128_div, i128_mod, i128_mul, i128_sub, magHi, magLo } from './int128.ts';
import { failed, retNull, RET_HI, strLen, strPtr } from './layout.ts';
import { numeric_cut, numeric_round_at, float8_round } from './math-functions.ts';
import { fitsPrecision, fmt_numeric, numeric_div, numeric_rescale } from './numeric.ts';
import { numeric_to_float8 } from './casts.ts';
import { beginBuild, finishBuild, putDecimal, putFloat8, putRaw, putTag } from './super-build.ts';
import {
  exactHigh, exactLow, exactScale, floatOf, INTEGER, integerOf, isExact, isNumber, STRING, tagOf,
} from './super-form.ts';
import { text_replace } from './text-state.ts';
import { pow10Wide, R1 } from './wide.ts';

export function putDecimalText(ctx: i32, out: i32, p: i32, end: i32): i32 {
  return fmt_numeric(ctx, out, exactLow(p, end), exactHigh(p, end), exactScale(p));
}
/** Any number as a double. */
export function asDouble(ctx: i32, p: i32, end: i32): f64 {
  if (!isExact(tagOf(p))) return floatOf(p);
  return numeric_to_float8(ctx, exactLow(p, end), exactHigh(p, end), exactScale(p));
}
function nothing(ctx: i32): i64 {
  retNull(ctx);
  return 0;
}
function decimal(ctx: i32, lo: i64, scale: i32): i64 {
  const hi = load<i64>(ctx, RET_HI);
  if (failed(ctx)) return 0;
  if (!fitsPrecision(lo, hi, 38)) {
    fail(ctx, NUMERIC_OVERFLOW);
    return 0;
  }
  if (!beginBuild(ctx, 24) || !putDecimal(ctx, lo, hi, scale)) return 0;
  return finishBuild(ctx);
}
/** A double that is no number has no place in JSON. */
function double(ctx: i32, v: f64): i64 {
  if (v != v || abs(v) == Infinity) return nothing(ctx);
  if (!beginBuild(ctx, 24) || !putFloat8(ctx, v)) return 0;
  return finishBuild(ctx);
}

/** op: 0 plus, 1 minus, 2 times, 3 divided by, 4 modulo. Two strings are joined by plus. */
export function super_arith(ctx: i32, a: i64, b: i64, op: i32): i64 {
  const p = strPtr(a);
  const q = strPtr(b);
  const ta = tagOf(p);
  const tb = tagOf(q);
  if (ta == STRING && tb == STRING && op == 0) {
    if (!beginBuild(ctx, 32) || !putTag(ctx, STRING)) return 0;
    return putRaw(ctx, p + 1, strLen(a) - 1) && putRaw(ctx, q + 1, strLen(b) - 1) ? finishBuild(ctx) : 0;
  }
  if (!isNumber(ta) || !isNumber(tb)) return nothing(ctx);
  const ea = p + strLen(a);
  const eb = q + strLen(b);
  if (isExact(ta) && isExact(tb)) return exactArith(ctx, p, ea, q, eb, op);
  const x = asDouble(ctx, p, ea);
  const y = asDouble(ctx, q, eb);
  if (op >= 3 && y == 0) {
    fail(ctx, DIVISION_BY_ZERO);
    return 0;
  }
  if (op == 4) return nothing(ctx);
  const v = op == 0 ? x + y : op == 1 ? x - y : op == 2 ? x * y : x / y;
  // Rounded to zero: no number, as one too large is none.
  if (v == 0 && x != 0 && (op == 3 || (op == 2 && y != 0))) return nothing(ctx);
  return double(ctx, v);
}
/** The sum that an aggregate holds in the arena (text-state.ts; 0 for none) with one more number. */
export function super_sum(ctx: i32, old: i64, v: i64): i64 {
  if (old == 0) return text_replace(ctx, 0, v);
  const m = mark(ctx);
  const sum = super_arith(ctx, old, v, 0);
  if (failed(ctx)) return 0;
  if (sum == 0) {
    fail(ctx, FLOAT_RANGE);
    return 0;
  }
  const state = text_replace(ctx, old, sum);
  release(ctx, m);
  return state;
}
function exactArith(ctx: i32, p: i32, ea: i32, q: i32, eb: i32, op: i32): i64 {
  let alo = exactLow(p, ea);
  let ahi = exactHigh(p, ea);
  let blo = exactLow(q, eb);
  let bhi = exactHigh(q, eb);
  const sa = exactScale(p);
  const sb = exactScale(q);
  if (op == 2) {
    const product = i128_mul(ctx, alo, ahi, blo, bhi);
    if (sa + sb <= 37 || failed(ctx)) return decimal(ctx, product, sa + sb);
    return decimal(ctx, numeric_rescale(ctx, product, load<i64>(ctx, RET_HI), 37 - sa - sb), 37);
  }
  if (op == 3) return quotient(ctx, alo, ahi, sa, blo, bhi, sb);
  const scale = max(sa, sb);
  if (sa < scale) {
    alo = numeric_rescale(ctx, alo, ahi, scale - sa);
    ahi = load<i64>(ctx, RET_HI);
  }
  if (sb < scale) {
    blo = numeric_rescale(ctx, blo, bhi, scale - sb);
    bhi = load<i64>(ctx, RET_HI);
  }
  if (failed(ctx)) return 0;
  if (op == 0) return decimal(ctx, i128_add(ctx, alo, ahi, blo, bhi), scale);
  return decimal(ctx, op == 1 ? i128_sub(ctx, alo, ahi, blo, bhi) : i128_mod(ctx, alo, ahi, blo, bhi), scale);
}
/** Whole numbers give the whole part; with decimals the scale is what NUMERIC columns of these digits give. */
function quotient(ctx: i32, alo: i64, ahi: i64, sa: i32, blo: i64, bhi: i64, sb: i32): i64 {
  if (sa == 0 && sb == 0) return decimal(ctx, i128_div(ctx, alo, ahi, blo, bhi), 0);
  const pa = max(precisionOf(alo, ahi), sa);
  const pb = max(precisionOf(blo, bhi), sb);
  let scale = max(4, sa + pb - sb + 1);
  const precision = pa - sa + sb + scale;
  if (precision > 38) scale = max(38 + scale - precision, min(4, scale));
  return decimal(ctx, numeric_div(ctx, alo, ahi, blo, bhi, scale + sb - sa), scale);
}
/** Digits of an unscaled number, at least 1. */
export function precisionOf(lo: i64, hi: i64): i32 {
  const l = magLo(lo, hi);
  const h = magHi(lo, hi);
  let n = 1;
  while (n < 38) {
    const pl = pow10Wide(n);
    if (h < R1 || (h == R1 && l < pl)) break;
    n++;
  }
  return n;
}

/** op: 0 negate, 1 abs, 2 ceil, 3 floor, 4 sign; NULL for what is no number. */
export function super_unary(ctx: i32, a: i64, op: i32): i64 {
  const p = strPtr(a);
  const tag = tagOf(p);
  if (!isNumber(tag)) return nothing(ctx);
  if (!isExact(tag)) {
    const v = floatOf(p);
    const sign: f64 = v > 0 ? 1 : v < 0 ? -1 : 0;
    return double(ctx, op == 0 ? -v : op == 1 ? abs(v) : op == 2 ? ceil(v) : op == 3 ? floor(v) : sign);
  }
  const end = p + strLen(a);
  const lo = exactLow(p, end);
  const hi = exactHigh(p, end);
  const scale = exactScale(p);
  if (op == 0 || (op == 1 && hi < 0)) return decimal(ctx, i128_sub(ctx, 0, 0, lo, hi), scale);
  if (op == 1) return a;
  if (op <= 3) return decimal(ctx, numeric_cut(ctx, lo, hi, scale, op), 0);
  const sign = hi < 0 ? -1 : (lo | hi) == 0 ? 0 : 1;
  return decimal(ctx, i128_add(ctx, <i64>sign, <i64>sign >> 63, 0, 0), 0);
}
/** ROUND and TRUNC (mode 1) at `digits` places: decimals keep their scale when places are asked for, as columns do. */
export function super_round(ctx: i32, a: i64, digits: i32, mode: i32): i64 {
  const p = strPtr(a);
  const tag = tagOf(p);
  if (!isNumber(tag)) return nothing(ctx);
  const end = p + strLen(a);
  if (isExact(tag)) {
    const scale = exactScale(p);
    const rounded = numeric_round_at(ctx, exactLow(p, end), exactHigh(p, end), scale, digits, mode);
    if (failed(ctx) || digits >= scale) return failed(ctx) ? 0 : a;
    const keep = max(digits, 0);
    return decimal(ctx, numeric_cut(ctx, rounded, load<i64>(ctx, RET_HI), scale - keep, 1), keep);
  }
  if (digits > 308) return a;
  const power = 10.0 ** <f64>digits;
  const scaled = floatOf(p) * power;
  return double(ctx, (mode == 1 ? trunc(scaled) : float8_round(ctx, scaled)) / power);
}

/** DECIMAL_PRECISION (which 0) and DECIMAL_SCALE (1): NULL for what is no exact number. */
export function super_digits(ctx: i32, a: i64, which: i32): i32 {
  const p = strPtr(a);
  if (!isExact(tagOf(p))) {
    retNull(ctx);
    return 0;
  }
  const end = p + strLen(a);
  if (which == 1) return exactScale(p);
  return max(precisionOf(exactLow(p, end), exactHigh(p, end)), exactScale(p));
}
/** What IS_SMALLINT, IS_INTEGER and IS_BIGINT ask: a whole number in the range of `bits`. */
export function isWhole(p: i32, end: i32, bits: i32): bool {
  if (tagOf(p) != INTEGER) return false;
  const v = integerOf(p, end);
  return bits == 64 || (bits == 32 ? v == <i64><i32>v : v == <i64><i16>v);
}
