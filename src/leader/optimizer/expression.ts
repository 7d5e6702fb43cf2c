/**
 * Questions the optimizer asks of bound expressions: which columns they use, their conjuncts, whether one is in effect a
 * plain column for hashing. Pure functions over values; names and casts were settled by the analyser.
 *
 * Invariant: `bareColumn` answers only when hash(expr) = hash(column) for every value that does not raise an error.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { factored } from '../../expressions/alternatives.ts';
import { children, collectColumns, isTrue } from '../../expressions/walk.ts';
import { BOOL, isInteger, isString } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';

export { exprKey, substitute } from '../../expressions/walk.ts';

export const columnsIn = (expr: BoundExpr, into: Set<ColId> = new Set()): Set<ColId> => collectColumns(expr, into);

export function columnsOfAll(exprs: Iterable<BoundExpr>, into: Set<ColId> = new Set()): Set<ColId> {
  for (const expr of exprs) columnsIn(expr, into);
  return into;
}

export const subsetOf = (some: Iterable<ColId>, all: ReadonlySet<ColId>): boolean => {
  for (const id of some) if (!all.has(id)) return false;
  return true;
};

export const columnExpr = (column: { readonly id: ColId; readonly type: SqlType }): BoundExpr => ({
  kind: 'column',
  id: column.id,
  type: column.type,
});

export function conjunction(list: readonly BoundExpr[]): BoundExpr | undefined {
  if (list.length < 2) return list[0];
  return { kind: 'and', type: BOOL, args: list };
}

/** The AND-ed parts of a condition, those that all arms of an OR have in common among them. */
export const conjuncts = (expr: BoundExpr | undefined): readonly BoundExpr[] =>
  expr === undefined ? [] : factored(expr).filter((e) => !isTrue(e));

/**
 * Types whose equal values hash equally: all integers as i64, all strings of one collation by their bytes, numeric of one scale by the number.
 */
export function hashClass(type: SqlType): string {
  if (isInteger(type)) return 'integer';
  if (isString(type)) return type.collation ?? 'string';
  if (type.name === 'numeric') return `numeric ${type.scale ?? 0}`;
  return type.name;
}

/** The cast leaves every value's hash as it was (or raises an error). */
function keepsHash(from: SqlType, to: SqlType, mode: 'explicit' | 'implicit' | 'assignment'): boolean {
  if (hashClass(from) !== hashClass(to)) return false;
  if (!isString(from)) return true;
  if (to.name === 'char' && from.name !== 'char') return false;
  return mode !== 'explicit' || to.length === undefined || (from.length !== undefined && from.length <= to.length);
}

/** The column behind harmless casts: hashing the expression is hashing the column. */
export function bareColumn(expr: BoundExpr): Extract<BoundExpr, { kind: 'column' }> | undefined {
  if (expr.kind === 'column') return expr;
  if (expr.kind === 'cast' && keepsHash(expr.arg.type, expr.type, expr.mode)) return bareColumn(expr.arg);
  return undefined;
}

/** The expression without casts between integer types that only widen. */
export function stripWidening(expr: BoundExpr): BoundExpr {
  if (
    expr.kind === 'cast' &&
    isInteger(expr.type) &&
    isInteger(expr.arg.type) &&
    integerRank(expr.arg.type) <= integerRank(expr.type)
  )
    return stripWidening(expr.arg);
  return expr;
}
export const integerRank = (t: SqlType): number => (t.name === 'int8' ? 3 : t.name === 'int4' ? 2 : 1);

/** Operators the cost model charges for one row: comparisons, arithmetic, calls; AND, OR and NULL tests are free. */
export function operatorCount(expr: BoundExpr): number {
  let own = 0;
  if (expr.kind === 'compare' || expr.kind === 'arith' || expr.kind === 'call' || expr.kind === 'neg') own = 1;
  else if (expr.kind === 'inlist') own = Math.max(1, expr.items.length);
  else if (expr.kind === 'cast' && hashClass(expr.type) !== hashClass(expr.arg.type)) own = 1;
  return children(expr).reduce((sum, child) => sum + operatorCount(child), own);
}
