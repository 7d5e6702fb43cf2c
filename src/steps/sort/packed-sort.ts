/**
 * Puts tuples in the order of their keys (wasm/runtime/sort-packed.ts), in steps: all of them are dealt into blocks by the
 * leading bits of their packed keys, and each block, which fits a cache, is sorted on its own. Tuples move with it, so that
 * they lie in their order in the end; of large ones only entries do.
 */
import type { BreakerHost } from '../breakers/host.ts';
import type { Extent } from '../breakers/row-store.ts';

export const ENTRY_BYTES = 16;
/** An address and marks. */
export const LISTED_BYTES = 8;
const PLAN = {
  LONGEST: 12,
  BITS: 16,
  WHOLE: 20,
  NEXT: 28,
  ENTRIES: 32,
  REPACKED: 36,
  IN_ORDER: 40,
  NEWEST: 48,
  BYTES: 632,
} as const;
const WIDTH = 8;
const BINS = 2 ** WIDTH;
/** A plan, and tables of bins within bins. */
const WORK_BYTES = PLAN.BYTES + 25 * 4 * BINS;
/** Larger tuples stay where they are. */
const MOVED_BYTES_MAX = 96;
/** What is sorted at once. */
const BIN_BYTES_MAX = 256 * 1024;
/** Rows after which others have their turn. */
const STEP_ROWS = 32768;

/** Long keys compared in one go, and the bytes that entries have of a key. */
const COMPARED_ROWS = 128;
const KEY_START_BYTES = 8;

type Steps<T> = Generator<undefined, T, undefined>;
/** Rows in order in a block of memory: tuples, entries, or with marks `listed`. */
export interface SortedBlock {
  readonly start: number;
  readonly rows: number;
}
/** Marks the groups that rows begin while they are put in order; as the kernel mark_entries. */
export type MarkEntries = (
  plan: number,
  entries: number,
  rows: number,
  isPacked: boolean,
  size: number,
  out: number,
) => void;

/** Records whose packed keys agree in the first `done` bits. */
interface Bin {
  readonly extents: readonly Extent[];
  readonly rows: number;
  readonly plan: number;
  readonly done: number;
}
/** Thrown and caught here. */
const NO_ROOM = Symbol('no room');

export class PackedSort {
  /** Tuples keep their places. */
  readonly byEntries: boolean;
  private readonly plan: number;
  private readonly work: number;
  private readonly bins: number;
  private readonly recordBytes: number;
  /** Blocks that the sort at hand has taken. */
  private readonly taken = new Set<number>();
  private blocks: SortedBlock[] = [];
  private rows = 0;
  private spent = 0;
  private mark: MarkEntries | undefined;
  private room: number | undefined;

  constructor(
    private readonly host: BreakerHost,
    private readonly size: number,
    private readonly keyOffset: number,
  ) {
    this.byEntries = size > MOVED_BYTES_MAX;
    this.recordBytes = this.byEntries ? ENTRY_BYTES : size;
    this.work = host.memory.small(WORK_BYTES);
    this.bins = host.memory.small(4 * BINS);
    this.plan = host.memory.small(PLAN.BYTES);
    host.kernels.begin_plan(this.plan, keyOffset, 0, 0);
  }
  /** There are keys that rows refer to: no bits of them are packed, they have to be compared. */
  get hasLongKeys(): boolean {
    return this.host.memory.u32(this.plan + PLAN.LONGEST) > this.host.inlineBytesMax;
  }
  /** Entries of so many tuples in order, by comparing their keys. */
  *compared(extents: readonly Extent[]): Steps<readonly SortedBlock[]> {
    const { kernels, memory } = this.host;
    const blocks: SortedBlock[] = [];
    const other = this.host.mustAllocate(COMPARED_ROWS * ENTRY_BYTES);
    try {
      const bytes = COMPARED_ROWS * this.size;
      for (const e of extents) {
        for (let at = e.start; at < e.end; at += bytes) {
          const end = Math.min(e.end, at + bytes);
          const rows = (end - at) / this.size;
          const start = this.host.mustAllocate(rows * ENTRY_BYTES);
          blocks.push({ start, rows });
          kernels.make_entries(at, end, this.size, this.keyOffset, start);
          kernels.sort_entries(start, rows, other, this.keyOffset, KEY_START_BYTES);
          yield;
        }
      }
    } finally {
      memory.free(other);
    }
    return blocks;
  }
  /** Bytes that sorting takes besides, for each row. */
  get rowBytes(): number {
    return this.byEntries ? 2 * ENTRY_BYTES : this.size;
  }
  /** Looks at the keys of tuples that are to be sorted: best while a cache holds them. */
  survey({ start, end }: Extent): void {
    this.host.memory.setU32(this.plan + PLAN.ENTRIES, 0);
    this.host.kernels.survey_records(this.plan, start, end, this.size);
  }

  /**
   * Blocks in order: of tuples, or byEntries of entries; with `mark` of tuples with their marks, or byEntries lists of these.
   * Blocks may be extents. Rows behind the first `limit` may be left out. undefined: there is no memory for so many.
   */
  *sort(extents: readonly Extent[], limit: number, mark?: MarkEntries): Steps<readonly SortedBlock[] | undefined> {
    const { memory, kernels } = this.host;
    const { plan } = this;
    this.blocks = [];
    this.rows = 0;
    this.mark = mark;
    this.taken.clear();
    this.room = undefined;
    kernels.plan_keys(plan);
    memory.setU32(plan + PLAN.ENTRIES, this.byEntries ? 1 : 0);
    memory.setU32(plan + PLAN.IN_ORDER, 1);
    memory.setI64(plan + PLAN.NEWEST, 0n);
    try {
      const records = this.byEntries ? yield* this.entriesOf(extents) : extents;
      const rows = records.reduce((sum, e) => sum + this.rowsOf(e), 0);
      const all = { extents: records, rows, plan, done: 0 };
      yield* this.arrange(all, limit, yield* this.packed(all));
    } catch (error) {
      if (error !== NO_ROOM) throw error;
      for (const at of this.taken) memory.free(at);
      return undefined;
    }
    for (const { start } of this.blocks) this.taken.delete(start);
    for (const at of this.taken) memory.free(at);
    return this.blocks;
  }
  private take(bytes: number): number {
    const at = this.host.memory.allocate(bytes);
    if (at === 0) throw NO_ROOM;
    this.taken.add(at);
    return at;
  }
  /** What is the sort's own of these goes. */
  private give(blocks: readonly Extent[]): void {
    for (const { start } of blocks) if (this.taken.delete(start)) this.host.memory.free(start);
  }
  private rowsOf({ start, end }: Extent): number {
    return (end - start) / this.recordBytes;
  }
  private *pause(rows: number): Steps<void> {
    this.spent += rows;
    if (this.spent < STEP_ROWS) return;
    this.spent = 0;
    yield;
  }
  private *entriesOf(extents: readonly Extent[]): Steps<readonly Extent[]> {
    const out: Extent[] = [];
    for (const e of extents) {
      const rows = (e.end - e.start) / this.size;
      const start = this.take(rows * ENTRY_BYTES);
      out.push({ start, end: this.host.kernels.list_records(e.start, e.end, this.size, this.keyOffset, start) });
      yield* this.pause(rows);
    }
    return out;
  }
  private *over(extents: readonly Extent[], work: (start: number, end: number) => void): Steps<void> {
    for (const e of extents) {
      const step = STEP_ROWS * this.recordBytes;
      for (let start = e.start; start < e.end; start += step) {
        const end = Math.min(e.end, start + step);
        work(start, end);
        yield* this.pause(this.rowsOf({ start, end }));
      }
    }
  }
  /** Packs keys by the bin's plan; how many records there are by their first bits. */
  private *packed({ extents, plan }: Bin): Steps<readonly number[]> {
    const { memory, kernels } = this.host;
    memory.zero(this.bins, 4 * BINS);
    yield* this.over(extents, (start, end) =>
      kernels.pack_records(plan, start, end, this.recordBytes, WIDTH, this.bins),
    );
    return this.counts();
  }
  private *counted({ extents, done }: Bin): Steps<readonly number[]> {
    const { memory, kernels } = this.host;
    memory.zero(this.bins, 4 * BINS);
    yield* this.over(extents, (start, end) =>
      kernels.count_records(start, end, this.recordBytes, done, WIDTH, this.bins),
    );
    return this.counts();
  }
  private counts(): readonly number[] {
    return Array.from({ length: BINS }, (_, i) => this.host.memory.u32(this.bins + i * 4));
  }

  /** The bin's rows become the next blocks. */
  private *arrange(bin: Bin, limit: number, known?: readonly number[]): Steps<void> {
    const { memory } = this.host;
    const { plan, rows, done } = bin;
    if (this.rows >= limit) return this.give(bin.extents);
    if (memory.u32(plan + PLAN.IN_ORDER) !== 0) return yield* this.keep(bin);
    if (rows * this.recordBytes <= BIN_BYTES_MAX) return yield* this.finish(bin);
    if (done >= memory.u32(plan + PLAN.BITS)) {
      return yield* memory.u32(plan + PLAN.WHOLE) === 0 ? this.repack(bin, limit) : this.keep(bin);
    }
    const counts = known ?? (yield* this.counted(bin));
    if (counts.includes(rows)) return yield* this.arrange({ ...bin, done: done + WIDTH }, limit);
    const parts = yield* this.dealt(bin, counts);
    this.give(bin.extents);
    for (const part of parts) yield* this.arrange(part, limit);
  }
  /** Sorts the bin by what its keys still differ in. */
  private *repack(bin: Bin, limit: number): Steps<void> {
    const { memory, kernels } = this.host;
    const plan = this.take(PLAN.BYTES);
    kernels.begin_plan(plan, this.keyOffset, memory.u32(bin.plan + PLAN.NEXT), this.byEntries ? 1 : 0);
    yield* this.over(bin.extents, (start, end) => kernels.survey_records(plan, start, end, this.recordBytes));
    kernels.plan_keys(plan);
    const again = { ...bin, plan, done: 0 };
    yield* this.arrange(again, limit, yield* this.packed(again));
    this.taken.delete(plan);
    memory.free(plan);
  }
  /** Bins in order, in blocks of their own: a large one, or neighbours that are together not too large. */
  private *dealt(bin: Bin, counts: readonly number[]): Steps<readonly Bin[]> {
    const { memory, kernels } = this.host;
    const { plan, done } = bin;
    const parts: Bin[] = [];
    const rowsMax = BIN_BYTES_MAX / this.recordBytes;
    for (let i = 0; i < BINS;) {
      const first = i;
      let rows = counts[i++]!;
      while (i < BINS && rows + counts[i]! <= rowsMax) rows += counts[i++]!;
      if (rows === 0) continue;
      const start = this.take(rows * this.recordBytes);
      const end = start + rows * this.recordBytes;
      let place = start;
      for (let b = first; b < i; place += counts[b++]! * this.recordBytes) memory.setU32(this.bins + b * 4, place);
      const isOne = counts.slice(first, i).includes(rows);
      parts.push({ extents: [{ start, end }], rows, plan, done: isOne ? done + WIDTH : done });
    }
    yield* this.over(bin.extents, (start, end) =>
      kernels.deal_records(start, end, this.recordBytes, done, WIDTH, this.bins),
    );
    return parts;
  }
  /** The bin's records are in order. */
  private *keep({ extents, plan }: Bin): Steps<void> {
    const { mark } = this;
    for (const e of extents) {
      if (!mark || !this.byEntries) this.add(e.start, this.rowsOf(e));
      if (!mark) continue;
      const step = this.scratchRows * this.recordBytes;
      for (let start = e.start; start < e.end; start += step) {
        const piece = { start, end: Math.min(e.end, start + step) };
        const rows = this.rowsOf(piece);
        // Tuples are where they are to be.
        const out = this.byEntries ? this.take(rows * LISTED_BYTES) : start;
        mark(plan, this.entriesIn([piece]), rows, true, this.byEntries ? 0 : this.size, out);
        if (this.byEntries) this.add(out, rows);
        yield* this.pause(rows);
      }
      if (this.byEntries) this.give([e]);
    }
  }
  /** Sorts a bin that is not too large. */
  private *finish({ extents, rows, plan, done }: Bin): Steps<void> {
    const { memory, kernels } = this.host;
    const { mark, work } = this;
    const entries = this.entriesIn(extents);
    memory.setU32(work + PLAN.REPACKED, 0);
    kernels.sort_packed(plan, entries, this.scratch + this.scratchRows * ENTRY_BYTES, rows, done, 1, work);
    const isPacked = memory.u32(work + PLAN.REPACKED) === 0;
    const size = this.byEntries ? 0 : this.size;
    const out = this.take(rows * (size || (mark ? LISTED_BYTES : ENTRY_BYTES)));
    if (mark) mark(plan, entries, rows, isPacked, size, out);
    else if (size > 0) kernels.gather_tuples(entries, rows, size, out);
    else memory.bytes.copyWithin(out, entries, entries + rows * ENTRY_BYTES);
    this.give(extents);
    this.add(out, rows);
    yield* this.pause(rows);
  }
  /** Room for two times as many entries as there are in a bin that is not too large. */
  private get scratchRows(): number {
    return Math.ceil(BIN_BYTES_MAX / this.recordBytes);
  }
  private get scratch(): number {
    return (this.room ??= this.take(2 * this.scratchRows * ENTRY_BYTES));
  }
  /** Entries of the records, in scratch. */
  private entriesIn(extents: readonly Extent[]): number {
    const { memory, kernels } = this.host;
    let end = this.scratch;
    for (const e of extents) {
      if (!this.byEntries) end = kernels.list_records(e.start, e.end, this.size, this.keyOffset, end);
      else {
        memory.bytes.copyWithin(end, e.start, e.end);
        end += e.end - e.start;
      }
    }
    return this.scratch;
  }
  private add(start: number, rows: number): void {
    this.blocks.push({ start, rows });
    this.rows += rows;
  }
}
