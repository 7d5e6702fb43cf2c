/**
 * INTERSECT and EXCEPT become semi and anti joins of the distinct left side; UNION becomes a distinct UNION ALL. NULLs are
 * equal in set operations, so each column is joined on (a = b OR (a IS NULL AND b IS NULL)); the optimizer knows this
 * form and takes the equality as a null-safe key.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import { mapInputs } from '../../expressions/rel-walk.ts';
import { compare, conjunction, isNull } from '../../expressions/walk.ts';
import { BOOL } from '../../types/sql-type.ts';
import { colExpr } from './fresh.ts';

const nullSafeEqual = (a: BoundExpr, b: BoundExpr): BoundExpr => ({
  kind: 'or',
  type: BOOL,
  args: [compare('=', a, b), conjunction([isNull(a), isNull(b)])],
});

export function rewriteSetOperations(rel: Rel): Rel {
  const r = mapInputs(rel, rewriteSetOperations);
  if (r.kind !== 'setop') return r;
  if (r.op === 'union') return r.all ? r : { kind: 'distinct', input: { ...r, all: true } };
  const left = columnsOf(r.left);
  const right = columnsOf(r.right);
  const on = conjunction(left.map((c, i) => nullSafeEqual(colExpr(c), colExpr(right[i]!))));
  const join: Rel = {
    kind: 'join',
    type: r.op === 'intersect' ? 'semi' : 'anti',
    left: { kind: 'distinct', input: r.left },
    right: r.right,
    on,
  };
  return { kind: 'project', input: join, columns: r.columns, exprs: left.map(colExpr) };
}
