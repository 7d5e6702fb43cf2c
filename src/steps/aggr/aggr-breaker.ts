/**
 * aggr: groups in a hash table. Over its grant the table's groups are set aside on disk, by their hash, and the table
 * begins anew; a group may then be in several pieces. When the input has ended every partition is merged into a table of
 * its own by the segment's code, and cut again when even its groups do not fit.
 */
import { assert } from '../../common/assert.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { STORE } from '../tuple-code.ts';
import { Breaker, nextExtent, type NextRows, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { canCut, readPage, type Partition, type PartitionWriter } from '../breakers/partitions.ts';

const FIRST_BUCKETS = 256;
/** A table grows by so much at a time. */
const GROWTH = 4;

/** Runs the segment's merging code over tuples of the store's layout. */
export type MergeCode = (address: number, rows: number) => Work;

export class AggrBreaker extends Breaker {
  private aside: PartitionWriter | undefined;
  private queue: readonly Partition[] = [];
  private merging: Work | undefined;
  private level = 0;
  private extent = 0;
  private isRead = false;
  merge: MergeCode = () => {
    throw assert(false, 'no code to merge groups');
  };

  constructor(host: BreakerHost, layout: TupleLayout, canSpill: boolean) {
    super(host, layout, canSpill);
  }
  /** The table of groups; without groups there is one tuple and no table. */
  *open(): Work {
    yield* this.resize(FIRST_BUCKETS);
  }
  private *resize(buckets: number): Work {
    const made = yield* this.store.linkSome(buckets);
    this.store.set(STORE.LIMIT, Math.max(made, this.store.count * 2));
  }
  protected override *onLimit(): Work {
    yield* this.resize((this.store.get(STORE.MASK) + 1) * GROWTH);
  }
  protected *spill(): Work {
    if (!this.canSpillNow) return;
    this.aside ??= this.writer(this.level);
    yield* this.spillTo(this.aside);
    yield* this.resize(FIRST_BUCKETS);
  }
  /** At the last level groups stay: their hashes are alike to the last bit. */
  private get canSpillNow(): boolean {
    return this.isRead ? canCut(this.current!) : true;
  }
  private current: Partition | undefined;

  *seal(): Work {
    this.store.close();
    if (this.aside !== undefined) this.queue = yield* this.takeAside();
    this.isRead = true;
  }
  /** Everything that is still in memory joins what was set aside. */
  private *takeAside(): Generator<undefined, readonly Partition[], undefined> {
    const aside = this.aside!;
    yield* this.spillTo(aside);
    this.aside = undefined;
    return (yield* this.finish(aside)).filter((p) => p.rows > 0);
  }
  next(): NextRows {
    if (this.merging !== undefined) {
      if (this.merging.next().done === true) this.merging = undefined;
      return 'busy';
    }
    const part = nextExtent(this.store, this.extent++);
    if (part !== undefined) return part;
    const partition = this.queue[0];
    if (partition === undefined) return undefined;
    this.queue = this.queue.slice(1);
    this.merging = this.mergePartition(partition);
    return 'busy';
  }
  private *mergePartition(partition: Partition): Work {
    this.emptied();
    this.current = partition;
    this.level = partition.level + 1;
    this.extent = 0;
    yield* this.resize(FIRST_BUCKETS);
    for (const page of partition.pages) {
      const address = readPage(this.host, this.layout, this.textFields, this.file!, page);
      try {
        yield* this.merge(address, page.rows);
      } finally {
        this.host.memory.free(address);
      }
    }
    this.store.close();
    if (this.aside === undefined) return;
    this.queue = [...(yield* this.takeAside()), ...this.queue];
  }
  override free(): void {
    this.aside?.release();
    super.free();
  }
}
