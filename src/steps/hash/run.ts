/**
 * The hash step at run time: rows stay in a hash table, built when all of them are there.
 */
import { BreakerSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import { denseKey } from '../hjoin/dense-key.ts';
import { HashBreaker } from './hash-breaker.ts';
import type { HashSpec } from './spec.ts';

const MORE_THAN_ONE_ROW = 18;

class HashSink extends BreakerSink<HashSpec, HashBreaker> {
  protected make(): HashBreaker {
    const { aside, keys, shape, filter, membersOnly } = this.spec;
    const form = aside === true ? 'aside' : 'table';
    const key = denseKey(shape, keys);
    return new HashBreaker(this.run, shape.layout, form, keys.length > 0, { key, filter, membersOnly });
  }
  protected override sealed(): void {
    if (this.spec.singleRow && this.breaker.rowCount > 1) this.run.fail(MORE_THAN_ONE_ROW);
  }
}

export const hashRuntime: SinkRuntime<HashSpec> = {
  open: (host, segment, spec) => new HashSink(host, segment, spec),
};
