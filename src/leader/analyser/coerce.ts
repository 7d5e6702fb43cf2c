/**
 * Conversions of bound expressions: typing of unknown literals and parameters, cast nodes where a type changes, and the
 * pairing of two operands of a comparison. Constants are converted here and now whenever the result is certain.
 */
import {
  cannotCast,
  multibyteChar,
  mustBeType,
  typeMismatch,
  undefinedOperator,
  unionTypes,
  valueTooLong,
} from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { foldCast, integerValue, nonAscii } from '../../expressions/fold.ts';
import {
  BOOL,
  FLOAT8,
  OPEN_NUMERIC,
  TEXT,
  TYPE_INFO,
  formatType,
  hasCollation,
  hasOrder,
  isDatetime,
  isFloat,
  isInteger,
  isInterval,
  isNumber,
  isSpatial,
  isString,
  numeric,
  sameType,
  varchar,
  withCollation,
  type SqlType,
} from '../../types/sql-type.ts';
import { spatialFrom } from '../../functions/spatial-calls.ts';
import { superFrom, superTo } from '../../functions/super-calls.ts';
import { parseText } from '../../types/text.ts';
import { collationOf, inOneCollation, settledCollation } from './collation.ts';
import type { AnalyserState } from './context.ts';
import { asNumeric, castMode, commonType, shownType, type CastMode } from './type-rules.ts';

type Const = Extract<BoundExpr, { kind: 'const' }>;

export const constant = (type: SqlType, value: Const['value']): Const => ({ kind: 'const', type, value });
export const isUnknown = (e: BoundExpr): boolean => e.type.name === 'unknown';

/** Adds the position to an error that has none. */
export function withPosition<T>(position: number | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SqlError && error.position === undefined) error.position = position;
    throw error;
  }
}

/** A number as SQL writes it: integer, bigint or numeric by size, float8 with an exponent. */
export function numberConstant(text: string): Const {
  if (/e/i.test(text)) return constant(FLOAT8, parseText(FLOAT8, text));
  if (!text.includes('.')) {
    const v = BigInt(text);
    for (const name of ['int4', 'int8'] as const) {
      const value = integerValue(v, { name });
      if (value !== undefined) return constant({ name }, value);
    }
  }
  return decimalConstant(text);
}

/** The literal as a numeric just wide enough for its digits. */
function decimalConstant(text: string): Const {
  const m = /^\s*([+-]?)0*(\d*)(?:\.(\d*))?\s*$/.exec(text);
  if (m === null) return constant(numeric(38, 8), parseText(numeric(38, 8), text));
  const scale = Math.min((m[3] ?? '').length, 37);
  const precision = Math.min(Math.max(m[2]!.length + scale, scale, 1), 38);
  const type = numeric(precision, scale);
  return constant(type, parseText(type, text));
}

/** An unknown literal as a constant of `type`. Explicit casts of strings cut silently. */
export function literalAs(
  state: AnalyserState,
  text: string,
  type: SqlType,
  mode: CastMode,
  position: number | undefined,
): Const {
  return withPosition(position, () => {
    if (isString(type)) {
      const source = constant(TEXT, text);
      const folded = foldCast(source, type, mode);
      if (folded === undefined) {
        const char = type.name === 'char' ? nonAscii(text) : undefined;
        throw char === undefined ? valueTooLong(formatType(type)) : multibyteChar(char);
      }
      return folded.type === type ? folded : { ...folded, type };
    }
    if (type.name === 'varbyte' && mode === 'explicit')
      return foldCast(constant({ name: 'varbyte' }, parseText({ name: 'varbyte' }, text)), type, mode)!;
    return constant(type, parseText(type, text, state.context.text));
  });
}

/** The type a parameter takes where `type` is wanted: no lengths, decimals with room for any value of the type. */
function parameterType(type: SqlType): SqlType {
  if (type.name === 'super' || isSpatial(type)) return { name: 'varchar' };
  if (isString(type) && type.name !== 'name' && type.name !== 'chartype') return { name: 'varchar' };
  if (type.name !== 'numeric') return type;
  const scale = type.scale ?? 0;
  const before = (type.precision ?? 18) - scale;
  return numeric(38, Math.max(scale, Math.min(8, 38 - before)));
}

/** An untyped operand beside one of `type`: a parameter keeps all its digits, a literal becomes a constant of `type`. */
export function operandAs(state: AnalyserState, e: BoundExpr, type: SqlType, position: number): BoundExpr {
  return e.kind === 'param' && type.name !== 'unknown'
    ? bindParameter(state, e, type)
    : tryCoerce(state, e, type, 'implicit', position)!;
}

function bindParameter(state: AnalyserState, e: Extract<BoundExpr, { kind: 'param' }>, type: SqlType): BoundExpr {
  const types = state.context.parameterTypes;
  types[e.index] ??= parameterType(type);
  return { ...e, type: types[e.index]! };
}

/**
 * A parameter that the client calls NUMERIC says nothing of its digits: beside a decimal type it gets room for that type's,
 * everywhere in the statement, which is therefore analysed once more.
 */
function withDigits(state: AnalyserState, e: BoundExpr, type: SqlType): BoundExpr {
  if (e.kind !== 'param' || e.type !== OPEN_NUMERIC || type.name !== 'numeric') return e;
  const known = parameterType(type);
  state.context.parameterTypes[e.index] = known;
  state.usage.hasOpenParameter = true;
  return { ...e, type: known };
}

const scaleOf = (t: SqlType): number => (t.name === 'numeric' ? (t.scale ?? 0) : 0);
/** A NUMERIC that the target type has fewer decimals for. */
const dropsDecimals = (from: SqlType, to: SqlType): boolean =>
  from.name === 'numeric' && (isInteger(to) || to.name === 'numeric') && scaleOf(to) < scaleOf(from);

/**
 * Converts without asking whether the cast exists. Decimals that get lost are rounded in a literal and cut off in any
 * other value (a cast literal among them, so that constants and columns of one type agree), unless `rounds`
 * (enable_numeric_rounding); an assignment always rounds.
 */
function convert(e: BoundExpr, type: SqlType, mode: CastMode, rounds = false): BoundExpr {
  if (sameType(e.type, type)) return e;
  if (type.name === 'super') return superFrom(e);
  if (isSpatial(type)) return spatialFrom(e, type);
  const literal = e.kind === 'const' && e.cast !== true;
  if (e.kind === 'const') {
    const folded = foldCast(e, type, mode, literal || rounds || mode === 'assignment');
    if (folded !== undefined) return literal ? folded : { ...folded, cast: true };
  }
  const round = (rounds || literal) && dropsDecimals(e.type, type);
  return { kind: 'cast', type, arg: e, mode, ...(round ? { rounds: true } : {}) };
}

/** `given` as `type`, or undefined when there is no cast that strong. Literal and parameter types are settled here. */
export function tryCoerce(
  state: AnalyserState,
  given: BoundExpr,
  type: SqlType,
  mode: CastMode,
  position?: number,
): BoundExpr | undefined {
  if (type.name === 'unknown') return given;
  const e = withDigits(state, given, type);
  if (isUnknown(e)) {
    if (e.kind === 'const') {
      if (e.value === null) return constant(type, null);
      if (type.name === 'super') return superFrom(settle(state, e));
      if (isSpatial(type)) return spatialFrom(settle(state, e), type);
      return literalAs(state, e.value as string, type, mode, position);
    }
    if (e.kind === 'param' && isSpatial(type)) return spatialFrom(bindParameter(state, e, type), type);
    if (e.kind === 'param') return tryCoerce(state, bindParameter(state, e, type), type, mode, position);
    if (type.name === 'super') return superFrom(settle(state, e));
    if (isSpatial(type)) return spatialFrom(settle(state, e), type);
    return { kind: 'cast', type, arg: e, mode };
  }
  const strength = castMode(e.type, type);
  if (strength === undefined) return undefined;
  if (mode === 'implicit' && strength !== 'implicit') return undefined;
  if (mode === 'assignment' && strength === 'explicit') return undefined;
  const value = e.type.name === 'super' ? superTo(e, type, state.context.superRules?.strictCasts === true) : e;
  return convert(value, type, mode, state.context.roundsNumeric === true);
}

export function castTo(state: AnalyserState, e: BoundExpr, type: SqlType, position: number): BoundExpr {
  const out = tryCoerce(state, e, type, 'explicit', position);
  if (out === undefined) throw cannotCast(TYPE_INFO[e.type.name].sqlName, TYPE_INFO[type.name].sqlName, position);
  return out;
}

/** For INSERT and UPDATE targets. */
export function assignTo(
  state: AnalyserState,
  e: BoundExpr,
  column: { readonly name: string; readonly type: SqlType },
  position?: number,
): BoundExpr {
  const out = tryCoerce(state, e, column.type, 'assignment', position);
  if (out === undefined) {
    const shown = [TYPE_INFO[column.type.name].sqlName, TYPE_INFO[e.type.name].sqlName] as const;
    throw typeMismatch(column.name, ...shown, ...(position === undefined ? [] : [position]));
  }
  return out;
}

/** Conditions: boolean, or an integer or literal that converts to one. */
export function toBoolean(state: AnalyserState, e: BoundExpr, what: string, position: number): BoundExpr {
  const out = tryCoerce(state, e, BOOL, e.type.name === 'super' ? 'assignment' : 'implicit', position);
  if (out === undefined) throw mustBeType(what, 'boolean', TYPE_INFO[e.type.name].sqlName, position);
  return out;
}

/** An untyped literal or parameter that nothing typed becomes a string. */
export function settle(state: AnalyserState, e: BoundExpr): BoundExpr {
  return settledCollation(state, isUnknown(e) ? asString(state, e) : e);
}
function asString(state: AnalyserState, e: BoundExpr): BoundExpr {
  if (e.kind === 'const' && typeof e.value === 'string') {
    return constant(varchar(Math.max(1, Buffer.byteLength(e.value))), e.value);
  }
  if (e.kind === 'const') return constant(varchar(1), null);
  return tryCoerce(state, e, { name: 'varchar' }, 'implicit')!;
}

/**
 * For a place that takes a value of any type: a parameter stays open for what tells its type elsewhere in the statement,
 * which is then analysed once more with the types found.
 */
export function settleLater(state: AnalyserState, e: BoundExpr): BoundExpr {
  if (e.kind !== 'param' || !isUnknown(e)) return settle(state, e);
  state.usage.hasOpenParameter = true;
  return { ...e, type: { name: 'varchar' } };
}

/**
 * Gives every expression the common type of all; `what` is CASE, COALESCE, UNION ... for the error, which points at the
 * expression that cannot be brought to it where `places` tells them apart.
 */
export function unify(
  state: AnalyserState,
  list: readonly BoundExpr[],
  what: string,
  position: number,
  places: readonly number[] = [],
): { readonly type: SqlType; readonly args: readonly BoundExpr[] } {
  const placeAt = (i: number): number => places[i] ?? position;
  const plain = unifiedType(
    list.map((e) => literalWidth(e)),
    what,
    placeAt,
  );
  const type = hasCollation(plain) ? withCollation(plain, collationOf(state, list, position)) : plain;
  const args = list.map((e, i) => {
    const out = tryCoerce(state, e, type, type.name === 'super' ? 'assignment' : 'implicit', placeAt(i));
    if (out === undefined) throw unionTypes(what, shownType(list[0]!.type), shownType(e.type), placeAt(i));
    return out;
  });
  return { type, args };
}

/** String literals take part in the common type with their own width, but only once a string is among the others. */
interface Candidate {
  readonly type: SqlType;
  readonly literalBytes: number;
  readonly multibyte: boolean;
}
const literalWidth = (e: BoundExpr): Candidate => {
  const text = isUnknown(e) && e.kind === 'const' && typeof e.value === 'string' ? e.value : undefined;
  return {
    type: e.type,
    literalBytes: text === undefined ? 0 : Math.max(1, Buffer.byteLength(text)),
    multibyte: text !== undefined && nonAscii(text) !== undefined,
  };
};

function unifiedType(list: readonly Candidate[], what: string, placeAt: (i: number) => number): SqlType {
  let type: SqlType = { name: 'unknown' };
  for (const [i, c] of list.entries()) {
    const next = commonType(type, c.type);
    if (next === undefined) throw unionTypes(what, shownType(type), shownType(c.type), placeAt(i));
    type = next;
  }
  // A char beside a literal of several-byte characters is no char.
  if (type.name === 'char' && list.some((c) => c.multibyte)) type = { ...type, name: 'varchar' };
  const width = Math.max(0, ...list.map((c) => c.literalBytes));
  if (type.name === 'unknown') return varchar(Math.max(1, width));
  if (['varchar', 'char', 'varbyte'].includes(type.name) && type.length !== undefined && width > type.length) {
    return { ...type, length: width };
  }
  return type;
}

/** Smallest change that makes a constant comparable with `type`: '12' with bigint, 5 with smallint, 2.5 with (12,2). */
function constantAs(e: BoundExpr, type: SqlType): BoundExpr | undefined {
  if (e.kind !== 'const' || e.value === null) return undefined;
  const back = foldCast(e, type, 'implicit');
  if (back === undefined) return undefined;
  const again = foldCast(back, e.type, 'implicit');
  return again !== undefined && again.value === e.value ? back : undefined;
}

function numberPair(l: BoundExpr, r: BoundExpr): readonly [BoundExpr, BoundExpr] {
  if (sameType(l.type, r.type)) return [l, r];
  if (isFloat(l.type) || isFloat(r.type)) {
    const type = l.type.name === 'float4' && r.type.name === 'float4' ? l.type : FLOAT8;
    return [convert(l, type, 'implicit'), convert(r, type, 'implicit')];
  }
  if (r.kind === 'const' && l.kind !== 'const') {
    const c = constantAs(r, l.type);
    if (c !== undefined) return [l, c];
  }
  if (l.kind === 'const' && r.kind !== 'const') {
    const c = constantAs(l, r.type);
    if (c !== undefined) return [c, r];
  }
  if (isInteger(l.type) && isInteger(r.type)) {
    const type = commonType(l.type, r.type)!;
    return [convert(l, type, 'implicit'), convert(r, type, 'implicit')];
  }
  const a = asNumeric(l.type);
  const b = asNumeric(r.type);
  if (a.scale === b.scale && l.type.name === 'numeric' && r.type.name === 'numeric') return [l, r];
  const scale = Math.max(a.scale!, b.scale!);
  const to = (t: SqlType): SqlType => numeric(Math.min(38, t.precision! - t.scale! + scale), scale);
  return [convert(l, to(a), 'implicit'), convert(r, to(b), 'implicit')];
}

/** An unknown literal against a number: the literal's own digits decide when it has more of them. */
function unknownAsNumber(state: AnalyserState, e: BoundExpr, type: SqlType, position: number): BoundExpr {
  if (type.name === 'numeric' && e.kind === 'const' && typeof e.value === 'string') {
    return withPosition(position, () => decimalConstant(e.value as string));
  }
  return operandAs(state, e, type, position);
}

/** Both operands of `left op right` in one type family; 42883 when there is none. */
export function comparisonPair(
  state: AnalyserState,
  op: string,
  left: BoundExpr,
  right: BoundExpr,
  position: number,
): readonly [BoundExpr, BoundExpr] {
  if (!hasOrder(left.type) || !hasOrder(right.type))
    throw undefinedOperator(`${shownType(left.type)} ${op} ${shownType(right.type)}`, position);
  let l = left;
  let r = right;
  if (isUnknown(l) && isUnknown(r)) return [settle(state, l), settle(state, r)];
  if (isUnknown(r)) r = typedBy(state, r, l.type, position);
  else if (isUnknown(l)) l = typedBy(state, l, r.type, position);
  if (isNumber(l.type) && isNumber(r.type))
    return numberPair(withDigits(state, l, r.type), withDigits(state, r, l.type));
  if (isString(l.type) && isString(r.type)) return inOneCollation(state, [l, r], position);
  const pair = mixedPair(state, l, r) ?? commonPair(state, l, r);
  if (pair === undefined) throw undefinedOperator(`${shownType(left.type)} ${op} ${shownType(right.type)}`, position);
  return inOneCollation(state, pair, position);
}

/** An untyped operand beside one of `type`, with its own length and digits. */
export function typedBy(state: AnalyserState, e: BoundExpr, type: SqlType, position: number): BoundExpr {
  if (isNumber(type)) return unknownAsNumber(state, e, type, position);
  if (type.name === 'varbyte' || isInterval(type)) return operandAs(state, e, { name: type.name }, position);
  const plain =
    isString(type) && type.name !== 'text' ? ({ name: type.name === 'char' ? 'char' : 'varchar' } as const) : type;
  return operandAs(state, e, plain, position);
}

/** Boolean with integer, string with number, string with datetime. */
function mixedPair(state: AnalyserState, l: BoundExpr, r: BoundExpr): readonly [BoundExpr, BoundExpr] | undefined {
  const asBool = (e: BoundExpr) => tryCoerce(state, e, BOOL, 'implicit');
  if (l.type.name === 'bool' && isInteger(r.type)) return [l, asBool(r)!];
  if (r.type.name === 'bool' && isInteger(l.type)) return [asBool(l)!, r];
  const [text, other] = isString(l.type) ? [l, r] : [r, l];
  if (!isString(text.type)) return undefined;
  let pair: readonly [BoundExpr, BoundExpr];
  if (other.type.name === 'numeric') {
    const scale = other.type.scale ?? 0;
    pair = numberPair(convert(text, numeric(38, scale), 'implicit'), other);
  } else if (isNumber(other.type) || isDatetime(other.type) || other.type.name === 'oid') {
    pair = [text, convert(other, { name: 'varchar' }, 'implicit')];
  } else if (TYPE_INFO[other.type.name].category === 'A' || TYPE_INFO[other.type.name].category === 'U') {
    pair = [text, convert(other, TEXT, 'implicit')];
  } else {
    return undefined;
  }
  return text === l ? pair : [pair[1], pair[0]];
}

const familyConstant = (e: BoundExpr, type: SqlType): BoundExpr | undefined =>
  e.kind === 'const' && e.type.name === 'interval' && type.name !== 'interval' && e.value !== null
    ? foldCast(e, { name: type.name }, 'implicit')
    : undefined;

function commonPair(state: AnalyserState, l: BoundExpr, r: BoundExpr): readonly [BoundExpr, BoundExpr] | undefined {
  const type = commonType(l.type, r.type);
  if (type === undefined) return undefined;
  // An untyped interval beside a column of a family is of the family where it has no part of the other.
  if (type.name === 'interval') {
    const [a, b] = [familyConstant(l, r.type), familyConstant(r, l.type)];
    if (a !== undefined) return [a, r];
    if (b !== undefined) return [l, b];
  }
  // A timestamp at midnight beside a date column is a date: the column stays bare.
  if (l.type.name === 'date' && r.kind === 'const') {
    const c = constantAs(r, l.type);
    if (c !== undefined) return [l, c];
  }
  if (r.type.name === 'date' && l.kind === 'const') {
    const c = constantAs(l, r.type);
    if (c !== undefined) return [c, r];
  }
  const a = tryCoerce(state, l, type, 'implicit');
  const b = tryCoerce(state, r, type, 'implicit');
  return a === undefined || b === undefined ? undefined : [a, b];
}
