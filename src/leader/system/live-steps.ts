/**
 * Queries that run now, with what their steps have counted so far on every participant, as the records they will be when the
 * queries end. A query sees what ran when it began, itself included. Read by the STV views of running queries.
 */
import type { StepCount } from '../../execution/messages.ts';
import { runRecord, stepsOf } from '../history/record-steps.ts';
import type { StepRecord } from '../history/types.ts';
import type { RunningQuery } from '../scheduler/scheduler.ts';
import type { SystemContext } from './define.ts';

export interface LiveQuery {
  readonly running: RunningQuery;
  /** A step that has not ended ends now. */
  readonly steps: readonly StepRecord[];
}

/** Oldest first, up to the reader's own query. */
export function queriesSeen(ctx: SystemContext): readonly RunningQuery[] {
  const own = ctx.session.last.queryId;
  return ctx.services.runningQueries().filter((q) => q.query <= own);
}

export async function liveQueries(ctx: SystemContext): Promise<readonly LiveQuery[]> {
  const queries = queriesSeen(ctx);
  const progress = await ctx.services.slices.progress(ctx.session.cancelSignal);
  const { sliceCount } = ctx.services.topology;
  const now = ctx.services.clock.nowMicros();
  return queries.map((running) => {
    const { query, slices, isLeaderWorking, leaderCounts, finished, compute, leader } = running;
    const countsOf = (slice: number): readonly StepCount[] =>
      progress.find((p) => p.slice === slice)?.queries.find((q) => q.query === query)?.steps ?? [];
    const working = slices.map((slice) => ({ participant: slice, steps: countsOf(slice) }));
    const atLeader = isLeaderWorking ? [{ participant: sliceCount, steps: leaderCounts }] : [];
    const record = runRecord(query, [...compute, ...leader], [...finished, ...working, ...atLeader], sliceCount);
    const steps = stepsOf(record).map((s) => (s.endMicros < s.startMicros ? { ...s, endMicros: now } : s));
    return { running, steps };
  });
}
