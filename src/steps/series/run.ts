/**
 * A series at run time: the bounds come from the host once, then the code makes the rows, an input of INPUT_ROWS at a time.
 */
import type { SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { setInput } from '../source-input.ts';
import { SERIES } from './emit.ts';
import type { SeriesSpec } from './step.ts';

const INPUT_ROWS = 65536n;

class SeriesSource implements Source {
  /** Undefined until the bounds are known. */
  private left: bigint | undefined;
  private value = 0n;
  private step = 1n;
  private ordinal = 1n;
  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    private readonly source: SeriesSpec,
  ) {}
  next(): Supply {
    if (this.left === undefined) {
      const bounds = this.run.nextRows(this.source.rows);
      if (bounds === undefined) return 'wait';
      this.left = bounds === null ? 0n : this.begin(bounds[0]);
    }
    if (this.left === 0n) return 'done';
    const rows = this.left < INPUT_ROWS ? this.left : INPUT_ROWS;
    const area = this.segment.state + this.segment.fragment.layout.chunkFields;
    const { memory } = this.run;
    memory.setI64(area + SERIES.VALUE, this.value);
    memory.setI64(area + SERIES.STEP, this.step);
    memory.setI64(area + SERIES.ORDINAL, this.ordinal);
    setInput(this.run, this.segment, 0, Number(rows), false);
    this.value += rows * this.step;
    this.ordinal += rows;
    this.left -= rows;
    return 'ready';
  }
  /** The number of rows between the bounds; none when one of them is NULL. */
  private begin(bounds: readonly unknown[] | undefined): bigint {
    if (bounds === undefined || bounds.includes(null)) return 0n;
    const [start, stop, step] = bounds as readonly [bigint, bigint, bigint];
    this.value = start;
    this.step = step;
    const isEmpty = step > 0n ? stop < start : stop > start;
    return isEmpty ? 0n : (stop - start) / step + 1n;
  }
  close(): void {}
}

export const seriesRuntime: SourceRuntime<SeriesSpec> = {
  open: (host, segment, spec) => new SeriesSource(host, segment, spec),
};
