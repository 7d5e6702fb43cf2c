/**
 * When a join is a merge join: both sides are scans of tables that are distributed by the join's key, with that column first
 * in a compound sort key and few rows outside the sorted region, and no row moves. The rows come in order then, so no hash
 * table is built. That a plan takes it never decides what is right: rows outside the region are sorted when it runs.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { isVolatile } from '../../expressions/walk.ts';
import { physOf } from '../../types/sql-type.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Planner } from './context.ts';
import type { MovementChoice, PlannedJoin } from './distribution.ts';
import { bareColumn } from './expression.ts';

export type MergeType = 'inner' | 'left' | 'semi' | 'anti';
interface Key {
  readonly outer: BoundExpr;
  readonly inner: BoundExpr;
}

/** From here on a table is too little sorted. */
const UNSORTED_SHARE = 0.2;

export function mergeKey<K extends Key>(
  planner: Planner,
  type: PlannedJoin,
  outer: PlanNode,
  inner: PlanNode,
  keys: readonly K[],
  how: MovementChoice,
): { readonly key: K; readonly ordered: { readonly outer: number; readonly inner: number } } | undefined {
  if (how.movement !== 'DS_DIST_NONE' || type === 'full' || type === 'anti-null-aware') return undefined;
  // A filter that draws would draw anew for a row that is looked at again.
  if (inner.kind !== 'scan' || inner.filter.some(isVolatile)) return undefined;
  for (const key of keys) {
    const a = orderedBy(planner, outer, key.outer);
    const b = orderedBy(planner, inner, key.inner);
    if (a !== undefined && b !== undefined) return { key, ordered: { outer: a, inner: b } };
  }
  return undefined;
}

/** The column's number when the table's rows lie on each slice in its order. */
function orderedBy(planner: Planner, node: PlanNode, key: BoundExpr): number | undefined {
  if (node.kind !== 'scan' || node.distribution.kind !== 'key' || planner.pinned.has(node)) return undefined;
  const column = bareColumn(key);
  const at = column === undefined ? -1 : node.columns.findIndex((c) => c.id === column.id);
  const attnum = node.attnums[at];
  const table = planner.context.table(node.tableId);
  if (attnum === undefined || attnum !== table.distkey || attnum !== table.sortkey[0]) return undefined;
  if (table.sortkeyStyle === 'interleaved' || node.attnums.some((a) => a < 0)) return undefined;
  // Between two batches a text key is kept as it lies there.
  if (physOf(key.type) === 'str' && key.kind !== 'column') return undefined;
  return planner.context.unsortedShareOf(node.tableId) < UNSORTED_SHARE ? attnum : undefined;
}
