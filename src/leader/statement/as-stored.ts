/**
 * A query whose SUPER values come out as the bytes they lie in: their JSON text does not tell decimals from floats.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { BoundStatement } from '../../expressions/relation.ts';
import { superBytes } from '../../functions/super-calls.ts';
import { FreshColumns, colExpr } from '../rewriter/fresh.ts';

export function asStored(bound: BoundStatement): BoundStatement {
  if (bound.kind !== 'select') return bound;
  const fresh = new FreshColumns(bound.rel);
  const exprs = bound.columns.map((c): BoundExpr => (c.type.name === 'super' ? superBytes(colExpr(c)) : colExpr(c)));
  const columns = bound.columns.map((c, i) => fresh.column(c.name, exprs[i]!.type));
  return { kind: 'select', columns, rel: { kind: 'project', input: bound.rel, columns, exprs } };
}
