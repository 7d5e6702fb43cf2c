/**
 * sort: rows become runs in the order of their keys, and runs are merged while they are read (runs.ts). A run is what there is
 * in memory (packed-sort.ts), or pages on disk: over its grant what is in memory becomes one on disk. With a limit only as
 * many rows are kept, and emitted code drops rows behind the last of them.
 */
import { STORE } from '../tuple-code.ts';
import { isReference } from '../long-values.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { Breaker, type NextRows, type RowsPart, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { MemoryPages, readPage, relocate, type PageSink, type Partition } from '../breakers/partitions.ts';
import type { Extent } from '../breakers/row-store.ts';
import { PackedSort, type MarkEntries, type SortedBlock } from './packed-sort.ts';
import { DiskRun, EntryRun, sortedRows, TupleRun, type Run, type SortedRows } from './runs.ts';

/** Least number of rows beyond a limit before they are thrown away. */
const PRUNE_ROWS_MIN = 8192;
/** Least number of runs merged at a time, and what a run on disk has in memory meanwhile. */
const FAN_IN_MIN = 8;
const RUN_PAGE_BYTES = 96 * 1024;
/** A limit above this is kept by sorting everything. */
const LIMIT_ROWS_MAX = 1_000_000;

export class SortBreaker extends Breaker {
  protected readonly keyOffset: number;
  protected readonly packedSort: PackedSort;
  private runs: Run[] = [];
  private readonly diskRuns: Partition[] = [];
  private rows: SortedRows | undefined;
  private given = 0;
  private limit = Number.MAX_SAFE_INTEGER;
  private readonly surveyed = new Set<number>();

  constructor(host: BreakerHost, layout: TupleLayout) {
    const keyOffset = layout.fields[layout.fields.length - 1]!.offset;
    const packedSort = new PackedSort(host, layout.size, keyOffset);
    super(host, layout, true, packedSort.rowBytes);
    this.keyOffset = keyOffset;
    this.packedSort = packedSort;
    this.store.onFull = (extent) => this.survey(extent);
  }
  private survey(extent: Extent): void {
    if (this.surveyed.has(extent.start)) return;
    this.surveyed.add(extent.start);
    this.packedSort.survey(extent);
  }
  /** Only the first rows are wanted; undefined: all. */
  setLimit(limit: number | undefined): void {
    if (limit === undefined) return;
    this.limit = limit;
    if (limit <= LIMIT_ROWS_MAX) this.store.set(STORE.LIMIT, this.pruneAbove);
  }
  private get pruneAbove(): number {
    return Math.max(PRUNE_ROWS_MIN, this.limit * 2);
  }

  /** The rows in memory as sorted blocks: all in one go as a rule, otherwise some extents at a time. */
  protected *sortStore(mark?: MarkEntries): Generator<undefined, readonly (readonly SortedBlock[])[], undefined> {
    const { store, packedSort } = this;
    const extents = this.surveyAll();
    if (packedSort.hasLongKeys) return (yield* packedSort.compared(extents)).map((block) => [block]);
    const sorted: (readonly SortedBlock[])[] = [];
    for (let done = 0, some = this.host.spillRows === undefined ? extents.length : 1; done < extents.length;) {
      const group = extents.slice(done, done + some);
      // Marks are those of all rows.
      const isAll = some === extents.length;
      const blocks = yield* packedSort.sort(group, this.limit, isAll ? mark : undefined);
      if (blocks === undefined) {
        if (some === 1) this.host.outOfMemory();
        some = Math.ceil(some / 2);
        continue;
      }
      if (!packedSort.byEntries) store.replace(group, blocks);
      sorted.push(blocks);
      done += some;
    }
    this.surveyed.clear();
    return sorted;
  }
  private surveyAll(): readonly Extent[] {
    this.store.close();
    const extents = this.store.extents.filter((e) => e.end > e.start);
    for (const e of extents) this.survey(e);
    return extents;
  }
  protected get hasLongKeys(): boolean {
    this.surveyAll();
    return this.packedSort.hasLongKeys;
  }
  private *makeRuns(): Work {
    this.addRuns(yield* this.sortStore());
  }
  protected addRuns(sorted: readonly (readonly SortedBlock[])[]): void {
    for (const blocks of sorted) if (blocks.length > 0) this.runs.push(this.runOf(blocks));
  }
  private runOf(blocks: readonly SortedBlock[]): Run {
    const { host, tuples } = this;
    return this.packedSort.byEntries || this.packedSort.hasLongKeys
      ? new EntryRun(host, tuples, blocks)
      : new TupleRun(host, tuples, blocks);
  }
  private get tuples() {
    const { hasLongKeys } = this.packedSort;
    return { size: this.layout.size, keyOffset: this.keyOffset, hasLongKeys };
  }
  private onDisk(pages: Partition): Run {
    const read = (page: Partition['pages'][number]): number =>
      readPage(this.host, this.layout, this.textFields, this.file!, page);
    return new DiskRun(this.host, this.tuples, pages, read);
  }

  /** COUNT is past the limit and as much again: the rows behind the limit go. */
  protected override *onLimit(): Work {
    yield* this.makeRuns();
    const run = yield* this.writeRun(this.takeRuns(), new MemoryPages(this.host), true);
    for (const page of run?.pages ?? []) {
      relocate(this.host, this.layout, this.textFields, page);
      this.store.adopt(page.at, page.bytes, page.rows);
    }
  }
  protected *spill(): Work {
    yield* this.makeRuns();
    const run = yield* this.writeRun(this.takeRuns(), this.tempFile, true);
    if (run !== undefined) this.diskRuns.push(run);
  }
  private takeRuns(): readonly Run[] {
    const { runs } = this;
    this.runs = [];
    return runs;
  }
  /** Merges runs into one and drops them; with `empties` they were all that is in memory. */
  private *writeRun(
    runs: readonly Run[],
    sink: PageSink,
    empties: boolean,
  ): Generator<undefined, Partition | undefined, undefined> {
    const rows = sortedRows(this.host, this.tuples, runs);
    const writer = this.writer(0, 0, sink);
    try {
      let left = this.limit;
      for (let part = rows.next(left); part !== undefined && left > 0; part = rows.next(left)) {
        const end = part.address + part.rows * this.layout.size;
        if (part.pointers) writer.pack(part.address, part.rows);
        else yield* writer.packExtents([{ start: part.address, end }]);
        left -= part.rows;
        if (left === 0) this.setCutoff(this.lastOf(part));
        yield;
      }
      const [run] = yield* this.finish(writer);
      return run!.rows > 0 ? run : undefined;
    } finally {
      writer.release();
      rows.free();
      for (const run of runs) run.drop();
      if (empties) this.emptied();
    }
  }
  protected lastOf({ address, rows, pointers }: RowsPart): number {
    return pointers ? this.host.memory.u32(address + (rows - 1) * 4) : address + (rows - 1) * this.layout.size;
  }
  /** Rows whose key is not before this one's can never be among the first. */
  private setCutoff(row: number): void {
    const { memory } = this.host;
    const key = memory.i64(row + this.keyOffset);
    const [address, length] = [memory.u32(row + this.keyOffset), memory.u32(row + this.keyOffset + 4)];
    const kept = isReference(key) ? key : memory.string(memory.bytes.slice(address, address + length));
    memory.setI64(this.store.address + STORE.CUTOFF, kept);
  }
  *seal(): Work {
    yield* this.makeRuns();
    yield* this.startMerge();
  }
  /** All rows come next, in order. */
  protected *startMerge(): Work {
    while (this.diskRuns.length > this.fanIn) {
      const some = this.diskRuns.splice(0, this.fanIn).map((pages) => this.onDisk(pages));
      const run = yield* this.writeRun(some, this.tempFile, false);
      if (run !== undefined) this.diskRuns.push(run);
    }
    this.runs = [...this.diskRuns.map((pages) => this.onDisk(pages)), ...this.runs];
    this.rows = sortedRows(this.host, this.tuples, this.runs);
  }
  /** Runs on disk that are merged at a time: each has a page in memory. */
  private get fanIn(): number {
    return Math.max(FAN_IN_MIN, Math.floor(this.host.memory.grant / 2 / RUN_PAGE_BYTES));
  }
  next(): NextRows {
    const left = this.limit - this.given;
    if (left <= 0 || this.rows === undefined) return undefined;
    const part = this.rows.next(left);
    if (part !== undefined) this.given += part.rows;
    return part;
  }
  /** Rows have left memory: what there is in memory are pages of them. */
  protected get hasRunsOnDisk(): boolean {
    return this.diskRuns.length > 0;
  }
  /** All rows were given: what put them in order goes, the rows stay. */
  protected endMerge(): void {
    this.rows?.free();
    this.rows = undefined;
    for (const run of this.runs) run.drop();
    this.runs = [];
  }
  override free(): void {
    this.endMerge();
    super.free();
  }
}
