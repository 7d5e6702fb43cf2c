/**
 * Redshift's rules about types, without expressions: which casts exist, the common type of CASE and UNION, the result
 * of arithmetic, and type names as SQL writes them. Pure tables and functions, called all over the analyser.
 */
import { noOrder, undefinedType } from '../../common/errors/catalogue.ts';
import {
  BOOL,
  DATE,
  FLOAT4,
  FLOAT8,
  GEOMETRY,
  INT2,
  INT4,
  INT8,
  INTERVAL,
  OID,
  SUPER,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  TIMETZ,
  TYPE_INFO,
  isNameable,
  char,
  elementName,
  hasOrder,
  isArray,
  isDatetime,
  isFloat,
  isInteger,
  isInterval,
  isNumber,
  isSpatial,
  isString,
  numeric,
  sameType,
  varbyte,
  varchar,
  type SqlType,
  type TypeName,
} from '../../types/sql-type.ts';
import type { ArithOp } from '../../expressions/bound.ts';
import type { TypeRef } from '../parser/ast.ts';
import { floatOf, intervalOf, numericOf, requirePlain, stringOf, varbyteOf } from '../catalog/type-modifiers.ts';

export type CastMode = 'implicit' | 'assignment' | 'explicit';

const EVERY_NUMBER: readonly TypeName[] = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];
const OIDS: readonly TypeName[] = ['oid', 'regclass', 'regtype', 'regproc', 'regprocedure', 'xid', 'cid'];
const PLAIN_STRINGS: readonly TypeName[] = ['char', 'varchar', 'text', 'name', 'chartype'];

/** Targets by source: [implicit, only explicit, on assignment]. Strings among each other and oids are handled in castMode. */
const CASTS: Readonly<
  Partial<Record<TypeName, readonly [readonly TypeName[], readonly TypeName[], (readonly TypeName[])?]>>
> = {
  bool: [[], ['int2', 'int4', 'int8']],
  int2: [['bool', 'char', 'varchar', 'text', ...EVERY_NUMBER, ...OIDS], ['varbyte']],
  int4: [
    ['bool', 'char', 'varchar', 'text', ...EVERY_NUMBER, ...OIDS],
    ['chartype', 'varbyte'],
  ],
  int8: [['bool', 'char', 'varchar', 'text', ...EVERY_NUMBER, ...OIDS], ['varbyte']],
  numeric: [['char', 'varchar', 'text', ...EVERY_NUMBER], []],
  float4: [['char', 'varchar', 'text', ...EVERY_NUMBER], []],
  float8: [['char', 'varchar', 'text', ...EVERY_NUMBER], []],
  date: [['char', 'varchar', 'text', 'timestamp', 'timestamptz'], []],
  time: [
    ['varchar', 'text', 'timetz', 'intervald2s'],
    ['char', 'interval'],
  ],
  timetz: [
    ['varchar', 'time'],
    ['char', 'text'],
  ],
  timestamp: [['char', 'varchar', 'text', 'date', 'time', 'timestamptz'], []],
  timestamptz: [['char', 'varchar', 'text', 'date', 'timestamp', 'timetz'], ['time']],
  interval: [[], ['char', 'varchar', 'text'], ['intervaly2m', 'intervald2s']],
  intervaly2m: [['interval'], ['char', 'varchar', 'text']],
  intervald2s: [['interval'], ['char', 'varchar', 'text']],
  varbyte: [[], ['char', 'varchar', 'text', 'int2', 'int4', 'int8', 'geometry']],
  geometry: [['geography'], []],
  geography: [['geometry'], []],
};
const STRING_TARGETS: readonly TypeName[] = [
  'bool',
  ...EVERY_NUMBER,
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'timetz',
  'interval',
  'intervaly2m',
  'intervald2s',
  'varbyte',
  ...OIDS,
  'int2vector',
  'oidvector',
  '_int2',
  '_int4',
  '_text',
  '_varchar',
  '_oid',
  '_aclitem',
  '_char',
  '_name',
  '_float4',
  'abstime',
  'aclitem',
  'tid',
  'hllsketch',
  'geometry',
  'geography',
];

/** What a value of dynamic type may hold, and what its strings may be read as. */
const SUPER_SOURCES: readonly TypeName[] = ['bool', ...EVERY_NUMBER, 'char', 'varchar', 'text'];
const SUPER_TARGETS: readonly TypeName[] = [...SUPER_SOURCES, 'date', 'time', 'timestamp', 'timestamptz'];

/** Arrays travel as text: a cast between them exists where every element's text is legal in the other type as it stands. */
const ARRAY_CASTS: Readonly<Partial<Record<TypeName, readonly TypeName[]>>> = {
  _int2: ['_int4', '_oid', '_float4', '_text', '_varchar'],
  _int4: ['_oid', '_float4', '_text', '_varchar'],
  _oid: ['_text', '_varchar'],
  _float4: ['_text', '_varchar'],
  _text: ['_varchar', '_name'],
  _varchar: ['_text', '_name'],
  _name: ['_text', '_varchar'],
  _char: ['_text', '_varchar'],
  _aclitem: ['_text', '_varchar'],
};

/** The weakest context in which `from` converts to `to`, or undefined when there is no such cast. */
export function castMode(from: SqlType, to: SqlType): CastMode | undefined {
  const a = from.name;
  const b = to.name;
  if (a === b) return 'implicit';
  if (a === 'unknown') return 'implicit';
  if (a === 'super') return SUPER_TARGETS.includes(b) ? (isDatetime(to) ? 'explicit' : 'assignment') : undefined;
  if (b === 'super') return SUPER_SOURCES.includes(a) ? 'assignment' : undefined;
  if (isString(from) && isString(to)) return 'implicit';
  if (isString(from)) return STRING_TARGETS.includes(b) ? 'explicit' : undefined;
  if (OIDS.includes(a)) {
    if (OIDS.includes(b) || b === 'int8' || b === 'int4') return 'implicit';
    if (!PLAIN_STRINGS.includes(b)) return undefined;
    return a === 'oid' ? 'implicit' : 'explicit';
  }
  const info = TYPE_INFO[a];
  if (info.category === 'A' || (info.category === 'U' && !isSpatial(from))) {
    if (isString(to)) return 'explicit';
    return ARRAY_CASTS[a]?.includes(b) === true ? 'implicit' : undefined;
  }
  if (a === 'abstime') return isString(to) || isDatetime(to) ? 'implicit' : undefined;
  const rule = CASTS[a];
  if (rule === undefined) return undefined;
  if (rule[0].includes(b)) return 'implicit';
  if (rule[2]?.includes(b) === true) return 'assignment';
  return rule[1].includes(b) ? 'explicit' : undefined;
}

const TRIED: readonly TypeName[] = [...SUPER_SOURCES, 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'super'];
/** Casts between these that TRY_CAST does not know, source before target. */
const UNTRIED: readonly string[] = [
  ...['char', 'varchar', 'text'].map((s) => `${s} bool`),
  ...['date', 'time', 'timestamp', 'timestamptz'].map((t) => `super ${t}`),
  'time timetz',
  'timetz time',
];
/** Whether TRY_CAST knows the pair. */
export const hasTryCast = (from: SqlType, to: SqlType): boolean =>
  from.name === to.name ||
  (TRIED.includes(from.name) &&
    TRIED.includes(to.name) &&
    castMode(from, to) !== undefined &&
    !UNTRIED.includes(`${from.name} ${to.name}`));

/** Digits of an integer type when it meets a decimal. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { int2: 5, int4: 10, int8: 19 };

/** The numeric type an integer takes in arithmetic with decimals; numerics as they are. */
export const asNumeric = (t: SqlType): SqlType =>
  t.name === 'numeric' ? numeric(t.precision ?? 18, t.scale ?? 0) : numeric(INTEGER_DIGITS[t.name] ?? 38, 0);

export const INTEGER_RANK: Readonly<Record<string, number>> = { int2: 1, int4: 2, int8: 3 };
export const widerInteger = (a: SqlType, b: SqlType): SqlType =>
  INTEGER_RANK[a.name]! >= INTEGER_RANK[b.name]! ? a : b;

/** Precision and scale of a decimal operation, capped at 38 digits. */
export function numericResult(op: ArithOp, left: SqlType, right: SqlType): SqlType {
  const a = asNumeric(left);
  const b = asNumeric(right);
  const [p1, s1, p2, s2] = [a.precision!, a.scale!, b.precision!, b.scale!];
  let s = Math.max(s1, s2);
  let p = Math.max(p1 - s1, p2 - s2) + 1 + s;
  if (op === '*') {
    s = s1 + s2;
    p = p1 + p2 + 1;
  } else if (op === '/') {
    s = Math.max(4, s1 + p2 - s2 + 1);
    p = p1 - s1 + s2 + s;
  } else if (op === '%') {
    p = Math.max(p1 - s1, p2 - s2) + s;
  }
  if (p > 38) {
    // The digits before the point win over those behind, of which at most four are kept for them.
    s = Math.max(38 + s - p, Math.min(4, s));
    p = 38;
  }
  return numeric(p, s);
}

/** Common decimal of CASE, COALESCE and set operations. */
export function commonNumeric(left: SqlType, right: SqlType): SqlType {
  const a = asNumeric(left);
  const b = asNumeric(right);
  if (sameType(a, b)) return a;
  const s = Math.max(a.scale!, b.scale!);
  const digits = Math.max(a.precision! - a.scale!, b.precision! - b.scale!);
  const cap = Math.max(a.precision!, b.precision!) > 19 ? 38 : 19;
  return numeric(Math.max(Math.min(digits + s, cap), s), s);
}

/** The type two operands of one family meet in; undefined when they have none. `unknown` gives way to the other. */
export function commonType(a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b)) return a;
  if (a.name === 'unknown') return b;
  if (b.name === 'unknown') return a;
  if (a.name === 'super' || b.name === 'super')
    return castMode(a.name === 'super' ? b : a, SUPER) === undefined ? undefined : SUPER;
  if (isNumber(a) && isNumber(b)) {
    if (a.name === 'float4' && b.name === 'float4') return FLOAT4;
    if (isFloat(a) || isFloat(b)) return FLOAT8;
    return isInteger(a) && isInteger(b) ? widerInteger(a, b) : commonNumeric(a, b);
  }
  if (isString(a) && isString(b)) return commonString(a, b);
  if (OIDS.includes(a.name) || OIDS.includes(b.name)) {
    const other = OIDS.includes(a.name) ? b : a;
    if (OIDS.includes(other.name)) return a.name === b.name ? a : OID;
    return other.name === 'int8' ? INT8 : isInteger(other) ? OID : undefined;
  }
  if (a.name === 'varbyte' && b.name === 'varbyte') return commonBytes(a, b);
  if (isSpatial(a) && isSpatial(b)) return GEOMETRY;
  if (isInterval(a) && isInterval(b)) return a.name === b.name ? { name: a.name } : INTERVAL;
  if (a.name === b.name) return a.element === b.element ? a : undefined;
  if ((a.name === 'time' && b.name === 'timetz') || (a.name === 'timetz' && b.name === 'time')) return TIMETZ;
  const order: readonly TypeName[] = ['date', 'timestamp', 'timestamptz'];
  const [i, j] = [order.indexOf(a.name), order.indexOf(b.name)];
  if (i >= 0 && j >= 0) return i > j ? a : b;
  return undefined;
}

const commonBytes = (a: SqlType, b: SqlType): SqlType =>
  a.length === undefined || b.length === undefined ? { name: 'varbyte' } : varbyte(Math.max(a.length, b.length));

function commonString(a: SqlType, b: SqlType): SqlType {
  if (a.name === 'text' || b.name === 'text' || a.name === 'name' || b.name === 'name') {
    return a.name === b.name ? a : TEXT;
  }
  if (a.name === 'chartype' || b.name === 'chartype') return TEXT;
  if (a.length === undefined || b.length === undefined) return { name: 'varchar' };
  const length = Math.max(a.length, b.length);
  return a.name === 'char' && b.name === 'char' ? char(length) : varchar(length);
}

/** A type's name as function and operator errors print it: no modifiers, unknown quoted as Redshift does. */
export const shownType = (t: SqlType): string => (t.name === 'unknown' ? '"unknown"' : TYPE_INFO[t.name].sqlName);

const PLAIN: Readonly<Record<string, SqlType>> = {
  bool: BOOL,
  boolean: BOOL,
  int2: INT2,
  smallint: INT2,
  int4: INT4,
  int: INT4,
  integer: INT4,
  int8: INT8,
  bigint: INT8,
  float4: FLOAT4,
  real: FLOAT4,
  float8: FLOAT8,
  'double precision': FLOAT8,
  double: FLOAT8,
  date: DATE,
  time: TIME,
  timestamp: TIMESTAMP,
  datetime: TIMESTAMP,
  timestamptz: TIMESTAMPTZ,
  'timestamp without time zone': TIMESTAMP,
  'timestamp with time zone': TIMESTAMPTZ,
  'time without time zone': TIME,
  super: SUPER,
  timetz: TIMETZ,
  'time with time zone': TIMETZ,
  oid: OID,
  'char"': { name: 'chartype' },
  '"char"': { name: 'chartype' },
  chartype: { name: 'chartype' },
  'int2[]': { name: '_int2' },
  'smallint[]': { name: '_int2' },
  'int4[]': { name: '_int4' },
  'int[]': { name: '_int4' },
  'integer[]': { name: '_int4' },
  'text[]': { name: '_text' },
  'varchar[]': { name: '_varchar' },
  'oid[]': { name: '_oid' },
  'name[]': { name: '_name' },
  'aclitem[]': { name: '_aclitem' },
  '"char"[]': { name: '_char' },
  'char[]': { name: '_char' },
  'chartype[]': { name: '_char' },
  'float4[]': { name: '_float4' },
};

/** The type a TypeRef names in an expression. */
export function typeOfRef(ref: TypeRef): SqlType {
  switch (ref.name) {
    case 'numeric':
    case 'decimal':
    case 'dec':
      return numericOf(ref);
    case 'varchar':
    case 'character varying':
    case 'nvarchar':
      return stringOf(ref, 'varchar', 256);
    // The parser gives CHAR without a length as char(1); char with none is BPCHAR.
    case 'char':
    case 'character':
    case 'nchar':
    case 'bpchar':
      return stringOf(ref, 'char', 256);
    case 'float':
      return floatOf(ref);
    case 'interval':
      return intervalOf(ref);
    case 'varbyte':
      return varbyteOf(ref);
  }
  requirePlain(ref);
  if (ref.name === 'text') return TEXT;
  const plain = PLAIN[ref.name];
  if (plain !== undefined) return plain;
  const known = Object.keys(TYPE_INFO) as TypeName[];
  const name = known.find((n) => n === ref.name && isNameable(n));
  if (name === undefined) throw undefinedType(ref.name, ref.pos + 1);
  return { name };
}

/** Refuses a type whose values cannot be compared where they would be. */
export function requireOrder(type: SqlType, position?: number): void {
  if (!hasOrder(type)) throw noOrder(shownType(type), position);
}

/** Element type of an array type; undefined for others. */
export function elementType(t: SqlType): SqlType | undefined {
  if (!isArray(t)) return undefined;
  const name = elementName(t);
  return name === 'varchar' ? TEXT : { name };
}

/** Label of a cast without a column below: internal type name. */
export const castLabel = (t: SqlType): string =>
  t.name === 'char' ? 'bpchar' : t.name === 'chartype' ? 'char' : t.name;
