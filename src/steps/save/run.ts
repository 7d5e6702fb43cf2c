/**
 * The save step at run time: rows stay in a store, which several segments may fill one after the other.
 */
import { BaseSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import type { SaveSpec } from './step.ts';

class SaveSink extends BaseSink<SaveSpec> {
  override open(): void {
    this.run.openStore(this.spec.store, this.spec.shape.layout);
  }
  finish(): boolean {
    this.run.store(this.spec.store).close();
    return true;
  }
}

export const saveRuntime: SinkRuntime<SaveSpec> = {
  open: (host, segment, spec) => new SaveSink(host, segment, spec),
};
