/**
 * Arrays, as far as catalog queries of psql and drivers need them: x = ANY(array), subscripts, ARRAY[...]. A constant
 * array in ANY becomes an IN list; everything else is a call of a leader function (array_any_eq, array_subscript ...).
 */
import { featureNotSupported, noArray, subscriptType } from '../../common/errors/catalogue.ts';
import type { BoundExpr, CompareOp } from '../../expressions/bound.ts';
import { conjunction } from '../../expressions/walk.ts';
import { BOOL, INT4, TYPE_INFO, UNKNOWN, isString, type TypeName } from '../../types/sql-type.ts';
import { arrayTypeOf } from '../../functions/array-types.ts';
import { arrayItem } from '../../functions/expand-nodes.ts';
import { textConstant } from '../../functions/text-constant.ts';
import type { Expr } from '../parser/ast.ts';
import { quantifiedOrder } from './array-order.ts';
import { callFunction } from './calls.ts';
import { constant, isUnknown, settle, tryCoerce, unify } from './coerce.ts';
import { at, type AnalyserState } from './context.ts';
import { bindExpr, type ExprContext } from './expression.ts';
import { inValues } from './in-list.ts';
import { bindCompare, compareOp, disjunction } from './operators.ts';
import { bindItem, isSuper } from './super.ts';
import { elementType } from './type-rules.ts';

/** Items of '{a,"b c",NULL}'; undefined when the text is no one-dimensional array. */
export function arrayItems(text: string): readonly (string | null)[] | undefined {
  const body = /^\s*\{([^{}]*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return undefined;
  if (body.trim() === '') return [];
  const items: (string | null)[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^,"]*))\s*(,|$)/gy;
  let match: RegExpExecArray | null;
  while ((match = pattern.exec(body)) !== null) {
    const [, quoted, plain = '', end] = match;
    if (quoted !== undefined) items.push(quoted.replace(/\\(.)/g, '$1'));
    else items.push(/^null$/i.test(plain.trim()) ? null : plain.trim());
    if (end === '') return items;
  }
  return undefined;
}

const QUANTIFIED: Readonly<Record<string, string>> = {
  '=': 'eq',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** ARRAY[..] or a constant '{..}' as separate items. */
function constantItems(e: Extract<Expr, { kind: 'anyarray' }>, c: ExprContext): readonly BoundExpr[] | undefined {
  if (e.array.kind === 'array') return e.array.items.map((i) => bindExpr(i, c));
  const inner = e.array.kind === 'cast' ? e.array.arg : e.array;
  if (inner.kind !== 'literal' || inner.form !== 'string') return undefined;
  return arrayItems(inner.value as string)?.map((t) => constant(UNKNOWN, t));
}

/** x op ANY (ARRAY[a, b]): the comparisons one by one, each in its operands' own types. */
function bindQuantified(
  left: BoundExpr,
  op: CompareOp,
  e: Extract<Expr, { kind: 'anyarray' }>,
  array: Extract<Expr, { kind: 'array' }>,
  c: ExprContext,
): BoundExpr {
  const { state } = c.env;
  if (array.items.length === 0) return constant(BOOL, e.quantifier === 'all' ? 1 : 0);
  const items = array.items.map((i) => bindExpr(i, c));
  const operand = isUnknown(left) && items.every(isUnknown) ? settle(state, left) : left;
  const tests = items.map((i) => bindCompare(state, op, operand, i, at(e)));
  return e.quantifier === 'any' ? disjunction(tests) : conjunction(tests);
}

export function bindAnyArray(e: Extract<Expr, { kind: 'anyarray' }>, c: ExprContext): BoundExpr {
  const { state } = c.env;
  const left = bindExpr(e.left, c);
  const op = compareOp(e.op.replace(/^pg_catalog\./, ''));
  if (op === undefined)
    throw featureNotSupported(`operator ${e.op} with ${e.quantifier.toUpperCase()} is not supported`, at(e));
  const asIn = (e.quantifier === 'any' && op === '=') || (e.quantifier === 'all' && op === '<>');
  const items = asIn ? constantItems(e, c) : undefined;
  if (items !== undefined) {
    if (items.length === 0) return constant(BOOL, e.quantifier === 'all' ? 1 : 0);
    return inValues(state, left, items, e.quantifier === 'all', at(e));
  }
  if (e.array.kind === 'array') return bindQuantified(left, op, e, e.array, c);
  const operand = isUnknown(left) ? settle(state, left) : left;
  const array = bindExpr(e.array, c);
  const typed = isUnknown(array) ? tryCoerce(state, array, arrayTypeOf(operand.type), 'implicit', at(e))! : array;
  return callFunction(
    state,
    `array_${e.quantifier}_${QUANTIFIED[op]}`,
    [arrayItem(operand), typed, textConstant(quantifiedOrder(operand.type, typed.type, op, at(e)))],
    at(e),
    `${op} ${e.quantifier.toUpperCase()} (array)`,
  );
}

export function bindSubscript(e: Extract<Expr, { kind: 'subscript' }>, c: ExprContext): BoundExpr {
  const { state } = c.env;
  const array = bindExpr(e.arg, c);
  if (isSuper(array)) return bindItem(state, array, bindExpr(e.index, c), at(e.index));
  const element = elementType(array.type);
  if (element === undefined) {
    throw noArray(TYPE_INFO[array.type.name].sqlName, at(e.arg));
  }
  const index = tryCoerce(state, bindExpr(e.index, c), INT4, 'implicit', at(e.index));
  if (index === undefined) throw subscriptType(at(e.index));
  const call = callFunction(state, 'array_subscript', [array, index], at(e), 'array subscript');
  if (call.type.name === element.name) return call;
  if (call.kind === 'call' && isString(call.type) && TYPE_INFO[element.name].phys === 'str')
    return { ...call, type: element };
  return { kind: 'cast', type: element, arg: call, mode: 'explicit' };
}

/** Types whose values an array takes as they are; others give their text, with its scale and in their output form. */
const PLAIN_ELEMENTS: readonly TypeName[] = ['int2', 'int4', 'int8', 'oid', 'bool'];
export function elementText(state: AnalyserState, e: BoundExpr): BoundExpr {
  if (PLAIN_ELEMENTS.includes(e.type.name) || isString(e.type)) return e;
  return tryCoerce(state, e, { name: 'varchar' }, 'explicit') ?? e;
}

/** ARRAY[a, b]: the elements in one type, then a call of `array`. */
export function bindArrayConstructor(e: Extract<Expr, { kind: 'array' }>, c: ExprContext): BoundExpr {
  const { state } = c.env;
  // What it is an array of, a cast around it tells, as for the literal.
  if (e.items.length === 0) return constant(UNKNOWN, '{}');
  const u = unify(
    state,
    e.items.map((i) => bindExpr(i, c)),
    'ARRAY',
    at(e),
  );
  if (TYPE_INFO[u.type.name].category === 'A')
    throw featureNotSupported('arrays of several dimensions are not supported', at(e));
  const items = u.args.map((a) => elementText(state, a));
  const call = callFunction(state, 'array_construct', items, at(e), 'ARRAY[...]');
  return call.kind === 'call' ? { ...call, type: arrayTypeOf(u.type) } : call;
}
