/**
 * Which states an aggregate step keeps: equal ones once, and which of them can be NULL. Called by the cutter when it
 * closes a flow with an aggr step.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { exprKey } from '../../expressions/walk.ts';
import type { PlanAggregate } from '../plan/plan.ts';

type Nullable = (e: BoundExpr) => boolean;

/** A group has at least one row, so the sum of something that is never NULL is not NULL either. */
export function stateNullable(a: PlanAggregate, grouped: boolean, nullable: Nullable): boolean {
  if (a.prim === 'count' || a.prim === 'count_star') return false;
  return !(grouped && a.prim.startsWith('sum_') && a.arg !== undefined && !nullable(a.arg));
}

/**
 * count(x) of an x that is never NULL is count(*); states that would hold the same are kept once. `same` pairs the id of
 * a dropped aggregate with the one that stands for it.
 */
export function distinctStates(
  aggregates: readonly PlanAggregate[],
  nullable: Nullable,
): { readonly kept: readonly PlanAggregate[]; readonly same: readonly (readonly [ColId, PlanAggregate])[] } {
  const kept: PlanAggregate[] = [];
  const same: (readonly [ColId, PlanAggregate])[] = [];
  const seen = new Map<string, PlanAggregate>();
  for (const given of aggregates) {
    const isCountOfAll = given.prim === 'count' && !given.distinct && given.arg && !nullable(given.arg);
    const a: PlanAggregate = isCountOfAll ? { ...given, prim: 'count_star', arg: undefined } : given;
    const key = exprKey([a.prim, a.arg, a.type, a.distinct]);
    const first = seen.get(key);
    if (first) same.push([a.id, first]);
    else {
      seen.set(key, a);
      kept.push(a);
    }
  }
  return { kept, same };
}
