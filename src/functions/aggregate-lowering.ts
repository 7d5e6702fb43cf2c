/**
 * Shared ways of lowering a SQL aggregate to primitives: one primitive that merges with itself, and the moments (count,
 * sum, sum of squares) behind variances.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { FLOAT8, INT8, numeric, type SqlType } from '../types/sql-type.ts';
import type { AggregateLowering, PrimitiveAggregate } from './define.ts';
import { asFloat, call, int4 } from './expand-nodes.ts';

export const single = (prim: PrimitiveAggregate, arg: BoundExpr, type: SqlType): AggregateLowering => ({
  partials: [{ prim, arg, type }],
  merge: [prim],
  final: (p) => p[0]!,
});
/** A merged count of no partials at all is 0. */
export const orZero = (e: BoundExpr): BoundExpr => ({
  kind: 'coalesce',
  type: INT8,
  args: [e, { kind: 'const', type: INT8, value: 0n }],
});
export const sumType = (args: readonly SqlType[]): SqlType => numeric(38, args[0]!.scale ?? 0);

const scaleOf = (t: SqlType): number => (t.name === 'numeric' ? (t.scale ?? 0) : 0);

/**
 * A decimal product whose scale the 38-digit cap has reduced, at its full scale: adding up rounded products would lose
 * more with every row, so the sum is taken exactly and cut once. Undefined for any other expression.
 */
export function uncutProduct(arg: BoundExpr): BoundExpr | undefined {
  if (arg.kind !== 'arith' || arg.op !== '*' || arg.type.name !== 'numeric') return undefined;
  const full = scaleOf(arg.left.type) + scaleOf(arg.right.type);
  return full > scaleOf(arg.type) && full <= 37 ? { ...arg, type: numeric(38, full) } : undefined;
}
export function sumOfUncut(exact: BoundExpr, type: SqlType): AggregateLowering {
  const digits = scaleOf(exact.type) - scaleOf(type);
  return {
    partials: [{ prim: 'sum_i128', arg: exact, type: numeric(38, scaleOf(exact.type)) }],
    merge: ['sum_i128'],
    final: (p) => call('numeric_cut', 0, type, [p[0]!, int4(digits), int4(1)]),
  };
}

export function moments(final: string, arg: BoundExpr): AggregateLowering {
  const x = asFloat(arg);
  const squared: BoundExpr = { kind: 'arith', type: FLOAT8, op: '*', left: x, right: x };
  return {
    partials: [
      { prim: 'count', arg: x, type: INT8 },
      { prim: 'sum_f64', arg: x, type: FLOAT8 },
      { prim: 'sum_f64', arg: squared, type: FLOAT8 },
    ],
    merge: ['sum_i64', 'sum_f64', 'sum_f64'],
    final: (p) => call(final, 0, FLOAT8, p),
  };
}
