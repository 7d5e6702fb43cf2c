/**
 * sort: rows become runs in the order of their keys, and runs are merged while they are read (wasm/runtime/sort.ts). A run
 * is an extent's rows in memory, or pages on disk: over its grant the runs in memory are merged into one on disk. With a
 * limit only as many rows are kept, and emitted code drops rows behind the last of them.
 */
import { STORE } from '../tuple-code.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { Breaker, type NextRows, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { MemoryPages, readPage, relocate, type PageSink, type Partition } from '../breakers/partitions.ts';
import type { Extent } from '../breakers/row-store.ts';

const ENTRY_BYTES = 16;
const MERGE = { RUNS: 0, PENDING: 4, KEY_OFFSET: 8, HEADER_BYTES: 16, RUN_BYTES: 16 } as const;
const ALL_ENDED = -2;
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

  /** The rows in memory as runs, one an extent. */
  private *makeRuns(): Work {
    this.store.close();
    for (const e of this.store.extents) {
      if (e.end > e.start) this.runs.push(this.sortExtent(e));
      yield;
    }
  }
  private sortExtent(e: Extent): Run {
    const { kernels, memory } = this.host;
    const count = (e.end - e.start) / this.layout.size;
    const entries = this.host.mustAllocate(count * ENTRY_BYTES);
    const tmp = this.host.mustAllocate(count * ENTRY_BYTES);
    kernels.make_entries(e.start, e.end, this.layout.size, this.keyOffset, entries);
    kernels.sort_entries(entries, count, tmp, this.keyOffset);
    memory.free(tmp);
    return { entries, count, page: 0, held: 0 };
  }
  private mergeOf(runs: readonly Run[]): Merger {
    return new Merger(this.host, runs, this.keyOffset, (run) => this.refill(run));
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
    const merger = this.mergeOf(runs);
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
    yield* this.makeRuns();
    while (this.diskRuns.length > this.fanIn) {
      const some = this.diskRuns.splice(0, this.fanIn).map(runOnDisk);
      const run = yield* this.writeRun(some, this.tempFile, false);
      if (run !== undefined) this.diskRuns.push(run);
    }
    this.runs = [...this.diskRuns.map(runOnDisk), ...this.runs];
    this.merger = this.mergeOf(this.runs);
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
