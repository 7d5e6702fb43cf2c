/**
 * Hash keys out of conditions: equalities between the two sides of a join, and the null-safe form that set operations ask
 * for. Both sides of a key have one type. Called by join.ts and alternatives.ts.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr, ConstValue } from '../../expressions/bound.ts';
import { isVolatile } from '../../expressions/walk.ts';
import { comparable } from '../../types/identity.ts';
import { BOOL, isInteger, isString, physOf, sameType } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { columnsIn, exprKey, integerRank, stripWidening, subsetOf } from './expression.ts';

export interface JoinKey {
  readonly outer: BoundExpr;
  readonly inner: BoundExpr;
}
/** One type for both sides of an equality; undefined when hashing cannot serve it. */
export function keyOfOneType(outer: BoundExpr, inner: BoundExpr): JoinKey | undefined {
  const [a, b] = [outer.type, inner.type];
  if (sameType(a, b)) return { outer, inner };
  const cast = (arg: BoundExpr, type: SqlType): BoundExpr =>
    sameType(arg.type, type) ? arg : { kind: 'cast', type, arg, mode: 'implicit' };
  if (isInteger(a) && isInteger(b)) {
    const wide = integerRank(a) >= integerRank(b) ? a : b;
    return { outer: cast(outer, wide), inner: cast(inner, wide) };
  }
  return comparable(a, b) && (isString(a) ? isString(b) : a.name === b.name) ? { outer, inner } : undefined;
}

/** Turns an expression pair the right way round; undefined when it does not compare the two sides. */
function acrossSides(
  a: BoundExpr,
  b: BoundExpr,
  outer: ReadonlySet<ColId>,
  inner: ReadonlySet<ColId>,
): JoinKey | undefined {
  const [ca, cb] = [columnsIn(a), columnsIn(b)];
  if (ca.size === 0 || cb.size === 0) return undefined;
  if (subsetOf(ca, outer) && subsetOf(cb, inner)) return keyOfOneType(a, b);
  return subsetOf(cb, outer) && subsetOf(ca, inner) ? keyOfOneType(b, a) : undefined;
}

/** A value no comparison needs: stands for NULL beside the flag that says so. */
function filler(type: SqlType): BoundExpr | undefined {
  const values: Readonly<Record<string, ConstValue>> = { i32: 0, i64: 0n, f32: 0, f64: 0, i128: 0n, str: '' };
  return type.name === 'interval' ? undefined : { kind: 'const', type, value: values[physOf(type)]! };
}

/** `a = b OR (a IS NULL AND b IS NULL)` as two equalities: the value with NULL filled in, and whether it was NULL. */
function nullSafeKeys(
  expr: BoundExpr,
  outer: ReadonlySet<ColId>,
  inner: ReadonlySet<ColId>,
): readonly JoinKey[] | undefined {
  if (expr.kind !== 'or' || expr.args.length !== 2) return undefined;
  const equal = expr.args.find((a) => a.kind === 'compare' && a.op === '=');
  const both = expr.args.find((a) => a.kind === 'and');
  if (equal?.kind !== 'compare' || both?.kind !== 'and' || both.args.length !== 2) return undefined;
  const nulls = both.args.map((a) => (a.kind === 'isnull' && !a.negated ? exprKey(stripWidening(a.arg)) : ''));
  const sides = [equal.left, equal.right].map((e) => exprKey(stripWidening(e)));
  if (nulls.toSorted().join() !== sides.toSorted().join()) return undefined;
  const pair = acrossSides(equal.left, equal.right, outer, inner);
  const fill = pair === undefined ? undefined : filler(pair.outer.type);
  if (pair === undefined || fill === undefined || !sameType(pair.outer.type, pair.inner.type)) return undefined;
  const value = (e: BoundExpr): BoundExpr => ({ kind: 'coalesce', type: e.type, args: [e, fill] });
  const flag = (arg: BoundExpr): BoundExpr => ({ kind: 'isnull', type: BOOL, arg, negated: false });
  return [
    { outer: value(pair.outer), inner: value(pair.inner) },
    { outer: flag(pair.outer), inner: flag(pair.inner) },
  ];
}

/** Splits conditions into hash keys and the rest. */
export function extractKeys(
  conditions: readonly BoundExpr[],
  outer: ReadonlySet<ColId>,
  inner: ReadonlySet<ColId>,
): { readonly keys: readonly JoinKey[]; readonly residual: readonly BoundExpr[] } {
  const keys: JoinKey[] = [];
  const residual: BoundExpr[] = [];
  for (const expr of conditions) {
    if (isVolatile(expr)) {
      residual.push(expr);
      continue;
    }
    const plain =
      expr.kind === 'compare' && expr.op === '=' ? acrossSides(expr.left, expr.right, outer, inner) : undefined;
    const found = plain === undefined ? nullSafeKeys(expr, outer, inner) : [plain];
    if (found === undefined) residual.push(expr);
    else keys.push(...found);
  }
  return { keys, residual };
}
