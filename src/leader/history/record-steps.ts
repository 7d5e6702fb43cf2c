/**
 * Turns what participants counted into step records: one per visible step, segment and participant, with Redshift's
 * step names and labels. Filters are part of the step before them and have no record of their own.
 */
import type { QueryId } from '../../common/ids.ts';
import type { StepView } from '../../steps/definition.ts';
import { sinkStep, sourceStep, transformStep } from '../../steps/registry.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import type { ParticipantResult } from '../scheduler/scheduler.ts';
import type { RunRecord, StepCounts, StepInfo, StepRecord } from './types.ts';

export interface VisibleStep extends StepView {
  /** Its number in the segment, counting what is not seen. */
  readonly index: number;
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
  results: readonly ParticipantResult[],
  sliceCount: number,
): RunRecord {
  const steps: StepInfo[] = [];
  const counts: (StepCounts & { step: number })[] = [];
  for (const spec of segments) {
    const { segment, stream } = spec;
    const locus = spec.locus === 'compute' ? 1 : 2;
    const specs = [spec.source, ...spec.transforms, spec.sink];
    for (const [position, { index, passesRows, kind, label, tableId, tableName }] of visibleSteps(spec).entries()) {
      const planNode = specs[index]!.planNode ?? 0;
      const step =
        steps.push({ stream, segment, step: position, kind, label, tableId, tableName, locus, planNode }) - 1;
      for (const r of results) {
        const c = r.steps.find((x) => x.segment === segment && x.step === index);
        if (!c || c.startMicros === 0n) continue;
        counts.push({
          step,
          slice: r.participant === sliceCount ? LEADER_SLICE : r.participant,
          start: Number(c.startMicros),
          end: Number(c.endMicros),
          rows: passesRows ? rowsBefore(r, segment, index) : c.rows,
          bytes: c.bytes,
          workmem: c.memoryBytes,
          diskBytes: c.spilledBytes,
          packets: c.packets,
          ...(c.scan ? { scan: c.scan } : {}),
        });
      }
    }
  }
  return { query, steps, counts };
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
/** Rows the nearest counting step before `index` gave. */
function rowsBefore(r: ParticipantResult, segment: number, index: number): number {
  for (let i = index - 1; i >= 0; i--) {
    const c = r.steps.find((x) => x.segment === segment && x.step === i);
    if (c && (c.rows > 0 || i === 0)) return c.rows;
  }
  return 0;
}
