/**
 * From a Parquet column's form to that of a column of the table: which pairs there are, and what the kernels do for each. As Redshift has
 * it, types match by width: an INTEGER is no BIGINT, and a SMALLINT wants what is annotated as one.
 */
import { physOf, type Phys, type SqlType } from '../../types/sql-type.ts';
import type { Annotation, SchemaElement } from './metadata.ts';

/** How values lie in a page, behind their encoding. */
export type Raw = 'bits' | 'i32' | 'i64' | 'i96' | 'f32' | 'f64' | 'bytes' | 'fixed';
/** Of parquet_convert (wasm/runtime/parquet-values.ts). */
export const CONVERT = {
  none: 0,
  days: 1,
  millis: 2,
  micros: 3,
  nanos: 4,
  int96: 5,
  dayMillis: 6,
  dayParts: 7,
  i32ToI64: 8,
  i32ToI128: 9,
  i64ToI128: 10,
  bytesToI64: 11,
  bytesToI128: 12,
  half: 13,
} as const;

export interface Form {
  readonly raw: Raw;
  /** Bytes of a value of a fixed width. */
  readonly width: number;
  readonly convert: number;
  readonly argument: bigint;
  readonly phys: Phys;
  /** Texts of UUIDs are made of its bytes. */
  readonly isUuid: boolean;
  readonly strings: { readonly length: number; readonly single: boolean; readonly isText: boolean } | undefined;
  /** Numbers of at most so many digits. */
  readonly limit: bigint | undefined;
}

export const RAW_OF: Readonly<Record<NonNullable<SchemaElement['type']>, Raw>> = {
  boolean: 'bits',
  int32: 'i32',
  int64: 'i64',
  int96: 'i96',
  float: 'f32',
  double: 'f64',
  byte_array: 'bytes',
  fixed_len_byte_array: 'fixed',
};
const WIDTHS: Readonly<Record<Raw, number>> = {
  bits: 0,
  i32: 4,
  i64: 8,
  i96: 12,
  f32: 4,
  f64: 8,
  bytes: 0,
  fixed: 0,
};

export function form(element: SchemaElement, phys: Phys, more: Partial<Form> = {}): Form {
  const raw = RAW_OF[element.type!];
  return {
    raw,
    width: raw === 'fixed' ? element.length : WIDTHS[raw],
    convert: CONVERT.none,
    argument: 0n,
    phys,
    isUuid: false,
    strings: undefined,
    limit: undefined,
    ...more,
  };
}
const TIMESTAMPS = { millis: CONVERT.millis, micros: CONVERT.micros, nanos: CONVERT.nanos } as const;

export function timestampForm(element: SchemaElement): Form | undefined {
  const { type, annotation } = element;
  if (type === 'int96') return form(element, 'i64', { convert: CONVERT.int96 });
  if (type !== 'int64' || annotation.kind !== 'timestamp') return undefined;
  return form(element, 'i64', { convert: TIMESTAMPS[annotation.unit] });
}
export function timeForm(element: SchemaElement): Form | undefined {
  const { type, annotation } = element;
  if (annotation.kind !== 'time') return undefined;
  if (type === 'int32' && annotation.unit === 'millis') return form(element, 'i64', { convert: CONVERT.dayMillis });
  if (type !== 'int64' || annotation.unit === 'millis') return undefined;
  return form(element, 'i64', {
    convert: CONVERT.dayParts,
    argument: annotation.unit === 'nanos' ? 1000n : 1n,
  });
}
export function decimalForm(
  element: SchemaElement,
  phys: 'i64' | 'i128',
  limit: bigint | undefined,
): Form | undefined {
  const wide = phys === 'i128';
  switch (element.type) {
    case 'int32':
      return form(element, phys, { convert: wide ? CONVERT.i32ToI128 : CONVERT.i32ToI64, limit });
    case 'int64':
      return form(element, phys, { convert: wide ? CONVERT.i64ToI128 : CONVERT.none, limit });
    case 'byte_array':
    case 'fixed_len_byte_array':
      return form(element, phys, { convert: wide ? CONVERT.bytesToI128 : CONVERT.bytesToI64, limit });
    default:
      return undefined;
  }
}
/** Bits and sign of an integer column. */
function integerOf({ type, annotation }: SchemaElement): { bits: number; signed: boolean } | undefined {
  if (type !== 'int32' && type !== 'int64') return undefined;
  if (annotation.kind === 'none') return { bits: type === 'int32' ? 32 : 64, signed: true };
  return annotation.kind === 'integer' ? annotation : undefined;
}
const TEXTS: ReadonlySet<Annotation['kind']> = new Set(['none', 'string', 'enum', 'json']);
/** Bytes that a decimal of the precision takes: what a fixed length must be. */
export const decimalBytes = (precision: number): number =>
  Math.floor(((10n ** BigInt(precision) - 1n).toString(2).length + 1 + 7) / 8);

/** What is the matter with a pair, for the errors of columnar loads. */
export type Mismatch =
  | { readonly kind: 'schema' }
  | { readonly kind: 'length'; readonly wanted: number; readonly found: number }
  | { readonly kind: 'precision' | 'scale'; readonly wanted: number; readonly found: number };
const NO_PAIR: Mismatch = { kind: 'schema' };

/** The form, or why there is none. `type`: not SUPER. */
export function formFor(type: SqlType, element: SchemaElement): Form | Mismatch {
  const { annotation } = element;
  const integer = integerOf(element);
  const isText = element.type === 'byte_array' && TEXTS.has(annotation.kind);
  switch (type.name) {
    case 'bool':
      return element.type === 'boolean' ? form(element, 'i32') : NO_PAIR;
    case 'int2':
      return integer !== undefined && integer.bits + (integer.signed ? 0 : 1) <= 16 && element.type === 'int32'
        ? form(element, 'i32')
        : NO_PAIR;
    case 'int4':
      return integer !== undefined && integer.bits + (integer.signed ? 0 : 1) <= 32 && element.type === 'int32'
        ? form(element, 'i32')
        : NO_PAIR;
    case 'int8':
      return integer?.bits === 64 && integer.signed ? form(element, 'i64') : NO_PAIR;
    case 'float4':
      if (annotation.kind === 'float16' && element.length === 2)
        return form(element, 'f32', { convert: CONVERT.half });
      return element.type === 'float' ? form(element, 'f32') : NO_PAIR;
    case 'float8':
      return element.type === 'double' ? form(element, 'f64') : NO_PAIR;
    case 'date':
      return element.type === 'int32' && annotation.kind === 'date'
        ? form(element, 'i32', { convert: CONVERT.days })
        : NO_PAIR;
    case 'timestamp':
    case 'timestamptz':
      return timestampForm(element) ?? NO_PAIR;
    case 'time':
    case 'timetz':
      return timeForm(element) ?? NO_PAIR;
    case 'numeric':
      return numericForm(type, element);
    case 'char':
    case 'varchar': {
      const strings = { length: type.length ?? 1, single: type.name === 'char', isText: true };
      if (annotation.kind === 'uuid' && element.length === 16) return form(element, 'str', { isUuid: true, strings });
      return isText ? form(element, 'str', { strings }) : NO_PAIR;
    }
    case 'varbyte':
      return element.type === 'byte_array' || element.type === 'fixed_len_byte_array'
        ? form(element, 'str', { strings: { length: type.length ?? 64_000, single: false, isText: false } })
        : NO_PAIR;
    default:
      return NO_PAIR;
  }
}

function numericForm(type: SqlType, element: SchemaElement): Form | Mismatch {
  const { annotation } = element;
  const [precision, scale] = [type.precision ?? 18, type.scale ?? 0];
  if (annotation.kind !== 'decimal') return NO_PAIR;
  if (annotation.scale !== scale) return { kind: 'scale', wanted: scale, found: annotation.scale };
  const wanted = decimalBytes(precision);
  if (element.type === 'fixed_len_byte_array' && element.length !== wanted)
    return { kind: 'length', wanted, found: element.length };
  if (annotation.precision > precision) return { kind: 'precision', wanted: precision, found: annotation.precision };
  const phys = physOf(type) === 'i128' ? 'i128' : 'i64';
  return decimalForm(element, phys, 10n ** BigInt(precision)) ?? NO_PAIR;
}
