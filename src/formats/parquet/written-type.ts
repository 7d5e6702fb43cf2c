/**
 * What UNLOAD makes of a column's type in Parquet: physical type and annotation, and how rows hold its values. Missing for types that
 * Redshift does not write either.
 */
import { physOf, type SqlType } from '../../types/sql-type.ts';
import { decimalBytes } from './forms.ts';
import { PHYSICAL_TYPES, type PhysicalType } from './metadata.ts';
import type { ThriftField, ThriftFields } from './thrift.ts';

/** Of page_rows (wasm/runtime/parquet-write.ts). */
export const ROW_KIND = { boolean: 1, four: 2, eight: 3, sixteen: 4, text: 5 } as const;

export interface WrittenType {
  readonly physical: PhysicalType;
  readonly kind: number;
  /** Added to a number. */
  readonly add: bigint;
  /** Bytes of a value on its page; 0 for strings, bits for booleans. */
  readonly width: number;
  readonly converted: number | undefined;
  readonly logical: ThriftFields | undefined;
  readonly decimal: { readonly precision: number; readonly scale: number } | undefined;
}
export interface WrittenColumn {
  readonly name: string;
  readonly type: SqlType;
}

const EPOCH_DAYS = 10957n;
const EPOCH_MICROS = 946684800000000n;
/** ConvertedType. */
const CONVERTED = { utf8: 0, decimal: 5, date: 6, micros: 10, int16: 16, json: 19 } as const;
const NOTHING: ThriftField = { struct: {} };

function plain(physical: PhysicalType, kind: number, width: number, more: Partial<WrittenType> = {}): WrittenType {
  return { physical, kind, width, add: 0n, converted: undefined, logical: undefined, decimal: undefined, ...more };
}
const timestamp = (utc: boolean): WrittenType =>
  plain('int64', ROW_KIND.eight, 8, {
    add: EPOCH_MICROS,
    converted: CONVERTED.micros,
    logical: { 8: { struct: { 1: { bool: utc }, 2: { struct: { 2: NOTHING } } } } },
  });
const text = (converted: number, logical: number): WrittenType =>
  plain('byte_array', ROW_KIND.text, 0, { converted, logical: { [logical]: NOTHING } });

function decimalType(type: SqlType): WrittenType {
  const [precision, scale] = [type.precision ?? 18, type.scale ?? 0];
  const more = {
    converted: CONVERTED.decimal,
    logical: { 5: { struct: { 1: { i32: scale }, 2: { i32: precision } } } },
    decimal: { precision, scale },
  };
  return physOf(type) === 'i128'
    ? plain('fixed_len_byte_array', ROW_KIND.sixteen, decimalBytes(precision), more)
    : plain('int64', ROW_KIND.eight, 8, more);
}

export function writtenType(type: SqlType): WrittenType | undefined {
  switch (type.name) {
    case 'bool':
      return plain('boolean', ROW_KIND.boolean, 0);
    case 'int2':
      return plain('int32', ROW_KIND.four, 4, {
        converted: CONVERTED.int16,
        logical: { 10: { struct: { 1: { byte: 16 }, 2: { bool: true } } } },
      });
    case 'int4':
      return plain('int32', ROW_KIND.four, 4);
    case 'int8':
      return plain('int64', ROW_KIND.eight, 8);
    case 'float4':
      return plain('float', ROW_KIND.four, 4);
    case 'float8':
      return plain('double', ROW_KIND.eight, 8);
    case 'date':
      return plain('int32', ROW_KIND.four, 4, {
        add: EPOCH_DAYS,
        converted: CONVERTED.date,
        logical: { 6: NOTHING },
      });
    case 'timestamp':
    case 'timestamptz':
      return timestamp(type.name === 'timestamptz');
    case 'numeric':
      return decimalType(type);
    case 'char':
    case 'varchar':
    case 'text':
      return text(CONVERTED.utf8, 1);
    case 'super':
      return text(CONVERTED.json, 12);
    default:
      return undefined;
  }
}

/** The schema of a file: every column may be NULL. */
export function writtenSchema(
  columns: readonly WrittenColumn[],
  types: readonly WrittenType[],
): readonly ThriftField[] {
  const elements = columns.map(({ name }, i): ThriftField => {
    const t = types[i]!;
    return {
      struct: {
        1: { i32: PHYSICAL_TYPES.indexOf(t.physical) },
        2: t.physical === 'fixed_len_byte_array' ? { i32: t.width } : undefined,
        3: { i32: 1 },
        4: { text: name },
        6: t.converted === undefined ? undefined : { i32: t.converted },
        7: t.decimal && { i32: t.decimal.scale },
        8: t.decimal && { i32: t.decimal.precision },
        10: t.logical && { struct: t.logical },
      },
    };
  });
  return [{ struct: { 3: { i32: 0 }, 4: { text: 'schema' }, 5: { i32: columns.length } } }, ...elements];
}
