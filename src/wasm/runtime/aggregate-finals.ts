/**
 * The last step of aggregates: averages cut toward zero, variances and deviations from count, sum and sum of squares.
 */
import { retNull, setRetHi } from './layout.ts';
import { magHi, magLo, signed128 } from './int128.ts';
import { fail, BIGINT_RANGE, MORE_THAN_ONE_ROW } from './errors.ts';
import { R1, udiv128 } from './wide.ts';

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
function spread(ctx: i32, n: i64, sum: f64, squares: f64, sample: bool): f64 {
  if (n == 0 || (sample && n == 1)) {
    retNull(ctx);
    return 0;
  }
  const count = <f64>n;
  const v = (squares - (sum * sum) / count) / (sample ? count - 1.0 : count);
  return v < 0 ? 0 : v;
}
export function var_samp_final(ctx: i32, n: i64, sum: f64, squares: f64): f64 {
  return spread(ctx, n, sum, squares, true);
}
export function var_pop_final(ctx: i32, n: i64, sum: f64, squares: f64): f64 {
  return spread(ctx, n, sum, squares, false);
}
export function stddev_samp_final(ctx: i32, n: i64, sum: f64, squares: f64): f64 {
  return sqrt(spread(ctx, n, sum, squares, true));
}
export function stddev_pop_final(ctx: i32, n: i64, sum: f64, squares: f64): f64 {
  return sqrt(spread(ctx, n, sum, squares, false));
}

/** Whether a scalar subquery gave a row; more than one is the error. */
export function single_row_check(ctx: i32, rows: i64): i32 {
  if (rows > 1) fail(ctx, MORE_THAN_ONE_ROW);
  return rows == 1 ? 1 : 0;
}
