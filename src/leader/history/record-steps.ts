/**
 * Turns what participants counted into step records: one per visible step, segment and participant, with Redshift's
 * step names and labels. Filters are part of the step before them and have no record of their own.
 */
import type { QueryId } from '../../common/ids.ts';
import type { StepView } from '../../steps/definition.ts';
import { sinkStep, sourceStep, transformStep } from '../../steps/registry.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import type { StepCount } from '../../execution/messages.ts';
import type { EdgeCount } from '../../steps/host.ts';
import type { RunRecord, StepCounts, StepInfo, StepRecord } from './types.ts';

export interface VisibleStep extends StepView {
  /** Its number in the segment, counting what is not seen. */
  readonly index: number;
}

/** What one participant counted; the one behind the slices is the leader. */
export interface ParticipantCounts {
  readonly participant: number;
  readonly steps: readonly StepCount[];
}

/** Pseudo slice of the leader in STL rows. */
export const LEADER_SLICE = 10_000;

/** A segment's steps as the system views number them. */
export const visibleSteps = (s: SegmentSpec): readonly VisibleStep[] =>
  [
    sourceStep(s.source).view(s.source),
    ...s.transforms.map((t) => transformStep(t).view(t)),
    sinkStep(s.sink).view(s.sink),
  ].flatMap((view, index) => (view ? { index, ...view } : []));

/** The record of one run: one row of counts per visible step, segment and participant that began it. */
export function runRecord(
  query: QueryId,
  segments: readonly SegmentSpec[],
  results: readonly ParticipantCounts[],
  sliceCount: number,
  result?: { readonly edge: number; readonly received: readonly EdgeCount[] },
): RunRecord {
  const sliceOf = (participant: number): number => (participant === sliceCount ? LEADER_SLICE : participant);
  const byStep = results.map((r) => countsByStep(r.steps));
  const steps: StepInfo[] = [];
  const counts: (StepCounts & { step: number })[] = [];
  for (const spec of segments) {
    const { segment, stream } = spec;
    const locus = spec.locus === 'compute' ? 1 : 2;
    const specs = [spec.source, ...spec.transforms, spec.sink];
    const visible = visibleSteps(spec);
    for (const [position, { index, passesRows, kind, label, tableId, tableName }] of visible.entries()) {
      const made = specs[index]!;
      const planNode = made.planNode ?? 0;
      const edge = 'edge' in made ? made.edge : -1;
      const step =
        steps.push({ stream, segment, step: position, kind, label, tableId, tableName, locus, planNode, edge }) - 1;
      for (const [n, r] of results.entries()) {
        const own = byStep[n]!.get(segment) ?? [];
        const c = own[index];
        if (!c || c.startMicros === 0n) continue;
        counts.push({
          step,
          slice: sliceOf(r.participant),
          start: Number(c.startMicros),
          end: Number(c.endMicros),
          rows: passesRows ? rowsPassed(visible, position, own) : c.rows,
          bytes: c.bytes,
          workmem: c.memoryBytes,
          diskBytes: c.spilledBytes,
          packets: c.packets,
          ...(c.time ? { time: c.time } : {}),
          ...(c.edges ? { edges: c.edges.map((e) => ({ ...e, peer: sliceOf(e.peer) })) } : {}),
          ...(c.scan ? { scan: c.scan } : {}),
        });
      }
    }
  }
  return { query, steps, counts, result };
}
/** What was counted, by segment and number of the step. */
export function countsByStep(counts: readonly StepCount[]): ReadonlyMap<number, readonly (StepCount | undefined)[]> {
  const segments = new Map<number, (StepCount | undefined)[]>();
  for (const c of counts) {
    const steps = segments.get(c.segment) ?? [];
    // A segment in parts whose first transform is the join gives its source once more, from the rows set aside.
    steps[c.step] ??= c;
    segments.set(c.segment, steps);
  }
  return segments;
}
export function stepsOf(run: RunRecord): StepRecord[] {
  return run.counts.map(({ step, start, end, ...counts }) => ({
    query: run.query,
    ...run.steps[step]!,
    ...counts,
    startMicros: BigInt(start),
    endMicros: BigInt(end),
  }));
}
/**
 * Rows of a step that counts none of its own: what the sink behind it took, when nothing else is between; else what the
 * last counting step before it gave. `counts` are the segment's, by number of the step.
 */
export function rowsPassed(
  steps: readonly VisibleStep[],
  at: number,
  counts: readonly (StepCount | undefined)[],
): number {
  const rowsOf = (step: VisibleStep): number => counts[step.index]?.rows ?? 0;
  const behind = steps.findIndex((s, i) => i > at && s.passesRows !== true);
  if (behind === steps.length - 1) return rowsOf(steps[behind]!);
  const before = steps.slice(0, at).findLast((s) => s.passesRows !== true);
  return before === undefined ? 0 : rowsOf(before);
}
