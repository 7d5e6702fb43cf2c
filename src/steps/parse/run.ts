/**
 * The parse step at run time: the participant's feed reads the next records, or says that they are on the way.
 */
import type { LoadFeed, SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { STATE } from '../segment-code.ts';
import { setInput } from '../source-input.ts';
import type { ParseSpec } from './spec.ts';

class ParseSource implements Source {
  private readonly feed: LoadFeed;
  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    load: number,
  ) {
    this.feed = run.openLoad(load, segment.fragment.spec.segment);
  }
  next(): Supply {
    const n = this.feed.fill();
    if (n === 'wait') return 'wait';
    if (n === 0) return 'done';
    setInput(this.run, this.segment, 0, n, false);
    this.run.memory.setU32(this.segment.state + STATE.INVISIBLE, 0);
    return 'ready';
  }
  refuse(row: number, column: number, cell: number): void {
    this.feed.refuse(row, column, cell);
  }
  close(): void {
    this.feed.close();
  }
}

export const parseRuntime: SourceRuntime<ParseSpec> = {
  open: (host, segment, spec) => new ParseSource(host, segment, spec.load),
};
