/**
 * Writes one statement's rows for one table on one slice: column builders, optional sort, groups, blocks or tail. Used by
 * INSERT and COPY through openWriter, and by VACUUM and tail merging, which also carry the hidden columns insert_xid and
 * row_id of the rows they move.
 */
import { assert } from '../common/assert.ts';
import { BATCH_ROWS } from '../common/limits.ts';
import { columnStats } from '../encodings/encoding.ts';
import { INT8 } from '../types/sql-type.ts';
import { BlockSink, blockFileName, type SinkResult } from './block-file.ts';
import { ColumnBuilder } from './column-builder.ts';
import { GroupEncoder, groupStringBytesMax, type EncodedColumn } from './group-encoder.ts';
import { INSERT_XID_ATTNUM, ROW_ID_ATTNUM } from './hidden-columns.ts';
import type { TableState } from './row-group.ts';
import { take, withoutWaiting, type SliceContext } from './slice-context.ts';
import { SortRuns, sortBuilders } from './sort-runs.ts';
import { atOnce, type ColumnVector, type Steps, type StorageTable } from './storage.ts';

const SORT_BYTES_MAX = 64 * 1024 * 1024;
/** Enough for a run when less than this part of the slice's memory is free. */
const SORT_BYTES_MIN = 1024 * 1024;
const ROOM_SHARE = 3 / 8;
/** Rows, and text of a column, that may come while there is work; then it is finished at once. */
const ASIDE_ROWS_MAX = 2 * BATCH_ROWS;
const ASIDE_STRING_BYTES_MAX = 256 * 1024;
/** Pool bytes that one call's rows may add before the limits are looked at again. */
const PIECE_BYTES_MAX = 8 * 1024 * 1024;

export interface WriterOptions {
  readonly xid: number;
  readonly statement: number;
  readonly sortRows: boolean;
  /** insert_xid and row_id come as vectors. */
  readonly hidden: boolean;
  readonly mode: 'auto' | 'blocks' | 'memory';
  readonly nextId: () => number;
  /** Overrides the decision whether the groups belong to the sorted region. */
  readonly sorted?: boolean;
  /** Bytes sorted in memory before a run is written. */
  readonly sortBytesMax?: number | undefined;
  /** Where the groups go, together with those of other writers; its owner finishes it. */
  readonly sink?: BlockSink;
}

/** What a writer gives whose groups are another's to name. */
const NOTHING: SinkResult = { groups: [], tail: new Uint8Array(0), blocks: 0 };

export class TableWriter {
  rows = 0;
  private readonly builders: ColumnBuilder[];
  private readonly encoded: EncodedColumn[];
  private readonly keys: ColumnBuilder[];
  private readonly sink: BlockSink;
  private readonly runs: SortRuns | undefined;
  private readonly pieceRows: number;
  private readonly sortBytesMax: number;
  private readonly stringBytesMax: number;
  private encoder: GroupEncoder | undefined;
  private lowestKey: bigint | number | undefined;
  private open = true;
  private finishing: Steps<SinkResult> | undefined;
  private work: Steps<void> | undefined;
  /** Takes rows while there is work. */
  private aside: ColumnBuilder[] | undefined;
  private isMerging = false;

  constructor(
    private readonly context: SliceContext,
    private readonly state: TableState,
    private readonly table: StorageTable,
    private readonly options: WriterOptions,
  ) {
    const columns = table.columns.map((c) => ({ attnum: c.attnum, type: c.type, encoding: c.encoding }));
    if (options.hidden) {
      columns.push({ attnum: INSERT_XID_ATTNUM, type: INT8, encoding: 'az64' });
      columns.push({ attnum: ROW_ID_ATTNUM, type: INT8, encoding: 'az64' });
    }
    assert(columns.length > 0, 'table without columns');
    this.encoded = columns.map((c) => ({
      builder: new ColumnBuilder(context, c.attnum, c.type),
      encoding: c.encoding,
    }));
    this.builders = this.encoded.map((c) => c.builder);
    this.keys = table.sortkey.map((a) => this.builders.find((b) => b.attnum === a)!);
    if (options.sortRows && this.keys.length > 0) this.runs = new SortRuns(context, this.builders, this.keys);
    const widest = table.columns.reduce((sum, c) => sum + (c.type.length ?? 16), 0);
    this.pieceRows = Math.max(64, Math.min(65536, Math.floor(PIECE_BYTES_MAX / Math.max(widest, 1))));
    this.stringBytesMax = groupStringBytesMax(context);
    this.sortBytesMax = options.sortBytesMax ?? Math.min(SORT_BYTES_MAX, context.pool.size >> 3);
    const { tableId } = table;
    this.sink =
      options.sink ??
      new BlockSink(
        context,
        tableId,
        options.xid,
        blockFileName(context, tableId, options.xid, options.statement),
        options.mode,
      );
  }

  /** Copies the rows; who wants short turns takes steps while there is work, before more rows come. */
  append(columns: readonly ColumnVector[], rowCount: number): void {
    assert(this.open, 'append to a closed writer');
    const vectors = this.builders.map((b) => {
      const vector = columns.find((c) => c.attnum === b.attnum);
      assert(vector !== undefined, `column ${b.attnum} is missing in append`);
      return vector;
    });
    this.rows += rowCount;
    this.appendPieces(
      vectors.map((v) => v.values),
      vectors.map((v) => v.nulls),
      rowCount,
    );
  }
  /** Rows are being encoded, or sorted and put aside. */
  get hasWork(): boolean {
    return this.work !== undefined;
  }
  /** One step of that work. */
  step(): void {
    if (this.work?.next().done === true) this.endWork();
  }
  private begin(work: Steps<void>): void {
    this.work = work;
  }
  /** The rows that came meanwhile follow. */
  private endWork(): void {
    this.work = undefined;
    const rows = this.aside?.[0]!.rows ?? 0;
    if (this.aside === undefined || rows === 0) return;
    for (const [i, { values, nulls }] of this.aside.entries()) this.builders[i]!.append(values, nulls, rows);
    for (const builder of this.aside) builder.clear();
  }
  private *finishWork(): Steps<void> {
    while (this.hasWork) {
      this.step();
      yield;
    }
  }
  /** What takes rows now: while the builders' are being written, others do. */
  private get filling(): readonly ColumnBuilder[] {
    if (!this.hasWork) return this.builders;
    return (this.aside ??= this.builders.map((b) => new ColumnBuilder(this.context, b.attnum, b.type)));
  }
  private isAsideFull(): boolean {
    const { filling } = this;
    return filling[0]!.rows >= ASIDE_ROWS_MAX || filling.some((b) => b.stringBytes >= ASIDE_STRING_BYTES_MAX);
  }
  /** Appends in pieces; without runs they end where a group ends. */
  private appendPieces(values: readonly number[], nulls: readonly number[], rows: number): void {
    const groupRows = this.isSorting ? Infinity : this.unsortedEncoder().groupRows;
    for (let done = 0; done < rows;) {
      if (this.hasWork && this.isAsideFull()) withoutWaiting(this.context, () => atOnce(this.finishWork()));
      const filling = this.filling;
      const room = Math.max(1, groupRows - filling[0]!.rows);
      const count = Math.min(rows - done, this.pieceRows, room);
      filling.forEach((builder, i) => {
        builder.append(values[i]! + done * builder.width, nulls[i]! && nulls[i]! + done, count);
      });
      done += count;
      if (this.hasWork) continue;
      if (this.isSorting) this.spillWhenFull();
      else this.cutWhenFull();
    }
  }
  /** Rows are still gathered in runs, not in groups of the table. */
  private get isSorting(): boolean {
    return this.runs !== undefined && !this.isMerging;
  }
  /** The encoder; before the sorted region was decided on it is the unsorted one. */
  private unsortedEncoder(): GroupEncoder {
    return (this.encoder ??= this.newEncoder(this.options.sorted ?? false));
  }
  private newEncoder(sorted: boolean): GroupEncoder {
    const { xid, statement, nextId } = this.options;
    const { firstGroupRows } = this.context;
    return new GroupEncoder(this.context, this.encoded, { xid, statement, sorted, nextId, firstGroupRows });
  }
  private cutWhenFull(): void {
    const full = this.builders[0]!.rows >= this.encoder!.groupRows;
    if (full || this.builders.some((b) => b.stringBytes >= this.stringBytesMax)) this.begin(this.cut());
  }
  private *cut(): Steps<void> {
    yield* this.encoder!.encodeAll(this.sink);
    for (const builder of this.builders) builder.clear();
  }
  private spillWhenFull(): void {
    const held = this.builders.reduce((sum, b) => sum + b.heldBytes, 0);
    if (held >= this.sortBytesMax || (held >= SORT_BYTES_MIN && this.isCrowded())) this.begin(this.spill());
  }
  private isCrowded(): boolean {
    const { pool } = this.context;
    return !pool.makeRoom(pool.size * ROOM_SHARE);
  }
  private *spill(): Steps<void> {
    this.noteLowestKey();
    yield* this.runs!.spill();
    for (const builder of this.builders) builder.free();
  }

  finish(): SinkResult {
    return withoutWaiting(this.context, () => atOnce(this.finishSteps()));
  }
  /** Sorting what is left and merging what was written takes as long as the table is large. */
  finishSteps(): Steps<SinkResult> {
    assert(this.open && this.finishing === undefined, 'finish of a closed writer');
    return (this.finishing = this.finishNow());
  }
  private *finishNow(): Steps<SinkResult> {
    let result: SinkResult | undefined;
    try {
      if (this.rows > 0) yield* this.encodeRest();
      result = this.options.sink === undefined ? this.sink.finish() : NOTHING;
      return result;
    } finally {
      if (result === undefined) this.dropSink();
      this.close();
    }
  }
  private *encodeRest(): Steps<void> {
    yield* this.finishWork();
    if (!this.runs) {
      this.unsortedEncoder();
      if (this.builders[0]!.rows > 0) yield* this.cut();
      return;
    }
    this.noteLowestKey();
    const sorted = this.options.sorted ?? this.extendsSortedRegion();
    this.encoder = this.newEncoder(sorted);
    if (this.runs.count === 0) {
      yield* sortBuilders(this.context, this.builders, this.keys);
      yield* this.cut();
      return;
    }
    if (this.builders[0]!.rows > 0) yield* this.runs.spill();
    yield* this.runs.reduce();
    this.isMerging = true;
    const merged = this.runs.merge((values, nulls, rows) => this.appendPieces(values, nulls, rows));
    for (const _ of merged) {
      yield* this.finishWork();
      yield;
    }
    if (this.builders[0]!.rows > 0) yield* this.cut();
  }

  private noteLowestKey(): void {
    const first = this.keys[0]!;
    if (first.rows === 0) return;
    const scratch = take(this.context, 64);
    const { min } = columnStats(this.context.memory, first.type, first.values, first.nulls, first.rows, scratch);
    this.context.pool.free(scratch);
    if (min !== undefined && (this.lowestKey === undefined || min < this.lowestKey)) this.lowestKey = min;
  }
  /** The table is empty on this slice, or every new key lies behind the sorted region's last. */
  private extendsSortedRegion(): boolean {
    const groups = this.state.groups.filter((g) => g.removedXid === 0);
    if (groups.length === 0) return true;
    const region = groups.filter((g) => g.meta.sorted);
    if (region.length === 0 || this.lowestKey === undefined) return false;
    return region.every((group) => {
      const chunk = group.chunks.get(this.table.sortkey[0]!);
      return chunk?.max !== undefined && chunk.meta.nullCount === 0 && chunk.max < this.lowestKey!;
    });
  }

  abort(): void {
    if (!this.open) return;
    // Suspended within its steps, it gives back what they hold first.
    this.finishing?.return(undefined as never);
    this.work?.return(undefined as never);
    if (!this.open) return;
    this.dropSink();
    this.close();
  }
  private dropSink(): void {
    if (this.options.sink === undefined) this.sink.abort();
  }
  private close(): void {
    this.open = false;
    this.runs?.free();
    this.encoder?.free();
    for (const builder of [...this.builders, ...(this.aside ?? [])]) builder.free();
  }
}
