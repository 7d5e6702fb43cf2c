/** About how many bytes a record takes in memory; exact where texts and lists make it large. */
import type { HistoryLogs, LogName } from './types.ts';

const OBJECT_BYTES = 200;
const NODE_BYTES = 100;

type Sizes = { readonly [K in LogName]: (record: HistoryLogs[K]) => number };
const flat = (): number => OBJECT_BYTES;

const SIZES: Sizes = {
  runs: (r) =>
    OBJECT_BYTES +
    r.steps.reduce((n, s) => n + OBJECT_BYTES + s.label.length, 0) +
    r.counts.reduce(
      (n, c) => n + OBJECT_BYTES + ((c.scan?.blocks.length ?? 0) + (c.edges?.length ?? 0)) * NODE_BYTES,
      0,
    ),
  compiles: flat,
  queries: (q) =>
    OBJECT_BYTES +
    q.text.length +
    (q.error?.length ?? 0) +
    q.plan.reduce((n, p) => n + NODE_BYTES + p.planNode.length + p.info.length, 0) +
    q.notes.reduce((n, note) => n + note.length, 0),
  wlmQueries: flat,
  utilities: (u) => OBJECT_BYTES + u.text.length,
  loadErrors: (e) => OBJECT_BYTES + e.rawLine.length + e.rawValue.length,
  loadCommits: flat,
  fileScans: (f) => 2 * OBJECT_BYTES + f.key.length,
  loads: (l) => OBJECT_BYTES + l.source.length + l.tableName.length,
  sshErrors: (e) => OBJECT_BYTES + e.command.length + e.error.length,
  unloadRuns: (u) => OBJECT_BYTES + u.location.length + u.error.length,
  unloads: (u) => OBJECT_BYTES + u.path.length,
  vacuums: flat,
  vacuumRuns: flat,
  analyzes: flat,
  connections: flat,
  errors: (e) => OBJECT_BYTES + e.message.length + e.context.length,
  commits: flat,
  compressions: flat,
  autoActions: flat,
  simplifications: flat,
  readErrors: (e) => OBJECT_BYTES + e.key.length + e.error.length,
  userChanges: flat,
  sessions: flat,
  terminations: flat,
  transactions: flat,
  conflicts: flat,
  diskFull: flat,
  wlmErrors: (v) => OBJECT_BYTES + v.error.length,
  violations: (v) => OBJECT_BYTES + v.text.length,
  refreshes: (v) => OBJECT_BYTES + v.status.length + v.name.length,
  viewStates: flat,
  procedureCalls: (v) => OBJECT_BYTES + v.text.length,
  procedureMessages: (v) => OBJECT_BYTES + v.message.length,
  replacements: (v) => OBJECT_BYTES + v.rawLine.length + v.filename.length,
};

export const bytesOf = <K extends LogName>(log: K, record: HistoryLogs[K]): number => SIZES[log](record);
/** Rows of the views that a record stands for. */
export const rowsOf = <K extends LogName>(log: K, record: HistoryLogs[K]): number =>
  log === 'runs' ? Math.max(1, (record as HistoryLogs['runs']).counts.length) : 1;
export const LOG_NAMES = Object.keys(SIZES) as readonly LogName[];
