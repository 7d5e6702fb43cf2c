/**
 * Shared ways of lowering a SQL aggregate to primitives: one primitive that merges with itself, and the moments (count,
 * mean, spread) behind variances.
 */
import { featureNotSupported } from '../common/errors/catalogue.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import { identityOf } from '../types/identity.ts';
import { FLOAT8, INT8, INTERVAL, numeric, TYPE_INFO, varchar, type SqlType } from '../types/sql-type.ts';
import type { AggregateLowering, PrimitiveAggregate, PrimitiveCall } from './define.ts';
import { call, cast, int4 } from './expand-nodes.ts';

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

/** What a partial result of a primitive is held as: its own type, but a sketch until it is finished. */
export const stateType = (prim: PrimitiveAggregate, type: SqlType): SqlType =>
  prim === 'approx_distinct' ? varchar(SKETCH_BYTES) : type;
/** Most bytes of a HyperLogLog sketch (wasm/runtime/hyperloglog.ts). */
const SKETCH_BYTES = 2048;

/** Bytes of the state of 'moments' (wasm/runtime/aggregate-finals.ts). */
export const MOMENTS_BYTES = 40;

/** The sum of intervals: fields added up apart, exactly, and put together at the end. */
export function sumOfIntervals(interval: BoundExpr, type: SqlType): AggregateLowering {
  const arg = interval.type.name === 'interval' ? interval : cast(interval, INTERVAL);
  const field = (name: string): PrimitiveCall => ({
    prim: 'sum_i128',
    arg: call(name, 0, INT8, [arg]),
    type: numeric(38, 0),
  });
  return {
    partials: [field('interval_months'), field('interval_days'), field('interval_micros')],
    merge: ['sum_i128', 'sum_i128', 'sum_i128'],
    final: (p) => {
      const sum = call('interval_of_sums', 0, INTERVAL, [p[0]!, p[1]!, p[2]!]);
      return type.name === 'interval' ? sum : cast(sum, type);
    },
  };
}

/** The variance's state takes exact numbers as they are: what a double cannot hold counts too. */
export function moments(final: string, arg: BoundExpr): AggregateLowering {
  return {
    partials: [{ prim: 'moments', arg, type: varchar(MOMENTS_BYTES) }],
    merge: ['moments_merge'],
    final: (p) => call(final, 0, FLOAT8, [p[0]!, int4(scaleOf(arg.type))]),
  };
}

/** Most bytes of the state of a sketch (wasm/runtime/sketch.ts). */
const HLLSKETCH_BYTES = 32768;
/** What a sketch has a hash for: numbers, times, intervals, BOOLEAN and texts. */
const SKETCHED: readonly string[] = ['integer', 'numeric', 'interval', 'float', 'string', 'folded'];
export function sketchOf(prim: 'sketch' | 'sketch_combine', arg: BoundExpr): Omit<AggregateLowering, 'final'> {
  if (prim === 'sketch' && !SKETCHED.includes(identityOf(arg.type)))
    throw featureNotSupported(`a sketch of values of type ${TYPE_INFO[arg.type.name].sqlName} is not supported`);
  return { partials: [{ prim, arg, type: varchar(HLLSKETCH_BYTES) }], merge: ['sketch_merge'] };
}
