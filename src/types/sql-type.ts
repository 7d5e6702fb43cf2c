/**
 * SQL types as values: JSON-able, comparable, no behaviour. Everything that depends on a type (names, oids, physical
 * form) is looked up here; text and binary forms are kernels (src/wasm/runtime) and `src/types/text.ts` for the leader.
 *
 * Physical forms inside WebAssembly memory ("phys"):
 *   i32   boolean (0/1), smallint, integer, date (days since 2000-01-01), oid,
 *         interval year to month (months)                                               4 bytes
 *   i64   bigint, time (us), timetz (us in UTC), timestamp, timestamptz (us since
 *         2000-01-01 UTC), interval day to second (us),
 *         numeric with precision <= 18 (unscaled integer)                               8 bytes
 *   f32   real     4 bytes        f64   double precision     8 bytes
 *   i128  numeric with precision >= 19 (unscaled, two's complement, low word first)     16 bytes
 *   str   char, varchar, varbyte, text, super (wasm/runtime/super-form.ts), name and every catalog-only type: one i64,
 *         low 32 bits = address of the bytes, high 32 bits = length in bytes            8 bytes
 * CHAR values are held without their trailing blanks and padded when printed. The leader holds a VARBYTE value as its
 * hexadecimal text, which is its output form; in memory it is the bytes. An HLLSKETCH is held as its text, a GEOMETRY or
 * GEOGRAPHY as bytes (spatial/ewkb.ts).
 */
import { assert } from '../common/assert.ts';
import { INLINE_BYTES_MAX } from '../common/limits.ts';
import { intervalModifier } from './interval-fields.ts';

export type TypeName =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'numeric'
  | 'float4'
  | 'float8'
  | 'char'
  | 'varchar'
  | 'text'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'hllsketch'
  | 'super'
  | 'timetz'
  | 'intervaly2m'
  | 'intervald2s'
  | 'varbyte'
  | 'geometry'
  | 'geography'
  // expression only
  | 'unknown'
  | 'interval'
  | 'record'
  | 'void'
  // catalog only (leader)
  | 'name'
  | 'oid'
  | 'chartype'
  | 'regclass'
  | 'regtype'
  | 'regproc'
  | 'regprocedure'
  | 'xid'
  | 'tid'
  | 'cid'
  | 'abstime'
  | 'aclitem'
  | 'bytea'
  | 'refcursor'
  | 'int2vector'
  | 'oidvector'
  | '_int2'
  | '_int4'
  | '_text'
  | '_varchar'
  | '_oid'
  | '_aclitem'
  | '_char'
  | '_name'
  | '_float4';

export interface SqlType {
  readonly name: TypeName;
  /** numeric only: 1..38 and 0..37. */
  readonly precision?: number;
  readonly scale?: number;
  /** char, varchar, varbyte: bytes. */
  readonly length?: number;
  /** intervaly2m, intervald2s: the qualifier as written ('year', 'day to second(3)'), unless it keeps every field. */
  readonly fields?: string;
  /** varbyte only: shown in capital hexadecimal digits, as ST_AsBinary and ST_AsEWKB are. */
  readonly digits?: 'upper';
  /**
   * char, varchar, text: compared and put in order without regard to case (identity.ts); absent: byte by byte. Columns,
   * and what is made of them; who decides is leader/analyser/collation.ts.
   */
  readonly collation?: Collation;
  /** text[] only: the type whose texts it holds, where that has no array type of its own (array[1.5], array[1::bigint]). */
  readonly element?: TypeName;
}

/** What there is besides case_sensitive. */
export type Collation = 'case_insensitive';

export type Phys = 'i32' | 'i64' | 'f32' | 'f64' | 'i128' | 'str';

export const BOOL: SqlType = { name: 'bool' };
export const INT2: SqlType = { name: 'int2' };
export const INT4: SqlType = { name: 'int4' };
export const INT8: SqlType = { name: 'int8' };
export const FLOAT4: SqlType = { name: 'float4' };
export const FLOAT8: SqlType = { name: 'float8' };
export const DATE: SqlType = { name: 'date' };
export const TIME: SqlType = { name: 'time' };
export const TIMESTAMP: SqlType = { name: 'timestamp' };
export const TIMESTAMPTZ: SqlType = { name: 'timestamptz' };
export const SUPER: SqlType = { name: 'super' };
export const TIMETZ: SqlType = { name: 'timetz' };
export const YEAR_TO_MONTH: SqlType = { name: 'intervaly2m' };
export const DAY_TO_SECOND: SqlType = { name: 'intervald2s' };
export const TEXT: SqlType = { name: 'text' };
export const NAME: SqlType = { name: 'name' };
export const OID: SqlType = { name: 'oid' };
export const UNKNOWN: SqlType = { name: 'unknown' };
export const HLLSKETCH: SqlType = { name: 'hllsketch' };
export const GEOMETRY: SqlType = { name: 'geometry' };
export const GEOGRAPHY: SqlType = { name: 'geography' };
export const INTERVAL: SqlType = { name: 'interval' };
export const numeric = (precision: number, scale: number): SqlType => ({ name: 'numeric', precision, scale });
export const varchar = (length: number): SqlType => ({ name: 'varchar', length });
export const char = (length: number): SqlType => ({ name: 'char', length });
export const varbyte = (length: number): SqlType => ({ name: 'varbyte', length });

interface TypeInfo {
  readonly oid: number;
  readonly arrayOid: number;
  /** pg_type.typlen. */
  readonly size: number;
  readonly phys: Phys;
  /** Name as format_type and error messages print it (without modifier). */
  readonly sqlName: string;
  /** Coercion category as in pg_type.typcategory. */
  readonly category: 'B' | 'N' | 'S' | 'D' | 'T' | 'A' | 'U' | 'V' | 'X' | 'P';
}

export const TYPE_INFO: Readonly<Record<TypeName, TypeInfo>> = {
  bool: { oid: 16, arrayOid: 1000, size: 1, phys: 'i32', sqlName: 'boolean', category: 'B' },
  int2: { oid: 21, arrayOid: 1005, size: 2, phys: 'i32', sqlName: 'smallint', category: 'N' },
  int4: { oid: 23, arrayOid: 1007, size: 4, phys: 'i32', sqlName: 'integer', category: 'N' },
  int8: { oid: 20, arrayOid: 1016, size: 8, phys: 'i64', sqlName: 'bigint', category: 'N' },
  numeric: { oid: 1700, arrayOid: 1231, size: -1, phys: 'i64', sqlName: 'numeric', category: 'N' },
  float4: { oid: 700, arrayOid: 1021, size: 4, phys: 'f32', sqlName: 'real', category: 'N' },
  float8: { oid: 701, arrayOid: 1022, size: 8, phys: 'f64', sqlName: 'double precision', category: 'N' },
  char: { oid: 1042, arrayOid: 1014, size: -1, phys: 'str', sqlName: 'character', category: 'S' },
  varchar: { oid: 1043, arrayOid: 1015, size: -1, phys: 'str', sqlName: 'character varying', category: 'S' },
  text: { oid: 25, arrayOid: 1009, size: -1, phys: 'str', sqlName: 'text', category: 'S' },
  date: { oid: 1082, arrayOid: 1182, size: 4, phys: 'i32', sqlName: 'date', category: 'D' },
  time: { oid: 1083, arrayOid: 1183, size: 8, phys: 'i64', sqlName: 'time without time zone', category: 'D' },
  timestamp: {
    oid: 1114,
    arrayOid: 1115,
    size: 8,
    phys: 'i64',
    sqlName: 'timestamp without time zone',
    category: 'D',
  },
  timestamptz: {
    oid: 1184,
    arrayOid: 1185,
    size: 8,
    phys: 'i64',
    sqlName: 'timestamp with time zone',
    category: 'D',
  },
  hllsketch: { oid: 2935, arrayOid: 0, size: -1, phys: 'str', sqlName: 'hllsketch', category: 'U' },
  super: { oid: 4000, arrayOid: 0, size: -1, phys: 'str', sqlName: 'super', category: 'U' },
  timetz: { oid: 1266, arrayOid: 1270, size: 12, phys: 'i64', sqlName: 'time with time zone', category: 'D' },
  intervaly2m: {
    oid: 1188,
    arrayOid: 1189,
    size: 4,
    phys: 'i32',
    sqlName: 'interval year to month',
    category: 'T',
  },
  intervald2s: {
    oid: 1190,
    arrayOid: 1191,
    size: 8,
    phys: 'i64',
    sqlName: 'interval day to second',
    category: 'T',
  },
  varbyte: { oid: 6551, arrayOid: 0, size: -1, phys: 'str', sqlName: 'binary varying', category: 'V' },
  geometry: { oid: 3000, arrayOid: 0, size: -1, phys: 'str', sqlName: 'geometry', category: 'U' },
  geography: { oid: 3001, arrayOid: 0, size: -1, phys: 'str', sqlName: 'geography', category: 'U' },
  unknown: { oid: 705, arrayOid: 0, size: -2, phys: 'str', sqlName: 'unknown', category: 'X' },
  interval: { oid: 1186, arrayOid: 1187, size: 16, phys: 'i128', sqlName: 'interval', category: 'T' },
  record: { oid: 2249, arrayOid: 0, size: -1, phys: 'str', sqlName: 'record', category: 'P' },
  void: { oid: 2278, arrayOid: 0, size: 4, phys: 'i32', sqlName: 'void', category: 'P' },
  name: { oid: 19, arrayOid: 1003, size: 128, phys: 'str', sqlName: 'name', category: 'S' },
  oid: { oid: 26, arrayOid: 1028, size: 4, phys: 'i32', sqlName: 'oid', category: 'N' },
  chartype: { oid: 18, arrayOid: 1002, size: 1, phys: 'str', sqlName: '"char"', category: 'S' },
  regclass: { oid: 2205, arrayOid: 2210, size: 4, phys: 'i32', sqlName: 'regclass', category: 'N' },
  regtype: { oid: 2206, arrayOid: 2211, size: 4, phys: 'i32', sqlName: 'regtype', category: 'N' },
  regproc: { oid: 24, arrayOid: 1008, size: 4, phys: 'i32', sqlName: 'regproc', category: 'N' },
  regprocedure: { oid: 2202, arrayOid: 2207, size: 4, phys: 'i32', sqlName: 'regprocedure', category: 'N' },
  xid: { oid: 28, arrayOid: 1011, size: 4, phys: 'i32', sqlName: 'xid', category: 'U' },
  tid: { oid: 27, arrayOid: 1010, size: 6, phys: 'str', sqlName: 'tid', category: 'U' },
  cid: { oid: 29, arrayOid: 1012, size: 4, phys: 'i32', sqlName: 'cid', category: 'U' },
  abstime: { oid: 702, arrayOid: 1023, size: 4, phys: 'i32', sqlName: 'abstime', category: 'D' },
  aclitem: { oid: 1033, arrayOid: 1034, size: 12, phys: 'str', sqlName: 'aclitem', category: 'U' },
  bytea: { oid: 17, arrayOid: 1001, size: -1, phys: 'str', sqlName: 'bytea', category: 'U' },
  refcursor: { oid: 1790, arrayOid: 2201, size: -1, phys: 'str', sqlName: 'refcursor', category: 'U' },
  int2vector: { oid: 22, arrayOid: 1006, size: -1, phys: 'str', sqlName: 'int2vector', category: 'A' },
  oidvector: { oid: 30, arrayOid: 1013, size: -1, phys: 'str', sqlName: 'oidvector', category: 'A' },
  _int2: { oid: 1005, arrayOid: 0, size: -1, phys: 'str', sqlName: 'smallint[]', category: 'A' },
  _int4: { oid: 1007, arrayOid: 0, size: -1, phys: 'str', sqlName: 'integer[]', category: 'A' },
  _text: { oid: 1009, arrayOid: 0, size: -1, phys: 'str', sqlName: 'text[]', category: 'A' },
  _varchar: { oid: 1015, arrayOid: 0, size: -1, phys: 'str', sqlName: 'character varying[]', category: 'A' },
  _oid: { oid: 1028, arrayOid: 0, size: -1, phys: 'str', sqlName: 'oid[]', category: 'A' },
  _aclitem: { oid: 1034, arrayOid: 0, size: -1, phys: 'str', sqlName: 'aclitem[]', category: 'A' },
  _char: { oid: 1002, arrayOid: 0, size: -1, phys: 'str', sqlName: '"char"[]', category: 'A' },
  _name: { oid: 1003, arrayOid: 0, size: -1, phys: 'str', sqlName: 'name[]', category: 'A' },
  _float4: { oid: 1021, arrayOid: 0, size: -1, phys: 'str', sqlName: 'real[]', category: 'A' },
};

const BY_OID = new Map<number, TypeName>(
  (Object.entries(TYPE_INFO) as [TypeName, TypeInfo][]).map(([name, info]) => [info.oid, name]),
);

const ELEMENTS: ReadonlyMap<TypeName, TypeName> = new Map([
  ['int2vector', 'int2'],
  ['oidvector', 'oid'],
  ...(Object.entries(TYPE_INFO) as [TypeName, TypeInfo][]).flatMap(([name, { arrayOid }]): [TypeName, TypeName][] => {
    const array = BY_OID.get(arrayOid);
    return array === undefined ? [] : [[array, name]];
  }),
]);
const ARRAYS: ReadonlyMap<TypeName, TypeName> = new Map(
  [...ELEMENTS].filter(([array]) => array.startsWith('_')).map(([array, element]) => [element, array]),
);
export const isArray = ({ name }: SqlType): boolean => TYPE_INFO[name].category === 'A';
/** Name of the type of an array's items. */
export function elementName({ name }: SqlType): TypeName {
  const element = ELEMENTS.get(name);
  assert(element !== undefined, `${name} is no array`);
  return element;
}
/** Name of the array type of items of this type; undefined where it is no type of ours. */
export const arrayName = (element: TypeName): TypeName | undefined => ARRAYS.get(element);

/** Type for a wire type oid; undefined for an oid we do not know. Oid 25 is text. */
/** NUMERIC as clients declare it for a parameter: nothing is known of its digits, until a decimal type stands beside it. */
export const OPEN_NUMERIC: SqlType = numeric(38, 8);

export function typeFromOid(oid: number): SqlType | undefined {
  const name = BY_OID.get(oid);
  if (name === undefined) return undefined;
  return name === 'numeric' ? OPEN_NUMERIC : { name };
}

export function physOf(type: SqlType): Phys {
  if (type.name === 'numeric') return (type.precision ?? 18) > 18 ? 'i128' : 'i64';
  return TYPE_INFO[type.name].phys;
}

/** How each physical form is loaded (its low word). */
export const LOAD: Readonly<Record<Phys, 'i32_load' | 'i64_load' | 'f32_load' | 'f64_load'>> = {
  i32: 'i32_load',
  i64: 'i64_load',
  f32: 'f32_load',
  f64: 'f64_load',
  i128: 'i64_load',
  str: 'i64_load',
};
/** How each physical form is stored (its low word). */
export const STORE: Readonly<Record<Phys, 'i32_store' | 'i64_store' | 'f32_store' | 'f64_store'>> = {
  i32: 'i32_store',
  i64: 'i64_store',
  f32: 'f32_store',
  f64: 'f64_store',
  i128: 'i64_store',
  str: 'i64_store',
};
/** Bytes of one value of `phys` in vectors and tuples. */
export const PHYS_BYTES: Readonly<Record<Phys, number>> = { i32: 4, i64: 8, f32: 4, f64: 8, i128: 16, str: 8 };

/** Whether statements may name the type. */
export const isNameable = (name: TypeName): boolean => name !== 'record' && name !== 'bytea';
export const isString = (t: SqlType): boolean => TYPE_INFO[t.name].category === 'S';
export const isInteger = (t: SqlType): boolean => t.name === 'int2' || t.name === 'int4' || t.name === 'int8';
export const isFloat = (t: SqlType): boolean => t.name === 'float4' || t.name === 'float8';
export const isNumber = (t: SqlType): boolean => isInteger(t) || isFloat(t) || t.name === 'numeric';
export const isSpatial = (t: SqlType): boolean => t.name === 'geometry' || t.name === 'geography';
const LONG_TYPES: readonly TypeName[] = ['super', 'varbyte', 'varchar', 'text', 'geometry', 'geography'];
/** A value may be longer than rows hold themselves (steps/long-values.ts). A declared length keeps strings below that. */
export const mayBeLong = ({ name, length }: SqlType): boolean =>
  LONG_TYPES.includes(name) && !(name === 'varchar' && length !== undefined && length < INLINE_BYTES_MAX);
/** Values can be compared, put in order and grouped. */
export const hasOrder = (t: SqlType): boolean => t.name !== 'hllsketch' && !isSpatial(t);
/** Either family of intervals, or the untyped one of expressions. */
export const isInterval = (t: SqlType): boolean => TYPE_INFO[t.name].category === 'T';
/** Types with a length in parentheses. */
const hasLength = (t: SqlType): t is SqlType & { readonly length: number } =>
  (t.name === 'char' || t.name === 'varchar' || t.name === 'varbyte') && t.length !== undefined;
export const isDatetime = (t: SqlType): boolean => TYPE_INFO[t.name].category === 'D';

/** The type with this collation, undefined being case_sensitive. */
export function withCollation(type: SqlType, collation: Collation | undefined): SqlType {
  if (type.collation === collation) return type;
  const { collation: _, ...rest } = type;
  return collation === undefined ? rest : { ...rest, collation };
}
/** Types whose values have a collation of their own: names and catalog texts are case_sensitive always. */
export const hasCollation = ({ name }: SqlType): boolean => name === 'varchar' || name === 'char' || name === 'text';

export function sameType(a: SqlType, b: SqlType): boolean {
  if (a.name !== b.name || a.element !== b.element || a.fields !== b.fields || a.collation !== b.collation)
    return false;
  return a.precision === b.precision && a.scale === b.scale && a.length === b.length;
}

/** atttypmod / RowDescription type modifier: strings n+4, numeric (p<<16|s)+4, intervals fields<<16|digits, else -1. */
export function typeModifier(type: SqlType): number {
  if (type.name === 'numeric' && type.precision !== undefined)
    return ((type.precision << 16) | (type.scale ?? 0)) + 4;
  if (hasLength(type)) return type.length + 4;
  return type.name === 'intervaly2m' || type.name === 'intervald2s' ? intervalModifier(type) : -1;
}

/** `numeric(12,2)`, `character varying(256)`, `integer`: the form catalogs and error messages use. */
export function formatType(type: SqlType): string {
  const base = TYPE_INFO[type.name].sqlName;
  if (type.name === 'numeric' && type.precision !== undefined) return `${base}(${type.precision},${type.scale ?? 0})`;
  if (hasLength(type)) return `${base}(${type.length})`;
  return type.fields === undefined ? base : `interval ${type.fields}`;
}
