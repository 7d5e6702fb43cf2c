/**
 * STL_QUERY_METRICS: rows and run time of finished queries per step, per segment (step -1) and per query (segment
 * -1), from the same counters as SVL_QUERY_REPORT; cpu_time is the time segments were at work. Columns nobody measures here are NULL and listed in `unknown`.
 */
import type { StepRecord } from '../history/types.ts';
import { columns, systemView } from './define.ts';
import { stepTypeCode } from './step-codes.ts';
import { serviceClassName, wlmRecords } from './wlm-rows.ts';
import { blocksRead, blocksToDisk, max, queryUsers, sum } from './step-rows.ts';

interface Level {
  readonly segment: number;
  readonly step: number;
  readonly steps: readonly StepRecord[];
}

/** The records of a run grouped by query, by segment and by step. */
function levels(steps: readonly StepRecord[]): readonly Level[] {
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

/** Totals of a counter on each slice. */
function perSlice(steps: readonly StepRecord[], counter: (s: StepRecord) => number): readonly number[] {
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
const busyOf = (s: StepRecord): number => s.time?.busy ?? 0;

/** Of each slice: from the start of its first step to the end of its last one. */
function spans(steps: readonly StepRecord[]): readonly number[] {
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

export default systemView({
  name: 'stl_query_metrics',
  schema: 'pg_catalog',
  doc:
    'rows and run time of finished queries per step, per segment (step -1) and per query (segment ' +
    '-1), from the same counters as SVL_QUERY_REPORT.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, service_class integer, query integer, segment integer, step_type integer,
    starttime timestamp, slices integer, max_rows bigint, rows bigint, max_cpu_time bigint,
    cpu_time bigint, max_blocks_read integer, blocks_read bigint, max_run_time bigint, run_time bigint,
    max_blocks_to_disk bigint, blocks_to_disk bigint, step integer, max_query_scan_size bigint,
    query_scan_size bigint, query_priority integer, query_queue_time bigint,
    service_class_name character(64)
  `),
  unknown: ['max_query_scan_size', 'query_scan_size', 'query_priority'],
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    const waits = await wlmRecords(ctx);
    const found = ctx.services.history.runSteps().flatMap(levels);
    return found.map((list) => {
      const first = list.steps[0] as StepRecord;
      const wlm = waits.get(first.query);
      return {
        service_class: wlm?.serviceClass ?? null,
        service_class_name: wlm === undefined ? null : serviceClassName(wlm.serviceClass),
        query_queue_time: Math.floor((wlm?.queueMicros ?? 0) / 1_000_000),
        userid: users.get(first.query) ?? null,
        query: first.query,
        segment: list.segment,
        step: list.step,
        step_type: list.step < 0 ? -1 : stepTypeCode(first.kind),
        starttime: list.steps.reduce((a, s) => (s.startMicros < a ? s.startMicros : a), first.startMicros),
        slices: new Set(list.steps.map((s) => s.slice)).size,
        max_rows: max(perSlice(list.steps, rowsAt(list))),
        rows: sum(list.steps.map(rowsAt(list))),
        max_cpu_time: list.step < 0 ? max(perSlice(list.steps, busyOf)) : null,
        cpu_time: list.step < 0 ? sum(list.steps.map(busyOf)) : null,
        max_blocks_read: max(perSlice(list.steps, blocksRead)),
        blocks_read: sum(list.steps.map(blocksRead)),
        max_run_time: max(spans(list.steps)),
        run_time: sum(spans(list.steps)),
        max_blocks_to_disk: max(perSlice(list.steps, blocksToDisk)),
        blocks_to_disk: sum(list.steps.map(blocksToDisk)),
      };
    });
  },
});
