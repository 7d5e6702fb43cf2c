/**
 * Values of SQL types as the leader holds them in constants and parameters: i32, f32 and f64 forms as number, i64 and
 * i128 forms as bigint, strings as string. The same shapes as in expressions/bound.ts, which this folder may not import.
 */
export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}
export type ConstValue = null | number | bigint | string | IntervalValue;

/** The high word of an interval's physical form: months above, days below. */
export const intervalHigh = (i: IntervalValue): bigint =>
  (BigInt(i.months) << 32n) | BigInt.asUintN(32, BigInt(i.days));
export const intervalOf = (low: bigint, high: bigint): IntervalValue => ({
  months: Number(high >> 32n),
  days: Number(BigInt.asIntN(32, high)),
  micros: low,
});
