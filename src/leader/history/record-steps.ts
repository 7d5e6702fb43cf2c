/**
 * Turns what participants counted into step records: one per visible step, segment and participant, with Redshift's
 * step names and labels. Filters are part of the step before them and have no record of their own.
 */
import type { QueryId } from '../../common/ids.ts';
import type { SegmentSpec, SinkSpec, SourceSpec, TransformSpec } from '../../steps/spec.ts';
import type { ParticipantResult } from '../scheduler/scheduler.ts';
import type { History, StepRecord } from './types.ts';

export interface VisibleStep {
  readonly index: number;
  readonly kind: string;
  readonly label: string;
  readonly tableId: number;
  readonly tableName: string;
}

function sourceStep(s: SourceSpec): VisibleStep {
  switch (s.kind) {
    case 'scan':
      return { index: 0, kind: 'scan', label: s.label, tableId: s.table.tableId, tableName: s.table.name };
    case 'parse':
      return { index: 0, kind: 'parse', label: 'parse', tableId: 0, tableName: '' };
    case 'receive':
      return {
        index: 0,
        kind: 'scan',
        label: `scan   tbl=${9000 + s.edge} name=Internal Worktable`,
        tableId: 0,
        tableName: 'Internal Worktable',
      };
    default:
      return { index: 0, kind: 'scan', label: s.label, tableId: 0, tableName: 'Internal Worktable' };
  }
}
function transformStep(t: TransformSpec, index: number): VisibleStep | undefined {
  switch (t.kind) {
    case 'filter':
    case 'evaluate':
      return undefined;
    case 'project':
      return { index, kind: 'project', label: 'project', tableId: 0, tableName: '' };
    case 'limit':
      return { index, kind: 'limit', label: 'limit', tableId: 0, tableName: '' };
    case 'delete':
      return { index, kind: 'delete', label: t.label, tableId: t.table.tableId, tableName: t.table.name };
    default:
      return { index, kind: t.kind, label: t.label, tableId: 0, tableName: '' };
  }
}
function sinkStep(s: SinkSpec, index: number): VisibleStep | undefined {
  switch (s.kind) {
    case 'dist': {
      const kind = s.mode === 'broadcast' || s.mode === 'owners' ? 'bcast' : s.mode === 'leader' ? 'return' : 'dist';
      return { index, kind, label: kind, tableId: 0, tableName: '' };
    }
    case 'return':
      return { index, kind: 'return', label: 'return', tableId: 0, tableName: '' };
    case 'unload':
      return { index, kind: 'unload', label: 'unload', tableId: 0, tableName: '' };
    case 'discard':
      return undefined;
    case 'insert':
      return { index, kind: 'insert', label: s.label, tableId: s.table.tableId, tableName: s.table.name };
    default:
      return { index, kind: s.kind, label: s.label, tableId: 0, tableName: '' };
  }
}

/** Pseudo slice of the leader in STL rows. */
export const LEADER_SLICE = 10_000;

/** A segment's steps as the system views number them. */
export const visibleSteps = (s: SegmentSpec): readonly VisibleStep[] =>
  [
    sourceStep(s.source),
    ...s.transforms.map((t, i) => transformStep(t, i + 1)),
    sinkStep(s.sink, s.transforms.length + 1),
  ].filter((v) => v !== undefined);

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
        // A projection passes on what it gets.
        const rows = v.kind === 'project' ? rowsBefore(r, number, v.index) : c.rows;
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
