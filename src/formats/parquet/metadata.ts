/**
 * Parquet's footer and page heads as values: what the format's definition (parquet.thrift) calls FileMetaData and PageHeader, as far
 * as reading needs them. What a damaged file says is refused here: every offset lies in the file, every count is one.
 */
import type { PieceCodec } from '../columnar/unpack.ts';
import { ParquetDamage, ThriftReader, type ThriftStruct, type ThriftValue } from './thrift.ts';

export const MAGIC = 'PAR1';
/** Behind the metadata: u32 its length, MAGIC. */
export const TAIL_BYTES = 8;

export const PHYSICAL_TYPES = [
  'boolean',
  'int32',
  'int64',
  'int96',
  'float',
  'double',
  'byte_array',
  'fixed_len_byte_array',
] as const;
export type PhysicalType = (typeof PHYSICAL_TYPES)[number];
const CODECS: readonly (PieceCodec | undefined)[] = [
  'none',
  'snappy',
  'gzip',
  undefined,
  'brotli',
  'lz4-hadoop',
  'zstd',
  'lz4',
];
const CODEC_NAMES = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];
export const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  bitPacked: 4,
  deltaBinaryPacked: 5,
  deltaLengthByteArray: 6,
  deltaByteArray: 7,
  rleDictionary: 8,
  byteStreamSplit: 9,
} as const;

/** What the bytes of a physical type mean. */
export type Annotation =
  | {
      readonly kind:
        | 'none'
        | 'string'
        | 'enum'
        | 'json'
        | 'bson'
        | 'list'
        | 'map'
        | 'date'
        | 'uuid'
        | 'float16'
        | 'interval'
        | 'unknown'
        | 'other';
    }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'time' | 'timestamp'; readonly unit: TimeUnit; readonly utc: boolean }
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean };
export type TimeUnit = 'millis' | 'micros' | 'nanos';

export interface SchemaElement {
  readonly name: string;
  readonly type: PhysicalType | undefined;
  readonly length: number;
  readonly repetition: 'required' | 'optional' | 'repeated';
  readonly children: number;
  readonly annotation: Annotation;
}
export interface ColumnChunk {
  readonly type: PhysicalType;
  readonly codec: PieceCodec;
  readonly values: number;
  /** Of its pages, the dictionary's included. */
  readonly start: number;
  readonly end: number;
}
export interface RowGroup {
  readonly rows: number;
  /** A leaf of the schema each. */
  readonly columns: readonly ColumnChunk[];
  /** First byte of its first column. */
  readonly start: number;
}
export interface FileMetadata {
  readonly schema: readonly SchemaElement[];
  readonly rows: number;
  readonly groups: readonly RowGroup[];
}
interface PageSize {
  /** Bytes as they lie in the file, and unpacked. */
  readonly stored: number;
  readonly bytes: number;
  /** Checksum of what lies in the file. */
  readonly crc: number | undefined;
}
export type PageHead =
  | ({ readonly kind: 'other' } & PageSize)
  | ({ readonly kind: 'dictionary'; readonly values: number } & PageSize)
  | ({
      readonly kind: 'data';
      readonly values: number;
      readonly encoding: number;
      /** Version 2: bytes of the levels, which stand uncompressed in front; undefined in version 1. */
      readonly levels: { readonly repetition: number; readonly definition: number } | undefined;
      readonly isPacked: boolean;
      readonly definitionEncoding: number;
      readonly repetitionEncoding: number;
    } & PageSize);

const bad = (what: string): never => {
  throw new ParquetDamage(what);
};
function integer(struct: ThriftStruct, id: number, what: string): number {
  const value = struct.get(id);
  const n = typeof value === 'bigint' ? Number(value) : value;
  if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 0) return bad(`${what} is missing or no count`);
  return n;
}
function optional(struct: ThriftStruct, id: number): number | undefined {
  const value = struct.get(id);
  return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : undefined;
}
function struct(value: ThriftValue | undefined, what: string): ThriftStruct {
  return value instanceof Map ? value : bad(`${what} is missing`);
}
function list(value: ThriftValue | undefined, what: string): readonly ThriftValue[] {
  return Array.isArray(value) ? (value as readonly ThriftValue[]) : bad(`${what} is missing`);
}
function unitOf(value: ThriftValue | undefined): TimeUnit {
  const unit = struct(value, 'a time unit');
  return unit.has(1) ? 'millis' : unit.has(2) ? 'micros' : unit.has(3) ? 'nanos' : bad('a time unit is unknown');
}

const LOGICAL_NAMES = new Map<
  number,
  'string' | 'map' | 'list' | 'enum' | 'date' | 'unknown' | 'json' | 'bson' | 'uuid' | 'float16'
>([
  [1, 'string'],
  [2, 'map'],
  [3, 'list'],
  [4, 'enum'],
  [6, 'date'],
  [11, 'unknown'],
  [12, 'json'],
  [13, 'bson'],
  [14, 'uuid'],
  [15, 'float16'],
]);
const CONVERTED: readonly (Annotation | undefined)[] = [
  { kind: 'string' },
  { kind: 'map' },
  { kind: 'map' },
  { kind: 'list' },
  { kind: 'enum' },
  undefined,
  { kind: 'date' },
  { kind: 'time', unit: 'millis', utc: true },
  { kind: 'time', unit: 'micros', utc: true },
  { kind: 'timestamp', unit: 'millis', utc: true },
  { kind: 'timestamp', unit: 'micros', utc: true },
  { kind: 'integer', bits: 8, signed: false },
  { kind: 'integer', bits: 16, signed: false },
  { kind: 'integer', bits: 32, signed: false },
  { kind: 'integer', bits: 64, signed: false },
  { kind: 'integer', bits: 8, signed: true },
  { kind: 'integer', bits: 16, signed: true },
  { kind: 'integer', bits: 32, signed: true },
  { kind: 'integer', bits: 64, signed: true },
  { kind: 'json' },
  { kind: 'bson' },
  { kind: 'interval' },
];
const CONVERTED_DECIMAL = 5;

function decimal(precision: number | undefined, scale: number | undefined): Annotation {
  const p = precision ?? 0;
  const s = scale ?? 0;
  if (p < 1 || s < 0 || s > p) bad('a decimal has an impossible precision or scale');
  return { kind: 'decimal', precision: p, scale: s };
}
function annotationOf(element: ThriftStruct): Annotation {
  const logical = element.get(10);
  if (logical instanceof Map && logical.size > 0) {
    const [id, value] = [...(logical as ThriftStruct)][0]!;
    const name = LOGICAL_NAMES.get(id);
    if (name !== undefined) return { kind: name };
    const what = struct(value, 'a logical type');
    if (id === 5) return decimal(optional(what, 2), optional(what, 1));
    if (id === 7 || id === 8)
      return { kind: id === 7 ? 'time' : 'timestamp', unit: unitOf(what.get(2)), utc: what.get(1) === true };
    if (id === 10) return { kind: 'integer', bits: optional(what, 1) ?? 0, signed: what.get(2) === true };
    return { kind: 'other' };
  }
  const converted = optional(element, 6);
  if (converted === undefined) return { kind: 'none' };
  if (converted === CONVERTED_DECIMAL) return decimal(optional(element, 8), optional(element, 7));
  return CONVERTED[converted] ?? { kind: 'other' };
}

const textOf = (value: ThriftValue | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';

function schemaElement(value: ThriftValue): SchemaElement {
  const element = struct(value, 'a schema element');
  const type = optional(element, 1);
  const children = optional(element, 5) ?? 0;
  if (type === undefined ? children < 0 : PHYSICAL_TYPES[type] === undefined) bad('a column is of an unknown type');
  const length = optional(element, 2) ?? 0;
  if (type === PHYSICAL_TYPES.indexOf('fixed_len_byte_array') && length <= 0) bad('a fixed length is missing');
  return {
    name: textOf(element.get(4)),
    type: type === undefined ? undefined : PHYSICAL_TYPES[type],
    length,
    repetition:
      (['required', 'optional', 'repeated'] as const)[optional(element, 3) ?? 0] ?? bad('a repetition is unknown'),
    children,
    annotation: annotationOf(element),
  };
}

function columnChunk(value: ThriftValue, size: number, isEmpty: boolean): ColumnChunk {
  const chunk = struct(value, 'a column');
  if (chunk.has(1)) bad('a column lies in another file');
  if (chunk.has(8) || chunk.has(9) || !chunk.has(3)) bad('a column is encrypted');
  const meta = struct(chunk.get(3), "a column's metadata");
  const codec = integer(meta, 4, 'a codec');
  const name = CODECS[codec];
  if (name === undefined) bad(`compression ${CODEC_NAMES[codec] ?? codec} is not supported`);
  const data = integer(meta, 9, "a page's offset");
  const dictionary = optional(meta, 11) ?? 0;
  // Some writers say 0 where there is no dictionary.
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  const end = start + integer(meta, 7, "a column's size");
  if (!isEmpty && (start < MAGIC.length || end > size)) bad('a column lies outside the file');
  return {
    type: PHYSICAL_TYPES[integer(meta, 1, "a column's type")] ?? bad('a column is of an unknown type'),
    codec: name!,
    values: integer(meta, 5, 'a count of values'),
    start,
    end,
  };
}
function rowGroup(value: ThriftValue, size: number, leaves: number): RowGroup {
  const group = struct(value, 'a row group');
  const rows = integer(group, 3, 'a count of rows');
  const columns = list(group.get(1), 'columns').map((c) => columnChunk(c, size, rows === 0));
  if (columns.length !== leaves) bad('a row group has not a column for each leaf of the schema');
  return {
    rows,
    columns,
    start: columns.reduce((least, c) => Math.min(least, c.start), size),
  };
}

/** `size`: of the file. */
export function fileMetadata(bytes: Uint8Array, size: number): FileMetadata {
  const meta = new ThriftReader(bytes).struct();
  const schema = list(meta.get(2), 'the schema').map(schemaElement);
  if (schema.length === 0) bad('the schema is empty');
  const leaves = schema.filter((e) => e.type !== undefined).length;
  return {
    schema,
    rows: integer(meta, 3, 'a count of rows'),
    groups: list(meta.get(4), 'row groups').map((g) => rowGroup(g, size, leaves)),
  };
}

/** The head of a page and where it ends. ThriftShort: it does not end in these bytes. */
export function pageHead(bytes: Uint8Array): { readonly head: PageHead; readonly bytes: number } {
  const reader = new ThriftReader(bytes);
  const page = reader.struct();
  return { head: headOf(page), bytes: reader.at };
}
function headOf(page: ThriftStruct): PageHead {
  const base = {
    stored: integer(page, 3, "a page's size"),
    bytes: integer(page, 2, "a page's size"),
    crc: optional(page, 4),
  };
  const type = integer(page, 1, "a page's type");
  if (type === 2) {
    const dictionary = struct(page.get(7), "a dictionary's head");
    return { kind: 'dictionary', ...base, values: integer(dictionary, 1, 'a count of values') };
  }
  if (type === 0) {
    const data = struct(page.get(5), "a page's head");
    return {
      kind: 'data',
      ...base,
      values: integer(data, 1, 'a count of values'),
      encoding: integer(data, 2, 'an encoding'),
      levels: undefined,
      isPacked: true,
      definitionEncoding: integer(data, 3, 'an encoding'),
      repetitionEncoding: integer(data, 4, 'an encoding'),
    };
  }
  if (type === 3) {
    const data = struct(page.get(8), "a page's head");
    const levels = {
      definition: integer(data, 5, "levels' size"),
      repetition: integer(data, 6, "levels' size"),
    };
    if (levels.definition + levels.repetition > base.stored) bad('levels are larger than their page');
    return {
      kind: 'data',
      ...base,
      values: integer(data, 1, 'a count of values'),
      encoding: integer(data, 4, 'an encoding'),
      levels,
      isPacked: data.get(7) !== false,
      definitionEncoding: ENCODING.rle,
      repetitionEncoding: ENCODING.rle,
    };
  }
  return { kind: 'other', ...base };
}
