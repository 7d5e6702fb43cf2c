/**
 * Parts of aggregates that are no plain sums: averages cut toward zero, the state behind variances and deviations.
 */
import { retNull, setRetHi, strLen, strPtr } from './layout.ts';
import { magHi, magLo, signed128 } from './int128.ts';
import { fail, BIGINT_RANGE, FLOAT_RANGE, MORE_THAN_ONE_ROW } from './errors.ts';
import { pow10, R1, udiv128 } from './wide.ts';

/** sum / count truncated, as a 128-bit decimal of the sum's scale. */
export function avg_numeric(ctx: i32, lo: i64, hi: i64, count: i64): i64 {
  if (count == 0) {
    retNull(ctx);
    setRetHi(ctx, 0);
    return 0;
  }
  const q = udiv128(magLo(lo, hi), magHi(lo, hi), <u64>count, 0);
  return signed128(ctx, q, R1, hi < 0);
}
export function avg_int8(ctx: i32, lo: i64, hi: i64, count: i64): i64 {
  const r = avg_numeric(ctx, lo, hi, count);
  if (load<i64>(ctx, 16) != r >> 63) fail(ctx, BIGINT_RANGE);
  return r;
}
/**
 * The state of variances, 40 bytes: +0 f64 count, +8 f64 mean, +16 f64 sum of squared distances from the mean, +24 i128
 * base. Exact numbers are taken as their exact distance from the first one (the base), so that digits a double has no
 * room for count; floats have base 0. One value at a time by Welford's method, two states by Chan's: no large squares are
 * subtracted from each other, and equal values give exactly 0.
 */
function add(at: i32, v: f64): void {
  const n = load<f64>(at) + 1.0;
  const mean = load<f64>(at, 8);
  const distance = v - mean;
  const moved = mean + distance / n;
  const before = load<f64>(at, 16);
  store<f64>(at, n);
  keep(at, moved, before + distance * (v - moved), before == before && abs(v) < Infinity);
}
/**
 * Mean and squares. Squares that are too large are Infinity from then on, which `spread` refuses; an infinite value, or one
 * that is none, makes them NaN, whatever else there is.
 */
function keep(at: i32, mean: f64, squares: f64, finite: bool): void {
  const fits = abs(squares) < Infinity;
  store<f64>(at, fits ? mean : 0, 8);
  store<f64>(at, fits ? squares : finite ? Infinity : NaN, 16);
}
export function moments_add_f64(state: i64, v: f64): void {
  add(strPtr(state), v);
}
function asFloat(lo: i64, hi: i64): f64 {
  const f = <f64>magHi(lo, hi) * 18446744073709551616.0 + <f64>magLo(lo, hi);
  return hi < 0 ? -f : f;
}
/** a - b as a double; both are below 10^38, the difference may have more bits than two words. */
function difference(alo: i64, ahi: i64, blo: i64, bhi: i64): f64 {
  const lo = alo - blo;
  const hi = ahi - bhi - (<u64>alo < <u64>blo ? 1 : 0);
  if (((ahi ^ bhi) & (ahi ^ hi)) < 0) return asFloat(alo, ahi) - asFloat(blo, bhi);
  return asFloat(lo, hi);
}
export function moments_add_i128(state: i64, lo: i64, hi: i64): void {
  const at = strPtr(state);
  if (load<f64>(at) == 0) {
    store<i64>(at, lo, 24);
    store<i64>(at, hi, 32);
  }
  add(at, difference(lo, hi, load<i64>(at, 24), load<i64>(at, 32)));
}
export function moments_merge(into: i64, from: i64): void {
  const a = strPtr(into);
  const b = strPtr(from);
  const na = load<f64>(a);
  const nb = load<f64>(b);
  if (nb == 0) return;
  if (na == 0) {
    memory.copy(a, b, 40);
    return;
  }
  const n = na + nb;
  const bases = difference(load<i64>(b, 24), load<i64>(b, 32), load<i64>(a, 24), load<i64>(a, 32));
  const distance = bases + load<f64>(b, 8) - load<f64>(a, 8);
  store<f64>(a, n);
  const both = load<f64>(a, 16) + load<f64>(b, 16);
  keep(a, load<f64>(a, 8) + distance * (nb / n), both + distance * distance * (na * (nb / n)), both == both);
}
/** The variance of unscaled values; of a decimal with `scale` digits behind the point once divided by 10^(2 scale). */
function spread(ctx: i32, state: i64, scale: i32, sample: bool): f64 {
  const at = strPtr(state);
  const n = strLen(state) == 40 ? load<f64>(at) : 0;
  if (n == 0 || (sample && n == 1)) {
    retNull(ctx);
    return 0;
  }
  const squares = load<f64>(at, 16);
  if (squares == Infinity) fail(ctx, FLOAT_RANGE);
  const unit = scale <= 19 ? <f64>pow10(scale) : <f64>pow10(19) * <f64>pow10(scale - 19);
  return squares / (sample ? n - 1.0 : n) / unit / unit;
}
export function var_samp_final(ctx: i32, state: i64, scale: i32): f64 {
  return spread(ctx, state, scale, true);
}
export function var_pop_final(ctx: i32, state: i64, scale: i32): f64 {
  return spread(ctx, state, scale, false);
}
export function stddev_samp_final(ctx: i32, state: i64, scale: i32): f64 {
  return sqrt(spread(ctx, state, scale, true));
}
export function stddev_pop_final(ctx: i32, state: i64, scale: i32): f64 {
  return sqrt(spread(ctx, state, scale, false));
}

/** Whether a scalar subquery gave a row; more than one is the error. */
export function single_row_check(ctx: i32, rows: i64): i32 {
  if (rows > 1) fail(ctx, MORE_THAN_ONE_ROW);
  return rows == 1 ? 1 : 0;
}
