/**
 * Where the time of a segment on a participant goes, microseconds: at work, waiting for input, for room in what takes its
 * output, or for its turn on the thread, which all segments of all queries share. What the operating system takes from
 * the thread while it works counts as work.
 */
import { systemClock } from '../common/clock.ts';

export type WaitsFor = 'input' | 'output' | 'turn';
export interface TimeCounts {
  readonly busy: number;
  readonly input: number;
  readonly output: number;
  readonly turn: number;
}

export class SegmentTime {
  private at = 0;
  private waitsFor: WaitsFor = 'turn';
  private busy = 0;
  private readonly waited = { input: 0, output: 0, turn: 0 };

  enter(): void {
    const now = systemClock.monotonicMs();
    if (this.at !== 0) this.waited[this.waitsFor] += now - this.at;
    this.at = now;
  }
  leave(waitsFor: WaitsFor): void {
    const now = systemClock.monotonicMs();
    this.busy += now - this.at;
    this.at = now;
    this.waitsFor = waitsFor;
  }
  get counts(): TimeCounts {
    const micros = (ms: number): number => Math.round(ms * 1000);
    const { input, output, turn } = this.waited;
    return { busy: micros(this.busy), input: micros(input), output: micros(output), turn: micros(turn) };
  }
}
