/**
 * STL_QUERY_METRICS: rows and run time of finished queries per step, per segment (step -1) and per query (segment
 * -1), from the same counters as SVL_QUERY_REPORT. Columns nobody measures here are NULL and listed in `unknown`.
 */
import type { StepRecord } from '../history/types.ts';
import { columns, systemView } from './define.ts';
import { stepTypeCode } from './step-codes.ts';
import { blocksRead, durationOf, max, queryUsers, sum } from './step-rows.ts';

interface Level {
  readonly segment: number;
  readonly step: number;
  readonly steps: readonly StepRecord[];
}

/** The same records grouped by query, by segment and by step. */
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
  unknown: [
    'service_class',
    'max_cpu_time',
    'cpu_time',
    'max_query_scan_size',
    'query_scan_size',
    'query_priority',
    'query_queue_time',
    'service_class_name',
  ],
  rows: (ctx) => {
    const users = queryUsers(ctx);
    const steps = ctx.services.history.steps();
    return levels(steps).map((list) => {
      const first = list.steps[0] as StepRecord;
      return {
        userid: users.get(first.query) ?? null,
        query: first.query,
        segment: list.segment,
        step: list.step,
        step_type: list.step < 0 ? -1 : stepTypeCode(first.kind),
        starttime: list.steps.reduce((a, s) => (s.startMicros < a ? s.startMicros : a), first.startMicros),
        slices: new Set(list.steps.map((s) => s.slice)).size,
        max_rows: max(perSlice(list.steps, (s) => s.rows)),
        rows: sum(list.steps.map((s) => s.rows)),
        max_blocks_read: max(perSlice(list.steps, blocksRead)),
        blocks_read: sum(list.steps.map(blocksRead)),
        max_run_time: max(perSlice(list.steps, durationOf)),
        run_time: sum(list.steps.map(durationOf)),
        max_blocks_to_disk: 0,
        blocks_to_disk: 0,
      };
    });
  },
});
