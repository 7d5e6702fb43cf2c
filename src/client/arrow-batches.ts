/**
 * Results as Arrow record batches. The slices send batches of columns in Arrow's layout (types/column-buffers.ts), which become record
 * batches as they are: no row and no value is touched here. Where the order of rows is settled by the leader (ORDER BY,
 * LIMIT), and what the leader answers itself, comes as rows, which are taken into the same buffers here, 65,536 a batch.
 * apache-arrow is loaded when the first is asked for.
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
import { COLUMNAR } from '../common/result-format.ts';
import type { FieldDescription } from '../common/sql-service.ts';
import {
  BATCH,
  cellFormat,
  ColumnBuffers,
  columnKind,
  decodeBatch,
  type ColumnData,
  type ColumnKind,
} from '../types/column-buffers.ts';
import { typeFromOid, type TypeName } from '../types/sql-type.ts';
import { fieldOf } from './values.ts';

type Library = typeof Arrow;
let library: Promise<Library> | undefined;
export const arrowLibrary = (): Promise<Library> => (library ??= import('apache-arrow'));

const BATCH_ROWS = 65_536;

const nameOf = ({ typeOid, textOnly }: FieldDescription): TypeName | undefined =>
  textOnly === true ? undefined : typeFromOid(typeOid)?.name;

/** Formats in which the columns are to be asked for. */
export const arrowFormats = (fields: readonly FieldDescription[]): readonly number[] =>
  fields.map((field) => COLUMNAR + cellFormat(columnKind(nameOf(field))));

function arrowType(arrow: Library, field: FieldDescription): Arrow.DataType {
  const { MICROSECOND } = arrow.TimeUnit;
  switch (nameOf(field)) {
    case 'bool':
      return new arrow.Bool();
    case 'int2':
      return new arrow.Int16();
    case 'int4':
      return new arrow.Int32();
    case 'int8':
      return new arrow.Int64();
    case 'oid':
      return new arrow.Uint32();
    case 'float4':
      return new arrow.Float32();
    case 'float8':
      return new arrow.Float64();
    case 'date':
      return new arrow.DateDay();
    case 'time':
      return new arrow.TimeMicrosecond();
    case 'timestamp':
      return new arrow.Timestamp(MICROSECOND);
    case 'timestamptz':
      return new arrow.Timestamp(MICROSECOND, 'UTC');
    case 'intervaly2m':
      return new arrow.IntervalYearMonth();
    case 'intervald2s':
      return new arrow.DurationMicrosecond();
    case 'numeric': {
      const { precision = 38, scale = 0 } = fieldOf(field);
      return new arrow.Decimal(scale, precision, 128);
    }
    case 'varbyte':
      return new arrow.Binary();
    default:
      return new arrow.Utf8();
  }
}

/** The element type that apache-arrow reads values of a kind with. */
function typed(kind: ColumnKind, { buffer, byteOffset, byteLength }: Uint8Array): ArrayBufferView {
  // A copy of its own begins where its buffer does, or is aligned in it.
  const aligned = byteOffset % 8 === 0 ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const at = aligned === buffer ? byteOffset : 0;
  switch (kind) {
    case 'int16':
      return new Int16Array(aligned, at, byteLength / 2);
    case 'int32':
    case 'date':
      return new Int32Array(aligned, at, byteLength / 4);
    case 'uint32':
    case 'decimal':
      return new Uint32Array(aligned, at, byteLength / 4);
    case 'float32':
      return new Float32Array(aligned, at, byteLength / 4);
    case 'float64':
      return new Float64Array(aligned, at, byteLength / 8);
    case 'int64':
    case 'timestamp':
      return new BigInt64Array(aligned, at, byteLength / 8);
    default:
      return new Uint8Array(aligned, at, byteLength);
  }
}

export class ArrowBatches {
  readonly schema: Arrow.Schema;
  private readonly kinds: readonly ColumnKind[];
  private readonly rows: ColumnBuffers;

  constructor(
    private readonly arrow: Library,
    fields: readonly FieldDescription[],
  ) {
    this.kinds = fields.map((field) => columnKind(nameOf(field)));
    this.rows = new ColumnBuffers(this.kinds);
    this.schema = new arrow.Schema(fields.map((f) => new arrow.Field(f.name, arrowType(arrow, f), true)));
  }

  /** Takes a chunk of whole messages, rows or batches; gives the batches that are complete. */
  take(chunk: Uint8Array): readonly Arrow.RecordBatch[] {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const complete: Arrow.RecordBatch[] = [];
    for (let at = 0; at < chunk.length;) {
      if (chunk[at] !== BATCH) {
        at = this.rows.take(chunk, view, at);
        continue;
      }
      const { rows, columns } = decodeBatch(chunk, view, at, this.kinds.length);
      complete.push(this.batch(rows, columns));
      at += 1 + view.getInt32(at + 1);
    }
    return this.rows.rows >= BATCH_ROWS ? [...complete, ...this.finish()] : complete;
  }
  /** What there is of rows. */
  finish(): readonly Arrow.RecordBatch[] {
    const { rows } = this.rows;
    return rows === 0 ? [] : [this.batch(rows, this.rows.finish())];
  }
  private batch(length: number, columns: readonly ColumnData[]): Arrow.RecordBatch {
    const { arrow, schema, kinds } = this;
    const children = columns.map(({ nullCount, valid, values, offsets }, i) => {
      const { type } = schema.fields[i]!;
      const nullBitmap = nullCount === 0 ? undefined : valid;
      const valueOffsets = offsets.length === 0 ? undefined : typed('int32', offsets);
      return arrow.makeData({
        type,
        length,
        nullCount,
        nullBitmap,
        valueOffsets,
        data: typed(kinds[i]!, values),
      } as never);
    });
    const type = new arrow.Struct(schema.fields);
    return new arrow.RecordBatch(schema, arrow.makeData({ type, length, nullCount: 0, children }));
  }
  table(batches: readonly Arrow.RecordBatch[]): Arrow.Table {
    return new this.arrow.Table(this.schema, [...batches]);
  }
}
