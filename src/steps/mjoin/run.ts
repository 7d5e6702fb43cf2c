/**
 * The inner side of a merge join at run time: pins the groups that the code asks for.
 */
import type { OrderedGroups, PinnedGroup } from '../../slices/storage.ts';
import { assert } from '../../common/assert.ts';
import type { SegmentHost, StepHost, Supply, Transform, TransformRuntime } from '../host.ts';
import { Preparing, zoneRange } from '../scan/run.ts';
import type { MscanSpec } from './spec.ts';
import { CURSOR, cursorAt, ENDED, IN_GROUP, MERGE, type MergeLayout } from './state.ts';

class InnerScan implements Transform {
  readonly scan: OrderedGroups;
  readonly isRangeRestricted: boolean;
  private readonly preparing: Preparing;
  private readonly layout: MergeLayout;
  private readonly pinned: [PinnedGroup | undefined, PinnedGroup | undefined] = [undefined, undefined];

  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    spec: MscanSpec,
  ) {
    const { storage } = run.surroundings;
    const { merge } = segment.fragment.layout;
    assert(storage !== undefined && merge !== undefined, 'a merge join runs on a slice');
    this.layout = merge;
    const ranges = spec.ranges.flatMap((r) => zoneRange(r, segment));
    this.isRangeRestricted = ranges.length > 0;
    const attnums = spec.columns.map((c) => c.attnum);
    const scan = storage.orderedScan(spec.table, attnums, ranges, run.start.snapshot, spec.ordered);
    this.scan = scan;
    this.preparing = new Preparing(() => scan.prepare());
  }
  get asks(): boolean {
    return this.run.memory.u32(this.segment.state + this.layout.at + MERGE.WANT) !== 0;
  }
  supply(): Supply {
    if (!this.preparing.step()) return 'busy';
    const { memory } = this.run;
    const at = this.segment.state + this.layout.at;
    const run = memory.u32(at + MERGE.WANT) === 2 ? 1 : 0;
    memory.setU32(at + MERGE.CURSORS, this.scan.runs[1] > 0 ? 2 : 1);
    const cursor = this.segment.state + cursorAt(this.layout, run);
    let index = memory.u32(cursor + CURSOR.GROUP);
    if (memory.u32(at + MERGE.SEEKS) === 1) index = this.scan.reaching(run, index, memory.i64(at + MERGE.KEY));
    this.pinned[run]?.release();
    this.pinned[run] = undefined;
    if (index >= this.scan.runs[run]) {
      for (const field of [CURSOR.COUNT, CURSOR.RUN, CURSOR.AT]) memory.setU32(cursor + field, 0);
      memory.setU32(cursor + CURSOR.STATUS, ENDED);
    } else this.give(run, index, cursor);
    memory.setU32(cursor + CURSOR.GROUP, index);
    memory.setU32(at + MERGE.WANT, 0);
    return 'ready';
  }
  private give(run: 0 | 1, index: number, cursor: number): void {
    const { memory } = this.run;
    const group = this.scan.pinAt(run, index);
    this.pinned[run] = group;
    memory.setU32(cursor + CURSOR.STATUS, IN_GROUP);
    // A group without rows to look at is passed at once.
    memory.setU32(cursor + CURSOR.GROUP_ROWS, group?.rowCount ?? 0);
    memory.setU32(cursor + CURSOR.IS_LAST, index + 1 === this.scan.runs[run] ? 1 : 0);
    if (group === undefined) return;
    memory.setU32(cursor + CURSOR.INVISIBLE, group.invisible);
    memory.setU32(cursor + CURSOR.HAS_NULLS, group.hasNulls.some((n) => n) ? 1 : 0);
    for (const [i, chunk] of group.chunks.entries()) memory.setU32(cursor + CURSOR.CHUNKS + i * 4, chunk);
  }
  close(): void {
    this.preparing.end();
    for (const group of this.pinned) group?.release();
    this.scan.close();
  }
}

export const mscanRuntime: TransformRuntime<MscanSpec> = {
  open: (host, segment, spec) => new InnerScan(host, segment, spec),
};
