/**
 * Percentiles of n ordered values: which rows they lie between (counted from 1), and how far from the first. The percentile
 * is counted in billionths, so that rows are found exactly.
 */
import { fail, PERCENTILE_RANGE } from './errors.ts';

const ONE: i64 = 1000000000;

function refuses(ctx: i32, p: i64): bool {
  if (p >= 0 && p <= ONE) return false;
  fail(ctx, PERCENTILE_RANGE);
  return true;
}
/** p * (n - 1), whole part and rest apart; n is below 2^32, so nothing overflows. */
function place(ctx: i32, p: i64, n: i64): i64 {
  return refuses(ctx, p) || n <= 0 ? 0 : p * (n - 1);
}
export function percentile_low(ctx: i32, p: i64, n: i64): i64 {
  return place(ctx, p, n) / ONE + 1;
}
export function percentile_high(ctx: i32, p: i64, n: i64): i64 {
  return (place(ctx, p, n) + ONE - 1) / ONE + 1;
}
/** How far from the low row to the high one, in billionths. */
export function percentile_share(ctx: i32, p: i64, n: i64): i64 {
  return place(ctx, p, n) % ONE;
}
/** The first row of which at least the share p of the rows is not behind it. */
export function percentile_row(ctx: i32, p: i64, n: i64): i64 {
  return refuses(ctx, p) ? 0 : max<i64>(1, (p * n + ONE - 1) / ONE);
}
/** Between two whole numbers, cut towards the low one. */
export function between_i64(ctx: i32, low: i64, high: i64, share: i64): i64 {
  const distance = high - low;
  return low + (distance / ONE) * share + ((distance % ONE) * share) / ONE;
}
export function between_i32(ctx: i32, low: i32, high: i32, share: i64): i32 {
  return <i32>between_i64(ctx, <i64>low, <i64>high, share);
}
