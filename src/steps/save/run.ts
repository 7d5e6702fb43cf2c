/**
 * The save step at run time: rows stay as they are; several segments may fill one store.
 */
import { BreakerSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import { SaveBreaker } from './save-breaker.ts';
import type { SaveSpec } from './step.ts';

class SaveSink extends BreakerSink<SaveSpec, SaveBreaker> {
  protected make(): SaveBreaker {
    return new SaveBreaker(this.run, this.spec.shape.layout);
  }
}

export const saveRuntime: SinkRuntime<SaveSpec> = {
  open: (host, segment, spec) => new SaveSink(host, segment, spec),
};
