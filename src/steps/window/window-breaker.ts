/**
 * window: rows in order, found by their number. Rows that are all in memory stay where they are and get a list of addresses,
 * in blocks; otherwise the sort's runs are merged, and all go to the temporary disk once more, in one run of pages. On the way
 * each row is marked with the partitions and peers it begins (kernels mark_entries, mark_groups). Readers hold the pages they
 * stand on.
 */
import { assert } from '../../common/assert.ts';
import { windowTooLarge } from '../../common/errors/catalogue.ts';
import { WINDOW_ROWS_MAX } from '../../common/limits.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import type { RowsPart, Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { readPage, type Page } from '../breakers/partitions.ts';
import { ENTRY_BYTES, type SortedEntries } from '../sort/packed-sort.ts';
import { SortBreaker } from '../sort/sort-breaker.ts';
import type { WindowLevel } from './spec.ts';

/** Addresses and marks of rows that follow each other. */
export interface Span {
  readonly base: number;
  readonly rows: number;
  readonly list: number;
}
interface HeldPage extends Span {
  readonly start: number;
}
/** An address and marks. */
const ROW_BYTES = 8;
/** Rows of a block: 64 KB. */
const BLOCK_ROWS = 8192;

export class WindowBreaker extends SortBreaker {
  rows = 0;
  /** In memory. */
  private readonly blocks: number[] = [];
  /** On disk, and the number of each page's first row. */
  private pages: readonly Page[] = [];
  private firstRows: number[] = [];
  private readonly held = new Map<number, HeldPage>();
  private readonly levels: number;
  private readonly previous: number;
  private previousKey = 0;
  private previousKeyBytes = 0;

  constructor(
    host: BreakerHost,
    layout: TupleLayout,
    private readonly levelList: readonly WindowLevel[],
  ) {
    super(host, layout);
    this.levels = host.memory.small(Math.max(8, levelList.length * 8));
    for (const [i, { bytes, field }] of levelList.entries()) {
      host.memory.setU32(this.levels + i * 8, bytes ?? 0);
      host.memory.setU32(this.levels + i * 8 + 4, layout.fields.find((f) => f.id === field)?.offset ?? 0);
    }
    this.previous = host.memory.small(layout.size);
  }

  override *seal(): Work {
    yield* this.sealRuns();
    const run = this.onlyRun;
    if (run !== undefined) return yield* this.markRun(run);
    yield* this.startMerge();
    const writer = this.hasRunsOnDisk ? this.writer(0, 0) : undefined;
    try {
      for (let part = this.next(); part !== undefined; part = this.next()) {
        assert(part !== 'busy', 'a merge gives rows');
        this.mark(part);
        if (writer) writer.pack(part.address, part.rows);
        else this.note(part);
        this.addRows(part.rows);
        yield;
      }
      this.endMerge();
      if (!writer) return;
      this.emptied();
      const [run] = yield* this.finish(writer);
      this.takePages(run!.pages);
    } finally {
      writer?.release();
      if (this.previousKey !== 0) this.host.memory.free(this.previousKey);
      this.previousKey = 0;
    }
  }
  private addRows(rows: number): void {
    this.rows += rows;
    if (this.rows > WINDOW_ROWS_MAX) throw windowTooLarge(String(WINDOW_ROWS_MAX));
  }
  /** All rows are in memory, in one run. */
  private *markRun({ entries, count, plan, isPacked }: SortedEntries): Work {
    const { kernels } = this.host;
    while (this.rows < count) {
      const rows = Math.min(BLOCK_ROWS, count - this.rows);
      const block = this.host.mustAllocate(rows * ROW_BYTES);
      this.blocks.push(block);
      const from = entries + this.rows * ENTRY_BYTES;
      const isFirst = this.rows === 0 ? 1 : 0;
      kernels.mark_entries(plan, from, rows, isPacked ? 1 : 0, this.levels, this.levelList.length, isFirst, block);
      this.addRows(rows);
      yield;
    }
    this.endMerge();
  }
  private takePages(pages: readonly Page[]): void {
    this.pages = pages;
    let first = 0;
    for (const page of pages) {
      this.firstRows.push(first);
      first += page.rows;
    }
  }
  private mark(part: RowsPart): void {
    const { kernels, memory } = this.host;
    const before = this.rows === 0 ? 0 : this.previous;
    kernels.mark_groups(part.address, part.rows, this.keyOffset, this.levels, this.levelList.length, before);
    this.keepPrevious(memory.u32(part.address + (part.rows - 1) * 4));
  }
  /** The row that the next part follows, with its key: what it lies in may go. */
  private keepPrevious(row: number): void {
    const { memory } = this.host;
    const { size } = this.layout;
    memory.bytes.copyWithin(this.previous, row, row + size);
    const [at, length] = [memory.u32(row + this.keyOffset), memory.u32(row + this.keyOffset + 4)];
    if (length > this.previousKeyBytes || this.previousKey === 0) {
      if (this.previousKey !== 0) memory.free(this.previousKey);
      this.previousKey = 0;
      this.previousKeyBytes = Math.max(64, length * 2);
      this.previousKey = this.host.mustAllocate(this.previousKeyBytes);
    }
    memory.bytes.copyWithin(this.previousKey, at, at + length);
    memory.setU32(this.previous + this.keyOffset, this.previousKey);
  }
  private note(part: RowsPart): void {
    const { kernels } = this.host;
    for (let done = 0; done < part.rows;) {
      const used = (this.rows + done) % BLOCK_ROWS;
      if (used === 0) this.blocks.push(this.host.mustAllocate(BLOCK_ROWS * ROW_BYTES));
      const rows = Math.min(part.rows - done, BLOCK_ROWS - used);
      kernels.list_marked(part.address + done * 4, rows, this.blocks.at(-1)! + used * ROW_BYTES);
      done += rows;
    }
  }

  /** The span that row `index` is in; on disk its page is held until `release`. */
  span(index: number): Span {
    assert(index >= 0 && index < this.rows, `row ${index} of ${this.rows}`);
    if (this.pages.length > 0) return this.hold(this.pageOf(index));
    const block = Math.floor(index / BLOCK_ROWS);
    const base = block * BLOCK_ROWS;
    return { base, rows: Math.min(BLOCK_ROWS, this.rows - base), list: this.blocks[block]! };
  }
  private pageOf(index: number): number {
    let [low, high] = [0, this.firstRows.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.firstRows[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  private hold(number: number): HeldPage {
    const known = this.held.get(number);
    if (known !== undefined) return known;
    const { kernels, memory } = this.host;
    const page = this.pages[number]!;
    const list = this.host.mustAllocate(page.rows * (4 + ROW_BYTES));
    let start = 0;
    try {
      start = readPage(this.host, this.layout, this.textFields, this.tempFile, page);
    } finally {
      if (start === 0) memory.free(list);
    }
    const addresses = list + page.rows * ROW_BYTES;
    kernels.list_tuples(start, start + page.rows * this.layout.size, this.layout.size, addresses);
    kernels.list_marked(addresses, page.rows, list);
    const held = { base: this.firstRows[number]!, rows: page.rows, list, start };
    this.held.set(number, held);
    return held;
  }
  /** Pages that nobody stands on go. */
  release(isUsed: (span: Span) => boolean): void {
    for (const [number, page] of this.held) {
      if (isUsed(page)) continue;
      this.host.memory.free(page.start);
      this.host.memory.free(page.list);
      this.held.delete(number);
    }
  }
  override free(): void {
    this.release(() => false);
    for (const block of this.blocks) this.host.memory.free(block);
    this.blocks.length = 0;
    super.free();
  }
}
