/**
 * Which columns a part of a plan has to give: pieces of the cutter's top-down pass over needed columns.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsIn } from '../../expressions/columns-in.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import type { PlanNode } from '../plan/plan.ts';

/** The needed part of a projection and the columns it reads. */
export function keptOf(
  node: Extract<PlanNode, { kind: 'project' }>,
  needed: ReadonlySet<ColId>,
): { readonly columns: readonly ColumnRef[]; readonly exprs: readonly BoundExpr[]; readonly below: Set<ColId> } {
  const keep = node.columns.flatMap((c, i) => (needed.has(c.id) ? [i] : []));
  const exprs = keep.map((i) => node.exprs[i]!);
  const below = new Set<ColId>();
  columnsIn(exprs, below);
  return { columns: keep.map((i) => node.columns[i]!), exprs, below };
}

/** `needed` and every column that `value` reads. */
export function union(needed: ReadonlySet<ColId>, value: unknown): Set<ColId> {
  const out = new Set(needed);
  columnsIn(value, out);
  return out;
}
