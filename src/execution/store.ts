/**
 * A store: tuples in extents of node memory, with an optional bucket array. Segments of one slice hand rows to each
 * other through stores (see steps/tuple-code.ts for the header that emitted code works on).
 */
import type { StepStore } from '../steps/host.ts';
import { STORE } from '../steps/tuple-code.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';
import type { QueryMemory } from './query-memory.ts';

export interface Extent {
  readonly start: number;
  end: number;
}
/** Kernel functions this file calls. */
export interface TupleKernels {
  link_tuples(start: number, end: number, size: number, heads: number, mask: number): void;
  list_tuples(start: number, end: number, size: number, out: number): number;
  unmatched_tuples(start: number, end: number, size: number, out: number, limit: number, next: number): number;
  sort_tuples(tuples: number, count: number, keyOffset: number, tmp: number): void;
}

const FIRST_EXTENT = 64 * 1024;
const EXTENT_MAX = 1024 * 1024;
const FIRST_BUCKETS = 256;

export class Store implements StepStore {
  readonly address: number;
  readonly extents: Extent[] = [];
  /** Set by sort: addresses in order. */
  sorted: { address: number; count: number } | undefined;
  private drainExtent = 0;
  private drainNext = 0;
  private readonly scratch: number;

  constructor(
    private readonly memory: QueryMemory,
    readonly layout: TupleLayout,
    private readonly kernels: TupleKernels,
  ) {
    this.address = memory.small(STORE.BYTES);
    this.scratch = memory.small(8);
    memory.zero(this.address, STORE.BYTES);
    const nullTuple = memory.small(layout.size);
    memory.zero(nullTuple, layout.size);
    for (const f of layout.fields) if (f.nullOffset >= 0) memory.bytes[nullTuple + f.nullOffset] = 1;
    memory.setU32(this.address + STORE.NULL_TUPLE, nullTuple);
  }
  get count(): number {
    return this.memory.u32(this.address + STORE.COUNT);
  }
  /** Buckets for find-or-insert (groups, distinct sets). False when memory is out. */
  startTable(): boolean {
    return this.setBuckets(FIRST_BUCKETS);
  }
  private setBuckets(buckets: number): boolean {
    const heads = this.memory.allocate(buckets * 4);
    if (heads === 0) return false;
    this.memory.zero(heads, buckets * 4);
    const old = this.memory.u32(this.address + STORE.HEADS);
    if (old !== 0) this.memory.free(old);
    this.memory.setU32(this.address + STORE.HEADS, heads);
    this.memory.setU32(this.address + STORE.MASK, buckets - 1);
    this.memory.setU32(this.address + STORE.LIMIT, buckets);
    this.close();
    for (const e of this.extents) this.kernels.link_tuples(e.start, e.end, this.layout.size, heads, buckets - 1);
    return true;
  }
  /** env.store_rehash. */
  rehash(): boolean {
    return this.setBuckets((this.memory.u32(this.address + STORE.MASK) + 1) * 4);
  }
  /** Links a finished build side, one bucket per row at least. */
  build(): boolean {
    let buckets = FIRST_BUCKETS;
    while (buckets < this.count) buckets *= 2;
    return this.setBuckets(buckets);
  }
  /** One bucket that holds every row, in order of insertion last first (nested loop). */
  buildChain(): boolean {
    return this.setBuckets(1);
  }
  /** env.store_grow: room for one more tuple of `bytes`. */
  grow(bytes: number): boolean {
    this.close();
    const last = this.extents[this.extents.length - 1];
    const size = Math.max(bytes, last ? Math.min(EXTENT_MAX, (last.end - last.start) * 2) : FIRST_EXTENT);
    const start = this.memory.allocate(size);
    if (start === 0) return false;
    this.extents.push({ start, end: start });
    this.memory.setU32(this.address + STORE.CUR, start);
    this.memory.setU32(this.address + STORE.END, start + size);
    return true;
  }
  /** Notes how far the newest extent is filled. */
  close(): void {
    const last = this.extents[this.extents.length - 1];
    if (last) last.end = this.memory.u32(this.address + STORE.CUR);
  }
  /** The one tuple of an aggregate without groups: counts 0, the rest NULL. */
  makeSingle(): boolean {
    if (!this.grow(this.layout.size)) return false;
    const t = this.memory.u32(this.address + STORE.CUR);
    this.memory.zero(t, this.layout.size);
    for (const f of this.layout.fields) if (f.nullOffset >= 0) this.memory.bytes[t + f.nullOffset] = 1;
    this.memory.setU32(this.address + STORE.CUR, t + this.layout.size);
    this.memory.setU32(this.address + STORE.COUNT, 1);
    this.memory.setU32(this.address + STORE.SINGLE, t);
    return true;
  }
  /** Orders the addresses by the key string in the layout's last field; keeps the first `limit`. */
  sort(limit: number): boolean {
    this.close();
    const n = this.count;
    const list = this.memory.allocate(Math.max(8, n * 4));
    const tmp = this.memory.allocate(Math.max(8, n * 4));
    if (list === 0 || tmp === 0) return false;
    let out = list;
    for (const e of this.extents) out = this.kernels.list_tuples(e.start, e.end, this.layout.size, out) >>> 0;
    const key = this.layout.fields[this.layout.fields.length - 1]!.offset;
    this.kernels.sort_tuples(list, n, key, tmp);
    this.memory.free(tmp);
    this.sorted = { address: list, count: Math.min(n, limit) };
    return true;
  }
  /** env.next_unmatched: addresses of build rows no outer row met. */
  nextUnmatched(out: number, limit: number): number {
    this.close();
    while (this.drainExtent < this.extents.length) {
      const e = this.extents[this.drainExtent]!;
      const from = this.drainNext === 0 ? e.start : this.drainNext;
      const n = this.kernels.unmatched_tuples(from, e.end, this.layout.size, out, limit, this.scratch);
      const next = this.memory.u32(this.scratch);
      if (next >= e.end) {
        this.drainExtent++;
        this.drainNext = 0;
      } else this.drainNext = next;
      if (n > 0) return n;
    }
    return 0;
  }
}
