/**
 * Rows the leader's host code makes (system views, VALUES): written as tuples, a batch at a time.
 */
import { hostCode } from '../../common/errors/fault.ts';
import type { SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { setInput } from '../source-input.ts';
import { writeTuple } from '../values.ts';
import type { RowsSpec } from './step.ts';

class RowsSource implements Source {
  private buffer = 0;
  private capacity = 0;
  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    private readonly source: RowsSpec,
  ) {}
  next(): Supply {
    const { memory } = this.run;
    const rows = this.run.nextRows(this.source.rows);
    if (rows === undefined) return 'wait';
    if (rows === null) return 'done';
    const { layout, fields } = this.source.shape;
    const bytes = Math.max(8, rows.length * layout.size);
    if (this.capacity < bytes) {
      if (this.buffer !== 0) memory.free(this.buffer);
      this.buffer = this.run.mustAllocate(bytes);
      this.capacity = bytes;
    }
    // NULLs leave their cell alone: it must not hold what the memory held before.
    memory.zero(this.buffer, bytes);
    const types = fields.map((f) => f.type);
    // A view's cell may not have its column's form: that is its bug, and nothing outside the buffer was written.
    hostCode(() => {
      for (const [i, row] of rows.entries()) writeTuple(memory, this.buffer + i * layout.size, layout, types, row);
    });
    setInput(this.run, this.segment, this.buffer, rows.length, false);
    return rows.length === 0 ? this.next() : 'ready';
  }
  close(): void {}
}

export const rowsRuntime: SourceRuntime<RowsSpec> = {
  open: (host, segment, spec) => new RowsSource(host, segment, spec),
};
