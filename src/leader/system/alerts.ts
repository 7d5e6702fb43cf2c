/**
 * Conditions of queries worth a look, with Redshift's words for them: what the planner noted, and what the counters of a step
 * tell. Read by STL_ALERT_EVENT_LOG and SYS_QUERY_DETAIL.
 */
import type { QueryRecord, StepRecord } from '../history/types.ts';
import type { SystemRow } from './define.ts';

const SELECTIVE_RATIO = 0.05;
/** Deleted rows among those that a scan met; how many are a large number is not documented. */
const DELETED_RATIO = 0.05;
const MANY_ROWS = 1_000_000;
const SORT_ADVICE =
  'Review the choice of sort key to enable range restricted scans, ' +
  'or run the VACUUM command to ensure the table is sorted';
const KEY_ADVICE = 'Review the choice of distribution key to collocate the join or aggregation';

/** What the planner noted, and what stands in the plan. */
export function planAlerts({ notes, plan }: Pick<QueryRecord, 'notes' | 'plan'>): readonly SystemRow[] {
  const noted = notes.flatMap((note): readonly SystemRow[] => {
    if (note.includes('Tables missing statistics')) {
      return [{ event: 'Missing query planner statistics', solution: 'Run the ANALYZE command' }];
    }
    if (note.includes('Nested Loop Join')) {
      const solution = 'Review the join predicates to avoid Cartesian products';
      return [{ event: 'Nested Loop Join in the query plan', solution }];
    }
    return [];
  });
  if (!plan.some((p) => /Hash .*Join DS_DIST_ALL_INNER/.test(p.planNode))) return noted;
  const solution = 'Review the choice of distribution strategy to distribute the inner, rather than outer, table';
  return [...noted, { event: 'DS_DIST_ALL_INNER for Hash Join in the query plan', solution }];
}

/** What a step's counters tell. */
export function stepAlerts(s: StepRecord): readonly SystemRow[] {
  const place = { slice: s.slice, segment: s.segment, step: s.step };
  const deleted = s.scan?.rowsDeleted ?? 0;
  const met = (s.scan?.rowsPreFilter ?? 0) + deleted;
  const found: SystemRow[] = [];
  if (met > 0 && deleted / met >= DELETED_RATIO) {
    const event = `Scanned a large number of deleted rows:${deleted} rows were skipped`;
    found.push({ ...place, event, solution: 'Run the VACUUM command to reclaim deleted space' });
  }
  const seen = s.scan?.rowsPreUserFilter ?? 0;
  if (s.scan !== undefined && seen > 0 && s.rows / seen < SELECTIVE_RATIO) {
    const ratio = `ratio=rows(${s.rows})/rows_pre_user_filter(${seen})=${s.rows / seen}`;
    found.push({ ...place, event: `Very selective query filter:${ratio}`, solution: SORT_ADVICE });
  }
  if (s.rows <= MANY_ROWS) return found;
  if (s.kind === 'dist') {
    const event = `Distributed a large number of rows across the network:${s.rows} rows were distributed`;
    return [{ ...place, event, solution: KEY_ADVICE }];
  }
  if (s.kind === 'bcast') {
    return [{ ...place, event: 'Broadcasted a large number of rows across the network', solution: KEY_ADVICE }];
  }
  return found;
}
