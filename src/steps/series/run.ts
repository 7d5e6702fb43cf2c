/**
 * A series at run time: the code makes the rows between the bounds, an input of INPUT_ROWS at a time. The leader makes its
 * own series, the first slice all others: their rows come in order.
 */
import type { SegmentHost, SeriesBounds, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { setInput } from '../source-input.ts';
import { SERIES } from './emit.ts';
import type { SeriesSpec } from './step.ts';

const INPUT_ROWS = 65536n;

class SeriesSource implements Source {
  private left: bigint;
  private value: bigint;
  private ordinal = 1n;
  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    private readonly bounds: SeriesBounds,
  ) {
    this.left = rowsBetween(bounds);
    this.value = bounds.start;
  }
  next(): Supply {
    if (this.left === 0n) return 'done';
    const rows = this.left < INPUT_ROWS ? this.left : INPUT_ROWS;
    const { memory } = this.run;
    const { step } = this.bounds;
    const area = this.segment.state + this.segment.fragment.layout.chunkFields;
    memory.setI64(area + SERIES.VALUE, this.value);
    memory.setI64(area + SERIES.STEP, step);
    memory.setI64(area + SERIES.ORDINAL, this.ordinal);
    setInput(this.run, this.segment, 0, Number(rows), false);
    this.value += rows * step;
    this.ordinal += rows;
    this.left -= rows;
    return 'ready';
  }
  close(): void {}
}

function rowsBetween({ start, stop, step }: SeriesBounds): bigint {
  const isEmpty = step > 0n ? stop < start : stop > start;
  return isEmpty ? 0n : (stop - start) / step + 1n;
}

export const seriesRuntime: SourceRuntime<SeriesSpec> = {
  open: (host, segment, spec) => {
    const isMine = segment.fragment.spec.locus === 'leader' || host.surroundings.participant === 0;
    const bounds = host.start.series.find((s) => s.rows === spec.rows);
    const none = { rows: spec.rows, start: 1n, stop: 0n, step: 1n };
    return new SeriesSource(host, segment, (isMine ? bounds : undefined) ?? none);
  },
};
