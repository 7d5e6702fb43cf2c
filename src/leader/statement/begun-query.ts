/**
 * A query from the moment it has a number: the number stands in what a cancel says, and the query log has a row of it
 * wherever it ends.
 */
import type { Clock } from '../../common/clock.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { QueryId } from '../../common/ids.ts';
import type { CompiledPlan } from '../compiler/compile-plan.ts';
import type { History } from '../history/types.ts';
import { maskCredentials } from '../parser/mask-credentials.ts';
import type { Plan } from '../plan/plan.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';

/** What became of it: the rows and bytes of its result, or what it failed with. */
export type QueryEnd = { readonly rows: number; readonly bytes: number } | { readonly error: unknown };

export interface BegunQuery {
  readonly query: QueryId;
  /** Once, when it ends; without a plan: it ended while it was planned. */
  record(end: QueryEnd, compiled?: CompiledPlan, plan?: Plan): void;
}

export function beginQuery(
  deps: { readonly history: History; readonly clock: Clock },
  session: Session,
  transaction: Transaction,
  { text, label }: { readonly text: string; readonly label?: string | undefined },
): BegunQuery {
  const { history, clock } = deps;
  const query = history.nextQueryId();
  session.last.queryId = query;
  const startMicros = clock.nowMicros();
  transaction.identify();
  return {
    query,
    record(end, compiled, plan) {
      if (compiled?.segments.some((s) => s.locus === 'compute') === true) session.last.finishedId = query;
      history.add('queries', {
        query,
        userid: session.user.oid,
        label: label ?? (session.setting('query_group') || 'default'),
        xid: transaction.xid,
        pid: session.pid,
        database: session.database,
        text: maskCredentials(text),
        startMicros,
        endMicros: clock.nowMicros(),
        aborted: 'error' in end ? 1 : 0,
        plan: compiled?.explained ?? [],
        notes: plan?.notes ?? [],
        ...('error' in end
          ? { error: end.error instanceof SqlError ? end.error.message : String(end.error) }
          : { rows: end.rows, bytes: end.bytes }),
      });
    },
  };
}
