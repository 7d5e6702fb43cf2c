/**
 * Results as Arrow record batches. The slices send cells in binary; this takes a chunk of their rows straight into the buffers
 * of columns: no row and no value becomes a JavaScript object on the way. A batch ends with the first chunk that takes it past
 * BATCH_ROWS rows. apache-arrow is loaded when the first is asked for.
 *
 *   boolean               Bool                    date                   Date32 (days)
 *   smallint, integer     Int16, Int32            time                   Time64 (microseconds)
 *   bigint                Int64                   timestamp              Timestamp (microseconds)
 *   oid                   Uint32                  timestamptz            Timestamp (microseconds, UTC)
 *   real, double          Float32, Float64        interval day to second Duration (microseconds)
 *   numeric(p, s)         Decimal128(p, s)        interval year to month Interval (months)
 *   varbyte               Binary                  everything else        Utf8: its text; super: its JSON
 */
import type * as Arrow from 'apache-arrow';
import { RESULT_FORMAT } from '../common/result-format.ts';
import type { FieldDescription } from '../common/sql-service.ts';
import { typeFromOid, type TypeName } from '../types/sql-type.ts';
import { fieldOf } from './values.ts';

type Library = typeof Arrow;
let library: Promise<Library> | undefined;
export const arrowLibrary = (): Promise<Library> => (library ??= import('apache-arrow'));

const BATCH_ROWS = 65_536;
/** Days and microseconds from 1970-01-01 to 2000-01-01. */
const EPOCH_DAYS = 10_957;
const EPOCH_MICROS = 946_684_800_000_000n;
const { text, binary, scaled } = RESULT_FORMAT;

/** A column's buffers, which grow. */
abstract class Column {
  private nulls = new Uint8Array(128);
  protected rows = 0;
  private nullCount = 0;

  constructor(
    readonly type: Arrow.DataType,
    readonly format: number,
  ) {}
  protected abstract put(bytes: Buffer, at: number, length: number): void;
  protected abstract skip(): void;
  protected abstract buffers(): { readonly data: Uint8Array | ArrayBufferView; readonly valueOffsets?: Int32Array };

  /** A cell of `length` bytes, -1: NULL. */
  take(bytes: Buffer, at: number, length: number): void {
    const { rows } = this;
    if (rows >> 3 >= this.nulls.length) this.nulls = grown(this.nulls, this.nulls.length + 1);
    if (length < 0) {
      this.nullCount++;
      this.skip();
    } else {
      this.nulls[rows >> 3]! |= 1 << (rows & 7);
      this.put(bytes, at, length);
    }
    this.rows++;
  }
  finish({ makeData }: Library): Arrow.Data {
    const { type, rows: length, nullCount } = this;
    const nullBitmap = nullCount === 0 ? undefined : this.nulls.subarray(0, (length + 7) >> 3);
    return makeData({ type, length, nullCount, nullBitmap, ...this.buffers() } as never);
  }
}

/** A copy with room for `needed` elements at least. */
function grown<
  T extends Uint8Array | Int16Array | Int32Array | Uint32Array | Float32Array | Float64Array | BigInt64Array,
>(array: T, needed: number): T {
  const next = new (array.constructor as new (length: number) => T)(Math.max(needed, array.length * 2));
  next.set(array as never);
  return next;
}

type Numbers = Int16Array | Int32Array | Uint32Array | Float32Array | Float64Array | BigInt64Array;
/** Values of one size. `read` turns a cell into the element; `per` elements make a value. */
class Fixed<T extends Numbers> extends Column {
  constructor(
    type: Arrow.DataType,
    format: number,
    private values: T,
    private readonly read: (values: T, at: number, bytes: Buffer, cell: number, length: number) => void,
    private readonly per = 1,
  ) {
    super(type, format);
  }
  private room(): number {
    const at = this.rows * this.per;
    if (at + this.per > this.values.length) this.values = grown(this.values, at + this.per) as T;
    return at;
  }
  protected put(bytes: Buffer, cell: number, length: number): void {
    const at = this.room();
    this.read(this.values, at, bytes, cell, length);
  }
  protected skip(): void {
    this.room();
  }
  protected buffers(): { readonly data: T } {
    return { data: this.values.subarray(0, this.rows * this.per) as T };
  }
}
class Bits extends Column {
  private values = new Uint8Array(128);
  protected put(bytes: Buffer, at: number): void {
    this.skip();
    if (bytes[at] !== 0) this.values[this.rows >> 3]! |= 1 << (this.rows & 7);
  }
  protected skip(): void {
    if (this.rows >> 3 >= this.values.length) this.values = grown(this.values, this.values.length + 1);
  }
  protected buffers(): { readonly data: Uint8Array } {
    return { data: this.values.subarray(0, (this.rows + 7) >> 3) };
  }
}
/** Values of any length. */
class Varying extends Column {
  private offsets = new Int32Array(1024);
  private bytes = new Uint8Array(16 * 1024);
  private end = 0;
  protected put(bytes: Buffer, at: number, length: number): void {
    if (this.end + length > this.bytes.length) this.bytes = grown(this.bytes, this.end + length);
    this.bytes.set(bytes.subarray(at, at + length), this.end);
    this.end += length;
    this.skip();
  }
  protected skip(): void {
    if (this.rows + 1 >= this.offsets.length) this.offsets = grown(this.offsets, this.rows + 2);
    this.offsets[this.rows + 1] = this.end;
  }
  protected buffers(): { readonly data: Uint8Array; readonly valueOffsets: Int32Array } {
    return { data: this.bytes.subarray(0, this.end), valueOffsets: this.offsets.subarray(0, this.rows + 1) };
  }
}

const NONE = 0;
function columnOf(arrow: Library, field: FieldDescription): Column {
  const name: TypeName | undefined = field.textOnly === true ? undefined : typeFromOid(field.typeOid)?.name;
  const int32 = (type: Arrow.DataType, add = 0): Column =>
    new Fixed(type, binary, new Int32Array(NONE), (v, i, b, at) => (v[i] = b.readInt32BE(at) + add));
  const int64 = (type: Arrow.DataType, add = 0n): Column =>
    new Fixed(type, binary, new BigInt64Array(NONE), (v, i, b, at) => (v[i] = b.readBigInt64BE(at) + add));
  const { MICROSECOND } = arrow.TimeUnit;
  switch (name) {
    case 'bool':
      return new Bits(new arrow.Bool(), binary);
    case 'int2':
      return new Fixed(new arrow.Int16(), binary, new Int16Array(NONE), (v, i, b, at) => (v[i] = b.readInt16BE(at)));
    case 'int4':
      return int32(new arrow.Int32());
    case 'int8':
      return int64(new arrow.Int64());
    case 'oid':
      return new Fixed(
        new arrow.Uint32(),
        binary,
        new Uint32Array(NONE),
        (v, i, b, at) => (v[i] = b.readUInt32BE(at)),
      );
    case 'float4':
      return new Fixed(
        new arrow.Float32(),
        binary,
        new Float32Array(NONE),
        (v, i, b, at) => (v[i] = b.readFloatBE(at)),
      );
    case 'float8':
      return new Fixed(
        new arrow.Float64(),
        binary,
        new Float64Array(NONE),
        (v, i, b, at) => (v[i] = b.readDoubleBE(at)),
      );
    case 'date':
      return int32(new arrow.DateDay(), EPOCH_DAYS);
    case 'time':
      return int64(new arrow.TimeMicrosecond());
    case 'timestamp':
      return int64(new arrow.Timestamp(MICROSECOND), EPOCH_MICROS);
    case 'timestamptz':
      return int64(new arrow.Timestamp(MICROSECOND, 'UTC'), EPOCH_MICROS);
    case 'intervaly2m':
      return int32(new arrow.IntervalYearMonth());
    case 'intervald2s':
      return int64(new arrow.DurationMicrosecond());
    case 'numeric':
      return decimal(arrow, field);
    case 'varbyte':
      return new Varying(new arrow.Binary(), binary);
    default:
      return new Varying(new arrow.Utf8(), text);
  }
}
/** 8 or 16 bytes, big-endian, as the return step scales them; in Arrow 16, low half first. */
function decimal(arrow: Library, field: FieldDescription): Column {
  const { precision = 38, scale = 0 } = fieldOf(field);
  const read = (v: Uint32Array, i: number, b: Buffer, at: number, length: number): void => {
    const sign = b.readInt8(at) < 0 ? 0xffff_ffff : 0;
    for (let word = 0; word < 4; word++) {
      const from = length - 4 * (word + 1);
      v[i + word] = from < 0 ? sign : b.readUInt32BE(at + from);
    }
  };
  return new Fixed(new arrow.Decimal(scale, precision, 128), scaled, new Uint32Array(NONE), read, 4);
}

/** Formats in which the columns are to be asked for, so that ArrowBatches can take them. */
export const arrowFormats = (arrow: Library, fields: readonly FieldDescription[]): readonly number[] =>
  fields.map((field) => columnOf(arrow, field).format);

export class ArrowBatches {
  readonly schema: Arrow.Schema;
  private columns: readonly Column[];
  private rows = 0;

  constructor(
    private readonly arrow: Library,
    private readonly fields: readonly FieldDescription[],
  ) {
    this.columns = this.fresh();
    this.schema = new arrow.Schema(this.columns.map((c, i) => new arrow.Field(fields[i]!.name, c.type, true)));
  }
  private fresh(): readonly Column[] {
    return this.fields.map((field) => columnOf(this.arrow, field));
  }

  /** Takes a chunk of whole DataRow messages; gives a batch when it is full. */
  take(chunk: Uint8Array): Arrow.RecordBatch | undefined {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
      let cell = at + 7;
      for (const column of this.columns) {
        const length = bytes.readInt32BE(cell);
        cell += 4;
        column.take(bytes, cell, length);
        if (length > 0) cell += length;
      }
      this.rows++;
    }
    return this.rows >= BATCH_ROWS ? this.finish() : undefined;
  }
  /** What there is, if anything. */
  finish(): Arrow.RecordBatch | undefined {
    if (this.rows === 0) return undefined;
    const { arrow, columns, rows: length } = this;
    const children = columns.map((c) => c.finish(arrow));
    this.columns = this.fresh();
    this.rows = 0;
    const type = new arrow.Struct(this.schema.fields);
    return new arrow.RecordBatch(this.schema, arrow.makeData({ type, length, nullCount: 0, children }));
  }
  /** Batches so far as a table. */
  table(batches: readonly Arrow.RecordBatch[]): Arrow.Table {
    return new this.arrow.Table(this.schema, [...batches]);
  }
}
