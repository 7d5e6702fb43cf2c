/**
 * What may move through the barrier around a relation that policies protect: conditions that neither fail nor tell anything
 * of a value, over columns that are not computed behind it.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import { children, isVolatile } from '../../expressions/walk.ts';
import { columnsRead } from './shared-parts.ts';

const SAFE: readonly BoundExpr['kind'][] = [
  'column',
  'const',
  'param',
  'and',
  'or',
  'not',
  'isnull',
  'istest',
  'compare',
];
const isSafe = (e: BoundExpr): boolean =>
  SAFE.includes(e.kind) && e.type.name !== 'super' && children(e).every(isSafe);

/** Columns that the barrier hands out as they are. */
function plainColumns(rel: Rel): ReadonlySet<ColId> {
  if (rel.kind !== 'project') return new Set(columnsOf(rel).map((c) => c.id));
  return new Set(rel.columns.filter((c, i) => isCopy(rel.exprs[i]!, c.id)).map((c) => c.id));
}
const isCopy = (e: BoundExpr, id: ColId): boolean => e.kind === 'column' && e.id === id;

export function passes(input: Rel): (condition: BoundExpr) => boolean {
  const plain = plainColumns(input);
  return (p) => isSafe(p) && !isVolatile(p) && [...columnsRead(p)].every((id) => plain.has(id));
}
