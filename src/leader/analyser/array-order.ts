/**
 * Comparisons of arrays with arrays and of values with their items: by the items' type, as a call of a leader function.
 * Dates, times and intervals are held in the session's output form, whose bytes settle equality (not of intervals) and no
 * order. Called by operators.ts and arrays.ts.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr, CompareOp } from '../../expressions/bound.ts';
import { compare } from '../../expressions/walk.ts';
import type { ItemOrder } from '../../functions/array-text.ts';
import { arrayItemOrder, itemOrder } from '../../functions/array-types.ts';
import { textConstant } from '../../functions/text-constant.ts';
import { INT4, type SqlType } from '../../types/sql-type.ts';
import { callFunction } from './calls.ts';
import { constant } from './coerce.ts';
import type { AnalyserState } from './context.ts';

/** Items and value as numbers where one of them is, else by their bytes, which settle equality only for dates and the like. */
export function quantifiedOrder(value: SqlType, array: SqlType, op: CompareOp, position: number): ItemOrder {
  const orders = [itemOrder(value), arrayItemOrder(array)];
  for (const o of ['float', 'number'] as const) if (orders.includes(o)) return o;
  if (orders.includes(undefined) && op !== '=' && op !== '<>') throw unorderedItems(position);
  return 'text';
}
const unorderedItems = (position: number): SqlError =>
  featureNotSupported('the order of arrays of dates, times or intervals is not supported', position);

/** Two arrays, item by item by the items' type. */
export function compareArrayValues(
  state: AnalyserState,
  op: CompareOp,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
): BoundExpr {
  const [a, b] = [arrayItemOrder(l.type), arrayItemOrder(r.type)];
  const numbers = a !== 'text' && b !== 'text' && a !== undefined && b !== undefined;
  const order = a === b ? a : numbers ? 'float' : undefined;
  const bySpelling = order === undefined && (op === '=' || op === '<>') && l.type.element === r.type.element;
  if (order === undefined && !(bySpelling && l.type.element !== 'interval')) throw unorderedItems(position);
  const zero = constant(INT4, 0);
  return compare(op, callFunction(state, 'array_compare', [l, r, textConstant(order ?? 'text')], position), zero);
}
