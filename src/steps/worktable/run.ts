/**
 * The scan of an Internal Worktable at run time: what a breaker gives, or the rows that were set aside for a join whose
 * table is on disk.
 */
import { assert } from '../../common/assert.ts';
import type { Breaker, NextRows, RowsReader } from '../breakers/breaker.ts';
import { HashBreaker } from '../hash/hash-breaker.ts';
import { PairedReader } from '../hjoin/paired-reader.ts';
import type { SegmentHost, Source, SourceRuntime, StepHost, Supply } from '../host.ts';
import { setInput } from '../source-input.ts';
import type { WorktableSpec } from './step.ts';

function supply(run: StepHost, segment: SegmentHost, part: NextRows): Supply {
  if (part === undefined) return 'done';
  if (part === 'busy' || part.rows === 0) return 'busy';
  setInput(run, segment, part.address, part.rows, part.pointers);
  return 'ready';
}

class WorktableSource implements Source {
  private readonly reader: RowsReader;
  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    store: number,
  ) {
    this.reader = run.breaker(store).reader();
  }
  next(): Supply {
    return supply(this.run, this.segment, this.reader.next());
  }
  close(): void {
    this.reader.close();
  }
}

class PairedSource implements Source {
  private readonly reader: PairedReader;
  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    { store, paired }: WorktableSpec,
  ) {
    const [build, outer] = [run.breaker(paired!.store), run.breaker(store)];
    assert(build instanceof HashBreaker && outer instanceof HashBreaker, 'only hash tables are paired');
    this.reader = new PairedReader(run, build, outer, paired!.joinType);
  }
  next(): Supply {
    return supply(this.run, this.segment, this.reader.next());
  }
  advance(): boolean {
    return this.reader.advance();
  }
  isBetween(table: Breaker): boolean {
    return table !== this.reader.build && this.reader.hasMore;
  }
  close(): void {
    this.reader.close();
  }
}

export const worktableRuntime: SourceRuntime<WorktableSpec> = {
  open: (host, segment, spec) =>
    spec.paired === undefined
      ? new WorktableSource(host, segment, spec.store)
      : new PairedSource(host, segment, spec),
};
