/**
 * x IN (a, b, ...): one `inlist` node when every item is a constant of x's type, else a disjunction of comparisons.
 * Row values compare column by column. Also used for = ANY of a constant array.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { not } from '../../expressions/walk.ts';
import { BOOL } from '../../types/sql-type.ts';
import { listForm } from '../../types/value-list.ts';
import type { Expr } from '../parser/ast.ts';
import { literalExprs } from '../parser/literal-expr.ts';
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { bindLiterals, sameFamily } from './bind-literals.ts';
import { isUnknown, settle } from './coerce.ts';
import { at, type AnalyserState } from './context.ts';
import { bindExpr, type ExprContext } from './expression.ts';
import { bindCompare, bindRowCompare, disjunction } from './operators.ts';

const isValue = (e: BoundExpr): boolean => e.kind === 'const' || e.kind === 'param';

/** Bound operand and items. */
export function inValues(
  state: AnalyserState,
  operand: BoundExpr,
  items: readonly BoundExpr[],
  negated: boolean,
  position: number,
  /** Where the items stand, for texts that cannot be converted. */
  positions?: readonly number[],
): BoundExpr {
  const typed = isUnknown(operand) && items.every(isUnknown) ? settle(state, operand) : operand;
  const comparisons = items.map((item, i) => bindCompare(state, '=', typed, item, positions?.[i] ?? position));
  const plain: BoundExpr[] = [];
  for (const c of comparisons) {
    if (c.kind === 'compare' && c.left === typed && isValue(c.right) && sameFamily(typed.type, c.right.type))
      plain.push(c.right);
  }
  if (plain.length === comparisons.length && !isUnknown(typed)) {
    return { kind: 'inlist', type: BOOL, arg: typed, items: plain, negated };
  }
  const any = disjunction(comparisons);
  return negated ? not(any) : any;
}

export function bindInList(e: Extract<Expr, { kind: 'inlist' }>, c: ExprContext): BoundExpr {
  const { state } = c.env;
  if (e.arg.kind !== 'row') {
    const operand = bindExpr(e.arg, c);
    const only = e.items[0];
    if (only?.kind === 'literals' && listForm(operand.type) !== undefined)
      return bindLiterals(state, operand, only.list, e.negated, at(e));
    const items = only?.kind === 'literals' ? literalExprs(only.list) : e.items;
    return inValues(
      state,
      operand,
      items.map((i) => bindExpr(i, c)),
      e.negated,
      at(e),
      items.map((i) => (i.kind === 'literal' && i.form === 'string' ? at(i) : at(e))),
    );
  }
  const left = e.arg.items.map((x) => bindExpr(x, c));
  const matches = e.items.map((item) => {
    if (item.kind !== 'row') throw featureNotSupported('a row must be compared with rows', at(item));
    return bindRowCompare(
      state,
      '=',
      left,
      item.items.map((x) => bindExpr(x, c)),
      at(item),
    );
  });
  const any = disjunction(matches);
  return e.negated ? not(any) : any;
}
