/**
 * STV_EXEC_STATE: the steps of queries that run now, one row per slice that has not finished its part; the leader is slice
 * 10000. Rows and bytes are what the step has counted so far; those of hash, aggr, sort and save steps, and workmem, are
 * known when the step ends. A query sees what ran when it began, itself included: two reads within one query agree on it.
 */
import type { SegmentSpec } from '../../steps/spec.ts';
import type { StepCount } from '../../execution/messages.ts';
import { countsByStep, LEADER_SLICE, rowsPassed, visibleSteps } from '../history/record-steps.ts';
import { columns, systemView, type SystemRow } from './define.ts';
import { queriesSeen } from './live-steps.ts';
import { queryUsers, tf } from './step-rows.ts';

function stepsOf(segments: readonly SegmentSpec[], slice: number, counts: readonly StepCount[]): SystemRow[] {
  const byStep = countsByStep(counts);
  return segments.flatMap((s) => {
    const visible = visibleSteps(s);
    const own = byStep.get(s.segment) ?? [];
    return visible.map((v, step) => {
      const c = own[v.index];
      const rows = c === undefined || !v.passesRows ? c?.rows : rowsPassed(visible, step, own);
      return {
        slice,
        segment: s.segment,
        step,
        tasknum: slice,
        rows: rows ?? null,
        bytes: c?.bytes ?? null,
        label: v.label,
        workmem: c?.memoryBytes ?? null,
        is_diskbased: tf((c?.spilledBytes ?? 0) > 0),
        is_rrscan: tf(c?.scan?.isRangeRestricted ?? false),
      };
    });
  });
}

export default systemView({
  name: 'stv_exec_state',
  schema: 'pg_catalog',
  doc: 'the steps of queries that run now, on the slices that have not finished their part.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    currenttime timestamp, tasknum integer, rows bigint, bytes bigint, label character(256), is_diskbased character(1),
    workmem bigint, num_parts integer, is_rrscan character(1), is_delayed_scan character(1), query_uuid character(36)
  `),
  unknown: ['num_parts', 'query_uuid'],
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    const queries = queriesSeen(ctx);
    const own = queries.find((q) => q.query === ctx.session.last.queryId);
    const progress = await ctx.services.slices.progress(ctx.session.cancelSignal);
    const countsOf = (query: number, slice: number): readonly StepCount[] =>
      progress.find((p) => p.slice === slice)?.queries.find((p) => p.query === query)?.steps ?? [];
    const currenttime = own?.startMicros ?? ctx.services.clock.nowMicros();
    return queries.flatMap((q) =>
      [
        ...q.slices.flatMap((slice) => stepsOf(q.compute, slice, countsOf(q.query, slice))),
        ...(q.isLeaderWorking ? stepsOf(q.leader, LEADER_SLICE, q.leaderCounts) : []),
      ].map((row) => ({
        ...row,
        userid: users.get(q.query) ?? null,
        query: q.query,
        starttime: q.startMicros,
        currenttime,
        is_delayed_scan: 'f',
      })),
    );
  },
});
