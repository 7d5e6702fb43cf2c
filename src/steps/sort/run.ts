/**
 * The sort step at run time: rows become sorted runs, which are merged while they are read.
 */
import { BreakerSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import { SortBreaker } from './sort-breaker.ts';
import type { SortSpec } from './spec.ts';

class SortSink extends BreakerSink<SortSpec, SortBreaker> {
  protected make(): SortBreaker {
    const breaker = new SortBreaker(this.run, this.spec.shape.layout);
    breaker.setLimit(this.spec.limit && this.segment.evaluateCount(this.spec.limit));
    return breaker;
  }
}

export const sortRuntime: SinkRuntime<SortSpec> = {
  open: (host, segment, spec) => new SortSink(host, segment, spec),
};
