/**
 * hash: the build side of a join as a hash table. Over its grant the rows go to disk in partitions by their hash; then the
 * outer rows are set aside the same way (a hash breaker too, whose table is never built), and the join runs partition by
 * partition (paired-reader.ts).
 */
import { assert } from '../../common/assert.ts';
import { SPILL_PARTITION_BITS } from '../../common/limits.ts';
import { STORE } from '../tuple-code.ts';
import type { TupleField, TupleLayout } from '../../types/tuple-layout.ts';
import { Breaker, type NextRows, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { keyPlace, zeroed } from '../breakers/row-store.ts';
import { canCut, readPage, type Page, type Partition, type PartitionWriter } from '../breakers/partitions.ts';

const FIRST_BUCKETS = 256;
/** What a row of a table costs beside its tuple. */
const BUCKET_BYTES = 8;
/** A table by the key itself has at most so many places a row, and so many more. */
const DENSE_PLACES_PER_ROW = 8;
const DENSE_PLACES_FREE = 64 * 1024;
const PLACE_BITS = 32;
const MAX_WORD = 0x7fffffffffffffffn;
/** A bitmap in place of a table has at most so many bits a row. */
const MEMBER_BITS_PER_ROW = 64;
const MEMBER_BITS_FREE = 1024 * 1024;
/** Bits of a filter by hash: at least, at most, and for a row. */
const FILTER_BITS_MIN = 1024;
const FILTER_BITS_MAX = 2 ** 27;
const FILTER_BITS_PER_ROW = 16;

interface Dense {
  readonly base: bigint;
  readonly range: number;
}
interface TableUse {
  /** The only key, when the table may be one by the key itself. */
  readonly key?: TupleField | undefined;
  /** A scan asks which keys there are. */
  readonly filter?: boolean | undefined;
  /** And so does the join, nothing else. */
  readonly membersOnly?: boolean | undefined;
}

export class HashBreaker extends Breaker {
  private writing: PartitionWriter | undefined;
  /** Sealed and on disk: all rows, by the highest bits of their hash. */
  partitions: readonly Partition[] = [];
  private sealed = false;
  private filter = 0;
  private moving: Work | undefined;
  private isStepping = false;
  private drainExtent = 0;
  private drainNext = 0;

  constructor(
    host: BreakerHost,
    layout: TupleLayout,
    /** 'aside': outer rows, always on disk. */
    private readonly form: 'table' | 'aside',
    /** Without keys (nested loop) one bucket has all rows, and one partition. */
    private readonly hasKeys: boolean,
    private readonly use: TableUse = {},
  ) {
    super(host, layout, true, form === 'table' && hasKeys ? BUCKET_BYTES : 0);
  }
  protected *spill(): Work {
    this.writing ??= this.writer(0, this.hasKeys ? SPILL_PARTITION_BITS : 0);
    yield* this.spillTo(this.writing);
  }
  get rowCount(): number {
    return this.partitions.reduce((sum, p) => sum + p.rows, this.store.count);
  }
  *seal(): Work {
    this.store.close();
    if (this.form === 'aside' || this.writing !== undefined) yield* this.toDisk();
    else yield* this.build();
    this.sealed = true;
    this.store.set(STORE.TOTAL, this.rowCount > 0 ? 1 : 0);
  }
  private *toDisk(): Work {
    this.dropFilter();
    yield* this.spill();
    const writing = this.writing!;
    this.partitions = yield* this.finish(writing);
    this.writing = undefined;
    // The code of the joining segment looks into a table, empty or not.
    yield* this.store.linkSome(1);
  }
  private *build(): Work {
    const { store } = this;
    const { key, filter, membersOnly } = this.use;
    if (!this.hasKeys) {
      yield* store.linkSome(1);
      return;
    }
    this.dropFilter();
    if (membersOnly && key && (yield* this.keepMembers(key))) return;
    let dense = key && (yield* this.denseRange(key, DENSE_PLACES_PER_ROW, DENSE_PLACES_FREE, PLACE_BITS));
    if (dense && !(yield* store.linkDense(key!, dense.base, dense.range))) dense = undefined;
    const buckets = Math.max(FIRST_BUCKETS, store.count);
    if (!dense && this.sealed) yield* store.linkSome(buckets);
    else if (!dense && !(yield* store.link(buckets))) {
      yield* this.toDisk();
      return;
    }
    if (filter && !this.isDiskbased) yield* this.makeFilter(dense);
  }
  /** The keys' least value and how many places there are up to the greatest; undefined when they lie too far apart. */
  private *denseRange(
    key: TupleField,
    placesPerRow: number,
    placesFree: number,
    placeBits: number,
  ): Generator<undefined, Dense | undefined, undefined> {
    const { memory, kernels } = this.host;
    const { store } = this;
    if (store.count === 0) return undefined;
    store.close();
    const [low, high] = [memory.small(16), 8];
    memory.setI64(low, MAX_WORD);
    memory.setI64(low + high, -MAX_WORD - 1n);
    yield* store.eachExtent((start, end) => kernels.key_range(start, end, this.layout.size, ...keyPlace(key), low));
    const base = memory.i64(low);
    const range = memory.i64(low + high) - base + 1n;
    if (range <= 0n || range > BigInt(store.count * placesPerRow + placesFree)) return undefined;
    if (memory.isOver((Number(range) * placeBits) / 8)) return undefined;
    return { base, range: Number(range) };
  }
  /** The bitmap of the keys in place of a table; false when they lie too far apart, or there is no memory for it. */
  private *keepMembers(key: TupleField): Generator<undefined, boolean, undefined> {
    const dense = yield* this.denseRange(key, MEMBER_BITS_PER_ROW, MEMBER_BITS_FREE, 1);
    if (dense === undefined) return false;
    yield* this.makeFilter(dense);
    if (this.filter === 0) return false;
    this.store.indexBy(dense.base, dense.range);
    return true;
  }
  private *makeFilter(dense: Dense | undefined): Work {
    const { memory, kernels } = this.host;
    const { store, layout } = this;
    let bits = FILTER_BITS_MIN;
    if (dense) bits = dense.range;
    else while (bits < store.count * FILTER_BITS_PER_ROW && bits < FILTER_BITS_MAX) bits *= 2;
    const bytes = (bits + 7) >>> 3;
    if (memory.isOver(bytes)) return;
    const at = memory.allocate(bytes);
    if (at === 0) return;
    this.filter = at;
    yield* zeroed(this.host, at, bytes);
    yield* store.eachExtent((start, end) => {
      if (dense) kernels.filter_dense(start, end, layout.size, ...keyPlace(this.use.key!), at, dense.base);
      else kernels.filter_hashed(start, end, layout.size, at, bits - 1);
    });
    store.set(STORE.FILTER_MASK, bits - 1);
    store.set(STORE.FILTER, at);
  }
  private dropFilter(): void {
    if (this.filter !== 0) this.host.memory.free(this.filter);
    this.filter = 0;
    this.store.set(STORE.FILTER, 0);
  }
  /** Memory that its table takes once it is built. */
  static tableBytes(rows: Pick<Partition, 'bytes' | 'rows'>): number {
    return rows.bytes + rows.rows * BUCKET_BYTES;
  }
  /** Memory of the table. */
  get bytes(): number {
    return this.store.bytes + this.store.tableBytes;
  }
  get isMoving(): boolean {
    return this.moving !== undefined;
  }
  /** A sealed table in memory, or on its way out. */
  get canMove(): boolean {
    if (this.isStepping) return false;
    return this.isMoving || (this.sealed && this.form === 'table' && !this.isDiskbased && this.rowCount > 0);
  }
  /** One step of a sealed table whose reader has not begun on its way to disk; true when it is there. */
  moveStep(): boolean {
    assert(this.canMove, 'only a built table moves to disk');
    this.moving ??= this.toDisk();
    this.isStepping = true;
    try {
      if (this.moving.next().done !== true) return false;
    } finally {
      this.isStepping = false;
    }
    this.moving = undefined;
    return true;
  }
  canCut(partition: Partition): boolean {
    return this.hasKeys && canCut(partition);
  }
  /**
   * Takes a partition's pages from `first` on into memory, as long as the caller wants one more, and builds their table;
   * gives the index of the next page.
   */
  *load(
    partition: Partition,
    first = 0,
    takes: (page: Page, isFirst: boolean) => boolean = () => true,
  ): Generator<undefined, number, undefined> {
    this.store.clear();
    this.drainExtent = 0;
    this.drainNext = 0;
    const { pages } = partition;
    let next = first;
    for (; next < pages.length && takes(pages[next]!, next === first); next++) {
      const page = pages[next]!;
      this.store.adopt(readPage(this.host, this.layout, this.textFields, this.file!, page), page.bytes, page.rows);
      yield;
    }
    yield* this.build();
    this.store.set(STORE.LAST_BLOCK, next === pages.length ? 1 : 0);
    return next;
  }
  /** Cuts a partition by the next bits of its rows' hash. */
  *cut(partition: Partition): Generator<undefined, readonly Partition[], undefined> {
    const { size } = this.layout;
    const writer = this.writer(partition.level + 1);
    for (const page of partition.pages) {
      const start = readPage(this.host, this.layout, this.textFields, this.file!, page);
      yield* writer.packExtents([{ start, end: start + page.rows * size }]);
      this.host.memory.free(start);
    }
    return yield* this.finish(writer);
  }
  /** Rows of one page of a partition, in memory that the caller frees. */
  page(partition: Partition, index: number): { readonly address: number; readonly rows: number } | undefined {
    const page = partition.pages[index];
    if (page === undefined) return undefined;
    return { address: readPage(this.host, this.layout, this.textFields, this.file!, page), rows: page.rows };
  }
  next(): NextRows {
    assert(false, 'a hash table is probed, not read');
  }
  /** env.next_unmatched: addresses of build rows no outer row met. */
  nextUnmatched(out: number, limit: number): number {
    const { kernels, memory } = this.host;
    const cell = this.store.address + STORE.CUTOFF;
    this.store.close();
    while (this.drainExtent < this.store.extents.length) {
      const e = this.store.extents[this.drainExtent]!;
      const from = this.drainNext === 0 ? e.start : this.drainNext;
      const n = kernels.unmatched_tuples(from, e.end, this.layout.size, out, limit, cell);
      const next = memory.u32(cell);
      if (next >= e.end) {
        this.drainExtent++;
        this.drainNext = 0;
      } else this.drainNext = next;
      if (n > 0) return n;
    }
    return 0;
  }
  override free(): void {
    this.dropFilter();
    this.writing?.release();
    super.free();
  }
}
