/**
 * SQL aggregates lowered to the primitives that steps compute (functions/define.ts), and what their primitives allow.
 */
import { ownArgs, type BoundAggregate, type BoundExpr } from '../../expressions/bound.ts';
import type { AggregateLowering, GroupPlace, PrimitiveAggregate, PrimitiveCall } from '../../functions/define.ts';
import { INT8 } from '../../types/sql-type.ts';
import type { PlanAggregate } from '../plan/plan.ts';
import type { Planner } from './context.ts';
import { columnExpr, exprKey } from './expression.ts';
import { listLowering } from './value-lists.ts';

/** Duplicates change nothing for these. */
const IDEMPOTENT: ReadonlySet<PrimitiveAggregate> = new Set([
  'min',
  'max',
  'any',
  'bool_and',
  'bool_or',
  'bit_and',
  'bit_or',
  'approx_distinct',
  'sketch',
  'sketch_combine',
]);
/** A primitive of the plan with the primitive that merges its partial results. */
export interface Primitive {
  readonly call: PlanAggregate;
  readonly merge: PrimitiveAggregate;
}
export interface Lowered {
  readonly primitives: readonly Primitive[];
  /** The SQL aggregates' results over the primitives' columns, in order of the calls. */
  readonly results: readonly BoundExpr[];
}

const NOWHERE: BoundExpr = { kind: 'const', type: INT8, value: null };
/** For who only asks what primitives there are. */
const ANYWHERE: GroupPlace = { row: NOWHERE, rows: NOWHERE };
function loweringOf(planner: Planner, call: BoundAggregate, place: GroupPlace | 'lists'): AggregateLowering {
  if (place === 'lists') return call.order ? listLowering(planner, call)! : loweringOf(planner, call, ANYWHERE);
  const f = planner.context.aggregateFunction(call.name);
  return f.lower(f.withinGroup === 'required' ? call.args : ownArgs(call), call.type, place);
}

/** Lowers calls to primitives; equal primitives are computed once. */
export function lower(
  planner: Planner,
  calls: readonly BoundAggregate[],
  distinct: boolean,
  /** `lists`: calls that take their values in an order take them from lists. */
  place: GroupPlace | 'lists' = ANYWHERE,
): Lowered {
  const primitives = new Map<string, Primitive>();
  const results = calls.map((call) => {
    const how = loweringOf(planner, call, place);
    const partials = how.partials.map((partial, i): BoundExpr => {
      const once = distinct && call.distinct && !IDEMPOTENT.has(partial.prim);
      const key = `${partial.prim} ${once} ${partial.arg === undefined ? '' : exprKey(partial.arg)}`;
      const found = primitives.get(key) ?? {
        call: {
          id: planner.context.nextColId(),
          prim: partial.prim,
          arg: partial.arg,
          type: partial.type,
          distinct: once,
        },
        merge: how.merge[i]!,
      };
      primitives.set(key, found);
      return columnExpr(found.call);
    });
    return how.final(partials);
  });
  return { primitives: [...primitives.values()], results };
}

/** Calls without DISTINCT where duplicates change nothing (min, max ...). */
export function simplified(planner: Planner, calls: readonly BoundAggregate[]): readonly BoundAggregate[] {
  return calls.map((call) => {
    if (!call.distinct) return call;
    return partialsOf(planner, call).every((p) => IDEMPOTENT.has(p.prim)) ? { ...call, distinct: false } : call;
  });
}

export const partialsOf = (planner: Planner, call: BoundAggregate): readonly PrimitiveCall[] =>
  loweringOf(planner, call, ANYWHERE).partials;

/** Whether partial results may be merged twice, in any order. */
export const mergesPartials = (planner: Planner, calls: readonly BoundAggregate[]): boolean =>
  calls.every(
    (c) =>
      !c.distinct &&
      c.order === undefined &&
      partialsOf(planner, c).every((p) => p.prim !== 'approx_distinct' && p.prim !== 'concat'),
  );
