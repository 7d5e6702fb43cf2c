/**
 * About how many rows a system view has now, for the optimizer, which must know what is too much for the leader: those of
 * the log behind it, or of the catalog's objects. Nothing is read for it. A guess that errs is too high: a log of steps counts all steps.
 */
import type { History, LogName } from '../history/types.ts';
import type { CatalogSnapshot, RelationObject } from '../catalog/objects.ts';
import { ENTRIES } from './registry.generated.ts';

export interface ViewSize {
  readonly rows: number;
  /** Different values of a column, where they can be told. */
  distinct(column: string): number | undefined;
}
export interface ViewSizeSources {
  readonly history: Pick<History, 'rowsOf'>;
  readonly catalog: Pick<CatalogSnapshot, 'relations' | 'users'>;
  readonly sliceCount: number;
}

/** Lines of an average plan, and pieces of an average long text: rows that one query has in a view. */
const PLAN_LINES = 8;
const TEXT_PIECES = 3;

/** The log behind a view and rows per record of it; views of the logs that are not here show steps. */
const LOGS: Readonly<Record<string, readonly [LogName, number]>> = {
  stl_query: ['queries', 1],
  svl_qlog: ['queries', 1],
  svl_query_queue_info: ['queries', 1],
  sys_query_history: ['queries', 1],
  stl_alert_event_log: ['queries', 1],
  stl_querytext: ['queries', TEXT_PIECES],
  sys_query_text: ['queries', TEXT_PIECES],
  svl_statementtext: ['queries', 2 * TEXT_PIECES],
  stl_explain: ['queries', PLAN_LINES],
  sys_query_explain: ['queries', PLAN_LINES],
  stl_utilitytext: ['utilities', TEXT_PIECES],
  stl_ddltext: ['utilities', TEXT_PIECES],
  stl_wlm_query: ['wlmQueries', 1],
  svl_compile: ['compiles', 1],
  stl_load_errors: ['loadErrors', 1],
  stl_loaderror_detail: ['loadErrors', 1],
  sys_load_error_detail: ['loadErrors', 1],
  stl_load_commits: ['loadCommits', 1],
  stl_sshclient_error: ['sshErrors', 1],
  stl_unload_log: ['unloads', 1],
  stl_vacuum: ['vacuums', 1],
  stl_analyze: ['analyzes', 1],
  stl_analyze_compression: ['compressions', 1],
  stl_connection_log: ['connections', 1],
  sys_connection_log: ['connections', 1],
  stl_error: ['errors', 1],
  stl_commit_stats: ['commits', 1],
  stl_undone: ['commits', 1],
  svl_auto_worker_action: ['autoActions', 1],
  svl_spatial_simplify: ['simplifications', 1],
  sys_spatial_simplify: ['simplifications', 1],
  stl_s3client_error: ['readErrors', 1],
};
const OF_LOGS = /^(stl|svl|svcs|sys|slicehouse)_/;
const OF_COLUMNS = /column|attribute|attrdef|table_def|description|depend|usage|constraint/;
const OF_BLOCKS = /^(stv_blocklist|svv_diskusage|slicehouse_block_reads)$/;
const OF_SLICES = /^stv_tbl_perm$/;

const SYSTEM_COLUMNS = ENTRIES.reduce((n, v) => n + v.columns.length, 0);

/** `name` without its schema. */
export function viewSize(name: string, { history, catalog, sliceCount }: ViewSizeSources): ViewSize {
  if (OF_LOGS.test(name) && !OF_BLOCKS.test(name)) {
    const [log, each] = LOGS[name] ?? ['runs', 1];
    const rows = history.rowsOf(log) * each;
    const distinct = new Map([
      ['query', history.rowsOf('queries')],
      ['userid', catalog.users().length],
      ['slice', sliceCount],
    ]);
    return { rows, distinct: (column) => distinct.get(column) };
  }
  const relations = catalog.relations();
  const columns = (): number => relations.reduce((n, r: RelationObject) => n + r.columns.length, 0);
  const rows = OF_BLOCKS.test(name)
    ? columns() * sliceCount
    : OF_SLICES.test(name)
      ? relations.length * sliceCount
      : OF_COLUMNS.test(name)
        ? columns() + SYSTEM_COLUMNS
        : relations.length + ENTRIES.length;
  return { rows, distinct: (column) => (column === 'oid' ? rows : undefined) };
}
