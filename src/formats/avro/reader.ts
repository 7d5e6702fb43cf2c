/**
 * Avro on a slice: blocks come into node memory one at a time, are unpacked there, and the kernel scan_avro gives their records a batch at
 * a time. A piece that does not begin its file reads the header by a request of its own. A file that is damaged ends the load.
 */
import { crc32 } from '../../common/crc32.ts';
import { BATCH_ROWS } from '../../common/limits.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { PieceUnpacker } from '../columnar/unpack.ts';
import type { PathNode } from '../json/path-tree.ts';
import type { ByteSource, Delivery, LoadHost, OpenedFormat, PieceReader } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import {
  INFO,
  LOAD_ERROR_BYTES,
  readInfo,
  SCAN,
  scanLayout,
  writeScanState,
  type ScanAreas,
} from '../text/scan-state.ts';
import type { TextPlan } from '../text/text-load.ts';
import {
  AVRO_BLOCK_BYTES_MAX,
  AVRO_HEADER_BYTES_MAX,
  AVRO_REASON,
  AVRO_SYNC_BYTES,
  AvroDamage,
  BLOCK_HEAD_BYTES_MAX,
  readBlockHead,
  readHeader,
  type AvroHeader,
} from './container.ts';
import { placeProgram, type AvroProgram } from './program.ts';

export interface AvroTarget {
  /** CLASS of wasm/runtime/avro-load.ts. */
  readonly class: number;
  /** Of its values; 0: it gets a text. */
  readonly width: number;
  readonly anyDate: boolean;
}
export interface AvroPlan extends TextPlan {
  readonly tree: PathNode;
  readonly ignoresCase: boolean;
  readonly targets: readonly AvroTarget[];
}

/** State of scan_avro behind that of all scanners. */
const AVRO = { ROOT: 104, LEFT: 108, CONTEXT: 112, TARGETS: 116, ERROR: 120, DATES: 128, TIMES: 136 } as const;
const RESULT = { FULL: 0, BLOCK: 1, TOO_LARGE: 3, SCRATCH_SMALL: 4 } as const;

const INPUT_BYTES = 256 * 1024;
const INPUT_BYTES_MAX = AVRO_BLOCK_BYTES_MAX + 64 * 1024;
/** Text of a block. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024;
/** Records of a block that have no byte. */
const FREE_RECORDS_MAX = 16 * 1024 * 1024;
const SCRATCH_BYTES = 256 * 1024;
const SCRATCH_BYTES_MAX = 64 * 1024 * 1024;
const SLACK_BYTES = 64;
const RAW_BYTES_MAX = 4096;
const MAX_BAD = 256;
const PROGRAMS_MAX = 64;
/** Digits with which a float reads back the same. */
const ALL_DIGITS = 3;
const CRC_BYTES = 4;
const NOTHING = new Uint8Array(0);

/** A part of node memory that grows. */
class Area {
  at = 0;
  bytes = 0;
  constructor(private readonly load: LoadHost) {}
  reserve(bytes: number): number {
    if (bytes > this.bytes) {
      if (this.at !== 0) this.load.memory.free(this.at);
      this.at = 0;
      this.at = this.load.allocate(bytes + SLACK_BYTES);
      this.bytes = bytes;
    }
    return this.at;
  }
}

type Scan = (state: number) => number;
type RecordText = (state: number, from: number, bytes: number, to: number, toEnd: number) => number;

export class AvroReader implements OpenedFormat {
  readonly delivery: Delivery;
  readonly areas: ScanAreas;
  readonly unpacker: PieceUnpacker;
  readonly text: Area;
  /** What follows in the file, [from, end) of it. */
  input: number;
  inputBytes = INPUT_BYTES;
  private scratch: number;
  private scratchBytes = SCRATCH_BYTES;
  private readonly raw: number;
  private readonly programs = new Map<string, AvroProgram>();

  constructor(
    readonly load: LoadHost,
    private readonly plan: AvroPlan,
  ) {
    const { text, kinds, dateProgram, timeProgram, targets } = plan;
    const shape = { columns: kinds.length, maxRows: BATCH_ROWS, maxBad: MAX_BAD, scratchBytes: 64 };
    const base = load.allocate(scanLayout(text, shape).bytes);
    this.areas = scanLayout(text, shape, base).areas;
    this.unpacker = new PieceUnpacker(load);
    this.text = new Area(load);
    this.input = load.allocate(this.inputBytes + SLACK_BYTES);
    this.scratch = load.allocate(this.scratchBytes);
    this.raw = load.allocate(RAW_BYTES_MAX + SLACK_BYTES);
    const { memory } = load;
    writeScanState(memory.view, memory.bytes, text, shape, this.areas, kinds, false);
    const error = load.allocate(LOAD_ERROR_BYTES);
    memory.bytes.fill(0, error, error + LOAD_ERROR_BYTES);
    const table = load.allocate(targets.length * 8);
    const classes = load.allocate(targets.length * 8);
    targets.forEach((target, i) => {
      const values = target.width === 0 ? 0 : load.allocate(BATCH_ROWS * target.width);
      memory.setU32(table + i * 8, values);
      memory.setU32(table + i * 8 + 4, this.areas.nulls + i * BATCH_ROWS);
      memory.setU32(classes + i * 8, target.class | (target.anyDate ? 0x100 : 0));
      memory.setU32(classes + i * 8 + 4, values);
    });
    this.set(AVRO.CONTEXT, load.context);
    this.set(AVRO.TARGETS, classes);
    this.set(AVRO.ERROR, error);
    this.setProgram(AVRO.DATES, dateProgram);
    this.setProgram(AVRO.TIMES, timeProgram);
    const { fields, nulls } = this.areas;
    this.delivery = { kind: 'text', fields, nulls, dateProgram, timeProgram, table };
  }
  private setProgram(offset: number, program: Uint8Array): void {
    const at = this.load.allocate(Math.max(1, program.length));
    this.load.memory.bytes.set(program, at);
    this.set(offset, at);
    this.set(offset + 4, program.length);
  }
  get(offset: number): number {
    return this.load.memory.u32(this.areas.state + offset);
  }
  set(offset: number, value: number): void {
    this.load.memory.setU32(this.areas.state + offset, value);
  }
  begin(piece: LoadPiece): PieceReader {
    return new AvroPiece(this, piece);
  }
  program({ schema, schemaText }: AvroHeader): AvroProgram {
    const known = this.programs.get(schemaText);
    if (known !== undefined) return known;
    if (this.programs.size >= PROGRAMS_MAX) {
      for (const { base } of this.programs.values()) this.load.memory.free(base);
      this.programs.clear();
    }
    const program = placeProgram(this.load, schema, this.plan.tree, this.plan.ignoresCase);
    this.programs.set(schemaText, program);
    return program;
  }
  /** With floats in all their digits, whatever the session prints. */
  private inContext<T>(work: () => T): T {
    const { memory, context } = this.load;
    const digits = memory.u32(context + CTX.FLOAT_DIGITS);
    memory.setU32(context + CTX.FLOAT_DIGITS, ALL_DIGITS);
    const result = work();
    memory.setU32(context + CTX.FLOAT_DIGITS, digits);
    return result;
  }
  scan(): number {
    this.set(SCAN.SCRATCH, this.scratch);
    this.set(SCAN.SCRATCH_END, this.scratch + this.scratchBytes);
    return this.inContext(() => (this.load.kernels['scan_avro'] as Scan)(this.areas.state));
  }
  /** False: no record may need as much. */
  growScratch(): boolean {
    if (this.scratchBytes >= SCRATCH_BYTES_MAX) return false;
    this.load.memory.free(this.scratch);
    this.scratchBytes *= 4;
    this.scratch = this.load.allocate(this.scratchBytes);
    return true;
  }
  /** A record as JSON, or its beginning. */
  recordText(at: number, bytes: number): Uint8Array {
    const write = this.load.kernels['avro_record_text'] as RecordText;
    const end = this.raw + RAW_BYTES_MAX;
    const n = this.inContext(() => write(this.areas.state, at, bytes, this.raw, end));
    return this.load.memory.bytes.slice(this.raw, this.raw + n);
  }
  bytesAt(at: number, length: number): Uint8Array {
    return this.load.memory.bytes.slice(at, at + Math.min(length, RAW_BYTES_MAX));
  }
}

/** The header of a file whose beginning another piece reads. */
class HeaderRequest {
  private readonly source: ByteSource;
  private bytes = Buffer.alloc(0);
  constructor(load: LoadHost, piece: LoadPiece) {
    const end = Math.min(piece.state.size, AVRO_HEADER_BYTES_MAX);
    this.source = load.open({ ...piece, start: 0, end, first: true });
  }
  read(): AvroHeader | 'wait' {
    for (;;) {
      const header = this.bytes.length === 0 ? undefined : readHeader(this.bytes);
      if (header !== undefined) return header;
      const more = Buffer.alloc(Math.max(4096, this.bytes.length));
      const n = this.source.read(more);
      if (n === 'wait') return 'wait';
      if (n === 0) throw new AvroDamage(AVRO_REASON.end);
      this.bytes = Buffer.concat([this.bytes, more.subarray(0, n)]);
    }
  }
  close(): void {
    this.source.close();
  }
}

class AvroPiece implements PieceReader {
  lines = 0;
  replaced = 0;
  private readonly source: ByteSource;
  private readonly request: HeaderRequest | undefined;
  private header: AvroHeader | undefined;
  private program: AvroProgram | undefined;
  private from = 0;
  private end = 0;
  private isStarted = false;
  private isEnded = false;
  private inBlock = false;
  private blocks = 0;

  constructor(
    private readonly reader: AvroReader,
    private readonly piece: LoadPiece,
  ) {
    this.source = reader.load.open(piece);
    this.request = piece.first ? undefined : new HeaderRequest(reader.load, piece);
  }

  next(): number | 'wait' {
    try {
      return this.advance();
    } catch (error) {
      if (!(error instanceof AvroDamage)) throw error;
      return this.damaged(error);
    }
  }
  /** Where records begin is unknown, so the load cannot go on whatever MAXERROR says. */
  private damaged({ reason, about }: AvroDamage): never {
    const { load } = this.reader;
    const line = this.lines + 1;
    const rawValue = Buffer.from(about);
    load.refuse({ line, column: -1, position: 0, rawLine: NOTHING, rawValue, code: 1216, reason });
    return load.fail();
  }
  private advance(): number | 'wait' {
    if (!this.isStarted) {
      this.from = this.end = this.reader.input;
      this.reader.set(SCAN.LINE, 0);
      this.isStarted = true;
    }
    for (;;) {
      if (!this.inBlock) {
        const state = this.nextBlock();
        if (state === 'wait') return 'wait';
        if (state === 'end') return 0;
        this.inBlock = true;
      }
      const rows = this.scan();
      if (rows > 0) return rows;
    }
  }

  // ---- bytes ----

  /** Reads more; 'end' where the file ends. */
  private fill(): 'more' | 'wait' | 'end' {
    const { reader } = this;
    const { memory } = reader.load;
    const left = this.end - this.from;
    if (left > reader.inputBytes / 2 && reader.inputBytes < INPUT_BYTES_MAX) {
      const bytes = Math.min(INPUT_BYTES_MAX, reader.inputBytes * 2);
      const area = reader.load.allocate(bytes + SLACK_BYTES);
      memory.bytes.copyWithin(area, this.from, this.end);
      memory.free(reader.input);
      [reader.input, reader.inputBytes] = [area, bytes];
    } else if (this.from > reader.input) memory.bytes.copyWithin(reader.input, this.from, this.end);
    this.from = reader.input;
    this.end = reader.input + left;
    const n = this.source.read(memory.bytes.subarray(this.end, reader.input + reader.inputBytes));
    if (n === 'wait') return 'wait';
    this.end += n;
    return n === 0 ? 'end' : 'more';
  }
  private get window(): Uint8Array {
    return this.reader.load.memory.bytes.subarray(this.from, this.end);
  }
  private readHeader(): 'wait' | undefined {
    if (this.request !== undefined) {
      const header = this.request.read();
      if (header === 'wait') return 'wait';
      this.header = header;
      this.request.close();
    }
    while (this.header === undefined) {
      const header = this.end > this.from ? readHeader(this.window) : undefined;
      if (header === undefined) {
        const state = this.fill();
        if (state === 'wait') return 'wait';
        if (state === 'end') throw new AvroDamage(AVRO_REASON.end);
        continue;
      }
      this.header = header;
      this.from += header.bytes;
    }
    this.program = this.reader.program(this.header);
    return undefined;
  }
  private nextBlock(): 'block' | 'wait' | 'end' {
    if (this.program === undefined && this.readHeader() === 'wait') return 'wait';
    for (;;) {
      const head = readBlockHead(this.window.subarray(0, BLOCK_HEAD_BYTES_MAX));
      const wanted = head === undefined ? undefined : head.headBytes + head.bytes + AVRO_SYNC_BYTES;
      if (wanted !== undefined && wanted <= this.end - this.from) {
        this.from += wanted;
        this.openBlock(head!.records, this.from - AVRO_SYNC_BYTES - head!.bytes, head!.bytes);
        this.blocks++;
        return 'block';
      }
      const state = this.isEnded ? 'end' : this.fill();
      if (state === 'wait') return 'wait';
      if (state === 'more') continue;
      this.isEnded = true;
      // A file without a block is refused by Redshift, too.
      if (this.from < this.end || (this.blocks === 0 && this.piece.first)) throw new AvroDamage(AVRO_REASON.end);
      return 'end';
    }
  }

  // ---- records ----

  private openBlock(records: number, at: number, bytes: number): void {
    const { reader } = this;
    const { memory } = reader.load;
    const { codec, sync } = this.header!;
    const behind = memory.bytes.slice(at + bytes, at + bytes + AVRO_SYNC_BYTES);
    if (Buffer.compare(behind, sync) !== 0) throw new AvroDamage(AVRO_REASON.corrupt);
    const text = codec === 'none' ? { at, bytes } : this.unpack(at, bytes);
    if (records > (this.program!.isFree ? FREE_RECORDS_MAX : text.bytes)) throw new AvroDamage(AVRO_REASON.corrupt);
    reader.set(SCAN.IN_PTR, text.at);
    reader.set(SCAN.IN_END, text.at + text.bytes);
    reader.set(AVRO.LEFT, records);
    reader.set(AVRO.ROOT, this.program!.root);
  }
  private unpack(at: number, bytes: number): { readonly at: number; readonly bytes: number } {
    const { unpacker, text, load } = this.reader;
    const codec = this.header!.codec;
    const sum = codec === 'snappy' ? CRC_BYTES : 0;
    try {
      const out = unpacker.unpackInto(codec, at, bytes - sum, TEXT_BYTES_MAX, (n) => text.reserve(Math.max(n, 1)));
      if (
        sum > 0 &&
        crc32(load.memory.bytes.slice(out.at, out.at + out.bytes)) !== load.memory.view.getUint32(at + bytes - sum)
      )
        throw new AvroDamage(AVRO_REASON.unpack, codec);
      return out;
    } catch (error) {
      if (error instanceof SqlError) throw new AvroDamage(AVRO_REASON.unpack, codec);
      throw error;
    }
  }
  private scan(): number {
    const { reader } = this;
    const result = reader.scan();
    const rows = reader.get(SCAN.COUNT);
    const bad = reader.get(SCAN.BAD_COUNT);
    this.lines = reader.get(SCAN.LINE);
    this.replaced += reader.get(SCAN.REPLACED);
    for (let i = 0; i < bad; i++) this.refuse(reader.areas.bad + i * INFO.BYTES);
    if (result === RESULT.FULL) return rows;
    if (result === RESULT.BLOCK) {
      this.inBlock = false;
      if (reader.get(SCAN.IN_PTR) !== reader.get(SCAN.IN_END)) throw new AvroDamage(AVRO_REASON.corrupt);
      return rows;
    }
    // What came in front of it is delivered first, and it is met again.
    if (rows > 0) return rows;
    if (result === RESULT.SCRATCH_SMALL) {
      if (bad === 0 && !reader.growScratch()) this.tooLarge();
      return 0;
    }
    if (result === RESULT.TOO_LARGE) this.tooLarge();
    throw new AvroDamage(AVRO_REASON.corrupt);
  }
  private tooLarge(): never {
    throw new AvroDamage(0);
  }
  private refuse(info: number): void {
    const { reader } = this;
    const { memory } = reader.load;
    const r = readInfo(memory.view, info);
    reader.load.refuse({
      line: r.line,
      column: r.column,
      position: r.position,
      rawLine: reader.recordText(r.raw, r.rawLength),
      rawValue: this.refusedValue(r),
      code: r.code,
      reason: r.reason,
    });
  }
  /** Values' texts have their length in front, but for the one with a bad character. */
  private refusedValue(r: ReturnType<typeof readInfo>): Uint8Array {
    if (r.valueLength > 0) return this.reader.bytesAt(r.arg - r.position, r.valueLength);
    return r.code === 1216 ? NOTHING : this.reader.bytesAt(r.arg, this.reader.load.memory.u32(r.arg - 4));
  }
  record(row: number, column: number): ReturnType<PieceReader['record']> {
    const { reader } = this;
    const { memory } = reader.load;
    const { fields, nulls, records } = reader.areas;
    const info = readInfo(memory.view, records + row * INFO.BYTES);
    const slot = column * BATCH_ROWS + row;
    const [at, length] = [memory.u32(fields + slot * 8), memory.u32(fields + slot * 8 + 4)];
    return {
      line: info.line,
      rawLine: reader.recordText(info.raw, info.rawLength),
      rawValue: memory.bytes[nulls + slot] === 1 ? NOTHING : reader.bytesAt(at, length),
    };
  }
  close(): void {
    this.source.close();
    this.request?.close();
  }
}
