/**
 * The aggr step at run time: groups stay in a store with a table; without groups there is one tuple, also when no row
 * comes.
 */
import { BaseSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import type { AggrSpec } from './spec.ts';

class AggrSink extends BaseSink<AggrSpec> {
  override open(): void {
    const { run, spec } = this;
    const store = run.openStore(spec.store, spec.shape.layout);
    const elsewhere = spec.single && run.surroundings.participant !== 0;
    const ok = spec.groups.length > 0 ? store.startTable() : elsewhere || store.makeSingle();
    if (!ok) run.outOfMemory();
    for (const d of this.segment.fragment.distinctStores) {
      if (!run.openStore(d.store, d.layout).startTable()) run.outOfMemory();
    }
  }
  finish(): boolean {
    this.run.store(this.spec.store).close();
    return true;
  }
}

export const aggrRuntime: SinkRuntime<AggrSpec> = {
  open: (host, segment, spec) => new AggrSink(host, segment, spec),
};
