/**
 * Puts entries of tuples in the order of their keys (wasm/runtime/sort-packed.ts), in steps. Bins that are large are dealt
 * out piece by piece from here, small ones are the kernel's.
 */
import type { BreakerHost } from '../breakers/host.ts';
import type { Extent } from '../breakers/row-store.ts';

export const ENTRY_BYTES = 16;
const PLAN = { BITS: 16, WHOLE: 20, NEXT: 28, REPACKED: 608, BYTES: 616 } as const;
const WIDTH = 8;
const BINS_BYTES = 4 * 2 ** WIDTH;
/** A plan, and tables of bins within bins. */
const WORK_BYTES = PLAN.BYTES + 24 * BINS_BYTES;
/** Entries that one call of a kernel takes, and that it sorts. */
const STEP_ROWS = 32768;
const BIN_ROWS_MAX = 65536;

/** Entries in order; what they were sorted by. */
export interface SortedEntries {
  readonly entries: number;
  readonly count: number;
  readonly plan: number;
  /** False: some keys were packed by another plan. */
  readonly isPacked: boolean;
}
interface Bin {
  readonly at: number;
  readonly rows: number;
  readonly plan: number;
  /** Leading bits that its packed keys have in common. */
  readonly done: number;
  /** Its entries lie where they are to be in the end. */
  readonly isHome: boolean;
}
type Steps<T> = Generator<undefined, T, undefined>;

/** undefined: there is no memory for so many. Behind the first `limit` entries the order is any. */
export function* sortPacked(
  host: BreakerHost,
  extents: readonly Extent[],
  size: number,
  keyOffset: number,
  limit: number,
): Steps<SortedEntries | undefined> {
  const { memory, kernels } = host;
  const count = extents.reduce((sum, e) => sum + (e.end - e.start) / size, 0);
  const entries = memory.allocate(count * ENTRY_BYTES);
  const other = entries === 0 ? 0 : memory.allocate(count * ENTRY_BYTES);
  if (other === 0) {
    memory.free(entries);
    return undefined;
  }
  const sort = new PackedSort(host, entries, other, keyOffset);
  let isSorted = false;
  try {
    let end = entries;
    for (const e of extents) {
      const start = end;
      end = kernels.make_entries(e.start, e.end, size, keyOffset, end);
      kernels.survey_keys(sort.plan, start, (end - start) / ENTRY_BYTES);
      yield;
    }
    const isPacked = yield* sort.run(count, limit);
    isSorted = true;
    return { entries, count, plan: sort.plan, isPacked };
  } finally {
    sort.free(isSorted);
    memory.free(other);
    if (!isSorted) memory.free(entries);
  }
}

class PackedSort {
  readonly plan: number;
  private readonly work: number;
  private readonly bins: number;
  private readonly plans: number[] = [];
  constructor(
    private readonly host: BreakerHost,
    private readonly entries: number,
    private readonly other: number,
    private readonly keyOffset: number,
  ) {
    this.work = host.mustAllocate(WORK_BYTES + BINS_BYTES);
    this.bins = this.work + WORK_BYTES;
    host.memory.setU32(this.work + PLAN.REPACKED, 0);
    this.plan = this.begin(0);
  }
  private begin(from: number): number {
    const plan = this.host.mustAllocate(PLAN.BYTES);
    this.plans.push(plan);
    this.host.kernels.begin_plan(plan, this.keyOffset, from);
    return plan;
  }
  free(keepPlan: boolean): void {
    const { memory } = this.host;
    memory.free(this.work);
    for (const plan of this.plans) if (plan !== this.plan || !keepPlan) memory.free(plan);
  }
  /** Calls `work` for the entries from `at` on, some at a time. */
  private *inSteps(at: number, rows: number, work: (at: number, rows: number) => void): Steps<void> {
    for (let done = 0; done < rows; done += STEP_ROWS) {
      work(at + done * ENTRY_BYTES, Math.min(STEP_ROWS, rows - done));
      yield;
    }
  }
  /** Whether all keys are packed by the first plan. */
  *run(count: number, limit: number): Steps<boolean> {
    const { memory, kernels } = this.host;
    const { entries, other, plan, work } = this;
    yield* this.pack(plan, entries, count);
    const open: Bin[] = [{ at: 0, rows: count, plan, done: 0, isHome: true }];
    let since = 0;
    for (let bin = open.pop(); bin !== undefined; bin = open.pop()) {
      if (bin.at >= limit) continue;
      if (bin.rows > BIN_ROWS_MAX) {
        // Their order is that of the rows.
        open.push(...[...(yield* this.dealt(bin))].reverse());
        continue;
      }
      const at = bin.at * ENTRY_BYTES;
      const [from, to] = bin.isHome ? [entries, other] : [other, entries];
      kernels.sort_packed(bin.plan, from + at, to + at, bin.rows, bin.done, bin.isHome ? 1 : 0, work);
      since += bin.rows;
      if (since < STEP_ROWS) continue;
      since = 0;
      yield;
    }
    return this.plans.length === 1 && memory.u32(work + PLAN.REPACKED) === 0;
  }
  private *pack(plan: number, at: number, rows: number): Steps<void> {
    const { kernels } = this.host;
    kernels.plan_keys(plan);
    yield* this.inSteps(at, rows, (from, n) => kernels.pack_keys(plan, from, n));
  }
  /** The bins that a large one is dealt into, in order; none when all of its keys are alike. */
  private *dealt(bin: Bin): Steps<readonly Bin[]> {
    const { memory, kernels } = this.host;
    const { bins } = this;
    const { rows, plan, done, isHome } = bin;
    const at = bin.at * ENTRY_BYTES;
    const [from, to] = isHome ? [this.entries + at, this.other + at] : [this.other + at, this.entries + at];
    if (done >= memory.u32(plan + PLAN.BITS)) {
      if (memory.u32(plan + PLAN.WHOLE) === 0)
        return [{ ...bin, plan: yield* this.repacked(plan, from, rows), done: 0 }];
      if (!isHome)
        yield* this.inSteps(from, rows, (some, n) =>
          memory.bytes.copyWithin(to + some - from, some, some + n * ENTRY_BYTES),
        );
      return [];
    }
    memory.zero(bins, BINS_BYTES);
    yield* this.inSteps(from, rows, (some, n) => kernels.count_bins(some, n, done, WIDTH, bins));
    const counts = Array.from({ length: 2 ** WIDTH }, (_, i) => memory.u32(bins + i * 4));
    if (counts.includes(rows)) return [{ ...bin, done: done + WIDTH }];
    kernels.place_bins(bins, WIDTH, to);
    yield* this.inSteps(from, rows, (some, n) => kernels.fill_bins(some, n, done, WIDTH, bins));
    let first = bin.at;
    return counts.flatMap((n) => {
      first += n;
      return n === 0 ? [] : [{ at: first - n, rows: n, plan, done: done + WIDTH, isHome: !isHome }];
    });
  }
  /** A plan for what keys that pack alike still differ in. */
  private *repacked(plan: number, at: number, rows: number): Steps<number> {
    const { memory, kernels } = this.host;
    const next = this.begin(memory.u32(plan + PLAN.NEXT));
    yield* this.inSteps(at, rows, (from, n) => kernels.survey_keys(next, from, n));
    yield* this.pack(next, at, rows);
    return next;
  }
}
