/**
 * What the runtimes of all sinks have in common: where they run, and counters of what left; and what those share that
 * keep their rows in a breaker.
 */
import { CTX } from '../wasm/memory-map.ts';
import type { Breaker, Work } from './breakers/breaker.ts';
import type { SegmentHost, Sink, StepHost } from './host.ts';

export abstract class BaseSink<S> implements Sink {
  bytesOut = 0;
  packetsOut = 0;
  readonly goesOn: boolean = false;
  readonly breakers: readonly Breaker[] = [];
  readonly keepsState: boolean = false;
  constructor(
    protected readonly run: StepHost,
    protected readonly segment: SegmentHost,
    protected readonly spec: S,
  ) {}
  open(): void {}
  abstract finish(): boolean;
}

/** Rows stay in a breaker, which is sealed in steps when the input has ended. */
export abstract class BreakerSink<S extends { readonly store: number }, B extends Breaker> extends BaseSink<S> {
  override readonly goesOn = true;
  override breakers: readonly Breaker[] = [];
  private sealing: Work | undefined;
  /** Bytes that segments before this one left in the same store. */
  private before = 0;
  protected abstract make(): B;
  protected get breaker(): B {
    return this.breakers[0] as B;
  }
  override open(): void {
    const breaker = this.run.openBreaker(this.spec.store, () => this.make());
    breaker.arenaUsers.add(this.segment.forgetArena);
    this.breakers = [breaker];
    this.before = breaker.store.usedBytes(0) + breaker.statistics.spilledBytes;
  }
  finish(): boolean {
    if (this.sealing === undefined) {
      const kept = this.breaker.store.usedBytes(this.run.memory.u32(this.segment.state + CTX.ARENA_CUR));
      this.bytesOut = kept + this.breaker.statistics.spilledBytes - this.before + this.segment.longBytes;
      this.sealing = this.breaker.seal();
    }
    if (this.sealing.next().done !== true) return false;
    this.sealed();
    return true;
  }
  protected sealed(): void {}
}
