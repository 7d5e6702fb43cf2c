/**
 * The aggr step at run time: groups stay in a hash table; without groups there is one tuple, also when no row comes.
 */
import { atOnce } from '../../slices/storage.ts';
import { BreakerSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import { AggrBreaker } from './aggr-breaker.ts';
import type { AggrSpec } from './spec.ts';

class AggrSink extends BreakerSink<AggrSpec, AggrBreaker> {
  override readonly keepsState = true;
  protected make(): AggrBreaker {
    const { run, spec, segment } = this;
    const grouped = spec.groups.length > 0;
    // Sets of distinct values point to their group, which has to stay where it is.
    const canSpill = grouped && segment.fragment.distinctStores.length === 0;
    const breaker = new AggrBreaker(run, spec.shape.layout, canSpill);
    breaker.merge = (address, rows) => segment.mergeGroups(address, rows);
    const elsewhere = spec.single && run.surroundings.participant !== 0;
    if (grouped) atOnce(breaker.open());
    else if (!elsewhere && !breaker.store.makeSingle()) run.outOfMemory();
    return breaker;
  }
  override open(): void {
    super.open();
    const sets = this.segment.fragment.distinctStores.map((d) =>
      this.run.openBreaker(d.store, () => {
        const set = new AggrBreaker(this.run, d.layout, false);
        atOnce(set.open());
        return set;
      }),
    );
    this.breakers = [...this.breakers, ...sets];
  }
}

export const aggrRuntime: SinkRuntime<AggrSpec> = {
  open: (host, segment, spec) => new AggrSink(host, segment, spec),
};
