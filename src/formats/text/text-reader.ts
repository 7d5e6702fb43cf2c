/**
 * Text on a slice: bytes come into node memory a chunk at a time, a kernel (scan_records, scan_fixed, scan_json) splits them into fields. At most
 * one chunk of a file is held, however large the file, and one record that does not fit.
 */
import { BATCH_ROWS, COPY_ROW_BYTES_MAX } from '../../common/limits.ts';
import type { ByteSource, Delivery, LoadHost, OpenedFormat, PieceReader } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import { TranscodedSource } from './encoding.ts';
import {
  INFO,
  SCAN,
  SCAN_RESULT,
  SCAN_SLACK_BYTES,
  readInfo,
  scanLayout,
  writeScanState,
  type ScanAreas,
  type ScanShape,
} from './scan-state.ts';
import type { TextPlan } from './text-load.ts';

const CHUNK_BYTES = 1024 * 1024;
const CHUNK_BYTES_MAX = COPY_ROW_BYTES_MAX + CHUNK_BYTES;
/** What is read begins at a whole word of memory. */
const WORD_BYTES = 8;
const AREA_SLACK_BYTES = WORD_BYTES + SCAN_SLACK_BYTES;
const MAX_BAD = 256;
/** Bytes of a raw line or value that are kept: 1024 characters. */
const RAW_BYTES_MAX = 4096;

type Scan = (state: number) => number;

/** The scanner and its areas, which the pieces use one after another. */
export class TextReader implements OpenedFormat {
  readonly delivery: Delivery;
  readonly areas: ScanAreas;
  readonly scan: Scan;
  private readonly shape: ScanShape;
  private input: number;
  private inputBytes = CHUNK_BYTES;
  private scratch: number;
  private scratchBytes = CHUNK_BYTES;

  constructor(
    readonly load: LoadHost,
    private readonly plan: TextPlan,
    kernel: 'scan_records' | 'scan_fixed' | 'scan_json' = 'scan_records',
  ) {
    const { text, kinds, dateProgram, timeProgram } = plan;
    this.shape = { columns: kinds.length, maxRows: BATCH_ROWS, maxBad: MAX_BAD, scratchBytes: 64 };
    const base = load.allocate(scanLayout(text, this.shape).bytes);
    this.areas = scanLayout(text, this.shape, base).areas;
    this.input = load.allocate(this.inputBytes + AREA_SLACK_BYTES);
    this.scratch = load.allocate(this.scratchBytes);
    this.scan = load.kernels[kernel] as Scan;
    const { fields, nulls } = this.areas;
    this.delivery = { kind: 'text', fields, nulls, dateProgram, timeProgram };
  }
  begin(piece: LoadPiece): PieceReader {
    const source = this.load.open(piece);
    const { encoding } = this.plan.text;
    return new TextPiece(this, encoding === 'utf8' ? source : new TranscodedSource(source, encoding), piece.first);
  }
  get(offset: number): number {
    return this.load.memory.u32(this.areas.state + offset);
  }
  set(offset: number, value: number): void {
    this.load.memory.setU32(this.areas.state + offset, value);
  }
  /** A fresh state for a piece. */
  start(first: boolean): void {
    const { memory } = this.load;
    writeScanState(memory.view, memory.bytes, this.plan.text, this.shape, this.areas, this.plan.kinds, first);
    this.setScratch();
    this.set(SCAN.IN_PTR, this.input);
    this.set(SCAN.IN_END, this.input);
  }
  private setScratch(): void {
    this.set(SCAN.SCRATCH, this.scratch);
    this.set(SCAN.SCRATCH_END, this.scratch + this.scratchBytes);
  }
  growScratch(): void {
    this.load.memory.free(this.scratch);
    this.scratchBytes *= 2;
    this.scratch = this.load.allocate(this.scratchBytes);
    this.setScratch();
  }
  /** Moves what is left to the front and reads more behind it; a record that fills the area makes it larger. */
  refill(source: ByteSource): boolean {
    const { memory } = this.load;
    const from = this.get(SCAN.IN_PTR);
    const left = this.get(SCAN.IN_END) - from;
    const isSmall = left > this.inputBytes / 2 && this.inputBytes < CHUNK_BYTES_MAX;
    const bytes = isSmall ? Math.min(CHUNK_BYTES_MAX, this.inputBytes * 2) : this.inputBytes;
    const area = isSmall ? this.load.allocate(bytes + AREA_SLACK_BYTES) : this.input;
    const end = Math.ceil((area + left) / WORD_BYTES) * WORD_BYTES;
    if (end - left !== from) memory.bytes.copyWithin(end - left, from, from + left);
    if (isSmall) memory.free(this.input);
    this.input = area;
    this.inputBytes = bytes;
    this.set(SCAN.IN_PTR, end - left);
    this.set(SCAN.IN_END, end);
    const n = source.read(memory.bytes.subarray(end, area + WORD_BYTES + bytes));
    if (n === 'wait') return false;
    if (n === 0) this.set(SCAN.FINAL, 1);
    this.set(SCAN.IN_END, end + n);
    return true;
  }
  bytesAt(at: number, length: number): Uint8Array {
    return this.load.memory.bytes.slice(at, at + Math.min(length, RAW_BYTES_MAX));
  }
}

class TextPiece implements PieceReader {
  lines = 0;
  replaced = 0;
  private state: 'fresh' | 'reading' | 'through' = 'fresh';
  private needsInput = true;

  constructor(
    private readonly reader: TextReader,
    private readonly source: ByteSource,
    private readonly first: boolean,
  ) {}
  next(): number | 'wait' {
    const { reader } = this;
    if (this.state === 'fresh') {
      reader.start(this.first);
      this.state = 'reading';
    }
    while (this.state === 'reading') {
      if (this.needsInput && !reader.refill(this.source)) return 'wait';
      const rows = this.scan();
      if (rows > 0) return rows;
    }
    return 0;
  }
  private scan(): number {
    const { reader } = this;
    const result = reader.scan(reader.areas.state);
    this.needsInput = result === SCAN_RESULT.NEED_INPUT;
    const rows = reader.get(SCAN.COUNT);
    const bad = reader.get(SCAN.BAD_COUNT);
    this.lines = reader.get(SCAN.LINE);
    const replaced = reader.get(SCAN.REPLACED);
    this.replaced += replaced;
    if (replaced > 0) this.tellReplaced(rows);
    if (result === SCAN_RESULT.DONE) this.end();
    for (let i = 0; i < bad; i++) this.refuse(reader.areas.bad + i * INFO.BYTES);
    if (result === SCAN_RESULT.TOO_LARGE) this.tooLarge();
    if (result === SCAN_RESULT.SCRATCH_SMALL && rows === 0 && bad === 0) reader.growScratch();
    return rows;
  }
  /** Of a batch in which something was replaced. */
  private tellReplaced(rows: number): void {
    const { reader } = this;
    const { load, areas } = reader;
    const columns = reader.get(SCAN.COLUMNS);
    for (let row = 0; row < rows; row++) {
      const info = areas.records + row * INFO.BYTES;
      const { arg, line, raw, rawLength } = readInfo(load.memory.view, info);
      if (arg === 0 || arg > columns) continue;
      load.memory.setU32(info + INFO.ARG, 0);
      load.replaced?.({ line, column: arg - 1, rawLine: reader.bytesAt(raw, rawLength) });
    }
  }
  private end(): void {
    this.state = 'through';
    if (!(this.source instanceof TranscodedSource) || !this.source.isMismatched) return;
    const nothing = new Uint8Array(0);
    const record = { line: 1, column: -1, position: 0, rawLine: nothing, rawValue: nothing, code: 1221, reason: 0 };
    this.reader.load.refuse(record);
  }
  private refuse(info: number): void {
    const { reader } = this;
    const r = readInfo(reader.load.memory.view, info);
    const isWhole = r.code === 1202 || r.code === 1211 || r.code === 1216;
    // A line that goes on is shown with what stands there.
    const rawValue =
      r.valueLength > 0
        ? reader.bytesAt(r.arg - r.position, r.valueLength)
        : r.code === 1216 && r.reason === 19
          ? reader.bytesAt(r.raw + r.position, 1)
          : new Uint8Array(0);
    reader.load.refuse({
      line: r.line,
      column: isWhole ? -1 : r.column,
      position: r.position,
      rawLine: reader.bytesAt(r.raw, r.rawLength),
      rawValue,
      code: r.code,
      reason: r.reason,
    });
  }
  /** Where the next record begins is unknown, so the load cannot go on whatever MAXERROR says. */
  private tooLarge(): never {
    const { reader } = this;
    reader.load.refuse({
      line: reader.get(SCAN.LINE) + 1,
      column: -1,
      position: 0,
      rawLine: reader.bytesAt(reader.get(SCAN.IN_PTR), RAW_BYTES_MAX),
      rawValue: new Uint8Array(0),
      code: 1216,
      reason: 0,
    });
    return reader.load.fail();
  }
  record(row: number, column: number): ReturnType<PieceReader['record']> {
    const { reader } = this;
    const info = readInfo(reader.load.memory.view, reader.areas.records + row * INFO.BYTES);
    return {
      line: info.line,
      rawLine: reader.bytesAt(info.raw, info.rawLength),
      rawValue: this.field(row, column) ?? new Uint8Array(0),
    };
  }
  before(row: number, column: number): readonly (Uint8Array | undefined)[] {
    return Array.from({ length: column }, (_, c) => this.field(row, c));
  }
  private field(row: number, column: number): Uint8Array | undefined {
    const { reader } = this;
    const { memory } = reader.load;
    const { fields, nulls } = reader.areas;
    const at = column * BATCH_ROWS + row;
    if (memory.bytes[nulls + at] === 1) return undefined;
    return reader.bytesAt(memory.u32(fields + at * 8), memory.u32(fields + at * 8 + 4));
  }
  close(): void {
    this.source.close();
  }
}
