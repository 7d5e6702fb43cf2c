/**
 * Signed 128-bit integers: add, subtract, multiply, divide, remainder, compare, negate. Results: low word returned, high
 * word at ctx+RET_HI. Overflow fails with NUMERIC128_OVERFLOW and the operation's name, division by zero with its code.
 * The all-ones-below-sign minimum counts as overflow so that negation never fails.
 */
import { alloc_scratch } from './alloc.ts';
import { DIVISION_BY_ZERO, fail, failText, NUMERIC128_OVERFLOW } from './errors.ts';
import { put8, setRetHi } from './layout.ts';
import { mul128, R1, R2, R3, udiv128, W0, W1, W2, W3 } from './wide.ts';

export function overflow128(ctx: i32, first: u64, second: u64, len: i32): void {
  const p = alloc_scratch(ctx, 24);
  if (p == 0) return;
  put8(put8(p, first, 8), second, 8);
  failText(ctx, NUMERIC128_OVERFLOW, p, len);
}
export function i128_add(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  const lo = alo + blo;
  const hi = ahi + bhi + (<u64>lo < <u64>alo ? 1 : 0);
  if (((ahi ^ hi) & (bhi ^ hi)) < 0) overflow128(ctx, WORD("addition"), 0, 8);
  setRetHi(ctx, hi);
  return lo;
}
export function i128_sub(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  const lo = alo - blo;
  const hi = ahi - bhi - (<u64>alo < <u64>blo ? 1 : 0);
  if (((ahi ^ bhi) & (ahi ^ hi)) < 0) overflow128(ctx, WORD("subtract"), WORD("ion"), 11);
  setRetHi(ctx, hi);
  return lo;
}
export function i128_neg(ctx: i32, lo: i64, hi: i64): i64 {
  setRetHi(ctx, ~hi + (lo == 0 ? 1 : 0));
  return -lo;
}
/** Magnitude of (hi:lo): low word returned, R-style high word through RET_HI. */
// @ts-ignore: decorator
@inline
export function magLo(lo: i64, hi: i64): u64 {
  return hi < 0 ? <u64>-lo : <u64>lo;
}
// @ts-ignore: decorator
@inline
export function magHi(lo: i64, hi: i64): u64 {
  return hi < 0 ? <u64>(~hi + (lo == 0 ? 1 : 0)) : <u64>hi;
}
/** Stores the sign on a magnitude below 2^127. */
export function signed128(ctx: i32, lo: u64, hi: u64, negative: bool): i64 {
  if (!negative) {
    setRetHi(ctx, <i64>hi);
    return <i64>lo;
  }
  return i128_neg(ctx, <i64>lo, <i64>hi);
}
export function i128_mul(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  const negative = (ahi ^ bhi) < 0;
  mul128(magLo(alo, ahi), magHi(alo, ahi), magLo(blo, bhi), magHi(blo, bhi));
  if ((W2 | W3) != 0 || <i64>W1 < 0) {
    overflow128(ctx, WORD("multipli"), WORD("cation"), 14);
    return 0;
  }
  return signed128(ctx, W0, W1, negative);
}
export function i128_div(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  if ((blo | bhi) == 0) {
    fail(ctx, DIVISION_BY_ZERO);
    return 0;
  }
  const q = udiv128(magLo(alo, ahi), magHi(alo, ahi), magLo(blo, bhi), magHi(blo, bhi));
  if (<i64>R1 < 0) {
    overflow128(ctx, WORD("division"), 0, 8);
    return 0;
  }
  return signed128(ctx, q, R1, (ahi ^ bhi) < 0);
}
export function i128_mod(ctx: i32, alo: i64, ahi: i64, blo: i64, bhi: i64): i64 {
  if ((blo | bhi) == 0) {
    fail(ctx, DIVISION_BY_ZERO);
    return 0;
  }
  udiv128(magLo(alo, ahi), magHi(alo, ahi), magLo(blo, bhi), magHi(blo, bhi));
  return signed128(ctx, R2, R3, ahi < 0);
}
export function i128_cmp(alo: i64, ahi: i64, blo: i64, bhi: i64): i32 {
  if (ahi != bhi) return ahi < bhi ? -1 : 1;
  if (alo == blo) return 0;
  return <u64>alo < <u64>blo ? -1 : 1;
}
export function i128_abs(ctx: i32, lo: i64, hi: i64): i64 {
  setRetHi(ctx, <i64>magHi(lo, hi));
  return <i64>magLo(lo, hi);
}
