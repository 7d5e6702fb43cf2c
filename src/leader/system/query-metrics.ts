/**
 * What STL_QUERY_METRICS, STV_QUERY_METRICS and SVL_QUERY_METRICS make of the counters of a run: totals per step, per segment
 * (step -1) and per query (segment -1).
 */
import { BLOCK_BYTES_MAX } from '../../common/limits.ts';
import type { Sequence } from '../../common/sequence.ts';
import type { StepRecord } from '../history/types.ts';
import { rankOf } from '../scheduler/priorities.ts';
import { scaled, type SystemContext, type SystemRow } from './define.ts';
import { stepTypeCode } from './step-codes.ts';
import { blocksRead, blocksToDisk, max, queryUsers, sum } from './step-rows.ts';
import { passedQueue, serviceClassName, wlmRecords, type PassedQueue } from './wlm-rows.ts';

export interface Level {
  readonly segment: number;
  readonly step: number;
  readonly steps: readonly StepRecord[];
}

/** The records of a run grouped by query, by segment and by step. */
export function levels(steps: readonly StepRecord[]): readonly Level[] {
  const groups = new Map<string, { segment: number; step: number; steps: StepRecord[] }>();
  for (const s of steps) {
    for (const [segment, step] of [
      [-1, -1],
      [s.segment, -1],
      [s.segment, s.step],
    ] as const) {
      const key = `${s.query}.${segment}.${step}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { segment, step, steps: [s] });
      else group.steps.push(s);
    }
  }
  return [...groups.values()];
}

export interface FinishedQuery {
  readonly query: number;
  readonly userid: number | null;
  readonly queue: PassedQueue | undefined;
  readonly levels: readonly Level[];
}
/** Queries that have ended and had steps, made while they are read. */
export async function finishedQueries(ctx: SystemContext): Promise<Sequence<FinishedQuery>> {
  const users = await queryUsers(ctx);
  const waits = await wlmRecords(ctx);
  return ctx.services.history.runSteps().flatMap((steps) => {
    const query = steps[0]?.query;
    if (query === undefined) return [];
    const queue = passedQueue(waits.get(query));
    return [{ query, userid: users.get(query) ?? null, queue, levels: levels(steps) }];
  });
}

/** Totals of a counter on each slice. */
export function perSlice(steps: readonly StepRecord[], counter: (s: StepRecord) => number): readonly number[] {
  const totals = new Map<number, number>();
  for (const s of steps) totals.set(s.slice, (totals.get(s.slice) ?? 0) + counter(s));
  return [...totals.values()];
}

/**
 * Every row counts once: a step's are its own; of a segment those that its first step gave, and of a query those that the
 * first steps over tables gave (what moved between segments would count again).
 */
const rowsAt =
  (level: Level) =>
  (s: StepRecord): number => {
    if (level.step >= 0) return s.rows;
    if (s.step !== 0) return 0;
    return level.segment >= 0 || s.scan !== undefined ? s.rows : 0;
  };
export const busyOf = (s: StepRecord): number => s.time?.busy ?? 0;

/** Of each slice: from the start of its first step to the end of its last one. */
export function spans(steps: readonly StepRecord[]): readonly number[] {
  const slices = new Map<number, { start: bigint; end: bigint }>();
  for (const s of steps) {
    const at = slices.get(s.slice);
    if (at === undefined) slices.set(s.slice, { start: s.startMicros, end: s.endMicros });
    else {
      if (s.startMicros < at.start) at.start = s.startMicros;
      if (s.endMicros > at.end) at.end = s.endMicros;
    }
  }
  return [...slices.values()].map((t) => Number(t.end - t.start));
}

const scanBytes = (s: StepRecord): number => (s.scan === undefined ? 0 : s.bytes);
const megabytes = (bytes: number): number => Math.round(bytes / BLOCK_BYTES_MAX);

/** A row of STL_QUERY_METRICS and STV_QUERY_METRICS, but for the user. */
export function metricsRow(level: Level, queue: PassedQueue | undefined): SystemRow {
  const { steps, segment, step } = level;
  const first = steps[0] as StepRecord;
  const rows = rowsAt(level);
  const run = spans(steps);
  return {
    service_class: queue?.serviceClass ?? null,
    query_queue_time: Math.floor((queue?.queueMicros ?? 0) / 1_000_000),
    query_priority: queue === undefined ? -1 : rankOf(queue.priority),
    query: first.query,
    segment,
    step,
    step_type: step < 0 ? -1 : stepTypeCode(first.kind),
    starttime: steps.reduce((a, s) => (s.startMicros < a ? s.startMicros : a), first.startMicros),
    slices: new Set(steps.map((s) => s.slice)).size,
    max_rows: max(perSlice(steps, rows)),
    rows: sum(steps.map(rows)),
    max_cpu_time: step < 0 ? max(perSlice(steps, busyOf)) : null,
    cpu_time: step < 0 ? sum(steps.map(busyOf)) : null,
    max_blocks_read: max(perSlice(steps, blocksRead)),
    blocks_read: sum(steps.map(blocksRead)),
    max_run_time: max(run),
    run_time: sum(run),
    max_blocks_to_disk: max(perSlice(steps, blocksToDisk)),
    blocks_to_disk: sum(steps.map(blocksToDisk)),
    max_query_scan_size: megabytes(max(perSlice(steps, scanBytes))),
    query_scan_size: megabytes(sum(steps.map(scanBytes))),
  };
}

const seconds = (micros: number): number => Math.floor(micros / 1_000_000);
/** The busiest slice's share against the average one's; null where nothing was measured. */
function ratio(values: readonly number[]): bigint | null {
  const total = sum(values);
  return total === 0 ? null : scaled((max(values) * values.length) / total, 2);
}
const JOINS: ReadonlySet<string> = new Set(['hjoin', 'mjoin', 'nloop']);
const rowsOfKind = (steps: readonly StepRecord[], isMeant: (kind: string) => boolean): number | null =>
  isMeant(steps[0]!.kind) ? sum(steps.map((s) => s.rows)) : null;

/** What SVL_QUERY_METRICS tells of one level. */
export function measures(level: Level): SystemRow {
  const { steps, segment, step } = level;
  const first = steps[0]!;
  if (step >= 0) {
    return {
      dimension: 'step',
      segment,
      step,
      step_label: first.kind,
      scan_row_count: rowsOfKind(steps, (kind) => kind === 'scan'),
      join_row_count: rowsOfKind(steps, (kind) => JOINS.has(kind)),
      nested_loop_join_row_count: rowsOfKind(steps, (kind) => kind === 'nloop'),
    };
  }
  const elapsed = max(spans(steps));
  if (segment >= 0) {
    return {
      dimension: 'segment',
      segment,
      segment_execution_time: seconds(elapsed),
      cpu_skew: ratio(perSlice(steps, busyOf)),
      io_skew: ratio(perSlice(steps, blocksRead)),
    };
  }
  const cpu = sum(steps.map(busyOf));
  return {
    dimension: 'query',
    query_cpu_time: seconds(cpu),
    query_blocks_read: sum(steps.map(blocksRead)),
    query_execution_time: seconds(elapsed),
    query_cpu_usage_percent: elapsed === 0 ? 0 : (cpu / elapsed) * 100,
    query_temp_blocks_to_disk: sum(steps.map(blocksToDisk)),
    return_row_count: returned(steps),
  };
}
/** Rows of the last steps that return them. */
function returned(steps: readonly StepRecord[]): number {
  const returns = steps.filter((s) => s.kind === 'return');
  const last = max(returns.map((s) => s.segment));
  return sum(returns.filter((s) => s.segment === last).map((s) => s.rows));
}

/** The highest of each measure: a row of SVL_QUERY_METRICS_SUMMARY. */
export function highest(all: readonly Level[]): SystemRow {
  const found: Record<string, bigint | number> = {};
  for (const row of all.map(measures)) {
    const { dimension: _, segment: __, step: ___, step_label: ____, ...counts } = row;
    for (const [name, value] of Object.entries(counts)) {
      if (typeof value !== 'number' && typeof value !== 'bigint') continue;
      if (found[name] === undefined || value > found[name]) found[name] = value;
    }
  }
  const percent = found['query_cpu_usage_percent'];
  return { ...found, query_cpu_usage_percent: percent === undefined ? null : scaled(Number(percent), 2) };
}

/** Columns of both views that tell of the queue. */
export const queueOf = (queue: PassedQueue | undefined): SystemRow => ({
  service_class: queue?.serviceClass ?? null,
  service_class_name: queue === undefined ? null : serviceClassName(queue.serviceClass),
  query_queue_time: queue === undefined ? null : seconds(queue.queueMicros),
});
