/**
 * COPY on a slice: its pieces one after another, read by the load's format, handed to the parse step a batch at a time.
 * The next piece is opened while one is read. Refused records are kept for STL_LOAD_ERRORS and counted by all slices
 * together; whose record reaches MAXERROR fails the load.
 */
import { assert } from '../common/assert.ts';
import { systemClock } from '../common/clock.ts';
import { loadFailed } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import {
  BATCH_ROWS,
  LOAD_ERRORS_DETAILED_MAX,
  LOAD_ERRORS_KEPT_MAX,
  LOAD_REPLACED_KEPT_MAX,
  LOAD_SIMPLIFIED_KEPT_MAX,
} from '../common/limits.ts';
import type { LoadWork } from '../execution/messages.ts';
import type { QueryRun } from '../execution/query-run.ts';
import { takeSimplified } from '../execution/spatial-library.ts';
import type {
  ByteSource,
  Delivery,
  LoadFormat,
  LoadHost,
  OpenedFormat,
  PieceReader,
} from '../formats/load-format.ts';
import type {
  LoadOptions,
  LoadPiece,
  LoadProgress,
  LoadResult,
  PieceResult,
  ReadTraffic,
  RefusedRecord,
  ReplacedRecord,
  SimplifiedRecord,
} from '../formats/load-work.ts';
import { LOAD_FORMATS } from '../formats/registry.ts';
import { LOAD_ERROR_BYTES } from '../formats/text/scan-state.ts';
import { PARSE } from '../steps/parse/emit.ts';
import type { LoadFeed } from '../steps/host.ts';
import type { ObjectIoClient } from './object-io/io-client.ts';

const nowMicros = (): number => Number(systemClock.nowMicros());
/** Pieces that are open at a time. */
const PIECES_OPEN = 2;

/** Of several reads of one object, with the ids of the last. */
function added(before: ReadTraffic | undefined, traffic: ReadTraffic): ReadTraffic {
  if (before === undefined) return traffic;
  const retries = traffic.retries === undefined ? before.retries : (before.retries ?? 0) + traffic.retries;
  const errors = [...(before.errors ?? []), ...(traffic.errors ?? [])];
  return {
    ...traffic,
    ...(errors.length === 0 ? {} : { errors }),
    micros: before.micros + traffic.micros,
    packMicros: before.packMicros + traffic.packMicros,
    ...(retries === undefined ? {} : { retries }),
  };
}

/** Keeps what a reading failed with. */
function failing<T>(of: { failed?: string }, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SqlError) of.failed = error.message;
    throw error;
  }
}

class Feed implements LoadFeed {
  private readonly format: OpenedFormat;
  /** Begun and not through, in order. */
  private readonly readers: PieceReader[] = [];
  private begun = 0;
  /** Pieces that were read, and the one that is: the last. */
  private readonly results: { lines: number; rows: number; errors: number; start: number; end: number }[] = [];
  /** What was read of each piece; a format may open one more than once. */
  private readonly sources = new Map<
    number,
    { bytes: number; objectBytes: number; traffic?: ReadTraffic | undefined; failed?: string }
  >();
  private rows = 0;
  private readonly replaced: ReplacedRecord[] = [];
  private refusedCount = 0;
  private readonly refused: RefusedRecord[] = [];
  private readonly simplified: SimplifiedRecord[] = [];
  private readonly refusedByAll: Int32Array;

  constructor(
    private readonly options: LoadOptions,
    private readonly pieces: readonly LoadPiece[],
    private readonly run: QueryRun,
    objects: Pick<ObjectIoClient, 'open'>,
    formats: Readonly<Record<string, LoadFormat>>,
    private readonly context: number,
    parse: number,
  ) {
    this.refusedByAll = new Int32Array(options.refusedByAll);
    const host: LoadHost = {
      memory: run.memory,
      kernels: run.surroundings.kernelExports,
      context,
      allocate: (bytes) => run.mustAllocate(bytes),
      open: (piece) => this.counted(piece, objects.open(piece)),
      refuse: (record) => this.add(record),
      replaced: (record: Omit<ReplacedRecord, 'piece'>) => {
        const piece = this.results.length - 1;
        if (this.replaced.length < LOAD_REPLACED_KEPT_MAX) this.replaced.push({ piece, ...record });
      },
      fail: () => {
        throw loadFailed(options.table);
      },
    };
    const format = formats[options.format];
    assert(format, `no load format ${options.format}`);
    this.format = format.open(host, options.plan);
    this.writeParseArea(parse, this.format.delivery);
  }
  private writeParseArea(parse: number, delivery: Delivery): void {
    const { memory } = this.run;
    if (delivery.table !== undefined) memory.setU32(parse + PARSE.VECTORS, delivery.table);
    if (delivery.kind === 'text') {
      memory.setU32(parse + PARSE.FIELDS, delivery.fields);
      memory.setU32(parse + PARSE.NULLS, delivery.nulls);
      memory.setI64(parse + PARSE.DATE_FORMAT, memory.string(delivery.dateProgram));
      memory.setI64(parse + PARSE.TIME_FORMAT, memory.string(delivery.timeProgram));
    }
  }
  /** Formats open parts of a piece, too: they count for the piece of that object that is read, else the last one begun. */
  private indexOf(piece: LoadPiece): number {
    const own = this.pieces.indexOf(piece);
    if (own >= 0) return own;
    const isOf = (p: LoadPiece | undefined): boolean => p?.bucket === piece.bucket && p.key === piece.key;
    const reading = this.results.length - 1;
    return isOf(this.pieces[reading]) ? reading : this.pieces.slice(0, this.begun).findLastIndex(isOf);
  }
  private counted(piece: LoadPiece, source: ByteSource): ByteSource {
    const index = this.indexOf(piece);
    const count = this.sources.get(index) ?? { bytes: 0, objectBytes: 0 };
    this.sources.set(index, count);
    let [seen, isTold] = [0, false];
    return {
      read: (into) => {
        const n = failing(count, () => source.read(into));
        if (n !== 'wait') count.bytes += n;
        const objectBytes = source.objectBytes?.() ?? 0;
        count.objectBytes += objectBytes - seen;
        seen = objectBytes;
        const traffic = isTold ? undefined : source.traffic?.();
        if (traffic !== undefined) {
          isTold = true;
          count.traffic = added(count.traffic, traffic);
        }
        return n;
      },
      close: () => source.close(),
    };
  }
  /** Of the batch that was converted. */
  private collect(): void {
    const [reader] = this.readers;
    for (const { row, ...shape } of takeSimplified(this.context))
      if (reader?.line !== undefined && this.simplified.length < LOAD_SIMPLIFIED_KEPT_MAX)
        this.simplified.push({ line: reader.line(row), ...shape });
  }
  private get current(): { lines: number; rows: number; errors: number; start: number; end: number } {
    return this.results[this.results.length - 1]!;
  }

  fill(): number | 'wait' {
    this.collect();
    while (this.rows < this.options.rowsMax) {
      const reader = this.reader();
      if (reader === undefined) return 0;
      const rows = reader.next();
      this.current.lines = reader.lines;
      if (rows === 'wait') return 'wait';
      assert(rows <= BATCH_ROWS, 'a batch of a load is too large');
      this.current.rows += rows;
      this.rows += rows;
      if (rows > 0) return rows;
      this.current.end = nowMicros();
      this.readers.shift()!.close();
    }
    return 0;
  }
  /** Of the piece that is read; the ones behind it are opened. */
  private reader(): PieceReader | undefined {
    while (this.readers.length < PIECES_OPEN && this.begun < this.pieces.length)
      this.readers.push(this.format.begin(this.pieces[this.begun++]!));
    const [reader] = this.readers;
    if (reader !== undefined && this.results.length <= this.begun - this.readers.length)
      this.results.push({ lines: 0, rows: 0, errors: 0, start: nowMicros(), end: 0 });
    return reader;
  }

  refuse(row: number, column: number, cell: number): void {
    const { memory } = this.run;
    const at = (offset: number): number => memory.u32(cell + offset);
    const record = { code: at(0), reason: at(4), position: at(8) };
    memory.zero(cell, LOAD_ERROR_BYTES);
    this.current.rows--;
    this.rows--;
    const reader = this.readers[0]!;
    const before = this.refused.length < LOAD_ERRORS_DETAILED_MAX ? reader.before?.(row, column) : undefined;
    this.add({ column, ...reader.record(row, column), ...record, before });
  }
  private add(record: Omit<RefusedRecord, 'piece'>): void {
    const { errorLimit, table } = this.options;
    const number = Atomics.add(this.refusedByAll, 0, 1) + 1;
    // Another slice's record was the last one before the load failed.
    if (number > errorLimit) throw loadFailed(table);
    this.current.errors++;
    this.refusedCount++;
    const piece = this.results.length - 1;
    if (this.refused.length < LOAD_ERRORS_KEPT_MAX) this.refused.push({ piece, ...record });
    if (number === errorLimit) throw loadFailed(table);
  }
  result(): LoadResult {
    this.collect();
    return {
      pieces: this.pieceResults(),
      refused: this.refused,
      refusedCount: this.refusedCount,
      rows: this.rows,
      replaced: this.replaced,
      simplified: this.simplified,
    };
  }
  private pieceResults(): readonly PieceResult[] {
    return this.results.map((r, i) => ({ ...r, ...(this.sources.get(i) ?? { bytes: 0, objectBytes: 0 }) }));
  }
  progress(): LoadProgress {
    return { pieces: this.pieceResults() };
  }
  close(): void {
    this.collect();
    for (const reader of this.readers.splice(0)) reader.close();
  }
}

export function openLoad(
  work: LoadWork,
  run: QueryRun,
  segment: number,
  objects: Pick<ObjectIoClient, 'open'>,
  formats: Readonly<Record<string, LoadFormat>> = LOAD_FORMATS,
): LoadFeed {
  const s = run.segments.find((x) => x.fragment.spec.segment === segment)!;
  return new Feed(
    work.options as LoadOptions,
    work.pieces as readonly LoadPiece[],
    run,
    objects,
    formats,
    s.state,
    s.state + s.fragment.layout.chunkFields,
  );
}
