/**
 * Shared ways of lowering a SQL aggregate to primitives: one primitive that merges with itself, and the moments (count,
 * sum, sum of squares) behind variances.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { FLOAT8, INT8, numeric, type SqlType } from '../types/sql-type.ts';
import type { AggregateLowering, PrimitiveAggregate } from './define.ts';
import { asFloat, call } from './expand-nodes.ts';

export const single = (prim: PrimitiveAggregate, arg: BoundExpr, type: SqlType): AggregateLowering => ({
  partials: [{ prim, arg, type }],
  merge: [prim],
  final: (p) => p[0]!,
});
/** A merged count of no partials at all is 0. */
export const orZero = (e: BoundExpr): BoundExpr =>
  ({ kind: 'coalesce', type: INT8, args: [e, { kind: 'const', type: INT8, value: 0n }] });
export const sumType = (args: readonly SqlType[]): SqlType => numeric(38, args[0]!.scale ?? 0);

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
