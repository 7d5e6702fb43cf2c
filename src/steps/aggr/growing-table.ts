/** What the table of groups and the sets of distinct values have in common: a hash table that grows while it is filled. */
import { SPILL_BYTES_MIN } from '../../common/limits.ts';
import { STORE } from '../tuple-code.ts';
import { Breaker, type Work } from '../breakers/breaker.ts';

const FIRST_BUCKETS = 256;
/** A table grows by so much at a time. */
const GROWTH = 4;
const PLACE_BYTES = 4;

export abstract class GrowingTable extends Breaker {
  /** The table as it begins, over the rows there are. */
  *open(): Work {
    yield* this.resize(FIRST_BUCKETS);
  }
  private *resize(buckets: number): Work {
    const made = yield* this.store.linkSome(buckets);
    this.store.set(STORE.LIMIT, Math.max(made, this.store.count * 2));
  }
  /** Rather than pass the grant by a larger table its rows leave memory. */
  protected override *onLimit(): Work {
    const { store } = this;
    const buckets = (store.get(STORE.MASK) + 1) * GROWTH;
    const more = buckets * PLACE_BYTES - store.tableBytes;
    if (store.canSpill && store.bytes >= SPILL_BYTES_MIN && this.host.memory.isOver(more)) yield* this.spill();
    if (store.count > store.get(STORE.LIMIT)) yield* this.resize(buckets);
  }
}
