/**
 * STV_EXEC_STATE: the steps of queries that run now, one row per slice that has not finished its part; the leader is slice
 * 10000. What a step has done so far is known only when it ends, so its counters are NULL. A query sees what ran when it
 * began, itself included: two reads within one query agree.
 */
import type { SegmentSpec } from '../../steps/spec.ts';
import { LEADER_SLICE, visibleSteps } from '../history/record-steps.ts';
import type { RunningQuery } from '../scheduler/scheduler.ts';
import { columns, systemView, type SystemContext, type SystemRow } from './define.ts';
import { queryUsers } from './step-rows.ts';

const stepsOf = (segments: readonly SegmentSpec[], slice: number): SystemRow[] =>
  segments.flatMap((s) =>
    visibleSteps(s).map((v, step) => ({
      slice,
      segment: s.segment,
      step,
      tasknum: slice,
      label: v.label,
    })),
  );

/** Oldest first, up to the reader's own query. */
function seenBy(ctx: SystemContext): readonly RunningQuery[] {
  const own = ctx.session.last.queryId;
  return ctx.services.runningQueries().filter((q) => q.query <= own);
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
  unknown: ['rows', 'bytes', 'workmem', 'num_parts', 'is_rrscan', 'query_uuid'],
  rows: (ctx) => {
    const users = queryUsers(ctx);
    const queries = seenBy(ctx);
    const own = queries.find((q) => q.query === ctx.session.last.queryId);
    const currenttime = own?.startMicros ?? ctx.services.clock.nowMicros();
    return queries.flatMap((q) =>
      [
        ...q.slices.flatMap((slice) => stepsOf(q.compute, slice)),
        ...(q.isLeaderWorking ? stepsOf(q.leader, LEADER_SLICE) : []),
      ].map((row) => ({
        ...row,
        userid: users.get(q.query) ?? null,
        query: q.query,
        starttime: q.startMicros,
        currenttime,
        is_diskbased: 'f',
        is_delayed_scan: 'f',
      })),
    );
  },
});
