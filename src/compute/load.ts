/**
 * COPY on a slice: its pieces one after another, read in chunks into node memory, split into fields by the kernel
 * scan_records for the emitted parse step. At most one chunk of a file is held, however large the file. Refused records
 * are kept for STL_LOAD_ERRORS and counted by all slices together; whose record reaches MAXERROR fails the load.
 */
import { loadFailed } from '../common/errors/catalogue.ts';
import { BATCH_ROWS, COPY_ROW_BYTES_MAX, LOAD_ERRORS_KEPT_MAX } from '../common/limits.ts';
import type { LoadFeed } from '../steps/host.ts';
import type { QueryRun } from '../execution/query-run.ts';
import type { LoadOptions, LoadPiece, LoadResult, PieceResult, RefusedRecord } from '../formats/load-work.ts';
import {
  INFO,
  LOAD_ERROR_BYTES,
  SCAN,
  SCAN_RESULT,
  SCAN_SLACK_BYTES,
  readInfo,
  scanLayout,
  writeScanState,
  type ScanAreas,
  type ScanShape,
} from '../formats/scan-state.ts';
import type { LoadWork } from '../execution/messages.ts';
import { PARSE } from '../steps/parse/emit.ts';
import type { ByteSource, ObjectIoClient } from './object-io/io-client.ts';

const CHUNK_BYTES = 1024 * 1024;
const CHUNK_BYTES_MAX = COPY_ROW_BYTES_MAX + CHUNK_BYTES;
const MAX_BAD = 256;
/** Bytes of a raw line or value that are kept: 1024 characters. */
const RAW_BYTES_MAX = 4096;

type Scan = (state: number) => number;

class Feed implements LoadFeed {
  private scratch: number;
  private readonly shape: ScanShape;
  private readonly areas: ScanAreas;
  private readonly scan: Scan;
  private input: number;
  private inputBytes = CHUNK_BYTES;
  private scratchBytes = CHUNK_BYTES;
  private source: ByteSource | undefined;
  private next = 0;
  private needsInput = false;
  private rows = 0;
  private replaced = 0;
  private refusedCount = 0;
  private readonly refused: RefusedRecord[] = [];
  private readonly refusedByAll: Int32Array;
  private readonly results: { lines: number; rows: number; errors: number }[] = [];

  constructor(
    private readonly options: LoadOptions,
    private readonly pieces: readonly LoadPiece[],
    private readonly run: QueryRun,
    private readonly objects: ObjectIoClient,
    parse: number,
  ) {
    const { memory, surroundings } = run;
    this.refusedByAll = new Int32Array(options.refusedByAll);
    this.shape = { columns: options.kinds.length, maxRows: BATCH_ROWS, maxBad: MAX_BAD, scratchBytes: 64 };
    const base = run.mustAllocate(scanLayout(options.text, this.shape).bytes);
    this.areas = scanLayout(options.text, this.shape, base).areas;
    this.input = run.mustAllocate(this.inputBytes + SCAN_SLACK_BYTES);
    this.scratch = run.mustAllocate(this.scratchBytes);
    this.scan = surroundings.kernelExports['scan_records'] as Scan;
    memory.setU32(parse + PARSE.FIELDS, this.areas.fields);
    memory.setU32(parse + PARSE.NULLS, this.areas.nulls);
    memory.setI64(parse + PARSE.DATE_FORMAT, memory.string(options.dateProgram));
    memory.setI64(parse + PARSE.TIME_FORMAT, memory.string(options.timeProgram));
    if (options.identity) {
      const { first, step } = options.identity;
      memory.setI64(parse + PARSE.IDENTITY_NEXT, first + step * BigInt(surroundings.participant));
      memory.setI64(parse + PARSE.IDENTITY_STEP, step * BigInt(surroundings.sliceCount));
    }
  }
  private get(offset: number): number {
    return this.run.memory.u32(this.areas.state + offset);
  }
  private set(offset: number, value: number): void {
    this.run.memory.setU32(this.areas.state + offset, value);
  }
  private get current(): { lines: number; rows: number; errors: number } {
    return this.results[this.results.length - 1]!;
  }

  fill(): number | 'wait' {
    for (;;) {
      if (this.rows >= this.options.rowsMax) return 0;
      if (!this.source && !this.openNext()) return 0;
      if (this.needsInput && !this.refill()) return 'wait';
      const result = this.scan(this.areas.state);
      this.needsInput = result === SCAN_RESULT.NEED_INPUT;
      const rows = this.get(SCAN.COUNT);
      const bad = this.get(SCAN.BAD_COUNT);
      this.current.lines = this.get(SCAN.LINE);
      this.current.rows += rows;
      this.rows += rows;
      this.replaced += this.get(SCAN.REPLACED);
      if (result === SCAN_RESULT.DONE) this.close();
      for (let i = 0; i < bad; i++) this.refuseRecord(this.areas.bad + i * INFO.BYTES);
      if (result === SCAN_RESULT.TOO_LARGE) this.tooLarge();
      if (result === SCAN_RESULT.SCRATCH_SMALL && rows === 0 && bad === 0) this.growScratch();
      if (rows > 0) return rows;
    }
  }

  private openNext(): boolean {
    const piece = this.pieces[this.next];
    if (piece === undefined) return false;
    this.next++;
    this.results.push({ lines: 0, rows: 0, errors: 0 });
    this.source = this.objects.open(piece);
    const { memory } = this.run;
    writeScanState(
      memory.view,
      memory.bytes,
      this.options.text,
      this.shape,
      this.areas,
      this.options.kinds,
      piece.first,
    );
    this.setScratch();
    this.set(SCAN.IN_PTR, this.input);
    this.set(SCAN.IN_END, this.input);
    this.needsInput = true;
    return true;
  }
  private setScratch(): void {
    this.set(SCAN.SCRATCH, this.scratch);
    this.set(SCAN.SCRATCH_END, this.scratch + this.scratchBytes);
  }
  private growScratch(): void {
    const { memory } = this.run;
    memory.free(this.scratch);
    this.scratchBytes *= 2;
    this.scratch = this.run.mustAllocate(this.scratchBytes);
    this.setScratch();
  }
  /** Moves what is left to the front and reads more behind it; a record that fills the area makes it larger. */
  private refill(): boolean {
    const { memory } = this.run;
    const from = this.get(SCAN.IN_PTR);
    const left = this.get(SCAN.IN_END) - from;
    if (left > this.inputBytes / 2 && this.inputBytes < CHUNK_BYTES_MAX) {
      const bytes = Math.min(CHUNK_BYTES_MAX, this.inputBytes * 2);
      const larger = this.run.mustAllocate(bytes + SCAN_SLACK_BYTES);
      memory.bytes.copyWithin(larger, from, from + left);
      memory.free(this.input);
      this.input = larger;
      this.inputBytes = bytes;
    } else if (left > 0) memory.bytes.copyWithin(this.input, from, from + left);
    const end = this.input + left;
    this.set(SCAN.IN_PTR, this.input);
    this.set(SCAN.IN_END, end);
    const n = this.source!.read(memory.bytes.subarray(end, this.input + this.inputBytes));
    if (n === 'wait') return false;
    if (n === 0) this.set(SCAN.FINAL, 1);
    this.set(SCAN.IN_END, end + n);
    this.needsInput = false;
    return true;
  }
  private bytesAt(at: number, length: number): Uint8Array {
    return this.run.memory.bytes.slice(at, at + Math.min(length, RAW_BYTES_MAX));
  }
  private refuseRecord(info: number): void {
    const r = readInfo(this.run.memory.view, info);
    const column = r.code === 1220 ? r.column : r.code === 1202 || r.code === 1211 ? -1 : r.column;
    // A bad character is shown with the bytes around it.
    const value = r.code === 1220 ? this.bytesAt(r.arg - r.position, r.position + 4) : new Uint8Array(0);
    this.add({
      piece: this.next - 1,
      line: r.line,
      column,
      position: r.position,
      rawLine: this.bytesAt(r.raw, r.rawLength),
      rawValue: value,
      code: r.code,
      reason: r.reason,
    });
  }
  refuse(row: number, column: number, cell: number): void {
    const { memory } = this.run;
    const info = readInfo(memory.view, this.areas.records + row * INFO.BYTES);
    const field = memory.i64(this.areas.fields + (column * BATCH_ROWS + row) * 8);
    const isNull = memory.bytes[this.areas.nulls + column * BATCH_ROWS + row] === 1;
    const value = isNull ? new Uint8Array(0) : this.bytesAt(Number(field & 0xffffffffn), Number(field >> 32n));
    const at = (offset: number): number => memory.u32(cell + offset);
    const record = { code: at(0), reason: at(4), position: at(8) };
    memory.zero(cell, LOAD_ERROR_BYTES);
    this.current.rows--;
    this.rows--;
    this.add({
      piece: this.next - 1,
      line: info.line,
      column,
      rawLine: this.bytesAt(info.raw, info.rawLength),
      rawValue: value,
      ...record,
    });
  }
  private add(record: RefusedRecord): void {
    const { errorLimit, table } = this.options;
    const number = Atomics.add(this.refusedByAll, 0, 1) + 1;
    // Another slice's record was the last one before the load failed.
    if (number > errorLimit) throw loadFailed(table);
    this.current.errors++;
    this.refusedCount++;
    if (this.refused.length < LOAD_ERRORS_KEPT_MAX) this.refused.push(record);
    if (number === errorLimit) throw loadFailed(table);
  }
  /** Where the next record begins is unknown, so the load cannot go on whatever MAXERROR says. */
  private tooLarge(): never {
    const at = this.get(SCAN.IN_PTR);
    const line = this.get(SCAN.LINE) + 1;
    this.add({
      piece: this.next - 1,
      line,
      column: -1,
      position: 0,
      rawLine: this.bytesAt(at, RAW_BYTES_MAX),
      rawValue: new Uint8Array(0),
      code: 1216,
      reason: 0,
    });
    throw loadFailed(this.options.table);
  }
  result(): LoadResult {
    const pieces: readonly PieceResult[] = this.results;
    return {
      pieces,
      refused: this.refused,
      refusedCount: this.refusedCount,
      rows: this.rows,
      replaced: this.replaced,
    };
  }
  close(): void {
    this.source?.close();
    this.source = undefined;
  }
}

export function openLoad(work: LoadWork, run: QueryRun, segment: number, objects: ObjectIoClient): LoadFeed {
  const s = run.segments.find((x) => x.fragment.spec.segment === segment)!;
  return new Feed(
    work.options as LoadOptions,
    work.pieces as readonly LoadPiece[],
    run,
    objects,
    s.state + s.fragment.layout.chunkFields,
  );
}
