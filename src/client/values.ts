/**
 * SQL values in JavaScript. Nothing is rounded on the way:
 *
 *   boolean                                   boolean
 *   smallint, integer, oid                    number
 *   bigint                                    bigint
 *   real, double precision                    number, every digit, whatever extra_float_digits says
 *   numeric                                   string, with all its digits: '12.50'
 *   char, varchar, text                       string; char with its trailing blanks
 *   date, time, timetz, timestamp,
 *   timestamptz, intervals                    string as SQL prints it ('2024-02-29', '2024-02-29 12:00:00.000001'):
 *                                             a Date has neither microseconds nor days without a time zone
 *   super                                     string, its JSON: JSON.parse would round numbers
 *   varbyte                                   Uint8Array
 *   geometry, geography                       string, hexadecimal EWKB
 *   everything else (arrays, hllsketch)       string as SQL prints it
 *   NULL                                      null
 *
 * The other way, as parameters: null and undefined are NULL, a Date is an instant in UTC, bytes are a VARBYTE, arrays and
 * plain objects are JSON (for JSON_PARSE($1)). A parameter has the type that the statement gives it; `$1::type` says it.
 */
import { TYPE_INFO, typeFromOid } from '../types/sql-type.ts';
import type { FieldDescription } from '../common/sql-service.ts';

export type SqlValue = string | number | bigint | boolean | Uint8Array | null;
export type SqlParameter = SqlValue | undefined | Date | readonly unknown[] | { readonly [name: string]: unknown };

/** A column of a result. */
export interface Field {
  readonly name: string;
  /** As SQL names it, without length or precision: 'integer', 'character varying'. */
  readonly type: string;
  readonly typeOid: number;
  /** numeric only: digits in all and behind the point. */
  readonly precision?: number;
  readonly scale?: number;
}

const TEXT = 0;
const BINARY = 1;
const { bool, int2, int4, int8, oid, float4, float8, varbyte, numeric } = TYPE_INFO;

/** Columns that are asked for in binary form, since their text form depends on settings or is longer. */
export const formatOf = ({ typeOid, textOnly }: FieldDescription): number =>
  textOnly !== true && [float4.oid, float8.oid, varbyte.oid].includes(typeOid) ? BINARY : TEXT;

/** pg_type's modifier of numeric: precision and scale in one number, 4 added. */
const MODIFIER_OFFSET = 4;
export function fieldOf({ name, typeOid, typeModifier }: FieldDescription): Field {
  const type = typeFromOid(typeOid);
  const sqlName = type === undefined ? 'unknown' : TYPE_INFO[type.name].sqlName;
  if (typeOid !== numeric.oid || typeModifier < 0) return { name, type: sqlName, typeOid };
  const modifier = typeModifier - MODIFIER_OFFSET;
  return { name, type: sqlName, typeOid, precision: modifier >> 16, scale: modifier & 0xffff };
}

type Cell = (bytes: Buffer, start: number, end: number) => SqlValue;

const asText: Cell = (bytes, start, end) => bytes.toString('utf8', start, end);
const asNumber: Cell = (bytes, start, end) => Number(bytes.toString('latin1', start, end));
const FROM_TEXT: ReadonlyMap<number, Cell> = new Map<number, Cell>([
  [bool.oid, (bytes, start) => bytes[start] === 0x74],
  [int2.oid, asNumber],
  [int4.oid, asNumber],
  [oid.oid, asNumber],
  [float4.oid, asNumber],
  [float8.oid, asNumber],
  [int8.oid, (bytes, start, end) => BigInt(bytes.toString('latin1', start, end))],
  [varbyte.oid, (bytes, start, end) => new Uint8Array(Buffer.from(bytes.toString('latin1', start, end), 'hex'))],
]);
/** A REAL as the shortest decimal number that is it: 0.1 and not 0.10000000149011612. */
const shortest = (value: number): number => {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
};
const FROM_BINARY: ReadonlyMap<number, Cell> = new Map<number, Cell>([
  [float4.oid, (bytes, start) => shortest(bytes.readFloatBE(start))],
  [float8.oid, (bytes, start) => bytes.readDoubleBE(start)],
  [varbyte.oid, (bytes, start, end) => new Uint8Array(bytes.subarray(start, end))],
]);

/** What makes a value of a column's cells in this format. */
export const cellOf = ({ typeOid }: FieldDescription, format: number): Cell =>
  (format === BINARY ? FROM_BINARY.get(typeOid) : FROM_TEXT.get(typeOid)) ?? asText;

/** Bytes go as they are, everything else as text. */
export const parameterFormat = (value: SqlParameter): number => (value instanceof Uint8Array ? BINARY : TEXT);
export function parameterBytes(value: SqlParameter): Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return value;
  if (value instanceof Date) return Buffer.from(value.toISOString().replace('T', ' ').replace('Z', '+00'));
  if (typeof value === 'object') return Buffer.from(JSON.stringify(value));
  return Buffer.from(String(value));
}
