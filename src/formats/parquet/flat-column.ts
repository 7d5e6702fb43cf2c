/**
 * A column of a Parquet file that has one value a row, into a vector of the batch: zero copies where a page holds the values in their
 * form already, one otherwise.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { PHYS_BYTES } from '../../types/sql-type.ts';
import { NullColumn } from '../columnar/null-column.ts';
import type { VectorTable } from '../columnar/vectors.ts';
import type { LoadHost } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ParquetKernels } from './kernels.ts';
import type { RowGroup } from './metadata.ts';
import type { BadValue } from './page-values.ts';
import { ParquetDamage } from './thrift.ts';

/** A column of the load. */
export interface ParquetColumn {
  begin(piece: LoadPiece, group: RowGroup): void;
  /** Rows that read() may give now; 0: they are on the way. Throws when there will be none. */
  rows(): number;
  /** Has what was asked for come in. */
  pump(): void;
  /** The next n rows, into the table. */
  read(n: number): void;
  /** Whether nothing is left to be heard of what was read. */
  ended(): boolean;
  close(): void;
}
/** Told of a value that the column does not take; throws. */
export type Refuse = (column: number, row: number, bad: BadValue) => void;

export class FlatColumn implements ParquetColumn {
  private readonly nulls: number;
  private readonly kernels: ParquetKernels;

  constructor(
    private readonly load: LoadHost,
    private readonly table: VectorTable,
    private readonly column: number,
    private readonly reader: ChunkReader,
    /** BATCH_ROWS zeros. */
    private readonly noNulls: number,
    private readonly refuse: Refuse,
  ) {
    this.kernels = load.kernels as unknown as ParquetKernels;
    this.nulls = load.allocate(BATCH_ROWS);
  }
  begin(piece: LoadPiece, group: RowGroup): void {
    this.reader.begin(piece, group.columns[this.reader.leaf.leaf!]!);
  }
  rows(): number {
    if (!this.reader.ready()) return 0;
    if (this.reader.left === 0) throw new ParquetDamage('a column has fewer values than its row group rows');
    return this.reader.left;
  }
  pump(): void {
    this.reader.window.pump();
  }
  read(n: number): void {
    const { reader, nulls, table, column } = this;
    const { values: pages, leaf } = reader;
    let there = n;
    if (leaf.definition > 0) there = reader.nulls(n, nulls);
    else reader.skipLevels(n);
    const values = pages.read(there, there < n);
    const bad = there === 0 ? undefined : pages.bad(values, there);
    if (bad !== undefined) this.refuse(column, this.rowOf(bad.index, there < n), bad);
    if (there < n) this.spread(values, n, there);
    table.point(column, values, there < n ? nulls : this.noNulls);
  }
  private spread(values: number, n: number, there: number): void {
    const width = PHYS_BYTES[this.reader.values.form.phys] as 4 | 8 | 16;
    this.kernels[`spread_${width}`](values, this.nulls, n, there);
  }
  /** Row of the value that is there as the `index`th. */
  private rowOf(index: number, hasNulls: boolean): number {
    if (!hasNulls) return index;
    const { bytes } = this.load.memory;
    let left = index;
    for (let row = 0; ; row++) if (bytes[this.nulls + row] === 0 && left-- === 0) return row;
  }
  ended(): boolean {
    return this.reader.window.ended();
  }
  close(): void {
    this.reader.close();
  }
}

/** A column that the file has not, with FILLRECORD. */
export class MissingColumn extends NullColumn implements ParquetColumn {
  begin(): void {}
  rows(): number {
    return BATCH_ROWS;
  }
  pump(): void {}
  read(): void {
    this.point();
  }
  ended(): boolean {
    return true;
  }
  close(): void {}
}
