/**
 * The scan step at run time: pinned row groups of the slice's part of the table, each with the variant of the code that
 * suits it.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { GroupScan, PinnedGroup, Steps, ZoneRange } from '../../slices/storage.ts';
import { physOf } from '../../types/sql-type.ts';
import { ownerOf, type SegmentHost, type Source, type SourceRuntime, type StepHost, type Supply } from '../host.ts';
import { fitsNarrow, wideArithmetic } from '../narrow.ts';
import type { RangeSpec } from '../range.ts';
import { STATE } from '../segment-code.ts';
import { setInput } from '../source-input.ts';
import type { SegmentSpec } from '../spec.ts';
import type { ScanSpec } from './spec.ts';

class ScanSource implements Source {
  private readonly scan: GroupScan | undefined;
  private group: PinnedGroup | undefined;
  private readonly preparing: Preparing | undefined;
  private readonly wide: readonly BoundExpr[];
  private readonly projections = new Map<number, BoundExpr>();

  constructor(
    private readonly run: StepHost,
    private readonly segment: SegmentHost,
    private readonly source: ScanSpec,
  ) {
    const { surroundings: s } = run;
    const spec: SegmentSpec = segment.fragment.spec;
    this.wide = segment.fragment.hasFast ? wideArithmetic(spec) : [];
    for (const t of spec.transforms)
      if (t.kind === 'project' || t.kind === 'evaluate')
        for (const c of t.columns) this.projections.set(c.id, c.expr);
    const storage = {
      own: s.storage,
      node: s.replica ?? s.storage,
      first: s.participant === 0 ? s.storage : undefined,
      owners: ownerOf(s.participant, s.slicesPerNode) === s.participant ? s.storage : undefined,
    }[source.read];
    const ranges = source.ranges.flatMap((r) => zoneRange(r, segment));
    segment.isRangeRestricted = ranges.length > 0;
    const attnums = source.columns.map((c) => c.attnum);
    const { snapshot } = run.start;
    if (source.ordered === undefined) this.scan = storage?.scan(source.table, attnums, ranges, snapshot);
    else if (storage !== undefined) {
      const scan = storage.orderedScan(source.table, attnums, ranges, snapshot, source.ordered);
      this.preparing = new Preparing(() => scan.prepare());
      this.scan = scan;
    }
    segment.scan = this.scan;
  }
  readonly mayRetry = true;
  next(): Supply {
    if (this.preparing?.step() === false) return 'busy';
    this.group?.release();
    this.group = this.scan?.next();
    if (!this.group) return 'done';
    const { memory } = this.run;
    const { state, fragment } = this.segment;
    setInput(this.run, this.segment, 0, this.group.rowCount, false);
    memory.setU32(state + STATE.INVISIBLE, this.group.invisible);
    memory.setI64(state + STATE.GROUP_ID, BigInt(this.group.groupId) << 20n);
    memory.setU32(state + STATE.VARIANT, fragment.hasFast && this.isFast(this.group) ? 1 : 0);
    for (const [i, chunk] of this.group.chunks.entries())
      memory.setU32(state + fragment.layout.chunkFields + i * 4, chunk);
    return 'ready';
  }
  private isFast(group: PinnedGroup): boolean {
    const { codeVariant } = this.run.surroundings;
    if (codeVariant === 'general' || (codeVariant === 'alternate' && group.groupId % 2 === 0)) return false;
    if (group.hasNulls.some((n) => n)) return false;
    if (this.wide.length === 0 || codeVariant === 'no-nulls') return true;
    const index = new Map(this.source.columns.map((c, i) => [c.id, i]));
    return fitsNarrow(
      this.wide,
      this.projections,
      (id) => {
        const i = index.get(id);
        if (i === undefined) return undefined;
        const min = group.min[i];
        const max = group.max[i];
        if (min === undefined || max === undefined || physOf(this.source.columns[i]!.type) === 'i128')
          return undefined;
        return { low: Number(min), high: Number(max) };
      },
      (slot) => {
        const v = this.segment.parameterValue(slot);
        return typeof v === 'bigint' || typeof v === 'number' ? Number(v) : undefined;
      },
    );
  }
  close(): void {
    this.preparing?.end();
    const consumed = this.group && this.run.memory.u32(this.segment.state + STATE.INPUT_POSITION);
    this.group?.release();
    this.group = undefined;
    this.scan?.close(consumed);
  }
}

/** What an ordered scan does before its first group, a step at a time; from the start again when a step failed. */
export class Preparing {
  private steps: Steps<void> | undefined;
  private isDone = false;
  constructor(private readonly begin: () => Steps<void>) {}
  /** True when it is done. */
  step(): boolean {
    if (this.isDone) return true;
    this.steps ??= this.begin();
    try {
      this.isDone = this.steps.next().done === true;
    } catch (error) {
      this.steps = undefined;
      throw error;
    }
    return this.isDone;
  }
  end(): void {
    this.steps?.return(undefined as never);
  }
}

export function zoneRange(r: RangeSpec, segment: SegmentHost): ZoneRange[] {
  const value =
    r.value.kind === 'const'
      ? r.value.value
      : r.value.kind === 'param'
        ? segment.parameterValue(r.value.index)
        : undefined;
  if (value === null || value === undefined || typeof value === 'object') return [];
  const v = value as bigint | number | string;
  switch (r.op) {
    case '=':
      return [{ attnum: r.attnum, low: v, lowInclusive: true, high: v, highInclusive: true }];
    case '<':
    case '<=':
      return [{ attnum: r.attnum, high: v, highInclusive: r.op === '<=' }];
    case '>':
    case '>=':
      return [{ attnum: r.attnum, low: v, lowInclusive: r.op === '>=' }];
  }
}

export const scanRuntime: SourceRuntime<ScanSpec> = {
  open: (host, segment, spec) => new ScanSource(host, segment, spec),
  readsCopies: (spec) => spec.read === 'owners',
};
