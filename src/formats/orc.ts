/**
 * ORC as a load format. A file is cut between stripes; a slice reads the footer, then of its stripes the streams of data by ranges, which kernels turn
 * into vectors a batch at a time. Columns are matched by position. Nested fields go into SUPER columns as JSON text.
 */
import { superNeedsSerialize } from '../common/errors/catalogue.ts';
import { BATCH_ROWS } from '../common/limits.ts';
import type { ColumnarLoadOptions } from './columnar/load-options.ts';
import { PieceHost } from './columnar/piece-host.ts';
import {
  damagedFile,
  noSuchFormat,
  objectAddress,
  valueOutOfRange,
  valueTooLongForColumn,
} from './columnar/scan-errors.ts';
import { PieceUnpacker } from './columnar/unpack.ts';
import { VectorTable } from './columnar/vectors.ts';
import type { LoadFormat, LoadHost, OpenedFormat, PieceReader } from './load-format.ts';
import type { LoadPiece } from './load-work.ts';
import { fileColumns, type TargetColumn } from './orc/file-columns.ts';
import type { BadValue, OrcColumn } from './orc/flat-column.ts';
import { FooterRequest, NoOrc, orcFileOf } from './orc/footer.ts';
import type { OrcFile, OrcStripe } from './orc/metadata.ts';
import { OrcDamage } from './orc/protobuf.ts';
import { StripeRequest } from './orc/stripe.ts';

export interface OrcPlan {
  readonly columns: readonly TargetColumn[];
  readonly fillRecord: boolean;
  /** Byte for what is no UTF-8; -1: such a text is refused. */
  readonly replace: number;
}

const RAW_BYTES_MAX = 4096;
/** A stripe with more data is not asked for ahead. */
const AHEAD_BYTES_MAX = 32 * 1024 * 1024;
/** Rows whose nested values are put together at a time. */
const NESTED_ROWS = 256;
const NOTHING = new Uint8Array(0);

function ofFile(error: unknown, address: string): unknown {
  if (error instanceof NoOrc) return noSuchFormat(address, error.magic);
  return error instanceof OrcDamage ? damagedFile(address, error.message) : error;
}

class OrcReader implements OpenedFormat {
  readonly table: VectorTable;
  readonly batchRows: number;
  constructor(
    readonly load: LoadHost,
    readonly plan: OrcPlan,
  ) {
    this.table = new VectorTable(load, plan.columns.length);
    this.batchRows = plan.columns.some((c) => c.type.name === 'super')
      ? Math.min(NESTED_ROWS, BATCH_ROWS)
      : BATCH_ROWS;
  }
  get delivery(): VectorTable['delivery'] {
    return this.table.delivery;
  }
  begin(piece: LoadPiece): PieceReader {
    return new OrcPiece(this, piece);
  }
}

interface PlacedStripe {
  readonly stripe: OrcStripe;
  /** Rows of the file in front of it. */
  readonly before: number;
}
class OrcPiece implements PieceReader {
  /** Rows of the piece so far. */
  lines = 0;
  readonly replaced = 0;
  private readonly address: string;
  private readonly host: PieceHost;
  private readonly footer: FooterRequest;
  private file: OrcFile | undefined;
  private columns: readonly OrcColumn[] = [];
  private stripes: readonly PlacedStripe[] = [];
  private index = 0;
  private request: StripeRequest | undefined;
  /** The next stripe, asked for while one is read. */
  private ahead: StripeRequest | undefined;
  /** Of the stripe that is read. */
  private left = 0;
  /** Rows of the file in front of the batch, and of the batch. */
  private row = 0;
  private batch = 0;

  constructor(
    private readonly reader: OrcReader,
    private readonly piece: LoadPiece,
  ) {
    this.host = new PieceHost(reader.load);
    this.address = objectAddress(piece);
    this.footer = new FooterRequest(this.host, piece);
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
      const state = this.nextStripe();
      if (state === 'wait') return 'wait';
      if (state === 'end') return 0;
    }
    const rows = Math.min(this.reader.batchRows, this.left);
    for (const column of this.columns) column.read(rows);
    this.ahead?.read();
    this.batch = rows;
    this.lines += rows;
    return rows;
  }
  /** False: the footer is on the way. */
  private open(): boolean {
    const file = this.footer.read();
    if (file === undefined) return false;
    this.file = file;
    const { piece, reader } = this;
    let before = 0;
    this.stripes = file.stripes
      .map((stripe) => {
        const placed = { stripe, before };
        before += stripe.rows;
        return placed;
      })
      .filter(({ stripe: { offset, rows } }) => offset >= piece.start && offset < piece.end && rows > 0);
    const object = { bucket: piece.bucket, key: piece.key, address: this.address };
    this.columns = fileColumns(
      this.host,
      new PieceUnpacker(this.host),
      reader.table,
      (column, bad) => this.refuse(column, bad),
      object,
      reader.plan.columns,
      file.root,
      reader.plan.fillRecord,
      reader.plan.replace,
    );
    return true;
  }
  private nextStripe(): 'read' | 'wait' | 'end' {
    const next = this.stripes[this.index];
    if (this.request !== undefined && this.isOpen) this.closeStripe();
    if (next === undefined) return 'end';
    this.request ??= this.ahead ?? this.requestOf(next);
    this.ahead = undefined;
    const data = this.request.read();
    if (data === undefined) return 'wait';
    for (const column of this.columns) column.begin(data);
    this.isOpen = true;
    this.index++;
    this.left = data.rows;
    this.row = next.before;
    const after = this.stripes[this.index];
    if (after !== undefined && after.stripe.dataBytes <= AHEAD_BYTES_MAX) this.ahead = this.requestOf(after);
    return 'read';
  }
  private requestOf({ stripe }: PlacedStripe): StripeRequest {
    return new StripeRequest(this.host, this.piece, this.file!, stripe);
  }
  /** The stripe is there, and its data used. */
  private isOpen = false;
  private closeStripe(): void {
    this.request?.close();
    this.request = undefined;
    this.isOpen = false;
  }
  private refuse(column: number, bad: BadValue): never {
    const { load, plan } = this.reader;
    const target = plan.columns[column]!;
    if (bad.kind === 'range') throw valueOutOfRange(this.address, target.name);
    if (bad.kind === 'long')
      throw valueTooLongForColumn(this.address, target.name, target.type.length ?? 0, bad.length);
    const rawValue = load.memory.bytes.slice(bad.at, bad.at + Math.min(bad.length, RAW_BYTES_MAX));
    const code = bad.kind === 'utf8' ? 1220 : 1215;
    load.refuse({
      line: this.row + bad.row + 1,
      column,
      position: 0,
      rawLine: NOTHING,
      rawValue,
      code,
      reason: 0,
    });
    return load.fail();
  }
  record(row: number): ReturnType<PieceReader['record']> {
    return { line: this.row + row + 1, rawLine: NOTHING, rawValue: NOTHING };
  }
  close(): void {
    this.footer.close();
    this.closeStripe();
    this.ahead?.close();
    this.columns = [];
    this.host.freeAll();
  }
}

export const orc: LoadFormat<ColumnarLoadOptions, OrcPlan> = {
  split: async (object, wishes) => {
    try {
      const starts = (await orcFileOf(object)).stripes.map((s) => s.offset).sort((a, b) => a - b);
      return wishes.map((wish) => starts.find((start) => start >= wish) ?? object.size);
    } catch (error) {
      // Whoever reads it says what is wrong with it.
      if (error instanceof OrcDamage) return [];
      throw error;
    }
  },
  // Rows are numbered from the file's start already.
  linesBefore: () => Promise.resolve(0),
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
  open: (load, plan) => new OrcReader(load, plan),
};
