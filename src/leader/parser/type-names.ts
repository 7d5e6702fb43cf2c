/**
 * Canonical type names: every spelling Redshift takes to the one that TypeRef.name carries (those of src/types where the
 * type exists there). Used for types from libpg-query and from our own statement parsers alike.
 */
import { VARCHAR_BYTES_MAX } from '../../common/limits.ts';

const CANONICAL: Readonly<Record<string, string>> = {
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  decimal: 'numeric',
  dec: 'numeric',
  real: 'float4',
  float: 'float8',
  'double precision': 'float8',
  boolean: 'bool',
  character: 'char',
  bpchar: 'char',
  nchar: 'char',
  'character varying': 'varchar',
  nvarchar: 'varchar',
  'binary varying': 'varbyte',
  varbinary: 'varbyte',
  'time with time zone': 'timetz',
  '"char"': 'chartype',
};

/** MAX as a length: VARCHAR(MAX). */
export const MAX_LENGTH = VARCHAR_BYTES_MAX;

export function canonicalType(name: string): string {
  return Object.hasOwn(CANONICAL, name) ? CANONICAL[name] : name;
}

/** INTERVAL field masks of Postgres as text. */
const FIELD_BITS: readonly (readonly [number, string])[] = [
  [1 << 2, 'year'],
  [1 << 1, 'month'],
  [1 << 3, 'day'],
  [1 << 10, 'hour'],
  [1 << 11, 'minute'],
  [1 << 12, 'second'],
];

/** 'year to month' for a mask of Postgres' interval typmod, 'second(3)' with a precision; undefined for neither. */
export function intervalFields(mask: number, precision?: number): string | undefined {
  const digits = precision === undefined || precision > 6 ? '' : `(${precision})`;
  if (mask === 0x7fff) return digits === '' ? undefined : `day to second${digits}`;
  const fields = FIELD_BITS.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name);
  if (fields.length === 0) return undefined;
  return (fields.length === 1 ? fields[0]! : `${fields[0]} to ${fields[fields.length - 1]}`) + digits;
}
