/**
 * Constant folding of bound expressions: casts between constants, arithmetic, comparisons and Boolean logic. Pure: a
 * fold that would raise an error (division by zero, overflow) leaves the node alone, so the error appears at run time and
 * only for rows that reach it. The analyser folds casts of literals with it, the rewriter whole conditions.
 */
import { identityOf } from '../types/identity.ts';
import { PackedList } from '../types/packed-list.ts';
import { cutInterval, isIntervalWord } from '../types/interval-text.ts';
import { isFloat, isInteger, isInterval, isString, sameType, type SqlType } from '../types/sql-type.ts';
import type { IntervalValue } from '../types/value.ts';
import { comparedText } from '../types/value-list.ts';
import { roundsScale, type BoundExpr, type ConstValue } from './bound.ts';
import { FALSE, TRUE, conjunction, isFalse, isNullConst, isTrue, mapChildren, withoutLocals } from './walk.ts';

type Const = Extract<BoundExpr, { kind: 'const' }>;

const INT_RANGE: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int2: [-32768n, 32767n],
  int4: [-2147483648n, 2147483647n],
  int8: [-9223372036854775808n, 9223372036854775807n],
};
/** The decimal kernels compute in 128 bits with a sign; what leaves them is an overflow there and is not folded here. */
const WIDE_LIMIT = 2n ** 127n;

const pow10 = (n: number): bigint => 10n ** BigInt(n);
const abs = (v: bigint): bigint => (v < 0n ? -v : v);

/** Divides by a power of ten, rounding half away from zero. */
export function rescale(value: bigint, from: number, to: number): bigint {
  if (to >= from) return value * pow10(to - from);
  const divisor = pow10(from - to);
  const half = divisor / 2n;
  return value < 0n ? -((-value + half) / divisor) : (value + half) / divisor;
}

/** The same, cutting off toward zero. */
const cutScale = (value: bigint, from: number, to: number): bigint =>
  to >= from ? rescale(value, from, to) : value / pow10(from - to);

const fitsNumeric = (v: bigint, type: SqlType): boolean => {
  return abs(v) < pow10(type.precision ?? 18);
};

/** Value of an integer constant in the form of `type`, undefined when out of range. */
export function integerValue(v: bigint, type: SqlType): ConstValue | undefined {
  const range = INT_RANGE[type.name];
  if (range === undefined || v < range[0] || v > range[1]) return undefined;
  return type.name === 'int8' ? v : Number(v);
}

/** Exact integers and numerics as (unscaled, scale). */
function exact(c: Const): { readonly value: bigint; readonly scale: number } | undefined {
  if (c.value === null) return undefined;
  if (isInteger(c.type)) return { value: BigInt(c.value as number | bigint), scale: 0 };
  if (c.type.name === 'numeric') return { value: c.value as bigint, scale: c.type.scale ?? 0 };
  return undefined;
}

const toDouble = (c: Const): number => {
  const e = exact(c);
  return e === undefined ? (c.value as number) : Number(decimalText(e.value, e.scale));
};

export function decimalText(value: bigint, scale: number): string {
  const digits = abs(value)
    .toString()
    .padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const roundHalfEven = (v: number): number => {
  const floor = Math.floor(v);
  const diff = v - floor;
  if (diff < 0.5) return floor;
  if (diff > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
};

const DAY = 86_400_000_000n;
/** Types of one physical form where a cast changes the name only. */
const RELABEL = new Set(['oid', 'regclass', 'regtype', 'regproc', 'regprocedure', 'xid', 'cid', 'int4', 'int2']);

/**
 * A constant of another type, or undefined when the conversion cannot be done here. `rounds` decides what becomes of the
 * decimals of a NUMERIC that the type has no room for (roundsScale in bound.ts).
 */
export function foldCast(
  c: Const,
  type: SqlType,
  mode: 'explicit' | 'implicit' | 'assignment',
  rounds = true,
): Const | undefined {
  if (c.value === null) return { kind: 'const', type, value: null };
  if (sameType(c.type, type)) return c;
  const value = castValue(c, type, mode, rounds);
  return value === undefined ? undefined : { kind: 'const', type, value };
}

function castValue(c: Const, type: SqlType, mode: string, rounds: boolean): ConstValue | undefined {
  const from = c.type;
  const change = rounds ? rescale : cutScale;
  if (isInteger(type)) return toInteger(c, type, change);
  if (type.name === 'numeric') {
    const e = exact(c) ?? (isFloat(from) ? fromDouble(c.value as number, type.scale ?? 0) : undefined);
    if (e === undefined) return undefined;
    const v = (isFloat(from) ? rescale : change)(e.value, e.scale, type.scale ?? 0);
    return fitsNumeric(v, type) ? v : undefined;
  }
  if (isFloat(type) && (isInteger(from) || isFloat(from) || from.name === 'numeric')) {
    const double = toDouble(c);
    if (type.name !== 'float4') return double;
    const real = Math.fround(double);
    if (real === 0 && double !== 0) return undefined;
    return Number.isFinite(real) || !Number.isFinite(double) ? real : undefined;
  }
  if (type.name === 'bool' && isInteger(from)) return BigInt(c.value as number | bigint) === 0n ? 0 : 1;
  if (isString(type) && isString(from)) return castString(c.value as string, type, mode);
  if (isString(type) && exact(c) !== undefined) {
    const e = exact(c)!;
    return castString(decimalText(e.value, e.scale), type, mode);
  }
  if (from.name === 'date' && type.name === 'timestamp') return BigInt(c.value as number) * DAY;
  if (from.name === 'timestamp' && type.name === 'date') {
    const v = c.value as bigint;
    return Number(v >= 0n ? v / DAY : -((-v + DAY - 1n) / DAY));
  }
  if (type.name === 'varbyte') return castBytes(c, type, mode);
  if (isInterval(from) && isInterval(type)) return foldInterval(c, type);
  if (RELABEL.has(from.name) && RELABEL.has(type.name)) return c.value;
  return undefined;
}

function toInteger(c: Const, type: SqlType, change: typeof rescale): ConstValue | undefined {
  if (c.type.name === 'bool' || c.type.name === 'oid') return integerValue(BigInt(c.value as number), type);
  const e = exact(c);
  if (e !== undefined) return integerValue(change(e.value, e.scale, 0), type);
  if (!isFloat(c.type) || !Number.isFinite(c.value as number)) return undefined;
  return integerValue(BigInt(roundHalfEven(c.value as number)), type);
}

function fromDouble(v: number, scale: number): { value: bigint; scale: number } | undefined {
  if (!Number.isFinite(v)) return undefined;
  const [, sign, int, frac = '', exp = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(v.toPrecision(15))!;
  const unscaled = BigInt(`${sign}${int}${frac}`);
  const s = frac.length - Number(exp);
  return s < 0 ? { value: unscaled * pow10(-s), scale: 0 } : { value: rescale(unscaled, s, scale), scale };
}

function castString(text: string, type: SqlType, mode: string): string | undefined {
  const value = type.name === 'char' ? text.replace(/ +$/, '') : text;
  // A char of several bytes is an error of the row that holds it, unless the cut removes it.
  if (type.length === undefined) return value;
  const cut = cutBytes(value, type.length);
  if (type.name === 'char' && nonAscii(cut) !== undefined) return undefined;
  if (cut === value) return value;
  if (mode === 'explicit') return cut;
  return /^ *$/.test(value.slice(cut.length)) ? cut : undefined;
}

/** A VARBYTE constant is its hexadecimal text. */
function castBytes(c: Const, type: SqlType, mode: string): string | undefined {
  const { name, length } = c.type;
  if (name === 'char' && length === undefined) return undefined;
  if (name !== 'varbyte' && !isString(c.type)) return undefined;
  const text = name === 'char' ? (c.value as string).padEnd(length ?? 0, ' ') : (c.value as string);
  const hex = name === 'varbyte' ? text : Buffer.from(text, 'utf8').toString('hex');
  if (type.length === undefined || hex.length <= type.length * 2) return hex;
  return mode === 'explicit' ? hex.slice(0, type.length * 2) : undefined;
}

/** Within a family, and from the untyped interval where nothing is of the other family. */
function foldInterval(c: Const, type: SqlType): ConstValue | undefined {
  if (c.type.name !== 'interval')
    return c.type.name === type.name ? cutConst(c.value as number | bigint, type) : undefined;
  const { months, days, micros } = c.value as IntervalValue;
  if (type.name === 'intervaly2m') return days === 0 && micros === 0n ? cutConst(months, type) : undefined;
  const total = BigInt(days) * DAY + micros;
  return months === 0 ? cutConst(total, type) : undefined;
}

function cutConst(value: number | bigint, type: SqlType): ConstValue | undefined {
  const cut = cutInterval(BigInt(value), type);
  if (type.name === 'intervaly2m') return Number(cut);
  return isIntervalWord(cut) ? cut : undefined;
}

/** The first character that takes more than one byte. */
export const nonAscii = (text: string): string | undefined => /[^\0-\x7f]/u.exec(text)?.[0];

/** At most `max` bytes of UTF-8, cut on a character boundary. */
export function cutBytes(text: string, max: number): string {
  const bytes = Buffer.from(text);
  let end = Math.min(max, bytes.length);
  while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/** -1, 0, 1 for two non-null constants of one family, undefined when not comparable here. */
export function compareConst(a: Const, b: Const): number | undefined {
  if (a.value === null || b.value === null) return undefined;
  if (isString(a.type) && isString(b.type)) {
    const isFolded = identityOf(a.type) === 'folded';
    const strip = (s: ConstValue) => Buffer.from(comparedText(s as string, isFolded));
    return Buffer.compare(strip(a.value), strip(b.value));
  }
  const x = exact(a);
  const y = exact(b);
  if (x !== undefined && y !== undefined) {
    const scale = Math.max(x.scale, y.scale);
    const l = rescale(x.value, x.scale, scale);
    const r = rescale(y.value, y.scale, scale);
    return l < r ? -1 : l > r ? 1 : 0;
  }
  if (a.type.name !== b.type.name || typeof a.value === 'object' || typeof a.value === 'string') return undefined;
  if (Number.isNaN(a.value as number) || Number.isNaN(b.value as number)) return undefined;
  return a.value < (b.value as number) ? -1 : a.value > (b.value as number) ? 1 : 0;
}

function foldArith(e: Extract<BoundExpr, { kind: 'arith' }>): BoundExpr {
  const { left, right, type, op } = e;
  if (left.kind !== 'const' || right.kind !== 'const') return e;
  if (left.value === null || right.value === null) return { kind: 'const', type, value: null };
  const x = exact(left);
  const y = exact(right);
  if (isFloat(type)) {
    const a = toDouble(left);
    const b = toDouble(right);
    if ((op === '/' && b === 0) || op === '%') return e;
    const value = op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : a / b;
    const underflows = value === 0 && a !== 0 && (op === '/' || (op === '*' && b !== 0));
    return Number.isFinite(value) && !underflows ? { kind: 'const', type, value } : e;
  }
  if (x === undefined || y === undefined) return e;
  if ((op === '/' || op === '%') && y.value === 0n) return e;
  if (isInteger(type)) {
    const v = integerOp(op, x.value, y.value);
    const value = integerValue(v, type);
    return value === undefined ? e : { kind: 'const', type, value };
  }
  const scale = type.scale ?? 0;
  const v = numericOp(op, x, y, scale);
  return v !== undefined && fitsNumeric(v, type) ? { kind: 'const', type, value: v } : e;
}

const integerOp = (op: string, a: bigint, b: bigint): bigint =>
  op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' ? a / b : a % b;

type Exact = { readonly value: bigint; readonly scale: number };
/** As the kernels do it: undefined where one of their steps leaves 128 bits. */
function numericOp(op: string, x: Exact, y: Exact, scale: number): bigint | undefined {
  const isWide = (v: bigint): boolean => abs(v) >= WIDE_LIMIT;
  if (op === '/') {
    const shift = scale + y.scale - x.scale;
    if (shift > 38) return undefined;
    return shift >= 0 ? (x.value * pow10(shift)) / y.value : x.value / (y.value * pow10(-shift));
  }
  const common = op === '*' ? x.scale + y.scale : Math.max(x.scale, y.scale);
  const a = op === '*' ? x.value : rescale(x.value, x.scale, common);
  const b = op === '*' ? y.value : rescale(y.value, y.scale, common);
  if (isWide(a) || isWide(b)) return undefined;
  const exact = op === '*' ? a * b : integerOp(op, a, b);
  return isWide(exact) ? undefined : rescale(exact, common, scale);
}

function foldLogic(e: Extract<BoundExpr, { kind: 'and' | 'or' }>): BoundExpr {
  const absorbing = e.kind === 'and' ? isFalse : isTrue;
  const neutral = e.kind === 'and' ? isTrue : isFalse;
  if (e.args.some(absorbing)) return e.kind === 'and' ? FALSE : TRUE;
  const args = e.args.filter((a) => !neutral(a)).flatMap((a) => (a.kind === e.kind ? a.args : [a]));
  if (args.length === 0) return e.kind === 'and' ? TRUE : FALSE;
  if (args.length === 1) return args[0]!;
  return e.kind === 'and' ? conjunction(args) : args.length === e.args.length ? e : { ...e, args };
}

function foldCompare(e: Extract<BoundExpr, { kind: 'compare' }>): BoundExpr {
  if (isNullConst(e.left) || isNullConst(e.right)) return { kind: 'const', type: e.type, value: null };
  if (e.left.kind !== 'const' || e.right.kind !== 'const') return e;
  const c = compareConst(e.left, e.right);
  if (c === undefined) return e;
  const holds =
    e.op === '='
      ? c === 0
      : e.op === '<>'
        ? c !== 0
        : e.op === '<'
          ? c < 0
          : e.op === '<='
            ? c <= 0
            : e.op === '>'
              ? c > 0
              : c >= 0;
  return holds ? TRUE : FALSE;
}

function foldInList(e: Extract<BoundExpr, { kind: 'inlist' }>): BoundExpr {
  const { arg, items, type, negated } = e;
  const nothing: Const = { kind: 'const', type, value: null };
  if (isNullConst(arg)) return nothing;
  if (arg.kind !== 'const' || items instanceof PackedList) return e;
  const found = items.map((item) =>
    item.kind === 'const' && item.value !== null ? compareConst(arg, item) : undefined,
  );
  const isKnown = (item: BoundExpr, i: number): boolean => isNullConst(item) || found[i] !== undefined;
  if (!items.every(isKnown)) return e;
  if (found.includes(0)) return negated ? FALSE : TRUE;
  return items.some(isNullConst) ? nothing : negated ? TRUE : FALSE;
}

function foldCase(e: Extract<BoundExpr, { kind: 'case' }>): BoundExpr {
  const whens: { when: BoundExpr; then: BoundExpr }[] = [];
  for (const w of e.whens) {
    if (isFalse(w.when) || isNullConst(w.when)) continue;
    if (isTrue(w.when)) {
      return whens.length === 0 ? w.then : { ...e, whens, otherwise: w.then };
    }
    whens.push(w);
  }
  if (whens.length === 0) return e.otherwise;
  return whens.length === e.whens.length ? e : { ...e, whens };
}

function foldCoalesce(e: Extract<BoundExpr, { kind: 'coalesce' }>): BoundExpr {
  const args: BoundExpr[] = [];
  for (const a of e.args) {
    if (isNullConst(a)) continue;
    args.push(a);
    if (a.kind === 'const') break;
  }
  if (args.length === 0) return { kind: 'const', type: e.type, value: null };
  if (args.length === 1) return args[0]!;
  return args.length === e.args.length ? e : { ...e, args };
}

function foldIsTest(e: Extract<BoundExpr, { kind: 'istest' }>): BoundExpr {
  if (e.arg.kind !== 'const') return e;
  const state = e.arg.value === null ? 'unknown' : e.arg.value === 1 ? 'true' : 'false';
  return (state === e.test) !== e.negated ? TRUE : FALSE;
}

/** Texts one behind the other, as long as they fit the type. */
function foldConcat(e: Extract<BoundExpr, { kind: 'call' }>): BoundExpr {
  const [left, right] = e.args;
  const isText = (x: BoundExpr | undefined): x is Const =>
    x?.kind === 'const' && (x.type.name === 'varchar' || x.type.name === 'text');
  if (!isText(left) || !isText(right)) return e;
  if (left.value === null || right.value === null) return { kind: 'const', type: e.type, value: null };
  const value = `${left.value as string}${right.value as string}`;
  const fits = e.type.length === undefined || Buffer.byteLength(value) <= e.type.length;
  return fits ? { kind: 'const', type: e.type, value } : e;
}

/** One node whose children are folded already. */
function foldNode(e: BoundExpr): BoundExpr {
  switch (e.kind) {
    case 'and':
    case 'or':
      return foldLogic(e);
    case 'not':
      if (isTrue(e.arg)) return FALSE;
      if (isFalse(e.arg)) return TRUE;
      if (e.arg.kind === 'not') return e.arg.arg;
      if (e.arg.kind === 'isnull') return { ...e.arg, negated: !e.arg.negated };
      return isNullConst(e.arg) ? e.arg : e;
    case 'isnull':
      if (e.arg.kind !== 'const') return e;
      return (e.arg.value === null) !== e.negated ? TRUE : FALSE;
    case 'istest':
      return foldIsTest(e);
    case 'compare':
      return foldCompare(e);
    case 'arith':
      return foldArith(e);
    case 'neg': {
      if (e.arg.kind !== 'const') return e;
      const zero: Const = { kind: 'const', type: e.type, value: typeof e.arg.value === 'bigint' ? 0n : 0 };
      return e.arg.value === null ? e.arg : foldNegation(e, zero, e.arg);
    }
    case 'case':
      return foldCase(e);
    case 'coalesce':
      return foldCoalesce(e);
    case 'inlist':
      return foldInList(e);
    case 'cast':
      return e.arg.kind === 'const' ? (foldCast(e.arg, e.type, e.mode, roundsScale(e)) ?? e) : e;
    case 'trycast':
      return e.arg.kind === 'const' ? (foldCast(e.arg, e.type, 'explicit', e.rounds === true) ?? e) : e;
    case 'call':
      return e.name === 'concat_op' ? foldConcat(e) : e;
    case 'let': {
      if (!e.args.every((a) => a.kind === 'const')) return e;
      return foldExpr(withoutLocals(e.body, new Map(e.ids.map((id, i) => [id, e.args[i]!]))));
    }
    default:
      return e;
  }
}

function foldNegation(e: Extract<BoundExpr, { kind: 'neg' }>, zero: Const, arg: Const): BoundExpr {
  if (isFloat(arg.type)) return { ...arg, value: -(arg.value as number) };
  const folded = foldArith({ kind: 'arith', type: e.type, op: '-', left: zero, right: arg });
  if (folded.kind !== 'const') return e;
  return arg.cast === true ? { ...folded, cast: true } : folded;
}

/** Folds the whole expression bottom-up. */
export function foldExpr(e: BoundExpr): BoundExpr {
  return foldNode(mapChildren(e, foldExpr));
}
