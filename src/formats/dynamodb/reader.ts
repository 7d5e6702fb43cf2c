/**
 * Items on a slice: lines of JSON become texts that the parse step converts. What a text means NULL for is as in text files.
 */
import { BATCH_ROWS, COPY_ROW_BYTES_MAX } from '../../common/limits.ts';
import type { ByteSource, Delivery, LoadHost, OpenedFormat, PieceReader } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import { COLUMN_KIND } from '../text/scan-state.ts';
import type { TextPlan } from '../text/text-load.ts';
import { RAW_BYTES_MAX, TextRows } from '../text/text-rows.ts';
import { plainNumber } from './number.ts';

export interface DynamoPlan extends TextPlan {
  /** Of the columns, in lower case. */
  readonly names: readonly string[];
}
const READ_BYTES = 256 * 1024;
/** Text of a batch after which it is given. */
const BATCH_BYTES = 4 * 1024 * 1024;
const LINE_BYTES_MAX = 4 * COPY_ROW_BYTES_MAX;
/** Reasons of text/load-reason.ts. */
const REASON = { type: 70, names: 71, size: 72 } as const;
const NOTHING = new Uint8Array(0);

type Attribute = Readonly<Record<string, unknown>>;
/** An item that cannot be loaded, and with it the table. */
class ItemFault {
  constructor(
    readonly code: number,
    readonly reason: number,
    readonly column: number,
    readonly about: string,
  ) {}
}

/** Lines of a source, in order. */
class Lines {
  private held = Buffer.alloc(0);
  private at = 0;
  constructor(private readonly source: ByteSource) {}
  next(): Buffer | 'wait' | 'end' {
    for (;;) {
      const feed = this.held.indexOf(10, this.at);
      if (feed >= 0) {
        const line = this.held.subarray(this.at, feed);
        this.at = feed + 1;
        return line;
      }
      const left = this.held.subarray(this.at);
      if (left.length > LINE_BYTES_MAX) throw new ItemFault(1216, REASON.size, -1, '');
      const more = Buffer.allocUnsafe(Math.max(READ_BYTES, left.length));
      const n = this.source.read(more);
      if (n === 'wait') return 'wait';
      // Every item ends its line.
      if (n === 0) return 'end';
      this.held = Buffer.concat([left, more.subarray(0, n)]);
      this.at = 0;
    }
  }
  close(): void {
    this.source.close();
  }
}

export class DynamoReader implements OpenedFormat {
  readonly delivery: Delivery;
  readonly rows: TextRows;
  private readonly columns: ReadonlyMap<string, number>;
  constructor(
    readonly load: LoadHost,
    private readonly plan: DynamoPlan,
  ) {
    this.rows = new TextRows(load, plan.kinds.length);
    this.delivery = this.rows.delivery(plan);
    this.columns = new Map(plan.names.map((name, i) => [name, i]));
  }
  begin(piece: LoadPiece): PieceReader {
    return new DynamoPiece(this, new Lines(this.load.open(piece)));
  }
  /** Puts an item as a row; gives the bytes of its texts. */
  put(row: number, item: Readonly<Record<string, Attribute>>): number {
    const { kinds } = this.plan;
    const values: (string | undefined)[] = kinds.map(() => undefined);
    const seen = new Set<string>();
    for (const [written, attribute] of Object.entries(item)) {
      const name = written.toLowerCase();
      if (seen.has(name)) throw new ItemFault(1216, REASON.names, -1, written);
      seen.add(name);
      const column = this.columns.get(name);
      if (column !== undefined) values[column] = this.textOf(attribute, column);
    }
    let bytes = 0;
    for (const [column, kind] of kinds.entries()) {
      const text = this.asStored(values[column], kind);
      bytes += this.rows.put(column, row, text === undefined ? undefined : Buffer.from(text));
    }
    return bytes;
  }
  private textOf(attribute: Attribute, column: number): string {
    const { S, N } = attribute;
    if (typeof S === 'string') return S;
    if (typeof N !== 'string') throw new ItemFault(1223, REASON.type, column, JSON.stringify(attribute));
    const { kinds } = this.plan;
    return kinds[column] === COLUMN_KIND.other ? plainNumber(N) : N;
  }
  /** An attribute that is missing is an empty one. */
  private asStored(value: string | undefined, kind: number): string | undefined {
    const { emptyAsNull, blanksAsNull, trimBlanks } = this.plan.text;
    if (kind === COLUMN_KIND.other) return value === undefined || /^[ \t-\r]*$/.test(value) ? undefined : value;
    if (value === undefined || value === '') return emptyAsNull ? undefined : '';
    if (blanksAsNull && /^[ \t-\r]*$/.test(value)) return undefined;
    return trimBlanks && kind === COLUMN_KIND.varchar ? value.replace(/ +$/, '') : value;
  }
}

class DynamoPiece implements PieceReader {
  lines = 0;
  readonly replaced = 0;
  /** Of the batch. */
  private held: { readonly number: number; readonly line: Buffer }[] = [];
  constructor(
    private readonly reader: DynamoReader,
    private readonly source: Lines,
  ) {}
  next(): number | 'wait' {
    this.reader.rows.clear();
    this.held = [];
    let bytes = 0;
    while (this.held.length < BATCH_ROWS && bytes < BATCH_BYTES) {
      let line: Buffer | 'wait' | 'end' = NOTHING as Buffer;
      try {
        line = this.source.next();
        if (line === 'wait' && this.held.length === 0) return 'wait';
        if (typeof line === 'string') break;
        bytes += line.length + this.reader.put(this.held.length, JSON.parse(line.toString()) as never);
      } catch (error) {
        if (!(error instanceof ItemFault)) throw error;
        return this.refuse(error, line as Buffer);
      }
      this.lines++;
      this.held.push({ number: this.lines, line });
    }
    return this.held.length;
  }
  /** What Redshift says of such an item is that the COPY fails, and not that MAXERROR counts it. */
  private refuse({ code, reason, column, about }: ItemFault, line: Buffer): never {
    const { load } = this.reader;
    load.refuse({
      line: this.lines + 1,
      column,
      position: 0,
      rawLine: line.subarray(0, RAW_BYTES_MAX),
      rawValue: Buffer.from(about).subarray(0, RAW_BYTES_MAX),
      code,
      reason,
    });
    return load.fail();
  }
  record(row: number, column: number): ReturnType<PieceReader['record']> {
    const { number, line } = this.held[row]!;
    return {
      line: number,
      rawLine: line.subarray(0, RAW_BYTES_MAX),
      rawValue: this.reader.rows.text(column, row) ?? NOTHING,
    };
  }
  close(): void {
    this.source.close();
  }
}
