/**
 * Tuples in extents of node memory, and the arena that holds their texts, behind the small header that emitted code works
 * on (steps/tuple-code.ts). What memory a breaker takes, it takes here.
 */
import { HELP, STORE } from '../tuple-code.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { regionBytes, type Region } from '../../wasm/region-chain.ts';
import type { BreakerHost } from './host.ts';

export interface Extent {
  readonly start: number;
  end: number;
}
const FIRST_EXTENT = 64 * 1024;
const EXTENT_MAX = 1024 * 1024;
/** Cleared at a time: more would hold the thread. */
const ZERO_BYTES = 4 * 1024 * 1024;
/** Less than this is never worth a trip to the disk. */
const SPILL_BYTES_MIN = 256 * 1024;

export class RowStore {
  readonly address: number;
  readonly extents: Extent[] = [];
  /** Bytes of extents and arena. */
  bytes = 0;
  peakBytes = 0;
  peakTableBytes = 0;
  private readonly arena: Region[] = [];
  /** Further memory that grows with the rows, a tuple of so many bytes each (entries of a sort). */
  private readonly sizes = new Map<number, number>();
  private buckets = 0;

  constructor(
    readonly host: BreakerHost,
    readonly layout: TupleLayout,
    /** False: rows must stay in memory (a single group, sets that others point into). */
    private readonly canSpill: boolean,
    private readonly extraBytes = 0,
  ) {
    const { memory } = host;
    this.address = memory.small(STORE.BYTES);
    memory.zero(this.address, STORE.BYTES);
    const nullTuple = memory.small(layout.size);
    memory.zero(nullTuple, layout.size);
    for (const f of layout.fields) if (f.nullOffset >= 0) memory.bytes[nullTuple + f.nullOffset] = 1;
    this.set(STORE.NULL_TUPLE, nullTuple);
    this.set(STORE.LIMIT, 0xffffffff);
  }
  get(field: number): number {
    return this.host.memory.u32(this.address + field);
  }
  set(field: number, value: number): void {
    this.host.memory.setU32(this.address + field, value);
  }
  /** Tuples in memory. */
  get count(): number {
    return this.get(STORE.COUNT);
  }
  /** Of the tuples and of the texts they point to, which end in the arena at `arenaAt`. */
  usedBytes(arenaAt: number): number {
    this.close();
    const tuples = this.extents.reduce((n, e) => n + e.end - e.start, 0);
    const isOpen = (r: Region): boolean => arenaAt >= r.start && arenaAt <= r.end;
    return this.arena.reduce((n, r) => n + (isOpen(r) ? arenaAt : r.end) - r.start, tuples);
  }
  askForHelp(bits: number): void {
    this.set(STORE.HELP, this.get(STORE.HELP) | bits);
  }
  /** env.store_grow: room for one more tuple of `bytes`. */
  grow(bytes: number): boolean {
    this.close();
    const { spillRows } = this.host;
    const last = this.extents[this.extents.length - 1];
    const wanted = last ? Math.min(EXTENT_MAX, this.sizes.get(last.start)! * 2) : FIRST_EXTENT;
    const size = Math.max(bytes, spillRows === undefined ? wanted : spillRows * bytes);
    const start = this.take(size);
    if (start === 0) return false;
    this.extents.push({ start, end: start });
    this.set(STORE.CUR, start);
    this.set(STORE.END, start + size);
    this.watchMemory();
    return true;
  }
  /** A further region for the texts of rows; undefined when memory is out. */
  growArena(bytes: number): Region | undefined {
    const last = this.arena[this.arena.length - 1];
    const size = regionBytes(bytes, last ? last.end - last.start : 0);
    const start = this.take(size);
    if (start === 0) return undefined;
    const region = { start, end: start + size };
    this.arena.push(region);
    this.watchMemory();
    return region;
  }
  private take(size: number): number {
    const start = this.host.memory.allocate(size);
    if (start === 0) return 0;
    this.sizes.set(start, size);
    this.bytes += size;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    return start;
  }
  private watchMemory(): void {
    if (!this.canSpill) return;
    const { memory, spillRows } = this.host;
    const extra = this.count * this.extraBytes;
    const spills =
      spillRows === undefined
        ? this.bytes + extra >= SPILL_BYTES_MIN && memory.isOver(extra)
        : this.count >= spillRows && this.extents.length > 1;
    if (spills) this.askForHelp(HELP.SPILL);
  }
  /** Notes how far the newest extent is filled. */
  close(): void {
    const last = this.extents[this.extents.length - 1];
    if (last) last.end = this.get(STORE.CUR);
  }
  /** Takes over a block of memory whose first bytes are tuples. */
  adopt(start: number, bytes: number, rows: number): void {
    this.sizes.set(start, bytes);
    this.bytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    const end = start + rows * this.layout.size;
    this.extents.push({ start, end });
    this.set(STORE.CUR, end);
    this.set(STORE.END, end);
    this.set(STORE.COUNT, this.count + rows);
  }
  /** Empties the store; memory goes back. */
  clear(): void {
    const { memory } = this.host;
    for (const start of this.sizes.keys()) memory.free(start);
    this.sizes.clear();
    this.extents.length = 0;
    this.arena.length = 0;
    this.bytes = 0;
    this.set(STORE.CUR, 0);
    this.set(STORE.END, 0);
    this.set(STORE.COUNT, 0);
  }
  /** The one tuple of an aggregate without groups: counts 0, the rest NULL. */
  makeSingle(): boolean {
    if (!this.grow(this.layout.size)) return false;
    const { memory } = this.host;
    const t = this.get(STORE.CUR);
    memory.zero(t, this.layout.size);
    for (const f of this.layout.fields) if (f.nullOffset >= 0) memory.bytes[t + f.nullOffset] = 1;
    this.set(STORE.CUR, t + this.layout.size);
    this.set(STORE.COUNT, 1);
    this.set(STORE.SINGLE, t);
    return true;
  }

  /** Links all tuples into a bucket array of at least `least` buckets, in steps. */
  *link(least: number): Generator<undefined, void, undefined> {
    const { memory, kernels } = this.host;
    let buckets = 1;
    while (buckets < least) buckets *= 2;
    this.close();
    this.freeHeads();
    const heads = this.host.mustAllocate(buckets * 4);
    this.buckets = buckets;
    this.peakTableBytes = Math.max(this.peakTableBytes, buckets * 4);
    this.set(STORE.HEADS, heads);
    this.set(STORE.MASK, buckets - 1);
    for (let at = 0; at < buckets * 4; at += ZERO_BYTES) {
      memory.zero(heads + at, Math.min(ZERO_BYTES, buckets * 4 - at));
      yield;
    }
    for (const e of this.extents) {
      if (e.end > e.start) kernels.link_tuples(e.start, e.end, this.layout.size, heads, buckets - 1);
      yield;
    }
  }
  private freeHeads(): void {
    if (this.buckets > 0) this.host.memory.free(this.get(STORE.HEADS));
    this.buckets = 0;
    this.set(STORE.HEADS, 0);
  }
  get tableBytes(): number {
    return this.buckets * 4;
  }
  free(): void {
    this.clear();
    this.freeHeads();
  }
}
