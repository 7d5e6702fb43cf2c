/**
 * Keeps all readers of one source, on whatever threads, below a rate: who reads takes its share of the time first, waits until
 * that time has come, and corrects it by what the reading really took.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../common/clock.ts';
import type { SharedRate } from '../common/remote-source.ts';

const SECOND_MICROS = 1_000_000;
export const sharedRate = (unitsPerSecond: number): SharedRate => ({
  unitsPerSecond,
  free: new SharedArrayBuffer(8),
});

export class Rate {
  private readonly free: BigInt64Array;
  constructor(
    private readonly shared: SharedRate,
    private readonly clock: Pick<Clock, 'nowMicros'>,
  ) {
    this.free = new BigInt64Array(shared.free);
  }
  private micros(units: number): bigint {
    return BigInt(Math.round((units / this.shared.unitsPerSecond) * SECOND_MICROS));
  }
  /** Waits until so many units may be taken. Throws what the signal says. */
  async take(units: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.clock.nowMicros();
      const free = Atomics.load(this.free, 0);
      const start = free > now ? free : now;
      if (Atomics.compareExchange(this.free, 0, free, start + this.micros(units)) !== free) continue;
      const waitMs = Number(start - now) / 1000;
      if (waitMs >= 1) await sleep(waitMs, undefined, { signal });
      return;
    }
  }
  /** What was taken, once it is known. */
  took(units: number, asked: number): void {
    Atomics.add(this.free, 0, units >= asked ? this.micros(units - asked) : -this.micros(asked - units));
  }
}
