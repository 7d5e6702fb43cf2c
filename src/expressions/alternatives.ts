/**
 * What an OR of ANDs demands: the conditions common to all its alternatives, and what they imply for a part of the columns.
 * `(a = b AND p) OR (b = a AND q)` joins by a = b; `(x = 1 AND y = 2) OR (x = 3 AND z = 4)` can only hold where x is 1 or 3,
 * which is asked of the rows of x alone before they are joined.
 */
import type { ColId } from '../common/ids.ts';
import { BOOL } from '../types/sql-type.ts';
import type { BoundExpr } from './bound.ts';
import { collectColumns, conjunction, conjuncts, exprKey, isTrue, isVolatile } from './walk.ts';

const MIRRORED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** One key for `a < b` and `b > a`. */
function conditionKey(e: BoundExpr): string {
  if (e.kind !== 'compare') return exprKey(e);
  const [left, right] = [exprKey(e.left), exprKey(e.right)];
  return left <= right ? `${left} ${e.op} ${right}` : `${right} ${MIRRORED[e.op]} ${left}`;
}

/** (a AND b) OR (a AND c) as a AND (b OR c): the conjuncts of a condition, what every alternative demands among them. */
export function factored(e: BoundExpr): readonly BoundExpr[] {
  if (e.kind === 'and') return e.args.flatMap(factored);
  if (e.kind !== 'or' || isVolatile(e)) return [e];
  const arms = e.args.map((arm) => new Map(factored(arm).map((c) => [conditionKey(c), c] as const)));
  const shared = [...arms[0]!].filter(([key]) => arms.every((arm) => arm.has(key)));
  if (shared.length === 0) return [e];
  const keys = new Set(shared.map(([key]) => key));
  const rest = arms.map((arm) => conjunction([...arm].flatMap(([key, c]) => (keys.has(key) ? [] : [c]))));
  const all = shared.map(([, c]) => c);
  return rest.some(isTrue) ? all : [...all, { kind: 'or', type: BOOL, args: rest }];
}

/** The condition over `columns` alone that must hold wherever `e` holds; undefined when `e` says nothing of them alone. */
export function impliedOf(e: BoundExpr, columns: ReadonlySet<ColId>): BoundExpr | undefined {
  if (e.kind !== 'or' || isVolatile(e)) return undefined;
  const arms: BoundExpr[] = [];
  for (const arm of e.args) {
    const own = conjuncts(arm).flatMap((c) => {
      const read = [...collectColumns(c, new Set())];
      if (read.length > 0 && read.every((id) => columns.has(id))) return [c];
      return impliedOf(c, columns) ?? [];
    });
    if (own.length === 0) return undefined;
    arms.push(conjunction(own));
  }
  const keys = new Set(arms.map(exprKey));
  return keys.size === 1 ? arms[0] : { kind: 'or', type: BOOL, args: arms };
}
