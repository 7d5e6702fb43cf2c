/**
 * The sort step at run time: rows stay in a store and are put in order when all of them are there.
 */
import { BaseSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import type { SortSpec } from './spec.ts';

class SortSink extends BaseSink<SortSpec> {
  override open(): void {
    this.run.openStore(this.spec.store, this.spec.shape.layout);
  }
  finish(): boolean {
    const store = this.run.store(this.spec.store);
    store.close();
    const limit = this.spec.limit ? this.segment.evaluateCount(this.spec.limit) : undefined;
    if (!store.sort(limit ?? Number.MAX_SAFE_INTEGER)) this.run.outOfMemory();
    return true;
  }
}

export const sortRuntime: SinkRuntime<SortSpec> = {
  open: (host, segment, spec) => new SortSink(host, segment, spec),
};
