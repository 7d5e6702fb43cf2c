/**
 * Values of dynamic type in expressions: paths into them, comparison and arithmetic, and the calls whose arguments become
 * SUPER values (ARRAY, OBJECT, JSON_PARSE, searches in arrays). What the session's settings say (SuperRules) is decided here.
 */
import {
  cannotCast,
  featureNotSupported,
  invalidParameterValue,
  subscriptType,
  undefinedFunction,
  undefinedOperator,
} from '../../common/errors/catalogue.ts';
import type { ArithOp, BoundExpr, CompareOp } from '../../expressions/bound.ts';
import { boolean, call, int4 } from '../../functions/expand-nodes.ts';
import {
  superArith,
  superArray,
  superBefore,
  superObject,
  superOperand,
  superTo,
} from '../../functions/super-calls.ts';
import { textConstant } from '../../functions/text-constant.ts';
import { BOOL, INT8, SUPER, isDatetime, isString, type SqlType } from '../../types/sql-type.ts';
import type { AnalyserState } from './context.ts';
import { isUnknown, settle, tryCoerce } from './coerce.ts';
import { objectTransform } from './object-transform.ts';
import { castMode, shownType } from './type-rules.ts';

export const isSuper = (e: { readonly type: SqlType }): boolean => e.type.name === 'super';

/** One step of a path: the name of an attribute or the number of an item. */
export type PathStep = string | number;

const stepText = (step: PathStep): string =>
  typeof step === 'number' ? `[${step}]` : `.${Buffer.byteLength(step)}:${step}`;

/** The part of `value` that the path leads to; steps behind steps are one call. */
export function bindPath(state: AnalyserState, value: BoundExpr, steps: readonly PathStep[]): BoundExpr {
  if (steps.length === 0) return value;
  const strict = int4(state.context.superRules?.strictPaths === true ? 1 : 0);
  const path = steps.map(stepText).join('');
  const inner = value.kind === 'call' && value.name === 'super_path' ? value.args[1] : undefined;
  if (value.kind === 'call' && inner?.kind === 'const')
    return { ...value, args: [value.args[0]!, textConstant(`${String(inner.value)}${path}`), strict] };
  return call('super_path', 0, SUPER, [value, textConstant(path), strict]);
}
/** value[index]: a constant is a step of the path. */
export function bindItem(state: AnalyserState, value: BoundExpr, index: BoundExpr, position: number): BoundExpr {
  if (index.kind === 'const' && typeof index.value === 'number' && index.value >= 0)
    return bindPath(state, value, [index.value]);
  const number = tryCoerce(state, index, INT8, 'implicit', position);
  if (number === undefined) throw subscriptType(position);
  return call('super_item', 0, SUPER, [value, number, int4(state.context.superRules?.strictPaths === true ? 1 : 0)]);
}

/** Any scalar as a SUPER value; dates and times have no cast. */
export function asSuper(state: AnalyserState, e: BoundExpr, position: number): BoundExpr {
  const out = tryCoerce(state, settle(state, e), SUPER, 'assignment', position);
  if (out === undefined) throw cannotCast(shownType(e.type), 'super', position);
  return out;
}
/** A SUPER value beside a date or time is read as one. */
function pairOf(
  state: AnalyserState,
  op: string,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
): readonly [BoundExpr, BoundExpr] {
  const strict = state.context.superRules?.strictCasts === true;
  if (isDatetime(l.type) && castMode(SUPER, l.type) !== undefined) return [l, superTo(r, l.type, strict)];
  if (isDatetime(r.type) && castMode(SUPER, r.type) !== undefined) return [superTo(l, r.type, strict), r];
  const both = [l, r].map((e) => tryCoerce(state, settle(state, e), SUPER, 'assignment', position));
  if (both[0] === undefined || both[1] === undefined)
    throw undefinedOperator(`${shownType(l.type)} ${op} ${shownType(r.type)}`, position);
  return [both[0], both[1]];
}

/** Equality of values of two kinds is false; their order is unknown. */
export function compareSuper(
  state: AnalyserState,
  op: CompareOp,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
): BoundExpr {
  const [left, right] = pairOf(state, op, l, r, position);
  if (op !== '=' && op !== '<>' && isSuper(left)) return superBefore(op, left, right);
  return { kind: 'compare', type: BOOL, op, left: operand(left), right: operand(right) };
}
/** Both operands of an equality. */
export function superPair(
  state: AnalyserState,
  op: CompareOp,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
): readonly [BoundExpr, BoundExpr] {
  const [left, right] = pairOf(state, op, l, r, position);
  return [operand(left), operand(right)];
}
const operand = (e: BoundExpr): BoundExpr => (isSuper(e) ? superOperand(e) : e);
/** Undefined when neither side is a SUPER value. */
export function superArithmetic(
  state: AnalyserState,
  op: ArithOp,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
): BoundExpr | undefined {
  if (!isSuper(l) && !isSuper(r)) return undefined;
  const both = [l, r].map((e) => tryCoerce(state, settle(state, e), SUPER, 'assignment', position));
  if (both[0] === undefined || both[1] === undefined)
    throw undefinedOperator(`${shownType(l.type)} ${op} ${shownType(r.type)}`, position);
  return superArith(op, both[0], both[1]);
}

type SuperCall = (state: AnalyserState, args: readonly BoundExpr[], position: number) => BoundExpr;

const array: SuperCall = (state, args, position) =>
  superArray(args.map((a) => convertible(state, 'ARRAY', a, position)));

function convertible(state: AnalyserState, what: string, e: BoundExpr, position: number): BoundExpr {
  const out = tryCoerce(state, settle(state, e), SUPER, 'assignment', position);
  if (out === undefined)
    throw featureNotSupported(`${what} could not convert type ${shownType(e.type)} to super`, position);
  return out;
}

const object: SuperCall = (state, args, position) => {
  if (args.length % 2 !== 0) throw invalidParameterValue('OBJECT takes a name and a value each', position);
  const pairs = Array.from({ length: args.length / 2 }, (_, i) => {
    const name = settle(state, args[2 * i]!);
    if (!isString(name.type)) throw undefinedFunction(`object(${shownType(name.type)}, ...)`, position);
    return [name, convertible(state, 'OBJECT', args[2 * i + 1]!, position)] as const;
  });
  return superObject(pairs);
};

/** JSON_PARSE and CAN_JSON_PARSE: of text, or of the bytes of a text. */
function jsonText(state: AnalyserState, name: string, args: readonly BoundExpr[], position: number): BoundExpr {
  const text = args.length === 1 ? settle(state, args[0]!) : undefined;
  if (text === undefined || !(isString(text.type) || text.type.name === 'varbyte'))
    throw undefinedFunction(`${name}(${args.map((a) => shownType(a.type)).join(', ')})`, position);
  return text;
}
/** What the parser makes up for (kernels: super-parse.ts). */
const parseFlags = ({ context: { superRules: rules } }: AnalyserState): BoundExpr =>
  int4((rules?.dedup === true ? 1 : 0) + (rules?.truncate === true ? 2 : 0));

const jsonParse: SuperCall = (state, args, position) =>
  call('super_parse', 0, SUPER, [
    jsonText(state, 'json_parse', args, position),
    int4(state.context.superRules?.laxParse === true ? 1 : 0),
    parseFlags(state),
  ]);
const canJsonParse: SuperCall = (state, args, position) =>
  call('super_can_parse', 0, BOOL, [jsonText(state, 'can_json_parse', args, position), parseFlags(state)]);

/** ARRAY_CONTAINS, ARRAY_POSITION, ARRAY_POSITIONS: what is searched for may have any type. */
const search =
  (name: string, type: SqlType): SuperCall =>
  (state, args, position) => {
    const [given, value, nulls] = args;
    // NULL and a parameter may be an array, as they may be to other functions of arrays.
    const list =
      given !== undefined && isUnknown(given) ? tryCoerce(state, given, SUPER, 'implicit', position) : given;
    if (list === undefined || value === undefined || args.length > 3 || !isSuper(list))
      throw undefinedFunction(`${name}(${args.map((a) => shownType(a.type)).join(', ')})`, position);
    const matches =
      nulls === undefined
        ? boolean(state.context.superRules?.nullsUnknown !== true)
        : tryCoerce(state, nulls, BOOL, 'implicit', position);
    if (matches === undefined) throw undefinedFunction(`${name}(super, super, ${shownType(nulls!.type)})`, position);
    return call(name, 0, type, [list, asSuper(state, value, position), matches]);
  };

const CALLS: Readonly<Record<string, SuperCall>> = {
  array,
  object,
  json_parse: jsonParse,
  can_json_parse: canJsonParse,
  object_transform: objectTransform,
  array_contains: search('array_contains', BOOL),
  array_position: search('array_position', { name: 'int4' }),
  array_positions: search('array_positions', SUPER),
};
export const superCall = (name: string): SuperCall | undefined =>
  Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
