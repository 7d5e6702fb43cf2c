/**
 * aggr: groups in a hash table. Over its grant the table's groups are set aside on disk, by their hash, and the table
 * begins anew; a group may then be in several pieces. When the input has ended every partition is merged into a table of
 * its own by the segment's code, and cut again when even its groups do not fit. Sets of distinct values (distinct-set.ts)
 * leave memory together with the groups. Without groups the one tuple stays, with its texts.
 */
import { assert } from '../../common/assert.ts';
import { SPILL_BYTES_MIN } from '../../common/limits.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { HELP, STORE } from '../tuple-code.ts';
import { nextExtent, type NextRows, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { canCut, readPage, type Partition, type PartitionWriter } from '../breakers/partitions.ts';
import { GrowingTable } from './growing-table.ts';
import type { DistinctSet } from './distinct-set.ts';

/** Runs the segment's merging code over tuples of the store's layout. */
export type MergeCode = (address: number, rows: number) => Work;

export class AggrBreaker extends GrowingTable {
  private aside: PartitionWriter | undefined;
  private queue: readonly Partition[] = [];
  private merging: Work | undefined;
  private level = 0;
  private extent = 0;
  private isRead = false;
  merge: MergeCode = () => {
    throw assert(false, 'no code to merge groups');
  };

  sets: readonly DistinctSet[] = [];
  /** Runs the code that counts a set's values over tuples of its layout. */
  apply: (set: number, address: number, rows: number) => Work = () => {
    throw assert(false, 'no code to count distinct values');
  };

  constructor(
    host: BreakerHost,
    layout: TupleLayout,
    /** False: one tuple and no table. */
    private readonly hasGroups: boolean,
    canSpill: boolean,
    /** Segments whose input has not ended. */
    private feeding: number,
  ) {
    super(host, layout, canSpill);
  }
  /** Groups and sets. */
  *spill(): Work {
    if (!this.canSpillNow || !this.sets.every((set) => set.canSpillNow)) return;
    for (const set of this.sets) yield* set.setAside();
    if (this.hasGroups) {
      this.aside ??= this.writer(this.level);
      yield* this.spillTo(this.aside);
      yield* this.open();
    } else this.renewTexts();
    for (const { store } of [this, ...this.sets]) store.set(STORE.HELP, store.get(STORE.HELP) & ~HELP.SPILL);
  }
  /** Texts of values that are counted lie in the arena: they go, with the groups, rather than that so many bytes more spill. */
  private *makeRoom(bytes: number): Work {
    if (this.store.bytes >= SPILL_BYTES_MIN && (!this.hasGroups || this.host.memory.isOver(bytes)))
      yield* this.spill();
  }
  private renewTexts(): void {
    if (!this.store.renewArena(this.layout)) this.host.outOfMemory();
    this.forgetArena();
  }
  /** At the last level groups stay: their hashes are alike to the last bit. */
  private get canSpillNow(): boolean {
    return this.isRead ? canCut(this.current!) : true;
  }
  private current: Partition | undefined;

  *seal(): Work {
    if (--this.feeding > 0) return;
    if (this.sets.some((set) => set.isDeferred))
      for (const [i, set] of this.sets.entries())
        yield* set.applyAll(
          (address, rows) => this.apply(i, address, rows),
          (bytes) => this.makeRoom(bytes),
        );
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
    yield* this.open();
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
    for (const set of this.sets) set.free();
    this.aside?.release();
    super.free();
  }
}
