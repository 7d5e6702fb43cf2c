/**
 * Fixed-point decimals: rescaling, precision checks, division with a 256-bit intermediate, text in and out. Values are
 * unscaled integers, i64 (precision <= 18) or i128 as two words; the scale is known to the caller. Rounding is half
 * away from zero except where a kernel says it truncates.
 */
import { alloc_scratch, shrink_scratch } from './alloc.ts';
import { DIVISION_BY_ZERO, fail, failStr, INVALID_NUMERIC, NUMERIC_FIELD_OVERFLOW, NUMERIC_OVERFLOW } from './errors.ts';
import { magHi, magLo, overflow128, signed128 } from './int128.ts';
import { makeStr, setRetHi, strLen, strPtr } from './layout.ts';
import { putDigits, putI64, putU128 } from './text-out.ts';
import { div256, mul128, mulWide, pow10, pow10Wide, R1, scaleDown, udiv128, W0, W1, W2, W3 } from './wide.ts';

export function numeric_rescale_64(ctx: i32, v: i64, by: i32): i64 {
  if (by == 0 || v == 0) return v;
  const negative = v < 0;
  const m = negative ? <u64>-v : <u64>v;
  if (by > 0) {
    if (by > 19) {
      fail(ctx, NUMERIC_OVERFLOW);
      return 0;
    }
    const r = mulWide(m, pow10(by));
    if (R1 != 0 || <i64>r < 0) {
      fail(ctx, NUMERIC_OVERFLOW);
      return 0;
    }
    return negative ? -<i64>r : <i64>r;
  }
  if (by < -19) return 0;
  const d = pow10(-by);
  let q = m / d;
  const r = m - q * d;
  if (r >= d - r) q++;
  return negative ? -<i64>q : <i64>q;
}
export function numeric_rescale(ctx: i32, lo: i64, hi: i64, by: i32): i64 {
  if (by == 0) {
    setRetHi(ctx, hi);
    return lo;
  }
  const negative = hi < 0;
  const mlo = magLo(lo, hi);
  const mhi = magHi(lo, hi);
  if (by > 0) {
    if ((lo | hi) == 0) {
      setRetHi(ctx, 0);
      return 0;
    }
    if (by > 38) {
      fail(ctx, NUMERIC_OVERFLOW);
      return 0;
    }
    const plo = pow10Wide(by);
    mul128(mlo, mhi, plo, R1);
    if ((W2 | W3) != 0 || <i64>W1 < 0) {
      fail(ctx, NUMERIC_OVERFLOW);
      return 0;
    }
    return signed128(ctx, W0, W1, negative);
  }
  const q = scaleDown(mlo, mhi, -by, false);
  return signed128(ctx, q, R1, negative);
}
/** numeric_rescale that truncates toward zero when dividing. */
export function numeric_truncate(ctx: i32, lo: i64, hi: i64, by: i32): i64 {
  if (by >= 0) return numeric_rescale(ctx, lo, hi, by);
  const q = scaleDown(magLo(lo, hi), magHi(lo, hi), -by, true);
  return signed128(ctx, q, R1, hi < 0);
}
/** precision is at most 18. */
export function numeric_check_64(ctx: i32, v: i64, precision: i32): void {
  const limit = <i64>pow10(precision);
  if (v >= limit || v <= -limit) fail(ctx, NUMERIC_OVERFLOW);
}
export function numeric_check(ctx: i32, lo: i64, hi: i64, precision: i32): void {
  if (!fitsPrecision(lo, hi, precision)) fail(ctx, NUMERIC_OVERFLOW);
}
/** abs(v) < 10^precision. */
export function fitsPrecision(lo: i64, hi: i64, precision: i32): bool {
  const plo = pow10Wide(precision > 38 ? 38 : precision);
  const phi = R1;
  const mhi = magHi(lo, hi);
  return mhi < phi || (mhi == phi && magLo(lo, hi) < plo);
}
/** i128 to the 64-bit form, failing when it does not fit. */
export function numeric_narrow(ctx: i32, lo: i64, hi: i64): i64 {
  if (hi != lo >> 63) fail(ctx, NUMERIC_OVERFLOW);
  return lo;
}
export function numeric_div(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64, shift: i32): i64 {
  if ((blo | bhi) == 0) {
    fail(ctx, DIVISION_BY_ZERO);
    return 0;
  }
  const negative = (ahi ^ bhi) < 0;
  const mlo = magLo(alo, ahi);
  const mhi = magHi(alo, ahi);
  const dlo = magLo(blo, bhi);
  const dhi = magHi(blo, bhi);
  if (shift < 0) {
    const q0 = udiv128(mlo, mhi, dlo, dhi);
    const q1 = scaleDown(q0, R1, -shift, true);
    return signed128(ctx, q1, R1, negative);
  }
  if (mhi == 0 && dhi == 0 && shift <= 19) {
    const l = mulWide(mlo, pow10(shift));
    if (R1 == 0) return signed128(ctx, l / dlo, 0, negative);
  }
  if (shift > 38) {
    if ((alo | ahi) == 0) {
      setRetHi(ctx, 0);
      return 0;
    }
    overflow128(ctx, WORD("division"), 0, 8);
    return 0;
  }
  const plo = pow10Wide(shift);
  mul128(mlo, mhi, plo, R1);
  const n0 = W0;
  const n1 = W1;
  const n2 = W2;
  const n3 = W3;
  // quotient below 2^128 iff (n3:n2) < d
  if (n3 > dhi || (n3 == dhi && n2 >= dlo)) {
    overflow128(ctx, WORD("division"), 0, 8);
    return 0;
  }
  const q = div256(n3, n2, n1, n0, dhi, dlo);
  if (<i64>R1 < 0) {
    overflow128(ctx, WORD("division"), 0, 8);
    return 0;
  }
  return signed128(ctx, q, R1, negative);
}

// ---- text ----
export function fmt_numeric(ctx: i32, out: i32, lo: i64, hi: i64, scale: i32): i32 {
  let p = out;
  if (hi < 0) store<u8>(p++, 45);
  if (scale == 0) return putU128(p, magLo(lo, hi), magHi(lo, hi));
  const end = putU128(p, magLo(lo, hi), magHi(lo, hi));
  let n = end - p;
  if (n <= scale) {
    const pad = scale + 1 - n;
    memory.copy(p + pad, p, n);
    memory.fill(p, 48, pad);
    n += pad;
  }
  const point = p + n - scale;
  memory.copy(point + 1, point, scale);
  store<u8>(point, 46);
  return p + n + 1;
}
export function fmt_numeric64(ctx: i32, out: i32, v: i64, scale: i32): i32 {
  let p = out;
  let m = <u64>v;
  if (v < 0) {
    store<u8>(p++, 45);
    m = <u64>-v;
  }
  if (scale == 0) return putI64(p, <i64>m);
  if (scale > 19) return fmt_numeric(ctx, out, v, v >> 63, scale);
  const d = pow10(scale);
  const q = m / d;
  p = putI64(p, <i64>q);
  store<u8>(p++, 46);
  return putDigits(p, m - q * d, scale);
}
export function numeric_to_text(ctx: i32, lo: i64, hi: i64, scale: i32): i64 {
  const p = alloc_scratch(ctx, 64);
  if (p == 0) return 0;
  const end = fmt_numeric(ctx, p, lo, hi, scale);
  shrink_scratch(ctx, p, end - p);
  return makeStr(p, end - p);
}
// @ts-ignore: decorator
@inline
export function isSpace(c: i32): bool {
  return c == 32 || (c >= 9 && c <= 13);
}
/**
 * Parses decimal text to scale, rounding half away. Accepts blanks around, a sign, a point, an exponent. Fails with
 * INVALID_NUMERIC or, when the integer digits do not fit, NUMERIC_FIELD_OVERFLOW.
 */
export function text_to_numeric(ctx: i32, s: i64, precision: i32, scale: i32): i64 {
  let p = strPtr(s);
  let end = p + strLen(s);
  while (p < end && isSpace(load<u8>(p))) p++;
  while (end > p && isSpace(load<u8>(end - 1))) end--;
  let negative = false;
  if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) {
    negative = load<u8>(p) == 45;
    p++;
  }
  const first = p;
  let point = -1;
  let digits = 0;
  while (p < end) {
    const c = <i32>load<u8>(p);
    if (c >= 48 && c <= 57) digits++;
    else if (c == 46 && point < 0) point = p;
    else break;
    p++;
  }
  const mantissaEnd = p;
  let exponent = 0;
  let bad = digits == 0;
  if (!bad && p < end && (load<u8>(p) | 0x20) == 101) {
    p++;
    let en = false;
    if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) {
      en = load<u8>(p) == 45;
      p++;
    }
    if (p >= end) bad = true;
    while (p < end) {
      const c = <i32>load<u8>(p) - 48;
      if (c < 0 || c > 9) break;
      if (exponent < 100000) exponent = exponent * 10 + c;
      p++;
    }
    if (en) exponent = -exponent;
  }
  if (bad || p != end) {
    failStr(ctx, INVALID_NUMERIC, s);
    return 0;
  }
  return numericDigits(ctx, first, mantissaEnd, point, exponent, negative, precision, scale);
}
/** The digits between `p` and `end` (with a point at `point` or -1) times 10^exponent, as an unscaled value. */
function numericDigits(
  ctx: i32, first: i32, end: i32, point: i32, exponent: i32, negative: bool, precision: i32, scale: i32,
): i64 {
  const intDigits = point < 0 ? end - first : point - first;
  // number of leading digits (of all digits) that stand left of the cut
  let keep = intDigits + exponent + scale;
  let lo: u64 = 0;
  let hi: u64 = 0;
  let round = false;
  let index = 0;
  let p = first;
  let overflow = false;
  for (; p < end; p++) {
    if (p == point) continue;
    const d = <u64>load<u8>(p) - 48;
    if (index == keep) {
      round = d >= 5;
      break;
    }
    if (index > keep) break;
    if ((hi >>> 60) != 0) {
      overflow = true;
      break;
    }
    const l = mulWide(lo, 10);
    hi = hi * 10 + R1;
    lo = l + d;
    if (lo < l) hi++;
    index++;
  }
  while (!overflow && index < keep && (lo | hi) != 0) {
    if ((hi >>> 60) != 0) overflow = true;
    const l = mulWide(lo, 10);
    hi = hi * 10 + R1;
    lo = l;
    index++;
  }
  if (round) {
    lo++;
    if (lo == 0) hi++;
  }
  if (overflow || <i64>hi < 0) {
    fail(ctx, NUMERIC_FIELD_OVERFLOW);
    return 0;
  }
  const r = signed128(ctx, lo, hi, negative);
  if (!fitsPrecision(r, load<i64>(ctx, 16), precision)) fail(ctx, NUMERIC_FIELD_OVERFLOW);
  return r;
}
