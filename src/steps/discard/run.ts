/**
 * The discard step at run time: nothing to hand on.
 */
import { BaseSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import type { DiscardSpec } from './step.ts';

class DiscardSink extends BaseSink<DiscardSpec> {
  finish(): boolean {
    return true;
  }
}

export const discardRuntime: SinkRuntime<DiscardSpec> = {
  open: (host, segment, spec) => new DiscardSink(host, segment, spec),
};
