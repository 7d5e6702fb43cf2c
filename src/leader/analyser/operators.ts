/**
 * Operators on bound operands: arithmetic with Redshift's result types, date arithmetic, comparison, row comparison,
 * patterns, bits and concatenation. Everything that is not number arithmetic or comparison becomes a function call.
 */
import { featureNotSupported, operatorNotUnique, undefinedOperator } from '../../common/errors/catalogue.ts';
import type { ArithOp, BoundExpr, CompareOp, IntervalValue } from '../../expressions/bound.ts';
import { foldExpr } from '../../expressions/fold.ts';
import { compare, conjunction, isNull, isOfRows, not, someExpr } from '../../expressions/walk.ts';
import {
  BOOL,
  DATE,
  FLOAT8,
  INT4,
  INT8,
  INTERVAL,
  isArray,
  isFloat,
  isInteger,
  isInterval,
  isNumber,
  isString,
  numeric,
  type SqlType,
} from '../../types/sql-type.ts';
import { compareArrayValues } from './array-order.ts';
import { callFunction, hasFunction } from './calls.ts';
import { comparisonPair, isUnknown, settle, tryCoerce, typedBy } from './coerce.ts';
import { foldTemporal } from './constant-dates.ts';
import { superIsNull, superUnary } from '../../functions/super-calls.ts';
import { compareSuper, isSuper, superArithmetic } from './super.ts';
import type { AnalyserState } from './context.ts';
import { numericResult, asNumeric, shownType, widerInteger } from './type-rules.ts';

/** Decimals that multiply intervals: 18 digits behind the point keep the product exact to the microsecond. */
const INTERVAL_FACTOR = numeric(38, 18);

type Op = (state: AnalyserState, l: BoundExpr, r: BoundExpr, position: number) => BoundExpr;

const COMPARE: Readonly<Record<string, CompareOp>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
export const compareOp = (op: string): CompareOp | undefined => COMPARE[op];

export function bindCompare(
  state: AnalyserState,
  op: CompareOp,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
): BoundExpr {
  if (isSuper(l) || isSuper(r)) return compareSuper(state, op, l, r, position);
  const [a, b] = comparisonPair(state, op, l, r, position);
  return isArray(a.type) && isArray(b.type) ? compareArrayValues(state, op, a, b, position) : compare(op, a, b);
}

/** (a, b) op (c, d): equality by columns, order lexicographically. */
export function bindRowCompare(
  state: AnalyserState,
  op: CompareOp,
  left: readonly BoundExpr[],
  right: readonly BoundExpr[],
  position: number,
): BoundExpr {
  if (left.length !== right.length)
    throw featureNotSupported('unequal number of entries in row expression', position);
  const pairs = left.map((l, i) => (o: CompareOp) => bindCompare(state, o, l, right[i]!, position));
  if (op === '=') return conjunction(pairs.map((p) => p('=')));
  if (op === '<>') return disjunction(pairs.map((p) => p('<>')));
  const strict: CompareOp = op === '<' || op === '<=' ? '<' : '>';
  const alternatives = pairs.map((p, i) => {
    const last = i === pairs.length - 1;
    return conjunction([...pairs.slice(0, i).map((q) => q('=')), p(last ? op : strict)]);
  });
  return disjunction(alternatives);
}

export const disjunction = (args: readonly BoundExpr[]): BoundExpr =>
  args.length === 1 ? args[0]! : { kind: 'or', type: BOOL, args };

function numberArith(op: ArithOp, l: BoundExpr, r: BoundExpr, position: number): BoundExpr {
  const cast = (e: BoundExpr, type: SqlType): BoundExpr =>
    e.type.name === type.name && e.type.precision === type.precision
      ? e
      : { kind: 'cast', type, arg: e, mode: 'implicit' };
  const node = (type: SqlType, a: BoundExpr, b: BoundExpr): BoundExpr => ({
    kind: 'arith',
    type,
    op,
    left: foldExpr(a),
    right: foldExpr(b),
  });
  if (isFloat(l.type) || isFloat(r.type)) {
    if (op === '%') throw undefinedOperator(`${shownType(l.type)} % ${shownType(r.type)}`, position);
    return node(FLOAT8, cast(l, FLOAT8), cast(r, FLOAT8));
  }
  if (isInteger(l.type) && isInteger(r.type)) {
    const type = widerInteger(l.type, r.type);
    return node(type, cast(l, type), cast(r, type));
  }
  const type = numericResult(op, l.type, r.type);
  return node(type, cast(l, asNumeric(l.type)), cast(r, asNumeric(r.type)));
}

const isTime = (t: SqlType): boolean => t.name === 'time' || t.name === 'timetz';
const isDateOrTimestamp = (t: SqlType): boolean =>
  t.name === 'date' || t.name === 'timestamp' || t.name === 'timestamptz';

/** An untyped operand takes the other's type; beside a date it is days or an interval. */
function settleOperands(state: AnalyserState, op: string, l: BoundExpr, r: BoundExpr, position: number) {
  if (isUnknown(l) && isUnknown(r)) throw operatorNotUnique(`"unknown" ${op} "unknown"`, position);
  const typed = (e: BoundExpr, other: SqlType): BoundExpr => {
    if (!isUnknown(e)) return e;
    if (isDateOrTimestamp(other) && op === '+')
      return tryCoerce(state, e, e.kind === 'param' ? INT4 : INTERVAL, 'implicit', position)!;
    if (isInterval(other) && (op === '*' || op === '/')) return typedBy(state, e, FLOAT8, position);
    // The other operand's length or scale says nothing about the literal's own.
    if (isString(other)) return settle(state, e);
    return typedBy(state, e, other, position);
  };
  return [typed(l, r.type), typed(r, l.type)] as const;
}

const isSpan = (e: BoundExpr): boolean => isInterval(e.type);

/** A family of temporal arithmetic; undefined for operands it does not know. */
type TemporalOp = (
  state: AnalyserState,
  op: string,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
) => BoundExpr | undefined;

/** A call that becomes a constant when its arguments are. */
const temporalCall = (state: AnalyserState, name: string, args: readonly BoundExpr[], position: number): BoundExpr =>
  foldTemporal(state, callFunction(state, name, args, position));

const datetimeArith: TemporalOp = (state, op, l, r, position) => {
  const isMoment = (e: BoundExpr): boolean => isDateOrTimestamp(e.type) || isTime(e.type);
  if (op === '+' && isMoment(r) && !isMoment(l)) return datetimeArith(state, op, r, l, position);
  if (op !== '+' && op !== '-') return undefined;
  if (l.type.name === 'date' && isInteger(r.type)) {
    const days = tryCoerce(state, r, INT4, 'implicit')!;
    const signed: BoundExpr = op === '+' ? days : foldExpr({ kind: 'neg', type: INT4, arg: days });
    return temporalCall(state, 'date_add_days', [l, signed], position);
  }
  if (isMoment(l) && isSpan(r)) {
    return temporalCall(state, op === '+' ? 'datetime_plus_interval' : 'datetime_minus_interval', [l, r], position);
  }
  if (op === '+' && l.type.name === 'date' && isTime(r.type) && hasFunction(state, 'datetime_plus_time')) {
    return callFunction(state, 'datetime_plus_time', [l, r], position);
  }
  if (op === '-' && l.type.name === 'date' && r.type.name === 'date') {
    return callFunction(state, 'date_diff_days', [l, tryCoerce(state, r, DATE, 'implicit')!], position);
  }
  if (op === '-' && isTime(l.type) && isTime(r.type)) return temporalCall(state, 'time_minus_time', [l, r], position);
  if (op === '-' && isDateOrTimestamp(l.type) && isDateOrTimestamp(r.type)) {
    return temporalCall(state, 'timestamp_minus_timestamp', [l, r], position);
  }
  return undefined;
};

/** interval +- interval, interval * number (either order), interval / number. */
const intervalArith: TemporalOp = (state, op, l, r, position) => {
  if (isSpan(l) && isSpan(r) && (op === '+' || op === '-'))
    return temporalCall(state, op === '+' ? 'interval_add' : 'interval_sub', [l, r], position);
  if (op === '*' && isSpan(r) && !isSpan(l)) return intervalArith(state, op, r, l, position);
  if (!isSpan(l) || !isNumber(r.type) || (op !== '*' && op !== '/')) return undefined;
  const exact = isInteger(r.type) ? INT8 : op === '*' && r.type.name === 'numeric' ? INTERVAL_FACTOR : FLOAT8;
  const number = tryCoerce(state, r, exact, 'implicit', position)!;
  return temporalCall(state, op === '*' ? 'interval_mul' : 'interval_div', [l, number], position);
};

/** Two strings or two VARBYTE values, which + and || put together. */
const joins = (l: BoundExpr, r: BoundExpr): boolean =>
  (isString(l.type) && isString(r.type)) || (isBytes(l) && isBytes(r));
const isBytes = (e: BoundExpr): boolean => e.type.name === 'varbyte';

/** An interval of the old kind, without fields, that has months: compute nodes take none. */
const hasMonths = (e: BoundExpr): boolean =>
  e.type.name === 'interval' &&
  someExpr(
    e,
    (x) => x.kind === 'const' && x.type.name === 'interval' && ((x.value as IntervalValue | null)?.months ?? 0) !== 0,
  );

/** Matching without regard to case is a function of the leader node. */
const caseless =
  (name: string, op: string): Op =>
  (state, l, r, position) => {
    state.usage.leaderFunctions.add(`${name}(text,text)`);
    return asFunction('regex_match_ci', op)(state, l, r, position);
  };

const bindArith =
  (op: ArithOp): Op =>
  (state, left, right, position) => {
    const dynamic = superArithmetic(state, op, left, right, position);
    if (dynamic !== undefined) return dynamic;
    const [l, r] = settleOperands(state, op, left, right, position);
    if (isNumber(l.type) && isNumber(r.type)) return numberArith(op, l, r, position);
    if (op === '+' && joins(l, r)) return callFunction(state, 'concat_op', [l, r], position);
    if ((hasMonths(l) && isOfRows(r)) || (hasMonths(r) && isOfRows(l))) state.usage.monthsOfRows ??= position;
    const out = datetimeArith(state, op, l, r, position) ?? intervalArith(state, op, l, r, position);
    if (out === undefined) throw undefinedOperator(`${shownType(l.type)} ${op} ${shownType(r.type)}`, position);
    return out;
  };

const asFunction =
  (name: string, what: string): Op =>
  (state, l, r, position) =>
    callFunction(state, name, [l, r], position, `operator ${what}`);
const negated =
  (inner: Op): Op =>
  (state, l, r, position) =>
    not(inner(state, l, r, position));

const concat: Op = (state, l, r, position) => {
  if (isArray(l.type) && isArray(r.type)) {
    const [a, b] = comparisonPair(state, '||', l, r, position);
    return callFunction(state, 'array_cat', [a, b], position, 'operator ||');
  }
  if (isBytes(l) || isBytes(r)) {
    const as = (e: BoundExpr): BoundExpr => (isUnknown(e) ? typedBy(state, e, { name: 'varbyte' }, position) : e);
    if (joins(as(l), as(r))) return callFunction(state, 'concat_op', [as(l), as(r)], position);
    throw undefinedOperator(`${shownType(l.type)} || ${shownType(r.type)}`, position);
  }
  const text = (e: BoundExpr): BoundExpr => {
    if (isUnknown(e)) return settle(state, e);
    const mode = e.type.name === 'oid' ? 'explicit' : 'implicit';
    const out = isString(e.type) ? e : tryCoerce(state, e, { name: 'varchar' }, mode, position);
    if (out === undefined) throw undefinedOperator(`${shownType(l.type)} || ${shownType(r.type)}`, position);
    return out;
  };
  return callFunction(state, 'concat_op', [text(l), text(r)], position);
};

/** IS NULL: a JSON null is a null too. */
export const nullTest = (e: BoundExpr): BoundExpr => (isSuper(e) ? superIsNull(e) : isNull(e));

/** NULLs are values here: both NULL is not distinct. */
const distinctFrom: Op = (state, l, r, position) => {
  const [a, b] = isSuper(l) || isSuper(r) ? [l, r] : comparisonPair(state, 'IS DISTINCT FROM', l, r, position);
  const arg = bindCompare(state, '=', a, b, position);
  const equal: BoundExpr = { kind: 'istest', type: BOOL, arg, test: 'true', negated: false };
  return not(disjunction([equal, conjunction([nullTest(a), nullTest(b)])]));
};

const OPERATORS: Readonly<Record<string, Op>> = {
  '+': bindArith('+'),
  '-': bindArith('-'),
  '*': bindArith('*'),
  '/': bindArith('/'),
  '%': bindArith('%'),
  '^': asFunction('power', '^'),
  '||': concat,
  '&': asFunction('bit_and_op', '&'),
  '|': asFunction('bit_or_op', '|'),
  '#': asFunction('bit_xor_op', '#'),
  '<<': asFunction('shift_left_op', '<<'),
  '>>': asFunction('shift_right_op', '>>'),
  '~': asFunction('regex_match', '~'),
  '!~': negated(asFunction('regex_match', '!~')),
  '~*': caseless('texticregexeq', '~*'),
  '!~*': negated(caseless('texticregexne', '!~*')),
  '~~': asFunction('like', 'LIKE'),
  '!~~': negated(asFunction('like', 'LIKE')),
  '~~*': asFunction('ilike', 'ILIKE'),
  '!~~*': negated(asFunction('ilike', 'ILIKE')),
  'is distinct from': distinctFrom,
  'is not distinct from': negated(distinctFrom),
};

/** Any binary operator but AND, OR and the patterns with ESCAPE. `op` may carry a schema: pg_catalog.~ */
export function bindBinary(
  state: AnalyserState,
  op: string,
  l: BoundExpr,
  r: BoundExpr,
  position: number,
): BoundExpr {
  const plain = op.replace(/^pg_catalog\./, '');
  const comparison = COMPARE[plain];
  if (comparison !== undefined) return bindCompare(state, comparison, l, r, position);
  const handler = OPERATORS[plain];
  if (handler === undefined) throw undefinedOperator(`${shownType(l.type)} ${op} ${shownType(r.type)}`, position);
  return handler(state, l, r, position);
}

const PATTERNS: Readonly<Record<string, string>> = {
  like: 'like',
  ilike: 'ilike',
  similar: 'similar',
  'similar to': 'similar',
};

/** LIKE, ILIKE, SIMILAR TO and their NOT forms; undefined when `op` is none of them. */
export function bindPattern(
  state: AnalyserState,
  op: string,
  l: BoundExpr,
  r: BoundExpr,
  escape: BoundExpr | undefined,
  position: number,
): BoundExpr | undefined {
  const isNegated = op.startsWith('not ');
  const name = PATTERNS[isNegated ? op.slice(4) : op];
  if (name === undefined) return undefined;
  const args = [l, r, ...(escape === undefined ? [] : [escape])].map((e) => (isUnknown(e) ? settle(state, e) : e));
  const call = callFunction(state, name, args, position, name.toUpperCase());
  return isNegated ? not(call) : call;
}

/** - + |/ ||/ @ ~ on one operand. */
export function bindUnary(state: AnalyserState, op: string, arg: BoundExpr, position: number): BoundExpr {
  if (op === '+' || op === '-') {
    const e = isUnknown(arg) ? tryCoerce(state, arg, FLOAT8, 'implicit', position)! : arg;
    if (isSpan(e)) return op === '+' ? e : temporalCall(state, 'interval_neg', [e], position);
    if (isSuper(e)) return op === '+' ? e : superUnary('neg', e);
    if (!isNumber(e.type)) throw undefinedOperator(`${op} ${shownType(e.type)}`, position);
    return op === '+' ? e : foldExpr({ kind: 'neg', type: e.type, arg: e });
  }
  const names: Readonly<Record<string, string>> = { '|/': 'sqrt', '||/': 'cbrt', '@': 'abs', '~': 'bit_not_op' };
  const name = names[op];
  if (name === undefined) throw undefinedOperator(`${op} ${shownType(arg.type)}`, position);
  return callFunction(state, name, [arg], position, `operator ${op}`);
}
