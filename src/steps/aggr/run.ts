/**
 * The aggr step at run time: groups stay in a hash table; without groups there is one tuple, also when no row comes.
 */
import { atOnce } from '../../slices/storage.ts';
import { BreakerSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import { AggrBreaker } from './aggr-breaker.ts';
import { DistinctSet } from './distinct-set.ts';
import type { AggrSpec } from './spec.ts';

/** More than a target list has entries. */
const SETS_OF_STORE = 4096;

class AggrSink extends BreakerSink<AggrSpec, AggrBreaker> {
  override readonly keepsState = true;
  protected make(): AggrBreaker {
    const { run, spec, segment } = this;
    const grouped = spec.groups.length > 0;
    const canSpill = grouped || segment.fragment.distinctStores.length > 0;
    const breaker = new AggrBreaker(run, spec.shape.layout, grouped, canSpill, spec.feeds);
    breaker.merge = (address, rows) => segment.takeBack('merge', address, rows);
    breaker.apply = (set, address, rows) => segment.takeBack(`apply${set}`, address, rows);
    const elsewhere = spec.single && run.surroundings.participant !== 0;
    if (grouped) atOnce(breaker.open());
    else if (!elsewhere && !breaker.store.makeSingle()) run.outOfMemory();
    return breaker;
  }
  override open(): void {
    super.open();
    const { breaker, run, spec } = this;
    breaker.sets = this.segment.fragment.distinctStores.map((layout, i) =>
      run.openBreaker(-1 - spec.store * SETS_OF_STORE - i, () => {
        const set = new DistinctSet(run, layout, () => breaker.spill());
        atOnce(set.open());
        return set;
      }),
    );
    this.breakers = [breaker, ...breaker.sets];
  }
}

export const aggrRuntime: SinkRuntime<AggrSpec> = {
  open: (host, segment, spec) => new AggrSink(host, segment, spec),
};
