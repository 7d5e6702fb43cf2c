/**
 * window: rows in order, found by their number (numbered-rows.ts). Rows that are all in memory stay there; otherwise the sort's
 * runs are merged, and all go to the temporary disk once more, in one run of pages. On the way each row is marked with the
 * partitions and peers it begins (kernels mark_entries, mark_groups).
 */
import { assert } from '../../common/assert.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import type { RowsPart, Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { readPage } from '../breakers/partitions.ts';
import { isReference } from '../long-values.ts';
import { ENTRY_BYTES, LISTED_BYTES, type MarkEntries, type SortedBlock } from '../sort/packed-sort.ts';
import { Pieces } from '../sort/runs.ts';
import { SortBreaker } from '../sort/sort-breaker.ts';
import { NumberedRows } from './numbered-rows.ts';
import type { WindowLevel } from './spec.ts';

/** In an entry. */
const ENTRY_TUPLE = 8;

export class WindowBreaker extends SortBreaker {
  readonly numbered: NumberedRows;
  private readonly levels: number;
  private readonly previous: number;
  private hasPrevious = false;
  private previousKey = 0;
  private previousKeyBytes = 0;

  constructor(
    host: BreakerHost,
    layout: TupleLayout,
    private readonly levelList: readonly WindowLevel[],
  ) {
    super(host, layout);
    this.numbered = new NumberedRows(host, layout.size, (page) =>
      readPage(host, layout, this.textFields, this.tempFile, page),
    );
    this.levels = host.memory.small(Math.max(8, levelList.length * 8));
    for (const [i, { bytes, field }] of levelList.entries()) {
      host.memory.setU32(this.levels + i * 8, bytes ?? 0);
      host.memory.setU32(this.levels + i * 8 + 4, layout.fields.find((f) => f.id === field)?.offset ?? 0);
    }
    this.previous = host.memory.small(layout.size);
  }

  override *seal(): Work {
    const mark = this.hasRunsOnDisk || this.hasLongKeys ? undefined : this.marking();
    const sorted = yield* this.sortStore(mark);
    if (mark && sorted.length <= 1) return this.take(sorted[0] ?? []);
    this.addRuns(sorted);
    yield* this.startMerge();
    const writer = this.hasRunsOnDisk ? this.writer(0, 0) : undefined;
    try {
      for (let part = this.next(); part !== undefined; part = this.next()) {
        assert(part !== 'busy' && part.pointers, 'a merge gives addresses');
        this.mark(part);
        if (writer) writer.pack(part.address, part.rows);
        else this.note(part);
        yield;
      }
      this.endMerge();
      if (!writer) return;
      this.emptied();
      const [run] = yield* this.finish(writer);
      for (const page of run!.pages) this.numbered.add({ kind: 'page', page, rows: page.rows });
    } finally {
      writer?.release();
      if (this.previousKey !== 0) this.host.memory.free(this.previousKey);
      this.previousKey = 0;
    }
  }
  /** Marks rows while they are put in order. */
  private marking(): MarkEntries {
    const { memory, kernels } = this.host;
    let before = 0;
    return (plan, entries, rows, isPacked, size, out) => {
      const { levels, levelList } = this;
      kernels.mark_entries(plan, entries, rows, isPacked ? 1 : 0, levels, levelList.length, before, size, out);
      const last = rows - 1;
      before = size > 0 ? out + last * size : memory.u32(entries + last * ENTRY_BYTES + ENTRY_TUPLE);
    };
  }
  /** All rows, in memory, in order and marked. */
  private take(blocks: readonly SortedBlock[]): void {
    const kind = this.packedSort.byEntries ? 'list' : 'tuples';
    if (kind === 'list') return blocks.forEach(({ start, rows }) => this.numbered.add({ kind, start, rows }));
    for (const pieces = new Pieces(blocks, this.layout.size); !pieces.isAtEnd;)
      this.numbered.add({ kind, ...pieces.next() });
  }
  private mark(part: RowsPart): void {
    const before = this.hasPrevious ? this.previous : 0;
    const { levels, levelList, keyOffset } = this;
    this.host.kernels.mark_groups(part.address, part.rows, keyOffset, levels, levelList.length, before);
    this.keepPrevious(this.lastOf(part));
  }
  /** The row that the next part follows, with its key: what it lies in may go. */
  private keepPrevious(row: number): void {
    const { memory } = this.host;
    const { size } = this.layout;
    memory.bytes.copyWithin(this.previous, row, row + size);
    this.hasPrevious = true;
    if (isReference(memory.i64(row + this.keyOffset))) return;
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
  /** Rows of several runs in memory get lists. */
  private note({ address, rows }: RowsPart): void {
    const start = this.host.mustAllocate(rows * LISTED_BYTES);
    this.host.kernels.list_pointers(address, rows, start);
    this.numbered.add({ kind: 'list', start, rows });
  }
  override free(): void {
    this.numbered.free();
    super.free();
  }
}
