/**
 * Tuples in extents of node memory, and the arena that holds their texts, behind the small header that emitted code works
 * on (steps/tuple-code.ts). What memory a breaker takes, it takes here.
 */
import { SPILL_BYTES_MIN } from '../../common/limits.ts';
import { HELP, STORE } from '../tuple-code.ts';
import type { TupleField, TupleLayout } from '../../types/tuple-layout.ts';
import { regionBytes, type Region } from '../../wasm/region-chain.ts';
import { isReference } from '../long-values.ts';
import type { Work } from './breaker.ts';
import type { BreakerHost } from './host.ts';

export interface Extent {
  readonly start: number;
  end: number;
}
const FIRST_EXTENT = 64 * 1024;
const EXTENT_MAX = 1024 * 1024;
/** Into so many extents goes a grant at least. */
const EXTENTS_MIN = 16;
/** In front of a text that an aggregate holds: its room (wasm/runtime/text-state.ts). */
const TEXT_HEADER_BYTES = 8;
/** Cleared at a time: more would hold the thread. */
const ZERO_BYTES = 4 * 1024 * 1024;

/** Clears memory in steps. */
export function* zeroed({ memory }: BreakerHost, at: number, bytes: number): Work {
  for (let done = 0; done < bytes; done += ZERO_BYTES) {
    memory.zero(at + done, Math.min(ZERO_BYTES, bytes - done));
    yield;
  }
}
/** Where a key of one or two words lies in a tuple, as the kernels want it. */
export const keyPlace = (key: TupleField): [offset: number, isWide: number, nullOffset: number] => [
  key.offset,
  key.phys === 'i64' ? 1 : 0,
  key.nullOffset,
];

export class RowStore {
  readonly address: number;
  readonly extents: Extent[] = [];
  /** Bytes of extents and arena. */
  bytes = 0;
  peakBytes = 0;
  peakTableBytes = 0;
  private readonly arena: Region[] = [];
  /** Told of an extent that no tuple will be added to. */
  onFull: ((extent: Extent) => void) | undefined;
  /** Further memory that grows with the rows, a tuple of so many bytes each (entries of a sort). */
  private readonly sizes = new Map<number, number>();
  /** Places of the array of heads. */
  private heads = 0;

  constructor(
    readonly host: BreakerHost,
    readonly layout: TupleLayout,
    /** False: rows must stay in memory (a single group, sets that others point into). */
    readonly canSpill: boolean,
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
    if (last) this.onFull?.(last);
    const wanted = last ? Math.min(this.extentMax, this.sizes.get(last.start)! * 2) : FIRST_EXTENT;
    const room = this.takeSome(Math.max(bytes, spillRows === undefined ? wanted : spillRows * bytes), bytes);
    if (room === undefined) return false;
    this.extents.push({ start: room.start, end: room.start });
    this.set(STORE.CUR, room.start);
    this.set(STORE.END, room.end);
    this.watchMemory();
    return true;
  }
  /** Small grants have small extents. */
  private get extentMax(): number {
    const share = 2 ** Math.floor(Math.log2(Math.max(1, this.host.memory.grant / EXTENTS_MIN)));
    return Math.max(FIRST_EXTENT, Math.min(EXTENT_MAX, share));
  }
  /** A further region for the texts of rows; undefined when memory is out. */
  growArena(bytes: number): Region | undefined {
    const last = this.arena[this.arena.length - 1];
    const region = this.takeSome(regionBytes(bytes, last ? last.end - last.start : 0), regionBytes(bytes, 0));
    if (region === undefined) return undefined;
    this.arena.push(region);
    this.watchMemory();
    return region;
  }
  /** As much as there is in one piece, since free memory may lie in small ones; undefined when that is less than `least`. */
  private takeSome(most: number, least: number): Region | undefined {
    for (let size = most; ; size = Math.max(least, size >> 1)) {
      const start = this.take(size);
      if (start !== 0) return { start, end: start + size };
      if (size <= least) return undefined;
    }
  }
  /** Memory is short: what is here shall leave, if it is worth it and can. */
  askToSpill(): boolean {
    if (!this.canSpill || this.bytes < SPILL_BYTES_MIN) return false;
    this.askForHelp(HELP.SPILL);
    return true;
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
  /** The tuples of these extents lie in blocks now, in the extents' place; a block may be one of them. */
  replace(extents: readonly Extent[], blocks: readonly { readonly start: number; readonly rows: number }[]): void {
    const { size } = this.layout;
    const kept = new Set(blocks.map((b) => b.start));
    for (const { start } of extents) {
      if (kept.has(start)) continue;
      this.bytes -= this.sizes.get(start)!;
      this.sizes.delete(start);
      this.host.memory.free(start);
    }
    for (const { start, rows } of blocks) {
      if (this.sizes.has(start)) continue;
      this.sizes.set(start, rows * size);
      this.bytes += rows * size;
    }
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    const fresh = blocks.map(({ start, rows }): Extent => ({ start, end: start + rows * size }));
    this.extents.splice(this.extents.indexOf(extents[0]!), extents.length, ...fresh);
    const last = this.extents[this.extents.length - 1];
    for (const field of [STORE.CUR, STORE.END]) this.set(field, last?.end ?? 0);
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
  /** The arena keeps the texts of the one tuple only; false when there is no memory for them. */
  renewArena(layout: TupleLayout): boolean {
    const { memory } = this.host;
    const t = this.get(STORE.SINGLE);
    const old = this.arena.splice(0);
    const texts = layout.fields.filter(
      (f) =>
        t !== 0 && f.phys === 'str' && memory.bytes[t + f.nullOffset] === 0 && !isReference(memory.i64(t + f.offset)),
    );
    const room = (f: TupleField): number => Math.ceil(memory.u32(t + f.offset + 4) / 8) * 8;
    const bytes = texts.reduce((sum, f) => sum + TEXT_HEADER_BYTES + room(f), 0);
    let at = bytes === 0 ? 0 : this.take(bytes);
    if (bytes > 0 && at === 0) return false;
    if (bytes > 0) this.arena.push({ start: at, end: at + bytes });
    for (const f of texts) {
      const [from, size] = [memory.u32(t + f.offset), room(f)];
      memory.setU32(at, size);
      memory.bytes.copyWithin(at + TEXT_HEADER_BYTES, from, from + memory.u32(t + f.offset + 4));
      memory.setU32(t + f.offset, at + TEXT_HEADER_BYTES);
      at += TEXT_HEADER_BYTES + size;
    }
    for (const { start } of old) {
      this.bytes -= this.sizes.get(start)!;
      this.sizes.delete(start);
      memory.free(start);
    }
    return true;
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

  /** Links all tuples into as many buckets as there is memory for, up to `least`; how many that are. */
  *linkSome(least: number): Generator<undefined, number, undefined> {
    for (let buckets = least; buckets > 1; buckets = Math.floor(buckets / 2))
      if (yield* this.link(buckets)) return this.heads;
    if (!(yield* this.link(1))) this.host.outOfMemory();
    return this.heads;
  }
  /** Links all tuples into a bucket array of at least `least` buckets, in steps; false when there is no memory for it. */
  *link(least: number): Generator<undefined, boolean, undefined> {
    const { kernels } = this.host;
    let buckets = 1;
    while (buckets < least) buckets *= 2;
    const heads = yield* this.takeHeads(buckets);
    if (heads === 0) return false;
    this.set(STORE.MASK, buckets - 1);
    this.set(STORE.DENSE, 0);
    yield* this.eachExtent((start, end) => kernels.link_tuples(start, end, this.layout.size, heads, buckets - 1));
    return true;
  }
  /** Links all tuples by their key less the least one; there are `range` places. False: there is no memory for them. */
  *linkDense(key: TupleField, base: bigint, range: number): Generator<undefined, boolean, undefined> {
    const { kernels } = this.host;
    const heads = yield* this.takeHeads(range);
    if (heads === 0) return false;
    this.indexBy(base, range);
    yield* this.eachExtent((start, end) =>
      kernels.link_dense(start, end, this.layout.size, ...keyPlace(key), heads, base),
    );
    return true;
  }
  /** Keys less `base` are places, or bits, below `range`. */
  indexBy(base: bigint, range: number): void {
    this.set(STORE.DENSE, 1);
    this.set(STORE.RANGE, range);
    this.host.memory.setI64(this.address + STORE.BASE, base);
  }
  private *takeHeads(places: number): Generator<undefined, number, undefined> {
    this.close();
    this.freeHeads();
    const heads = this.host.memory.allocate(places * 4);
    if (heads === 0) return 0;
    this.heads = places;
    this.peakTableBytes = Math.max(this.peakTableBytes, places * 4);
    this.set(STORE.HEADS, heads);
    yield* zeroed(this.host, heads, places * 4);
    return heads;
  }
  *eachExtent(work: (start: number, end: number) => void): Work {
    for (const e of this.extents) {
      if (e.end > e.start) work(e.start, e.end);
      yield;
    }
  }
  private freeHeads(): void {
    if (this.heads > 0) this.host.memory.free(this.get(STORE.HEADS));
    this.heads = 0;
    this.set(STORE.HEADS, 0);
  }
  get tableBytes(): number {
    return this.heads * 4;
  }
  free(): void {
    this.clear();
    this.freeHeads();
  }
  /** Freed, and nobody asks for it again. */
  recycle(): void {
    const { memory } = this.host;
    memory.recycle(this.get(STORE.NULL_TUPLE), this.layout.size);
    memory.recycle(this.address, STORE.BYTES);
  }
}
