/**
 * Types and encodings of table columns: from the type as written to the type as stored, the type of a query's column
 * when it becomes a table's, and which encodings a type may have.
 */
import {
  featureNotSupported,
  invalidColumnEncoding,
  undefinedType,
  unknownEncoding,
  unsupportedColumnType,
} from '../../common/errors/catalogue.ts';
import { noCollation, superInCaseInsensitive } from '../../common/errors/collation-errors.ts';
import { CHAR_BYTES_MAX, VARBYTE_BYTES_MAX, VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import {
  TYPE_INFO,
  char,
  formatType,
  hasCollation,
  isSpatial,
  numeric,
  physOf,
  varbyte,
  varchar,
  withCollation,
} from '../../types/sql-type.ts';
import type { Collation, SqlType, TypeName } from '../../types/sql-type.ts';
import { floatOf, intervalOf, numericOf, requirePlain, stringOf, varbyteOf } from './type-modifiers.ts';
import type { ColumnDef, TypeRef } from '../parser/ast.ts';

const PLAIN_TYPES: Readonly<Record<string, TypeName>> = {
  bool: 'bool',
  boolean: 'bool',
  int2: 'int2',
  smallint: 'int2',
  int4: 'int4',
  int: 'int4',
  integer: 'int4',
  int8: 'int8',
  bigint: 'int8',
  float4: 'float4',
  real: 'float4',
  float8: 'float8',
  'double precision': 'float8',
  date: 'date',
  time: 'time',
  'time without time zone': 'time',
  timestamp: 'timestamp',
  datetime: 'timestamp',
  'timestamp without time zone': 'timestamp',
  timestamptz: 'timestamptz',
  'timestamp with time zone': 'timestamptz',
  hllsketch: 'hllsketch',
  super: 'super',
  geometry: 'geometry',
  geography: 'geography',
  timetz: 'timetz',
  'time with time zone': 'timetz',
  intervaly2m: 'intervaly2m',
  intervald2s: 'intervald2s',
};
const STRING_TYPES: Readonly<Record<string, 'char' | 'varchar' | 'bpchar' | 'text'>> = {
  char: 'char',
  character: 'char',
  nchar: 'char',
  bpchar: 'bpchar',
  varchar: 'varchar',
  nvarchar: 'varchar',
  'character varying': 'varchar',
  text: 'text',
};

/** Types of Redshift that columns here cannot have, and those of Postgres that columns there cannot have. */
const OTHER_TYPES: ReadonlySet<string> = new Set([
  'bytea',
  'interval',
  'serial',
  'bigserial',
  'smallserial',
  'serial2',
  'serial4',
  'serial8',
  'json',
  'jsonb',
  'uuid',
  'xml',
  'money',
  'bit',
  'varbit',
  'bit varying',
  'inet',
  'cidr',
  'macaddr',
  'point',
  'line',
  'lseg',
  'box',
  'path',
  'polygon',
  'circle',
  'regclass',
  'regproc',
  'regprocedure',
  'regtype',
  'tid',
  'cid',
  'refcursor',
  'hstore',
  'tsvector',
  'tsquery',
]);

/** An array of anything counts: what its elements are is not asked. */
const isTypeName = (ref: TypeRef): boolean =>
  Object.hasOwn(TYPE_INFO, ref.name) || OTHER_TYPES.has(ref.name) || ref.name.endsWith('[]');

/** The type of a column declared with `ref`; `label` is table.column for messages. */
export function columnType(ref: TypeRef, label: string): SqlType {
  const plain = Object.hasOwn(PLAIN_TYPES, ref.name) ? PLAIN_TYPES[ref.name] : undefined;
  if (plain !== undefined) {
    requirePlain(ref);
    return { name: plain };
  }
  if (ref.name === 'float') return floatOf(ref);
  if (ref.name === 'numeric' || ref.name === 'decimal' || ref.name === 'dec') return numericOf(ref);
  if (ref.name === 'varbyte') return varbyteOf(ref);
  if (ref.name === 'interval' && ref.fields !== undefined) return intervalOf(ref);
  const string = Object.hasOwn(STRING_TYPES, ref.name) ? STRING_TYPES[ref.name] : undefined;
  if (string === undefined && !isTypeName(ref)) throw undefinedType(ref.name, ref.pos + 1);
  if (string === undefined) throw unsupportedColumnType(label, ref.name, ref.pos + 1);
  if (string === 'text') {
    requirePlain(ref);
    return varchar(256);
  }
  // The parser gives CHAR without a length as char(1); char with none is BPCHAR.
  return stringOf(ref, string === 'varchar' ? 'varchar' : 'char', 256);
}

/** The column's type with the collation it says, or the database's. */
export function collatedType(
  type: SqlType,
  def: Pick<ColumnDef, 'collation' | 'pos'>,
  database?: Collation,
): SqlType {
  const { collation } = def;
  if (hasCollation(type)) {
    const own = collation === 'case_sensitive' ? undefined : collation;
    return withCollation(type, collation === undefined ? database : own);
  }
  if (collation !== undefined && type.name === 'super')
    throw featureNotSupported('COLLATE of SUPER columns is not supported', def.pos + 1);
  if (collation !== undefined) throw noCollation(formatType(type), def.pos + 1);
  refuseSuper(type, database);
  return type;
}
/** There are no SUPER columns where strings are case_insensitive. */
export function refuseSuper(type: SqlType, database: Collation | undefined): void {
  if (type.name === 'super' && database !== undefined) throw superInCaseInsensitive();
}
/** What collation_name and its like say: nothing for the database's own. */
export function collationName(type: SqlType, database: Collation | undefined): string | null {
  if (!hasCollation(type) || type.collation === database) return null;
  return type.collation ?? 'case_sensitive';
}

/** The type a query's column gets in a table made from the query. Strings without a limit get the widest one. */
export function storedType(type: SqlType, label: string): SqlType {
  switch (type.name) {
    case 'bool':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float4':
    case 'float8':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'hllsketch':
    case 'super':
    case 'geometry':
    case 'geography':
    case 'timetz':
    case 'intervaly2m':
    case 'intervald2s':
      return type;
    case 'varbyte':
      return varbyte(type.length ?? VARBYTE_BYTES_MAX);
    case 'numeric':
      return type.precision === undefined ? numeric(38, 8) : type;
    case 'char':
      return withCollation(
        char(Math.min(Math.max(type.length ?? CHAR_BYTES_MAX, 1), CHAR_BYTES_MAX)),
        type.collation,
      );
    case 'varchar':
    case 'text':
    case 'unknown':
      return withCollation(
        varchar(Math.min(Math.max(type.length ?? VARCHAR_BYTES_MAX, 1), VARCHAR_BYTES_MAX)),
        type.collation,
      );
    default:
      throw unsupportedColumnType(label, formatType(type));
  }
}

const EVERY: readonly TypeName[] = [
  'bool',
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'float8',
  'char',
  'varchar',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'timetz',
  'intervaly2m',
  'intervald2s',
  'varbyte',
];
const without = (...names: TypeName[]): readonly TypeName[] => EVERY.filter((n) => !names.includes(n));
const INTERVALS: readonly TypeName[] = ['intervaly2m', 'intervald2s'];
const DELTA_TYPES: readonly TypeName[] = ['int4', 'int8', 'date', 'timestamp', 'timestamptz', 'numeric'];

/** Types each encoding can hold, as CREATE TABLE checks them. */
export const ENCODING_TYPES: Readonly<Record<string, readonly TypeName[]>> = {
  raw: [...EVERY, 'hllsketch', 'super', 'geometry', 'geography'],
  az64: ['int2', 'int4', 'int8', 'numeric', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', ...INTERVALS],
  bytedict: without('bool'),
  delta: ['int2', ...DELTA_TYPES],
  delta32k: DELTA_TYPES,
  lzo: [...without('bool', 'float4', 'float8'), 'super'],
  mostly8: ['int2', 'int4', 'int8', 'numeric'],
  mostly16: ['int4', 'int8', 'numeric'],
  mostly32: ['int8', 'numeric'],
  runlength: EVERY,
  text255: ['varchar'],
  text32k: ['varchar'],
  zstd: [...EVERY, 'super'],
};

/** Encoding of a column that names none. */
export function defaultEncoding(type: SqlType, sortkey: boolean, temporary: boolean): string {
  if (
    sortkey ||
    temporary ||
    type.name === 'bool' ||
    type.name === 'hllsketch' ||
    isSpatial(type) ||
    type.name === 'float4' ||
    type.name === 'float8'
  )
    return 'raw';
  if (type.name === 'super') return 'zstd';
  return physOf(type) === 'str' ? 'lzo' : 'az64';
}

/** The declared encoding, checked against the type. 'none' and 'auto' are accepted as in Redshift. */
export function declaredEncoding(name: string, type: SqlType, column: string): string | undefined {
  const encoding = name.toLowerCase();
  if (encoding === 'auto') return undefined;
  if (encoding === 'none') return 'raw';
  const types = ENCODING_TYPES[encoding];
  if (types === undefined) throw unknownEncoding(encoding);
  if (!types.includes(type.name)) throw invalidColumnEncoding(column, encoding, formatType(type));
  return encoding;
}
