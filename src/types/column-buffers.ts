/**
 * Rows of DataRow messages as the buffers of columns, in Arrow's layout: a bit a row for what is not NULL, values one behind
 * another, offsets for texts. Slices make them of the rows of a result that is asked for in columns (steps/return/columnar.ts),
 * the client of those that come as rows (client/arrow-batches.ts). A batch travels in place of rows as one message:
 *
 *   'B' | int32 BE length without 'B' | u32 LE rows | a column: u32 LE NULLs, then three buffers: u32 LE bytes, bytes
 *   (not NULL, values, offsets; of no bytes where there is none)
 *
 * Cells come in binary, NUMERIC scaled (common/result-format.ts), everything without a fixed size and without a kind of its
 * own as text.
 */
import { RESULT_FORMAT, type ResultFormat } from '../common/result-format.ts';
import type { TypeName } from './sql-type.ts';

export type ColumnKind =
  | 'bool'
  | 'int16'
  | 'int32'
  | 'date'
  | 'uint32'
  | 'int64'
  | 'timestamp'
  | 'float32'
  | 'float64'
  | 'decimal'
  | 'bytes'
  | 'text';

const KINDS: { readonly [N in TypeName]?: ColumnKind } = {
  bool: 'bool',
  int2: 'int16',
  int4: 'int32',
  intervaly2m: 'int32',
  oid: 'uint32',
  int8: 'int64',
  time: 'int64',
  intervald2s: 'int64',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  float4: 'float32',
  float8: 'float64',
  numeric: 'decimal',
  varbyte: 'bytes',
};
/** Undefined: a type that is not known, or has no binary form. */
export const columnKind = (name: TypeName | undefined): ColumnKind =>
  (name === undefined ? undefined : KINDS[name]) ?? 'text';
/** How cells of such a column are asked for. */
export const cellFormat = (kind: ColumnKind): ResultFormat =>
  kind === 'text' ? RESULT_FORMAT.text : kind === 'decimal' ? RESULT_FORMAT.scaled : RESULT_FORMAT.binary;

/** A column of a batch. */
export interface ColumnData {
  readonly nullCount: number;
  /** Empty when nothing is NULL. */
  readonly valid: Uint8Array;
  readonly values: Uint8Array;
  /** Texts and bytes only: rows + 1 offsets. */
  readonly offsets: Uint8Array;
}

const EMPTY = new Uint8Array(0);
/** Days and microseconds from 1970-01-01 to 2000-01-01. */
const EPOCH_DAYS = 10_957;
const EPOCH_MICROS = 946_684_800_000_000n;

type Put = (into: DataView, at: number, cells: DataView, cell: number, length: number) => void;
/** Bytes of a value, and how a cell becomes one. */
const FIXED: { readonly [K in ColumnKind]?: readonly [number, Put] } = {
  int16: [2, (v, at, c, cell) => v.setInt16(at, c.getInt16(cell), true)],
  int32: [4, (v, at, c, cell) => v.setInt32(at, c.getInt32(cell), true)],
  date: [4, (v, at, c, cell) => v.setInt32(at, c.getInt32(cell) + EPOCH_DAYS, true)],
  uint32: [4, (v, at, c, cell) => v.setUint32(at, c.getUint32(cell), true)],
  float32: [4, (v, at, c, cell) => v.setUint32(at, c.getUint32(cell), true)],
  int64: [8, (v, at, c, cell) => v.setBigInt64(at, c.getBigInt64(cell), true)],
  float64: [8, (v, at, c, cell) => v.setBigInt64(at, c.getBigInt64(cell), true)],
  timestamp: [8, (v, at, c, cell) => v.setBigInt64(at, c.getBigInt64(cell) + EPOCH_MICROS, true)],
  decimal: [16, putDecimal],
};
/** 8 or 16 bytes, high ones first, become 16, low ones first. */
function putDecimal(into: DataView, at: number, cells: DataView, cell: number, length: number): void {
  const low = cells.getBigInt64(cell + length - 8);
  into.setBigInt64(at, low, true);
  into.setBigInt64(at + 8, length === 16 ? cells.getBigInt64(cell) : low >> 63n, true);
}

/** Bytes that grow. */
class Growing {
  bytes = new Uint8Array(256);
  view = new DataView(this.bytes.buffer);
  room(size: number): void {
    if (size <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(size, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

class Column {
  private readonly valid = new Growing();
  private readonly values = new Growing();
  private readonly offsets = new Growing();
  private readonly fixed: readonly [number, Put] | undefined;
  private rows = 0;
  private nullCount = 0;
  /** Bytes of texts. */
  private end = 0;

  constructor(private readonly kind: ColumnKind) {
    this.fixed = FIXED[kind];
  }
  /** A cell of `length` bytes, -1: NULL. */
  take(bytes: Uint8Array, cells: DataView, cell: number, length: number): void {
    const { rows, valid } = this;
    valid.room((rows >> 3) + 1);
    if (length < 0) this.nullCount++;
    else valid.bytes[rows >> 3]! |= 1 << (rows & 7);
    if (this.fixed !== undefined) this.takeFixed(this.fixed, cells, cell, length);
    else if (this.kind === 'bool') this.takeBool(bytes, cell, length);
    else this.takeVarying(bytes, cell, length);
    this.rows++;
  }
  private takeFixed([size, put]: readonly [number, Put], cells: DataView, cell: number, length: number): void {
    this.values.room((this.rows + 1) * size);
    if (length >= 0) put(this.values.view, this.rows * size, cells, cell, length);
  }
  private takeBool(bytes: Uint8Array, cell: number, length: number): void {
    const { rows, values } = this;
    values.room((rows >> 3) + 1);
    if (length > 0 && bytes[cell] !== 0) values.bytes[rows >> 3]! |= 1 << (rows & 7);
  }
  private takeVarying(bytes: Uint8Array, cell: number, length: number): void {
    if (length > 0) {
      this.values.room(this.end + length);
      this.values.bytes.set(bytes.subarray(cell, cell + length), this.end);
      this.end += length;
    }
    this.offsets.room((this.rows + 2) * 4);
    this.offsets.view.setInt32((this.rows + 1) * 4, this.end, true);
  }
  finish(): ColumnData {
    const { rows, nullCount, kind } = this;
    const bits = (rows + 7) >> 3;
    const isVarying = kind === 'text' || kind === 'bytes';
    const bytes = isVarying ? this.end : kind === 'bool' ? bits : rows * this.fixed![0];
    return {
      nullCount,
      valid: nullCount === 0 ? EMPTY : this.valid.bytes.subarray(0, bits),
      values: this.values.bytes.subarray(0, bytes),
      offsets: isVarying ? this.offsets.bytes.subarray(0, (rows + 1) * 4) : EMPTY,
    };
  }
}

/** Gathers rows; `finish` gives their columns and begins anew. */
export class ColumnBuffers {
  private columns: readonly Column[];
  rows = 0;
  constructor(private readonly kinds: readonly ColumnKind[]) {
    this.columns = kinds.map((k) => new Column(k));
  }
  /** The DataRow message at `at`; gives where it ends. */
  take(bytes: Uint8Array, view: DataView, at: number): number {
    let cell = at + 7;
    for (const column of this.columns) {
      const length = view.getInt32(cell);
      cell += 4;
      column.take(bytes, view, cell, length);
      if (length > 0) cell += length;
    }
    this.rows++;
    return at + 1 + view.getInt32(at + 1);
  }
  finish(): readonly ColumnData[] {
    const done = this.columns.map((c) => c.finish());
    this.columns = this.kinds.map((k) => new Column(k));
    this.rows = 0;
    return done;
  }
}

export const BATCH = 0x42;

export function encodeBatch(rows: number, columns: readonly ColumnData[]): Uint8Array {
  const buffers = columns.map(({ valid, values, offsets }) => [valid, values, offsets]);
  const bytes = buffers.flat().reduce((sum, b) => sum + 4 + b.length, 9 + 4 * columns.length);
  const message = new Uint8Array(bytes);
  const view = new DataView(message.buffer);
  message[0] = BATCH;
  view.setInt32(1, bytes - 1);
  view.setUint32(5, rows, true);
  let at = 9;
  for (const [i, column] of columns.entries()) {
    view.setUint32(at, column.nullCount, true);
    at += 4;
    for (const buffer of buffers[i]!) {
      view.setUint32(at, buffer.length, true);
      message.set(buffer, at + 4);
      at += 4 + buffer.length;
    }
  }
  return message;
}
/** The batch at `at`; its buffers are copies. */
export function decodeBatch(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  columnCount: number,
): { readonly rows: number; readonly columns: readonly ColumnData[] } {
  const rows = view.getUint32(at + 5, true);
  let from = at + 9;
  const buffer = (): Uint8Array => {
    const length = view.getUint32(from, true);
    const copy = new Uint8Array(bytes.subarray(from + 4, from + 4 + length));
    from += 4 + length;
    return copy;
  };
  const columns = Array.from({ length: columnCount }, () => {
    const nullCount = view.getUint32(from, true);
    from += 4;
    return { nullCount, valid: buffer(), values: buffer(), offsets: buffer() };
  });
  return { rows, columns };
}
