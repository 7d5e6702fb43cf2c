/**
 * A record as a row of the history's files: a JSON array of its members in the order that stands here, times as numbers.
 * Only the end of a list may grow: rows of earlier versions are shorter, and what they lack is undefined.
 */
import type { EdgeCounts, HistoryLogs, LogName, RunRecord, StepCounts, StepInfo } from './types.ts';

type Members = { readonly [K in LogName]: readonly (keyof HistoryLogs[K] & string)[] };
const MEMBERS: Members = {
  runs: ['query', 'steps', 'counts', 'result'],
  compiles: ['query', 'pid', 'xid', 'segment', 'locus', 'startMicros', 'endMicros', 'compile'],
  queries: [
    'query',
    'userid',
    'label',
    'xid',
    'pid',
    'database',
    'text',
    'startMicros',
    'endMicros',
    'aborted',
    'plan',
    'notes',
    'rows',
    'bytes',
    'error',
  ],
  wlmQueries: [
    'userid',
    'xid',
    'task',
    'query',
    'serviceClass',
    'slotCount',
    'startMicros',
    'endMicros',
    'queueMicros',
    'execMicros',
    'state',
    'priority',
  ],
  utilities: ['userid', 'pid', 'xid', 'label', 'text', 'startMicros', 'endMicros', 'kind'],
  loadErrors: [
    'userid',
    'slice',
    'tableId',
    'session',
    'query',
    'timeMicros',
    'filename',
    'line',
    'column',
    'type',
    'columnLength',
    'position',
    'rawLine',
    'rawValue',
    'code',
    'reason',
    'xid',
    'database',
    'field',
    'copyJob',
  ],
  loadCommits: [
    'userid',
    'query',
    'slice',
    'filename',
    'lines',
    'errors',
    'timeMicros',
    'status',
    'format',
    'isPartial',
    'startOffset',
    'copyJob',
  ],
  fileScans: [
    'userid',
    'pid',
    'query',
    'slice',
    'bucket',
    'key',
    'format',
    'isPartial',
    'startOffset',
    'lines',
    'errors',
    'bytes',
    'objectBytes',
    'startMicros',
    'endMicros',
    'transferMicros',
    'unpackMicros',
    'etag',
    'modifiedMs',
    'retries',
    'requestId',
    'extendedRequestId',
    'copyJob',
    'source',
  ],
  sshErrors: ['userid', 'pid', 'query', 'slice', 'timeMicros', 'username', 'endpoint', 'command', 'error'],
  loads: [
    'userid',
    'query',
    'xid',
    'pid',
    'database',
    'status',
    'tableName',
    'startMicros',
    'endMicros',
    'source',
    'format',
    'rows',
    'bytes',
    'sourceFiles',
    'sourceBytes',
    'scannedFiles',
    'scannedBytes',
    'errors',
    'copyJob',
  ],
  unloadRuns: [
    'userid',
    'query',
    'xid',
    'pid',
    'database',
    'status',
    'startMicros',
    'endMicros',
    'format',
    'compression',
    'location',
    'rows',
    'files',
    'bytes',
    'error',
  ],
  unloads: [
    'userid',
    'query',
    'slice',
    'path',
    'startMicros',
    'endMicros',
    'lines',
    'bytes',
    'pid',
    'xid',
    'format',
    'textBytes',
    'transferMicros',
    'packMicros',
    'retries',
    'requestId',
    'extendedRequestId',
  ],
  vacuums: [
    'userid',
    'xid',
    'tableId',
    'status',
    'rows',
    'sortedRows',
    'blocks',
    'timeMicros',
    'reclaimableRows',
    'reclaimableBlocks',
    'cutoffXid',
    'isRecluster',
  ],
  vacuumRuns: [
    'userid',
    'xid',
    'database',
    'schema',
    'tableName',
    'tableId',
    'mode',
    'status',
    'startMicros',
    'endMicros',
    'before',
    'after',
  ],
  analyzes: [
    'userid',
    'xid',
    'database',
    'tableId',
    'status',
    'rows',
    'modifiedRows',
    'startMicros',
    'endMicros',
    'schema',
    'tableName',
    'threshold',
    'previous',
    'isAutomatic',
  ],
  connections: [
    'event',
    'timeMicros',
    'remoteHost',
    'remotePort',
    'pid',
    'database',
    'user',
    'authMethod',
    'sslVersion',
    'sslCipher',
    'applicationName',
    'driverVersion',
    'osVersion',
    'durationMicros',
    'pluginName',
    'protocolVersion',
    'globalSessionId',
  ],
  errors: ['userid', 'pid', 'timeMicros', 'sqlstate', 'message', 'context'],
  commits: ['xid', 'node', 'startMicros', 'endMicros', 'blocks', 'bytes'],
  compressions: [
    'userid',
    'timeMicros',
    'tableId',
    'tableName',
    'column',
    'oldEncoding',
    'newEncoding',
    'estimatedReduction',
    'xid',
    'mode',
  ],
  autoActions: ['tableId', 'type', 'status', 'timeMicros', 'previousState', 'xid', 'pid'],
  simplifications: ['userid', 'query', 'line', 'maximumTolerance', 'initialBytes', 'fits', 'finalBytes', 'tolerance'],
  readErrors: ['userid', 'query', 'slice', 'timeMicros', 'pid', 'bucket', 'key', 'error', 'isPartial', 'startOffset'],
  userChanges: [
    'userid',
    'name',
    'oldName',
    'action',
    'createdb',
    'superuser',
    'validUntil',
    'pid',
    'xid',
    'timeMicros',
  ],
  sessions: ['userid', 'pid', 'user', 'database', 'startMicros', 'endMicros', 'timeout', 'isTimedOut'],
  terminations: ['pid', 'userid', 'type', 'timeMicros'],
  transactions: ['userid', 'xid', 'isolation', 'isCommitted', 'startMicros', 'endMicros', 'commitStart', 'blocks'],
  conflicts: ['xid', 'pid', 'startMicros', 'timeMicros', 'tableId'],
  diskFull: ['userid', 'query', 'node', 'timeMicros', 'temporaryBlocks'],
  wlmErrors: ['userid', 'pid', 'timeMicros', 'error'],
  violations: ['userid', 'pid', 'xid', 'database', 'command', 'label', 'text', 'startMicros', 'endMicros'],
  refreshes: ['userid', 'pid', 'xid', 'database', 'schema', 'viewId', 'name', 'status', 'startMicros', 'endMicros'],
  viewStates: ['userid', 'xid', 'database', 'timeMicros', 'event', 'baseSchema', 'baseTable', 'schema', 'name'],
  replacements: [
    'userid',
    'query',
    'slice',
    'tableId',
    'pid',
    'startMicros',
    'filename',
    'line',
    'column',
    'rawLine',
  ],
  procedureCalls: [
    'query',
    'userid',
    'sessionUserid',
    'label',
    'xid',
    'pid',
    'database',
    'text',
    'startMicros',
    'endMicros',
    'aborted',
    'outer',
  ],
  procedureMessages: [
    'query',
    'userid',
    'sessionUserid',
    'label',
    'xid',
    'pid',
    'timeMicros',
    'level',
    'levelText',
    'message',
    'line',
    'text',
  ],
};
const TIMES: ReadonlySet<string> = new Set(['startMicros', 'endMicros', 'timeMicros']);
const STEP = [
  'stream',
  'segment',
  'step',
  'kind',
  'label',
  'tableId',
  'tableName',
  'locus',
  'planNode',
  'edge',
] as const;
function rowOf<T extends object>(record: T, members: readonly (keyof T & string)[]): unknown[] {
  const row = new Array<unknown>(members.length);
  for (let i = 0; i < members.length; i++) {
    const value: unknown = record[members[i]!];
    row[i] = typeof value === 'bigint' ? Number(value) : value;
  }
  return row;
}
function recordOf<T>(row: readonly unknown[], members: readonly string[]): T {
  const record: Record<string, unknown> = {};
  for (const [i, name] of members.entries()) {
    const value = row[i];
    // JSON tells what a record lacks as null.
    if (value !== undefined && value !== null) record[name] = TIMES.has(name) ? BigInt(value as number) : value;
  }
  return record as T;
}

type Counts = RunRecord['counts'][number];
/**
 * All counts of a run as numbers one behind another, since thousands of queries a second are written: the earliest start,
 * then for each step and slice its counts, times behind that start, and how much of what follows: 1 or 0 the segment's
 * times, the number of edge ends with their counts, the number of a scan's columns or -1 with its counts and theirs.
 */
function flatCounts(counts: readonly Counts[]): number[] {
  const base = counts.reduce((n, c) => Math.min(n, c.start), counts[0]?.start ?? 0);
  const out: number[] = [base];
  for (const c of counts) {
    out.push(c.step, c.slice, c.start - base, c.end - base, c.rows, c.bytes, c.workmem, c.diskBytes, c.packets);
    const { time, edges = [], scan } = c;
    out.push(time ? 1 : 0, edges.length, scan ? scan.blocks.length : -1);
    if (time) out.push(time.busy, time.input, time.output, time.turn);
    for (const e of edges) out.push(e.peer, e.rows, e.bytes, e.packets, e.isCut ? 1 : 0);
    if (c.scan === undefined) continue;
    out.push(
      c.scan.rowsPreFilter,
      c.scan.rowsDeleted,
      c.scan.rowsPreUserFilter,
      Number(c.scan.isRangeRestricted) + 2 * Number(c.scan.isRowFiltered),
    );
    for (const b of c.scan.blocks) out.push(b.attnum, b.held, b.read, b.skipped);
  }
  return out;
}
function countsOf(flat: readonly number[]): readonly Counts[] {
  const counts: Counts[] = [];
  let at = 0;
  const next = (): number => flat[at++]!;
  const base = next();
  while (at < flat.length) {
    const c = {
      step: next(),
      slice: next(),
      start: next() + base,
      end: next() + base,
      rows: next(),
      bytes: next(),
      workmem: next(),
      diskBytes: next(),
      packets: next(),
    };
    const [timed, ends, columns] = [next(), next(), next()];
    const time = timed === 1 ? { time: { busy: next(), input: next(), output: next(), turn: next() } } : {};
    const edges = ends > 0 ? { edges: Array.from({ length: ends }, () => edgeOf(next)) } : {};
    counts.push({ ...c, ...time, ...edges, ...(columns < 0 ? {} : { scan: scanOf(next, columns) }) });
  }
  return counts;
}
const edgeOf = (next: () => number): EdgeCounts => ({
  peer: next(),
  rows: next(),
  bytes: next(),
  packets: next(),
  isCut: next() === 1,
});
function scanOf(next: () => number, columns: number): NonNullable<StepCounts['scan']> {
  const [rowsPreFilter, rowsDeleted, rowsPreUserFilter, flags] = [next(), next(), next(), next()];
  return {
    rowsPreFilter,
    rowsDeleted,
    rowsPreUserFilter,
    isRangeRestricted: (flags & 1) !== 0,
    isRowFiltered: (flags & 2) !== 0,
    blocks: Array.from({ length: columns }, () => ({ attnum: next(), held: next(), read: next(), skipped: next() })),
  };
}

export function encodeRecord<K extends LogName>(log: K, record: HistoryLogs[K]): string {
  const row = rowOf(record, MEMBERS[log] as readonly (keyof HistoryLogs[K] & string)[]);
  if (log === 'runs') {
    const run = record as RunRecord;
    row[1] = run.steps.map((s) => rowOf(s, STEP));
    row[2] = flatCounts(run.counts);
  }
  return `${log}\t${JSON.stringify(row)}\n`;
}
export function decodeRecord<K extends LogName>(log: K, text: string): HistoryLogs[K] {
  const record = recordOf<HistoryLogs[K]>(JSON.parse(text) as unknown[], MEMBERS[log]);
  if (log !== 'runs') return record;
  const run = record as RunRecord;
  return {
    ...run,
    steps: (run.steps as unknown as unknown[][]).map((s) => recordOf<StepInfo>(s, STEP)),
    counts: countsOf(run.counts as unknown as number[]),
  } as RunRecord as unknown as HistoryLogs[K];
}
