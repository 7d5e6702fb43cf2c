/**
 * sort: rows become runs in the order of their keys, and runs are merged while they are read (wasm/runtime/sort.ts). A run
 * is what there is in memory (packed-sort.ts), or pages on disk: over its grant what is in memory becomes one on disk. With a
 * limit only as many rows are kept, and emitted code drops rows behind the last of them.
 */
import { STORE } from '../tuple-code.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { Breaker, type NextRows, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { MemoryPages, readPage, relocate, type PageSink, type Partition } from '../breakers/partitions.ts';
import type { Extent } from '../breakers/row-store.ts';
import { ENTRY_BYTES, sortPacked, type SortedEntries } from './packed-sort.ts';

const MERGE = { RUNS: 0, PENDING: 4, KEY_OFFSET: 8, HEADER_BYTES: 16, RUN_BYTES: 16 } as const;
const ALL_ENDED = -2;
/** Rows that are sorted together: more are several runs. */
const RUN_ROWS_MAX = 4 * 1024 * 1024;
/** Rows whose entries are made comparable at a time. */
const REFRESH_ROWS = 16384;
/** Rows merged at a time. */
const MERGE_ROWS = 2048;
/** Least number of rows beyond a limit before they are thrown away. */
const PRUNE_ROWS_MIN = 8192;
/** Least number of runs merged at a time, and what a run on disk has in memory meanwhile. */
const FAN_IN_MIN = 8;
const RUN_PAGE_BYTES = 96 * 1024;
/** A limit above this is kept by sorting everything. */
const LIMIT_ROWS_MAX = 1_000_000;

/** Entries in memory, and where further ones come from. */
interface Run {
  entries: number;
  count: number;
  /** On disk: pages, the next of them, the page in memory. */
  readonly pages?: Partition;
  page: number;
  held: number;
  /** In memory: what it is of. */
  readonly sorted?: SortedEntries;
}

const runOnDisk = (pages: Partition): Run => ({ pages, entries: 0, count: 0, page: 0, held: 0 });

/** Merges runs; its memory is given back by `free`. */
class Merger {
  private readonly state: number;
  private readonly out: number;
  constructor(
    private readonly host: BreakerHost,
    private readonly runs: readonly Run[],
    keyOffset: number,
    private readonly refill: (run: Run) => void,
  ) {
    const { memory } = host;
    const bytes = MERGE.HEADER_BYTES + runs.length * (MERGE.RUN_BYTES + 4);
    this.state = host.mustAllocate(Math.max(64, bytes));
    this.out = host.mustAllocate(MERGE_ROWS * 4);
    memory.setU32(this.state + MERGE.RUNS, runs.length);
    memory.setU32(this.state + MERGE.KEY_OFFSET, keyOffset);
    for (const i of runs.keys()) this.supply(i);
    host.kernels.start_merge(this.state);
  }
  private supply(index: number): void {
    const { memory } = this.host;
    const run = this.runs[index]!;
    this.refill(run);
    const at = this.state + MERGE.HEADER_BYTES + index * MERGE.RUN_BYTES;
    memory.setU32(at, run.entries);
    memory.setU32(at + 4, run.entries + run.count * ENTRY_BYTES);
    memory.setU32(at + 8, run.pages !== undefined && run.page < run.pages.pages.length ? 0 : 1);
  }
  /** Addresses of the next rows; those of the call before are no longer valid. */
  next(limit = MERGE_ROWS): { readonly address: number; readonly rows: number } | undefined {
    const { memory, kernels } = this.host;
    if (this.runs.length === 0) return undefined;
    const pending = memory.view.getInt32(this.state + MERGE.PENDING, true);
    if (pending === ALL_ENDED) return undefined;
    if (pending >= 0) this.supply(pending);
    const rows = kernels.merge_next(this.state, this.out, Math.min(limit, MERGE_ROWS));
    return rows === 0 ? undefined : { address: this.out, rows };
  }
  free(): void {
    this.host.memory.free(this.state);
    this.host.memory.free(this.out);
  }
}

export class SortBreaker extends Breaker {
  protected readonly keyOffset: number;
  private runs: Run[] = [];
  private readonly diskRuns: Partition[] = [];
  private merger: Merger | undefined;
  private given = 0;
  private limit = Number.MAX_SAFE_INTEGER;

  constructor(host: BreakerHost, layout: TupleLayout) {
    super(host, layout, true, ENTRY_BYTES * 2);
    this.keyOffset = layout.fields[layout.fields.length - 1]!.offset;
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

  /** The rows in memory as runs; as a rule as one. */
  private *makeRuns(): Work {
    this.store.close();
    const extents = this.store.extents.filter((e) => e.end > e.start);
    for (let done = 0, some = extents.length; done < extents.length;) {
      const rows = (): number => extents.slice(done, done + some).reduce((sum, e) => sum + this.rowsOf(e), 0);
      while (some > 1 && rows() > (this.host.spillRows ?? RUN_ROWS_MAX)) some = Math.ceil(some / 2);
      const sorted = yield* this.sortExtents(extents.slice(done, done + some));
      if (sorted === undefined) {
        if (some === 1) this.host.outOfMemory();
        some = Math.ceil(some / 2);
        continue;
      }
      const count = Math.min(sorted.count, this.limit);
      this.runs.push({ sorted, entries: sorted.entries, count, page: 0, held: 0 });
      done += some;
    }
  }
  private rowsOf(e: Extent): number {
    return (e.end - e.start) / this.layout.size;
  }
  private sortExtents(extents: readonly Extent[]): Generator<undefined, SortedEntries | undefined, undefined> {
    return sortPacked(this.host, extents, this.layout.size, this.keyOffset, this.limit);
  }
  private *mergeOf(runs: readonly Run[]): Generator<undefined, Merger, undefined> {
    if (runs.length > 1) for (const run of runs) yield* this.comparable(run);
    return new Merger(this.host, runs, this.keyOffset, (run) => this.refill(run));
  }
  /** Packed keys say nothing about those of another run. */
  private *comparable({ entries, count, sorted }: Run): Work {
    if (sorted === undefined) return;
    for (let done = 0; done < count; done += REFRESH_ROWS) {
      const rows = Math.min(REFRESH_ROWS, count - done);
      this.host.kernels.refresh_entries(entries + done * ENTRY_BYTES, rows, this.keyOffset);
      yield;
    }
  }
  /** The next page of a run on disk; a run in memory has its entries. */
  private refill(run: Run): void {
    if (run.pages === undefined) return;
    this.dropPage(run);
    const page = run.pages.pages[run.page++]!;
    run.held = readPage(this.host, this.layout, this.textFields, this.file!, page);
    run.entries = this.host.mustAllocate(page.rows * ENTRY_BYTES);
    run.count = page.rows;
    const end = run.held + page.rows * this.layout.size;
    this.host.kernels.make_entries(run.held, end, this.layout.size, this.keyOffset, run.entries);
  }
  private dropPage(run: Run): void {
    if (run.held === 0) return;
    this.host.memory.free(run.held);
    this.host.memory.free(run.entries);
    run.held = 0;
    run.entries = 0;
  }
  private dropRuns(runs: readonly Run[]): void {
    for (const run of runs) {
      this.dropPage(run);
      if (run.entries !== 0) this.host.memory.free(run.entries);
      if (run.sorted) this.host.memory.free(run.sorted.plan);
      run.entries = 0;
    }
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
    const merger = yield* this.mergeOf(runs);
    const writer = this.writer(0, 0, sink);
    try {
      let left = this.limit;
      for (let part = merger.next(left); part !== undefined && left > 0; part = merger.next(left)) {
        writer.pack(part.address, part.rows);
        left -= part.rows;
        if (left === 0) this.setCutoff(this.keyOf(part.address + (part.rows - 1) * 4));
        yield;
      }
      const [run] = yield* this.finish(writer);
      return run!.rows > 0 ? run : undefined;
    } finally {
      writer.release();
      merger.free();
      this.dropRuns(runs);
      if (empties) this.emptied();
    }
  }
  private keyOf(pointer: number): bigint {
    const { memory } = this.host;
    return BigInt.asUintN(64, memory.i64(memory.u32(pointer) + this.keyOffset));
  }
  /** Rows whose key is not before this one can never be among the first. */
  private setCutoff(key: bigint): void {
    const { memory } = this.host;
    const [address, length] = [Number(key & 0xffffffffn), Number(key >> 32n)];
    memory.setI64(this.store.address + STORE.CUTOFF, memory.string(memory.bytes.slice(address, address + length)));
  }
  *seal(): Work {
    yield* this.sealRuns();
    yield* this.startMerge();
  }
  /** All rows are in runs that can be merged at once. */
  protected *sealRuns(): Work {
    yield* this.makeRuns();
    while (this.diskRuns.length > this.fanIn) {
      const some = this.diskRuns.splice(0, this.fanIn).map(runOnDisk);
      const run = yield* this.writeRun(some, this.tempFile, false);
      if (run !== undefined) this.diskRuns.push(run);
    }
    this.runs = [...this.diskRuns.map(runOnDisk), ...this.runs];
  }
  protected *startMerge(): Work {
    this.merger = yield* this.mergeOf(this.runs);
  }
  /** Runs on disk that are merged at a time: each has a page in memory. */
  private get fanIn(): number {
    return Math.max(FAN_IN_MIN, Math.floor(this.host.memory.grant / 2 / RUN_PAGE_BYTES));
  }
  next(): NextRows {
    const left = this.limit - this.given;
    if (left <= 0 || this.merger === undefined) return undefined;
    const part = this.merger.next(left);
    if (part === undefined) return undefined;
    this.given += part.rows;
    return { ...part, pointers: true };
  }
  /** Of all rows, when they are in memory and in one. */
  protected get onlyRun(): SortedEntries | undefined {
    const [run] = this.runs;
    return this.runs.length === 1 && run!.sorted ? run!.sorted : undefined;
  }
  /** Rows have left memory: what there is in memory are pages of them. */
  protected get hasRunsOnDisk(): boolean {
    return this.diskRuns.length > 0;
  }
  /** All rows were given: what put them in order goes, the rows stay. */
  protected endMerge(): void {
    this.merger?.free();
    this.merger = undefined;
    this.dropRuns(this.runs);
    this.runs = [];
  }
  override free(): void {
    this.endMerge();
    super.free();
  }
}
