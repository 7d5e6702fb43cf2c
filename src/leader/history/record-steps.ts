/**
 * Turns what participants counted into step records: one per visible step, segment and participant, with Redshift's
 * step names and labels. Filters are part of the step before them and have no record of their own.
 */
import type { QueryId } from '../../common/ids.ts';
import type { StepView } from '../../steps/definition.ts';
import { sinkStep, sourceStep, transformStep } from '../../steps/registry.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import type { ParticipantResult } from '../scheduler/scheduler.ts';
import type { History, StepRecord } from './types.ts';

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

export function recordSteps(
  history: History,
  query: QueryId,
  segments: readonly SegmentSpec[],
  results: readonly ParticipantResult[],
  sliceCount: number,
): void {
  const visible = new Map(segments.map((s) => [s.segment, { stream: s.stream, steps: visibleSteps(s) }]));
  for (const r of results) {
    for (const [number, { stream, steps }] of visible) {
      for (const [position, v] of steps.entries()) {
        const c = r.steps.find((x) => x.segment === number && x.step === v.index);
        if (!c || c.startMicros === 0n) continue;
        const rows = v.passesRows ? rowsBefore(r, number, v.index) : c.rows;
        const record: StepRecord = {
          query,
          slice: r.participant === sliceCount ? LEADER_SLICE : r.participant,
          stream,
          segment: number,
          step: position,
          kind: v.kind,
          label: v.label,
          tableId: v.tableId,
          startMicros: c.startMicros,
          endMicros: c.endMicros,
          rows,
          bytes: c.bytes,
          workmem: c.memoryBytes,
          packets: c.packets,
          scan: c.scan && { ...c.scan, tableName: v.tableName },
        };
        history.add('steps', record);
      }
    }
  }
}
/** Rows the nearest counting step before `index` gave. */
function rowsBefore(r: ParticipantResult, segment: number, index: number): number {
  for (let i = index - 1; i >= 0; i--) {
    const c = r.steps.find((x) => x.segment === segment && x.step === i);
    if (c && (c.rows > 0 || i === 0)) return c.rows;
  }
  return 0;
}
