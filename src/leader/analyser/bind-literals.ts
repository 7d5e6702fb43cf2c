/**
 * x IN (literal, ...) with a list that the lexer lifted out of the text: its constants become data of x's type without an
 * expression for each. Means what in-list.ts makes of a short list. A literal that no value of x's type equals as it is
 * written (2.5 for an integer) has x cast for it, as there; all that need the same cast share a list.
 */
import { assert } from '../../common/assert.ts';
import type { Steps } from '../../common/steps.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { PRINTED_ITEMS_MAX } from '../../expressions/print.ts';
import { exprKey, not } from '../../expressions/walk.ts';
import { PackedList } from '../../types/packed-list.ts';
import { BOOL, isInteger, isString, type SqlType, type TypeName } from '../../types/sql-type.ts';
import { TextPool } from '../../types/text-pool.ts';
import { listForm, packList, packNumbers, packPool, comparedText, type ListForm } from '../../types/value-list.ts';
import { literalExpr } from '../parser/literal-expr.ts';
import {
  LITERAL_ESCAPED,
  LITERAL_FALSE,
  LITERAL_INTEGER,
  LITERAL_NULL,
  LITERAL_NUMBER,
  LITERAL_STRING,
  LITERAL_TRUE,
  type LiteralList,
} from '../parser/literal-list.ts';
import { constant, isUnknown, numberConstant, settle } from './coerce.ts';
import type { AnalyserState } from './context.ts';
import { converted } from './converted-lists.ts';
import { bindCompare, disjunction } from './operators.ts';

type Value = null | number | bigint | string;

/** Literals looked at between two steps. */
const PIECE = 2048;
const INTEGER_BITS: Partial<Readonly<Record<TypeName, number>>> = { int2: 15, int4: 31, int8: 63 };

/** Items of a list need no cast beside an operand of the type. */
export const sameFamily = (a: SqlType, b: SqlType): boolean =>
  (isString(a) && isString(b)) || (a.name === b.name && a.scale === b.scale);

/** Items that one operand is compared with. */
interface Group {
  /** The operand as it was, or cast. */
  readonly arg: BoundExpr;
  readonly values: Value[];
}

export function bindLiterals(
  state: AnalyserState,
  operand: BoundExpr,
  list: LiteralList,
  negated: boolean,
  position: number,
): BoundExpr {
  const arg = isUnknown(operand) && allTexts(list) ? settle(state, operand) : typed(state, operand, list, position);
  const alternatives = converted(state.context.lists, list, exprKey([arg, position]), () =>
    comparisons(state, arg, list, position),
  );
  const lists = alternatives.map((e) => (e.kind === 'inlist' && negated ? { ...e, negated: true } : e));
  if (lists.length === 1 && lists[0]!.kind === 'inlist') return lists[0]!;
  return negated ? not(disjunction(alternatives)) : disjunction(alternatives);
}

/** A parameter takes its type from the list now: what the conversion finds later, this run of the analyser never learns. */
function typed(state: AnalyserState, e: BoundExpr, list: LiteralList, position: number): BoundExpr {
  if (e.kind !== 'param' || !isUnknown(e)) return e;
  const types = state.context.parameterTypes;
  for (let i = 0; i < list.length && types[e.index] === undefined; i++)
    bindCompare(state, '=', e, bindLiteral(list, i), isText(list.kind(i)) ? list.pos(i) + 1 : position);
  const type = types[e.index];
  return type === undefined ? e : { ...e, type };
}

const isText = (kind: number): boolean =>
  kind === LITERAL_STRING || kind === LITERAL_ESCAPED || kind === LITERAL_NULL;
function allTexts(list: LiteralList): boolean {
  for (let i = 0; i < list.length; i++) if (!isText(list.kind(i))) return false;
  return true;
}

/** One or more expressions, any of which is true where the operand is in the list. */
function* comparisons(
  state: AnalyserState,
  arg: BoundExpr,
  list: LiteralList,
  position: number,
): Steps<readonly BoundExpr[]> {
  const { type } = arg;
  const quick =
    isInteger(type) && type.name in INTEGER_BITS
      ? yield* integers(list, type)
      : type.name === 'varchar' || type.name === 'text'
        ? yield* texts(list, listForm(type) === 'folded')
        : undefined;
  if (quick !== undefined) return [{ kind: 'inlist', type: BOOL, arg, items: quick, negated: false }];
  const groups: Group[] = [];
  const rest: BoundExpr[] = [];
  const known = new Map<string, Group>();
  for (let i = 0; i < list.length; i++) {
    const item = bindLiteral(list, i);
    const at = isText(list.kind(i)) ? list.pos(i) + 1 : position;
    const c = bindCompare(state, '=', arg, item, at);
    if (c.kind !== 'compare' || c.right.kind !== 'const' || !fits(c.left, c.right)) rest.push(c);
    else groupOf(c.left, known, groups).values.push(c.right.value as Value);
    if (i % PIECE === PIECE - 1) yield;
  }
  const lists: BoundExpr[] = [];
  for (const group of groups) {
    const items = yield* pack(group.arg.type, group.values);
    lists.push({ kind: 'inlist', type: BOOL, arg: group.arg, items, negated: false });
  }
  return [...lists, ...rest];
}

const fits = (arg: BoundExpr, item: BoundExpr): boolean =>
  sameFamily(arg.type, item.type) && listForm(arg.type) !== undefined;

/** Operands of equal text are the same operand. */
function groupOf(arg: BoundExpr, known: Map<string, Group>, groups: Group[]): Group {
  const last = groups[groups.length - 1];
  if (last?.arg === arg) return last;
  const key = exprKey(arg);
  let group = known.get(key);
  if (group === undefined) {
    group = { arg, values: [] };
    known.set(key, group);
    groups.push(group);
  }
  return group;
}

/** Literal `i`, which is not DEFAULT, as the analyser binds it anywhere. */
export function bindLiteral(list: LiteralList, i: number): BoundExpr {
  switch (list.kind(i)) {
    case LITERAL_NULL:
      return constant({ name: 'unknown' }, null);
    case LITERAL_TRUE:
    case LITERAL_FALSE:
      return constant(BOOL, list.kind(i) === LITERAL_TRUE ? 1 : 0);
    case LITERAL_INTEGER:
    case LITERAL_NUMBER:
      return signed(numberConstant(list.digits(i)), list.isNegative(i));
    default: {
      const e = literalExpr(list, i);
      assert(e.kind === 'literal' && typeof e.value === 'string', 'a text');
      return constant({ name: 'unknown' }, e.value);
    }
  }
}
function signed(e: Extract<BoundExpr, { kind: 'const' }>, negative: boolean): BoundExpr {
  if (!negative || typeof e.value === 'string' || typeof e.value === 'object') return e;
  return { ...e, value: -e.value };
}

/** Integers for an integer operand. Undefined when one is written otherwise, or too large for a double. */
function* integers(list: LiteralList, type: SqlType): Steps<PackedList | undefined> {
  const limit = 2 ** INTEGER_BITS[type.name]!;
  const values = new Float64Array(list.length);
  const head: Value[] = [];
  const asValue = (v: number): Value => (type.name === 'int8' ? BigInt(v) : v);
  let count = 0;
  let hasNull = false;
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < list.length; i++) {
    if (i % PIECE === PIECE - 1) yield;
    const kind = list.kind(i);
    if (kind === LITERAL_NULL) {
      hasNull = true;
      if (head.length < PRINTED_ITEMS_MAX) head.push(null);
      continue;
    }
    const value = kind === LITERAL_INTEGER ? list.integer(i) : NaN;
    if (Number.isNaN(value)) return undefined;
    if (head.length < PRINTED_ITEMS_MAX) head.push(asValue(value));
    // No value of the type equals it.
    if (value >= limit || value < -limit) continue;
    values[count++] = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const bytes = yield* packNumbers(values.subarray(0, count), hasNull);
  const bounds = count === 0 ? undefined : ([asValue(least), asValue(most)] as const);
  return new PackedList({ form: 'i64', bytes, length: list.length, head, bounds });
}

/** Texts for a text operand. Undefined when one of the literals is no text. */
function* texts(list: LiteralList, isFolded: boolean): Steps<PackedList | undefined> {
  const pool = new TextPool();
  const head: Value[] = [];
  let hasNull = false;
  for (let i = 0; i < list.length; i++) {
    if (i % PIECE === PIECE - 1) yield;
    const kind = list.kind(i);
    if (!isText(kind)) return undefined;
    const value = kind === LITERAL_NULL ? null : list.string(i);
    if (head.length < PRINTED_ITEMS_MAX) head.push(value);
    if (value === null) hasNull = true;
    else pool.add(comparedText(value, isFolded));
  }
  return yield* packedTexts(pool, isFolded ? 'folded' : 'str', list.length, head, hasNull);
}
function* packedTexts(
  pool: TextPool,
  form: 'str' | 'folded',
  length: number,
  head: readonly Value[],
  hasNull: boolean,
): Steps<PackedList> {
  const bytes = yield* packPool(pool, hasNull);
  return new PackedList({ form, bytes, length, head, bounds: pool.bounds() });
}

/** Converted constants of one type. */
function* pack(type: SqlType, values: readonly Value[]): Steps<PackedList> {
  const form = listForm(type)!;
  const head = values.slice(0, PRINTED_ITEMS_MAX);
  const length = values.length;
  const present = values.filter((v) => v !== null);
  const hasNull = present.length < length;
  yield;
  if (form === 'str' || form === 'folded') {
    const pool = new TextPool();
    for (const [i, v] of present.entries()) {
      pool.add(comparedText(v as string, form === 'folded'));
      if (i % PIECE === PIECE - 1) yield;
    }
    return yield* packedTexts(pool, form, length, head, hasNull);
  }
  const bounds = boundsOf(present);
  const bytes = (yield* packSafe(form, present, hasNull)) ?? packList(form, values);
  return new PackedList({ form, bytes, length, head, bounds });
}
/** Integers that doubles hold; undefined for others. */
function* packSafe(form: ListForm, values: readonly Value[], hasNull: boolean): Steps<Uint8Array | undefined> {
  if (form !== 'i64') return undefined;
  const numbers = new Float64Array(values.length);
  for (const [i, v] of values.entries()) {
    numbers[i] = Number(v);
    if (!Number.isSafeInteger(numbers[i])) return undefined;
    if (i % PIECE === PIECE - 1) yield;
  }
  return yield* packNumbers(numbers, hasNull);
}
function boundsOf(values: readonly Value[]): readonly [Value, Value] | undefined {
  if (values.length === 0) return undefined;
  let [least, most] = [values[0]!, values[0]!];
  for (const v of values) {
    if (Number.isNaN(v)) return undefined;
    if (v! < least) least = v!;
    if (v! > most) most = v!;
  }
  return [least, most];
}
