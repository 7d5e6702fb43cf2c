/**
 * Shapefiles on a slice: the records of .shp and .dbf side by side, one after another, as texts that the parse step converts; a shape is its EWKB in
 * hexadecimal digits. A damaged file ends the load.
 */
import { BATCH_ROWS, SHAPE_BYTES_MAX } from '../../common/limits.ts';
import type { ByteSource, Delivery, LoadHost, OpenedFormat, PieceReader } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import type { TextPlan } from '../text/text-load.ts';
import { RAW_BYTES_MAX, TextRows } from '../text/text-rows.ts';
import { dbfText, decoderOf, readDbfHead, dbfHeadBytes, type DbfTable, type Decode } from './dbf.ts';
import { shapeToEwkb, ShapeDamage, SHAPE_REASON } from './shapes.ts';

/** What lies beside a .shp. */
export interface Companions {
  readonly dbf: { readonly key: string; readonly state: LoadPiece['state'] };
  /** Of its .cpg file. */
  readonly encoding: string | undefined;
  readonly srid: number;
}
export interface ShapefilePlan extends TextPlan {
  /** By bucket/key of the .shp. */
  readonly companions: Readonly<Record<string, Companions>>;
}

const FILE_CODE = 9994;
const HEAD_BYTES = 100;
const RECORD_HEAD_BYTES = 8;
const READ_BYTES = 256 * 1024;
/** Text of a batch after which it is given. */
const BATCH_BYTES = 4 * 1024 * 1024;
const DELETED = 0x2a;

/** Bytes of a source in the order they come. */
class Bytes {
  private held = Buffer.alloc(0);
  private isEnded = false;
  constructor(private readonly source: ByteSource) {}
  /** The next n bytes; 'end': there are no more at all. */
  peek(n: number): Buffer | 'wait' | 'end' {
    while (this.held.length < n && !this.isEnded) {
      const more = Buffer.allocUnsafe(Math.max(READ_BYTES, n - this.held.length));
      const got = this.source.read(more);
      if (got === 'wait') return 'wait';
      if (got === 0) this.isEnded = true;
      else this.held = Buffer.concat([this.held, more.subarray(0, got)]);
    }
    if (this.held.length >= n) return this.held.subarray(0, n);
    if (this.held.length === 0) return 'end';
    throw new ShapeDamage(SHAPE_REASON.end);
  }
  drop(n: number): void {
    this.held = this.held.subarray(n);
  }
  close(): void {
    this.source.close();
  }
}

export class ShapefileReader implements OpenedFormat {
  readonly delivery: Delivery;
  readonly rows: TextRows;
  readonly columns: number;
  constructor(
    readonly load: LoadHost,
    readonly plan: ShapefilePlan,
  ) {
    this.columns = plan.kinds.length;
    this.rows = new TextRows(load, this.columns);
    this.delivery = this.rows.delivery(plan);
  }
  begin(piece: LoadPiece): PieceReader {
    return new ShapefilePiece(this, piece);
  }
}

class ShapefilePiece implements PieceReader {
  lines = 0;
  readonly replaced = 0;
  private readonly shapes: Bytes;
  private readonly attributes: Bytes;
  private readonly companions: Companions;
  private table: DbfTable | undefined;
  private decode: Decode = decoderOf(undefined);
  private isStarted = false;
  /** Record numbers of the batch's rows. */
  private numbers: number[] = [];

  constructor(
    private readonly reader: ShapefileReader,
    piece: LoadPiece,
  ) {
    const { load, plan } = reader;
    this.companions = plan.companions[`${piece.bucket}/${piece.key}`]!;
    const { key, state } = this.companions.dbf;
    this.shapes = new Bytes(load.open(piece));
    this.attributes = new Bytes(load.open({ ...piece, key, state, start: 0, end: state.size }));
  }
  next(): number | 'wait' {
    try {
      return this.batch();
    } catch (error) {
      if (!(error instanceof ShapeDamage)) throw error;
      return this.damaged(error);
    }
  }
  private damaged({ reason, about }: ShapeDamage): never {
    const { load } = this.reader;
    const nothing = new Uint8Array(0);
    load.refuse({
      line: this.lines + 1,
      column: -1,
      position: 0,
      rawLine: nothing,
      rawValue: Buffer.from(about),
      code: 1216,
      reason,
    });
    return load.fail();
  }
  /** False: their bytes are on the way. */
  private start(): boolean {
    const head = this.shapes.peek(HEAD_BYTES);
    if (head === 'wait') return false;
    if (head === 'end' || head.readInt32BE(0) !== FILE_CODE) throw new ShapeDamage(SHAPE_REASON.damaged);
    const first = this.attributes.peek(32);
    if (first === 'wait') return false;
    if (first === 'end') throw new ShapeDamage(SHAPE_REASON.attributes);
    const bytes = this.attributes.peek(dbfHeadBytes(first)!);
    if (bytes === 'wait') return false;
    if (bytes === 'end') throw new ShapeDamage(SHAPE_REASON.attributes);
    this.table = readDbfHead(bytes);
    this.decode = decoderOf(this.companions.encoding ?? this.table.encoding);
    this.shapes.drop(HEAD_BYTES);
    this.attributes.drop(this.table.headBytes);
    this.isStarted = true;
    return true;
  }
  private batch(): number | 'wait' {
    if (!this.isStarted && !this.start()) return 'wait';
    this.reader.rows.clear();
    this.numbers = [];
    let bytes = 0;
    while (this.numbers.length < BATCH_ROWS && bytes < BATCH_BYTES) {
      const state = this.take();
      if (state === 'wait' && this.numbers.length === 0) return 'wait';
      if (typeof state !== 'number') break;
      bytes += state;
    }
    return this.numbers.length;
  }
  /** The next record; gives the bytes of its texts. */
  private take(): number | 'wait' | 'end' {
    const { shapes, attributes } = this;
    const table = this.table!;
    const head = shapes.peek(RECORD_HEAD_BYTES);
    if (typeof head === 'string') return head;
    const length = head.readInt32BE(4) * 2;
    if (length < 4) throw new ShapeDamage(SHAPE_REASON.damaged);
    if (length > SHAPE_BYTES_MAX) throw new ShapeDamage(SHAPE_REASON.tooComplex);
    const whole = shapes.peek(RECORD_HEAD_BYTES + length);
    if (typeof whole === 'string') return whole;
    const fields = attributes.peek(table.recordBytes);
    if (fields === 'wait') return 'wait';
    if (fields === 'end' || this.lines >= table.records) throw new ShapeDamage(SHAPE_REASON.attributes);
    let bytes = 0;
    if (fields[0] !== DELETED) bytes = this.put(whole.subarray(RECORD_HEAD_BYTES), fields, table);
    this.lines++;
    shapes.drop(RECORD_HEAD_BYTES + length);
    attributes.drop(table.recordBytes);
    return bytes;
  }
  private put(shape: Uint8Array, fields: Uint8Array, table: DbfTable): number {
    const { reader } = this;
    const row = this.numbers.length;
    const ewkb = shapeToEwkb(shape, this.companions.srid);
    let bytes = reader.rows.put(0, row, ewkb === undefined ? undefined : Buffer.from(ewkb.toString('hex')));
    for (let column = 1; column < reader.columns; column++) {
      const text = dbfText(table.fields[column - 1]!, fields, this.decode);
      bytes += reader.rows.put(column, row, text === undefined ? undefined : Buffer.from(text));
    }
    this.numbers.push(this.lines + 1);
    return bytes;
  }
  record(row: number, column: number): ReturnType<PieceReader['record']> {
    const { reader } = this;
    const line = Buffer.concat(
      Array.from({ length: reader.columns }, (_, c) => [
        ...(c === 0 ? [] : [Buffer.from('|')]),
        reader.rows.text(c, row) ?? new Uint8Array(0),
      ]).flat(),
    );
    return {
      line: this.numbers[row]!,
      rawLine: line.subarray(0, RAW_BYTES_MAX),
      rawValue: reader.rows.text(column, row) ?? new Uint8Array(0),
    };
  }
  line(row: number): number {
    return this.numbers[row]!;
  }
  close(): void {
    this.shapes.close();
    this.attributes.close();
  }
}
