/**
 * Whether rows of a group have to move before they can be aggregated, or a window computed over them.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Planner } from './context.ts';
import { bareColumn } from './expression.ts';

/** All rows of a group already stand on one slice (or every slice has all rows). */
export function groupsTogether(
  planner: Planner,
  input: PlanNode,
  groups: readonly { readonly expr: BoundExpr }[],
): boolean {
  const d = input.distribution;
  if (d.kind === 'all' || d.kind === 'single' || d.kind === 'leader') return true;
  if (d.kind !== 'key' || groups.length === 0) return false;
  return d.keys.every((key) =>
    groups.some((g) => {
      const column = bareColumn(g.expr);
      return column !== undefined && planner.equal.same(column.id, key);
    }),
  );
}
