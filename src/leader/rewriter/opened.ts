/**
 * Subquery expressions opened: their own subqueries unnested, what does not matter to their form taken off, the correlation
 * lifted. Used by unnest.ts and value-joins.ts.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import { someExpr } from '../../expressions/walk.ts';
import { colExpr, type FreshColumns } from './fresh.ts';
import { pullUp, type Pulled } from './pull-up.ts';

export type Subquery = Extract<BoundExpr, { kind: 'subquery' }>;
/** Unnests the subqueries inside a subquery's relation. */
export type Unnest = (rel: Rel) => Rel;

export const hasSubquery = (e: BoundExpr): boolean => someExpr(e, (x) => x.kind === 'subquery');

/** Order and duplicates do not matter to EXISTS and IN; nor does a LIMIT above zero to EXISTS. */
export function strip(rel: Rel, exists: boolean): Rel {
  if (rel.kind === 'subquery' && rel.secure !== undefined) return rel;
  if (rel.kind === 'sort' || rel.kind === 'distinct' || rel.kind === 'subquery') return strip(rel.input, exists);
  if (!exists) return rel;
  if (rel.kind === 'project') return strip(rel.input, exists);
  if (
    rel.kind === 'limit' &&
    rel.offset === undefined &&
    rel.limit?.kind === 'const' &&
    (rel.limit.value as bigint) > 0n
  ) {
    return strip(rel.input, exists);
  }
  return rel;
}

/** The subquery as a pulled-up relation, its own subqueries already unnested. */
export function open(
  sub: Subquery,
  fresh: FreshColumns,
  unnest: Unnest,
): { readonly pulled: Pulled; readonly values: readonly BoundExpr[] } {
  const inner = unnest(sub.rel);
  const columns = columnsOf(inner);
  const pulled = pullUp(sub.form === 'in' ? strip(inner, false) : inner, fresh);
  return { pulled, values: columns.map((c) => pulled.computed.get(c.id) ?? colExpr(c)) };
}
export const openExists = (sub: Subquery, fresh: FreshColumns, unnest: Unnest): Pulled =>
  pullUp(strip(unnest(sub.rel), true), fresh);

export const leftJoin = (left: Rel, right: Rel, on: BoundExpr): Rel => ({
  kind: 'join',
  type: 'left',
  left,
  right,
  on,
});
export const isUngrouped = (rel: Rel): boolean => rel.kind === 'aggregate' && rel.groups.length === 0;
