/**
 * What the runtimes of all sinks have in common: where they run, and counters of what left.
 */
import type { SegmentHost, Sink, StepHost } from './host.ts';

export abstract class BaseSink<S> implements Sink {
  bytesOut = 0;
  packetsOut = 0;
  readonly goesOn: boolean = false;
  constructor(
    protected readonly run: StepHost,
    protected readonly segment: SegmentHost,
    protected readonly spec: S,
  ) {}
  open(): void {}
  abstract finish(): boolean;
}
