/**
 * Parquet as a load format. A file is cut between row groups; a slice reads the footer, then of its row groups the columns of the table, by
 * range and page by page, which kernels turn into vectors. A batch never goes beyond a page of any column, so that strings
 * stay where they were unpacked. Nested fields go into SUPER columns as JSON text.
 */
import { BATCH_ROWS } from '../common/limits.ts';
import { superNeedsSerialize } from '../common/errors/catalogue.ts';
import {
  damagedFile,
  noSuchFormat,
  objectAddress,
  valueOutOfRange,
  valueTooLongForColumn,
} from './columnar/scan-errors.ts';
import { PieceHost } from './columnar/piece-host.ts';
import { PieceUnpacker } from './columnar/unpack.ts';
import { VectorTable } from './columnar/vectors.ts';
import type { ColumnarLoadOptions } from './columnar/load-options.ts';
import type { LoadFormat, LoadHost, OpenedFormat, PieceReader } from './load-format.ts';
import type { LoadPiece } from './load-work.ts';
import { fileColumns, type TargetColumn } from './parquet/file-columns.ts';
import type { ParquetColumn } from './parquet/flat-column.ts';
import { FooterReader, NoParquet, readFooter, type ParquetFile } from './parquet/footer.ts';
import type { RowGroup } from './parquet/metadata.ts';
import type { BadValue } from './parquet/page-values.ts';
import { ParquetDamage } from './parquet/thrift.ts';
import { Requests } from './parquet/window.ts';

export interface ParquetPlan {
  readonly columns: readonly TargetColumn[];
  readonly fillRecord: boolean;
  /** Byte for what is no UTF-8; -1: such a text is refused. */
  readonly replace: number;
}

/** Bytes of a value that are kept for STL_LOAD_ERRORS. */
const RAW_BYTES_MAX = 4096;
const NOTHING = new Uint8Array(0);

/** What the file did wrong, said of it. */
function ofFile(error: unknown, address: string): unknown {
  if (error instanceof NoParquet) return noSuchFormat(address, error.magic);
  return error instanceof ParquetDamage ? damagedFile(address, error.message.replace(/^.*?: /, '')) : error;
}

class ParquetReader implements OpenedFormat {
  readonly table: VectorTable;
  readonly unpacker: PieceUnpacker;
  readonly noNulls: number;
  /** Of the newest file, whose next piece wants the same. */
  private last: { readonly name: string; readonly file: ParquetFile } | undefined;
  constructor(
    readonly load: LoadHost,
    readonly plan: ParquetPlan,
  ) {
    this.table = new VectorTable(load, plan.columns.length);
    this.unpacker = new PieceUnpacker(load);
    this.noNulls = load.allocate(BATCH_ROWS);
    load.memory.bytes.fill(0, this.noNulls, this.noNulls + BATCH_ROWS);
  }
  get delivery(): VectorTable['delivery'] {
    return this.table.delivery;
  }
  begin(piece: LoadPiece): PieceReader {
    return new ParquetPiece(this, piece);
  }
  known(name: string): ParquetFile | undefined {
    return this.last?.name === name ? this.last.file : undefined;
  }
  know(name: string, file: ParquetFile): void {
    this.last = { name, file };
  }
}

class ParquetPiece implements PieceReader {
  /** Rows of the file so far, those in front of the piece included. */
  lines = 0;
  readonly replaced = 0;
  private readonly address: string;
  private readonly name: string;
  private footer: FooterReader | undefined;
  private file: ParquetFile | undefined;
  private columns: readonly ParquetColumn[] = [];
  private groups: readonly { readonly group: RowGroup; readonly before: number }[] = [];
  /** Number of the group that is read, and of its rows that are left. */
  private at = -1;
  private left = 0;
  private row = 0;
  private batch = 0;
  private readonly host: PieceHost;

  constructor(
    private readonly reader: ParquetReader,
    private readonly piece: LoadPiece,
  ) {
    this.host = new PieceHost(reader.load);
    this.address = objectAddress(piece);
    this.name = `${piece.bucket}/${piece.key}`;
    if (reader.known(this.name) === undefined) this.footer = new FooterReader(reader.load, piece);
  }
  next(): number | 'wait' {
    try {
      return this.nextBatch();
    } catch (error) {
      throw ofFile(error, this.address);
    }
  }
  private nextBatch(): number | 'wait' {
    if (this.file === undefined && !this.open()) return 'wait';
    this.row += this.batch;
    this.left -= this.batch;
    this.batch = 0;
    while (this.left === 0) {
      if (!this.columns.every((column) => column.ended())) return 'wait';
      const next = this.groups[++this.at];
      if (next === undefined) return 0;
      for (const column of this.columns) column.begin(this.piece, next.group);
      this.left = next.group.rows;
      this.row = next.before;
    }
    let rows = Math.min(BATCH_ROWS, this.left);
    for (const column of this.columns) rows = Math.min(rows, column.rows());
    if (rows === 0) {
      // Those that have rows hand back what they hold open.
      for (const column of this.columns) column.pump();
      return 'wait';
    }
    for (const column of this.columns) column.read(rows);
    this.batch = rows;
    this.lines += rows;
    return rows;
  }
  /** False: the footer is on the way. */
  private open(): boolean {
    const { reader, piece } = this;
    const file = reader.known(this.name) ?? (this.footer ??= new FooterReader(reader.load, piece)).read();
    if (file === undefined) return false;
    this.footer?.close();
    this.footer = undefined;
    this.file = file;
    reader.know(this.name, file);
    let before = 0;
    const groups = file.meta.groups.map((group) => {
      const from = before;
      before += group.rows;
      return { group, before: from };
    });
    this.groups = groups.filter(
      ({ group }) => group.start >= piece.start && group.start < piece.end && group.rows > 0,
    );
    const { unpacker, table, noNulls, plan } = reader;
    const object = { bucket: piece.bucket, key: piece.key, address: this.address };
    this.columns = fileColumns(
      this.host,
      new Requests(this.host, plan.columns.length),
      unpacker,
      table,
      noNulls,
      (column, row, bad) => this.refuse(column, row, bad),
      object,
      plan.columns,
      file.fields,
      plan.fillRecord,
      plan.replace,
    );
    return true;
  }
  private refuse(column: number, row: number, bad: BadValue): void {
    const { load, plan } = this.reader;
    const target = plan.columns[column]!;
    if (bad.kind === 'range') throw valueOutOfRange(this.address, target.name);
    if (bad.kind === 'long')
      throw valueTooLongForColumn(this.address, target.name, target.type.length ?? 0, bad.length);
    const rawValue = load.memory.bytes.slice(bad.at, bad.at + Math.min(bad.length, RAW_BYTES_MAX));
    const code = bad.kind === 'utf8' ? 1220 : 1215;
    load.refuse({ line: this.row + row + 1, column, position: 0, rawLine: NOTHING, rawValue, code, reason: 0 });
    load.fail();
  }
  record(row: number): ReturnType<PieceReader['record']> {
    return { line: this.row + row + 1, rawLine: NOTHING, rawValue: NOTHING };
  }
  close(): void {
    this.footer?.close();
    for (const column of this.columns) column.close();
    this.columns = [];
    this.host.freeAll();
  }
}

export const parquet: LoadFormat<ColumnarLoadOptions, ParquetPlan> = {
  split: async (object, wishes) => {
    try {
      const starts = (await readFooter(object)).meta.groups.map((g) => g.start).sort((a, b) => a - b);
      return wishes.map((wish) => starts.find((start) => start >= wish) ?? object.size);
    } catch (error) {
      // Whoever reads it says what is wrong with it.
      if (error instanceof ParquetDamage) return [];
      throw error;
    }
  },
  schema: (columns, options) => {
    if (!options.serializeToJson && columns.some((c) => c.type.name === 'super')) throw superNeedsSerialize();
    return Promise.resolve({
      delivers: 'vectors',
      plan: {
        columns: columns.map(({ name, type }) => ({ name, type })),
        fillRecord: options.fillRecord,
        replace: options.acceptInvChars ?? -1,
      },
    });
  },
  open: (load, plan) => new ParquetReader(load, plan),
  // Records say which row of the file they are.
  linesBefore: () => Promise.resolve(0),
};
