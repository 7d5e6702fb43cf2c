/**
 * The values that a DISTINCT list of an aggr step has met, each with its group. A value that is new is counted at once, and
 * marked so. When rows leave memory (all sets together, since their texts share the groups' arena) nobody knows any more
 * what is new: from then on values are only collected (STORE.DEFERRED). When the input has ended each partition is read,
 * those counted before come first, and what is new there is counted then (aggr-breaker.ts).
 */
import { assert } from '../../common/assert.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { STORE } from '../tuple-code.ts';
import type { NextRows, Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { canCut, readPage, type Partition } from '../breakers/partitions.ts';
import { GrowingTable } from './growing-table.ts';

export class DistinctSet extends GrowingTable {
  private aside: readonly Partition[] = [];
  /** Of the partitions that are being written. */
  private level = 0;

  constructor(
    host: BreakerHost,
    layout: TupleLayout,
    private readonly spillAll: () => Work,
  ) {
    super(host, layout, true);
  }
  protected *spill(): Work {
    yield* this.spillAll();
  }
  get isDeferred(): boolean {
    return this.store.get(STORE.DEFERRED) !== 0;
  }
  /** The values in memory go to disk. */
  *setAside(): Work {
    this.store.set(STORE.DEFERRED, 1);
    if (this.store.count === 0) return;
    this.store.close();
    const writer = this.writer(this.level);
    try {
      yield* writer.packExtents(this.store.extents);
      this.store.clear();
      this.add(yield* this.finish(writer));
    } finally {
      writer.release();
    }
    yield* this.open();
  }
  private add(written: readonly Partition[]): void {
    if (this.aside.length === 0) this.aside = written;
    else
      for (const [i, p] of written.entries()) {
        const all = this.aside[i]!;
        all.pages.push(...p.pages);
        all.rows += p.rows;
        all.bytes += p.bytes;
      }
  }
  private takeAside(): readonly Partition[] {
    const taken = this.aside.filter((p) => p.rows > 0);
    this.aside = [];
    return taken;
  }
  /** At the last level values stay: their hashes are alike to the last bit. */
  get canSpillNow(): boolean {
    return this.current === undefined || canCut(this.current);
  }
  private current: Partition | undefined;

  /**
   * Counts what was collected: `apply` runs the code over tuples, and may set them aside once more; `makeRoom` is told
   * what a partition may take before it is counted.
   */
  *applyAll(apply: (address: number, rows: number) => Work, makeRoom: (bytes: number) => Work): Work {
    yield* this.setAside();
    let queue = this.takeAside();
    for (let partition = queue[0]; partition !== undefined; partition = queue[0]) {
      yield* makeRoom(partition.bytes);
      this.current = partition;
      this.level = partition.level + 1;
      this.store.set(STORE.DEFERRED, 0);
      for (const page of partition.pages) {
        const address = readPage(this.host, this.layout, this.textFields, this.file!, page);
        try {
          yield* apply(address, page.rows);
        } finally {
          this.host.memory.free(address);
        }
      }
      if (this.isDeferred) yield* this.setAside();
      else {
        this.store.clear();
        yield* this.open();
      }
      this.current = undefined;
      queue = [...this.takeAside(), ...queue.slice(1)];
    }
    this.free();
  }
  *seal(): Work {}
  next(): NextRows {
    assert(false, 'a set of distinct values is not read');
  }
}
