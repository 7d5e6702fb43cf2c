/**
 * The scan of an Internal Worktable at run time: the addresses of a sorted store, else its extents one by one.
 */
import type { SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { setInput } from '../source-input.ts';
import type { WorktableSpec } from './step.ts';

class WorktableSource implements Source {
  private extent = 0;
  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    private readonly storeId: number,
  ) {}
  next(): Supply {
    const store = this.run.store(this.storeId);
    if (store.sorted) {
      if (this.extent++ > 0 || store.sorted.count === 0) return 'done';
      setInput(this.run, this.segment, store.sorted.address, store.sorted.count, true);
      return 'ready';
    }
    store.close();
    while (this.extent < store.extents.length) {
      const e = store.extents[this.extent++]!;
      const rows = (e.end - e.start) / store.layout.size;
      if (rows === 0) continue;
      setInput(this.run, this.segment, e.start, rows, false);
      return 'ready';
    }
    return 'done';
  }
  close(): void {}
}

export const worktableRuntime: SourceRuntime<WorktableSpec> = {
  open: (host, segment, spec) => new WorktableSource(host, segment, spec.store),
};
