/**
 * STL_ALERT_EVENT_LOG: conditions worth a look in finished queries: missing statistics, nested loops, very
 * selective filters, many rows moved.
 */
import type { QueryId } from '../../common/ids.ts';
import type { StepRecord } from '../history/types.ts';
import type { SystemRow } from './define.ts';
import { columns, systemView } from './define.ts';

const SELECTIVE_RATIO = 0.05;
const MANY_ROWS = 1_000_000;
const SORT_ADVICE =
  'Review the choice of sort key to enable range restricted scans, ' +
  'or run the VACUUM command to ensure the table is sorted';
const KEY_ADVICE = 'Review the choice of distribution key to collocate the join or aggregation';

/** What the planner noted. */
function noteAlerts(notes: readonly string[]): readonly SystemRow[] {
  return notes.flatMap((note): readonly SystemRow[] => {
    if (note.includes('Tables missing statistics')) {
      return [{ event: 'Missing query planner statistics', solution: 'Run the ANALYZE command' }];
    }
    if (note.includes('Nested Loop Join')) {
      const solution = 'Review the join predicates to avoid Cartesian products';
      return [{ event: 'Nested Loop Join in the query plan', solution }];
    }
    return [];
  });
}

/** What a step's counters tell. */
function stepAlerts(s: StepRecord): readonly SystemRow[] {
  const place = { slice: s.slice, segment: s.segment, step: s.step };
  const seen = s.scan?.rowsPreUserFilter ?? 0;
  if (s.scan !== undefined && seen > 0 && s.rows / seen < SELECTIVE_RATIO) {
    const ratio = `ratio=rows(${s.rows})/rows_pre_user_filter(${seen})=${s.rows / seen}`;
    return [{ ...place, event: `Very selective query filter:${ratio}`, solution: SORT_ADVICE }];
  }
  if (s.rows <= MANY_ROWS) return [];
  if (s.kind === 'dist') {
    const event = `Distributed a large number of rows across the network:${s.rows} rows were distributed`;
    return [{ ...place, event, solution: KEY_ADVICE }];
  }
  if (s.kind === 'bcast') {
    return [{ ...place, event: 'Broadcasted a large number of rows across the network', solution: KEY_ADVICE }];
  }
  return [];
}

export default systemView({
  name: 'stl_alert_event_log',
  schema: 'pg_catalog',
  doc:
    'conditions worth a look in finished queries: missing statistics, nested loops, very selective ' +
    'filters, many rows moved.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, pid integer,
    xid bigint, event character(1024), solution character(1024), event_time timestamp
  `),
  rows: async (ctx) => {
    const { history } = ctx.services;
    const ofSteps = new Map<QueryId, readonly SystemRow[]>();
    await history.runSteps().each((steps) => {
      const alerts = steps.flatMap(stepAlerts);
      if (alerts.length > 0) ofSteps.set(steps[0]!.query, alerts);
    }, ctx.session.cancelSignal);
    return history.read('queries').flatMap((q) => {
      const base = { userid: q.userid, query: q.query, pid: q.pid, xid: q.xid, event_time: q.endMicros };
      return [...noteAlerts(q.notes), ...(ofSteps.get(q.query) ?? [])].map((a) => ({ ...base, ...a }));
    });
  },
});
