/**
 * The hash step at run time: rows stay in a store, whose table is linked when all of them are there.
 */
import type { SinkRuntime } from '../host.ts';
import { BaseSink } from '../base-sink.ts';
import type { HashSpec } from './spec.ts';

class HashSink extends BaseSink<HashSpec> {
  override open(): void {
    this.run.openStore(this.spec.store, this.spec.shape.layout);
  }
  finish(): boolean {
    const store = this.run.store(this.spec.store);
    store.close();
    if (this.spec.singleRow && store.count > 1) this.run.fail(18);
    const ok = this.spec.keys.length === 0 ? store.buildChain() : store.build();
    if (!ok) this.run.outOfMemory();
    return true;
  }
}

export const hashRuntime: SinkRuntime<HashSpec> = {
  open: (host, segment, spec) => new HashSink(host, segment, spec),
};
