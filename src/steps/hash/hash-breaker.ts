/**
 * hash: the build side of a join as a hash table. Over its grant the rows go to disk in partitions by their hash; then the
 * outer rows are set aside the same way (a hash breaker too, whose table is never built), and the join runs partition by
 * partition (paired-reader.ts).
 */
import { assert } from '../../common/assert.ts';
import { STORE } from '../tuple-code.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { Breaker, type NextRows, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { readPage, type Partition, type PartitionWriter } from '../breakers/partitions.ts';

const FIRST_BUCKETS = 256;
/** What a row of a table costs beside its tuple. */
const BUCKET_BYTES = 8;

export class HashBreaker extends Breaker {
  private writing: PartitionWriter | undefined;
  /** Sealed and on disk: all rows, by the highest bits of their hash. */
  partitions: readonly Partition[] = [];
  private sealed = false;
  private drainExtent = 0;
  private drainNext = 0;

  constructor(
    host: BreakerHost,
    layout: TupleLayout,
    /** 'chain': no keys, one bucket with all rows (nested loop), which stay in memory. 'aside': outer rows, always on disk. */
    private readonly form: 'table' | 'chain' | 'aside',
  ) {
    super(host, layout, form !== 'chain', form === 'table' ? BUCKET_BYTES : 0);
  }
  protected *spill(): Work {
    this.writing ??= this.writer(0);
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
    yield* this.spill();
    const writing = this.writing!;
    this.partitions = yield* this.finish(writing);
    this.writing = undefined;
    // The code of the joining segment looks into a table, empty or not.
    yield* this.store.link(1);
  }
  private *build(): Work {
    yield* this.store.link(this.form === 'chain' ? 1 : Math.max(FIRST_BUCKETS, this.store.count));
  }
  /** Memory that its table takes once it is built. */
  static tableBytes(partition: Partition): number {
    return partition.bytes + partition.rows * BUCKET_BYTES;
  }
  /** A sealed table whose reader has not begun goes to disk after all. */
  *moveToDisk(): Work {
    assert(this.sealed && this.form === 'table' && !this.isDiskbased, 'only a built table moves to disk');
    yield* this.toDisk();
  }
  /** Takes one partition's rows into memory and builds their table. */
  *load(partition: Partition | undefined): Work {
    this.store.clear();
    this.drainExtent = 0;
    this.drainNext = 0;
    for (const page of partition?.pages ?? []) {
      this.store.adopt(readPage(this.host, this.layout, this.textFields, this.file!, page), page.bytes, page.rows);
      yield;
    }
    yield* this.build();
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
    this.writing?.release();
    super.free();
  }
}
