/**
 * The append-only record of what happened: the STL and SVL views read it and nothing else. Every log is a list of plain
 * rows, bounded by HISTORY_ROWS_MAX and, all together, by HISTORY_BYTES_MAX; numbers come from the executing steps, never
 * from estimates. Members called startMicros, endMicros and timeMicros are the only bigints (row.ts relies on it).
 */
import type { Sequence } from '../../common/sequence.ts';
import type { BlockCounts, TableTotals } from '../../slices/storage.ts';
import type { QueryId, SliceId, TableId, Xid } from '../../common/ids.ts';
import type { EventLogs } from './events.ts';

/** A step of a query as the views number and name it. */
export interface StepInfo {
  readonly stream: number;
  readonly segment: number;
  readonly step: number;
  /** scan, project, hash, hjoin, nloop, aggr, sort, limit, dist, bcast, save, insert, delete, return, parse, merge, unload. */
  readonly kind: string;
  /** Label as SVL_QUERY_REPORT prints it: "scan   tbl=100448 name=lineorder". */
  readonly label: string;
  readonly tableId: TableId | 0;
  readonly tableName: string;
  /** 1 compute, 2 leader. */
  readonly locus: 1 | 2;
  /** Number of its operator in EXPLAIN; 0 when no plan was made (COPY). */
  readonly planNode: number;
  /** The edge it sends to or receives from; -1 none. */
  readonly edge: number;
}
/** What one end of an edge counted, towards one participant at the other. */
export interface EdgeCounts {
  readonly peer: SliceId;
  readonly rows: number;
  readonly bytes: number;
  readonly packets: number;
  /** The receiver wanted no more before the sender's end. */
  readonly isCut: boolean;
}
/** What a step counted on one slice. Times are microseconds since 2000-01-01. */
export interface StepCounts {
  readonly slice: SliceId;
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  readonly bytes: number;
  readonly workmem: number;
  /** Written to the temporary disk. */
  readonly diskBytes: number;
  /** Exchange: packets sent (dist, bcast) or received. */
  readonly packets: number;
  /** First step of a segment: where the segment's time went, microseconds. */
  readonly time?: { readonly busy: number; readonly input: number; readonly output: number; readonly turn: number };
  readonly edges?: readonly EdgeCounts[];
  /** Scans only. */
  readonly scan?: {
    readonly rowsPreFilter: number;
    readonly rowsDeleted: number;
    readonly rowsPreUserFilter: number;
    readonly isRangeRestricted: boolean;
    readonly isRowFiltered: boolean;
    readonly blocks: readonly BlockCounts[];
  };
}
/** One run of a query: its steps, and per slice what each counted. */
export interface RunRecord {
  readonly query: QueryId;
  readonly steps: readonly StepInfo[];
  /** `step` is an index into `steps`. */
  readonly counts: readonly (StepCounts & { readonly step: number })[];
  /** What came to the leader over the result's edge. */
  readonly result?: { readonly edge: number; readonly received: readonly EdgeCounts[] } | undefined;
}
/** One step of one segment on one slice. */
export interface StepRecord extends StepInfo, Omit<StepCounts, 'start' | 'end'> {
  readonly query: QueryId;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
}
export interface CompileRecord {
  readonly query: QueryId;
  readonly pid: number;
  readonly xid: Xid;
  readonly segment: number;
  /** 1 compute, 2 leader. */
  readonly locus: 1 | 2;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** 1 compiled, 0 from the code cache. */
  readonly compile: 0 | 1;
}
export interface QueryRecord {
  readonly query: QueryId;
  readonly userid: number;
  readonly label: string;
  readonly xid: Xid;
  readonly pid: number;
  readonly database: string;
  readonly text: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly aborted: 0 | 1;
  readonly plan: readonly {
    readonly nodeId: number;
    readonly parentId: number;
    readonly planNode: string;
    readonly info: string;
    readonly startupCost: number;
    readonly totalCost: number;
    /** Estimated rows and bytes of one. */
    readonly rows: number;
    readonly width: number;
  }[];
  /** Tables missing statistics and the like. */
  readonly notes: readonly string[];
  /** Records of earlier versions have none of these. Of the result, unless it failed with the error. */
  readonly rows?: number;
  readonly bytes?: number;
  readonly error?: string;
}
/** How a query that ran on the slices passed its queue; times are microseconds. */
export interface WlmRecord {
  readonly userid: number;
  readonly xid: Xid;
  readonly task: number;
  readonly query: QueryId;
  readonly serviceClass: number;
  readonly slotCount: number;
  /** Entered the queue; left the service class. */
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly queueMicros: number;
  readonly execMicros: number;
  readonly state: 'Completed' | 'Evicted';
  /** Records of earlier versions have none: nobody's query went before another's. */
  readonly priority: string | undefined;
}
export interface UtilityRecord {
  readonly userid: number;
  readonly pid: number;
  readonly xid: Xid;
  readonly label: string;
  readonly text: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly kind: 'ddl' | 'utility';
}
export interface LoadErrorRecord {
  readonly userid: number;
  readonly slice: SliceId;
  readonly tableId: TableId;
  readonly session: number;
  readonly query: QueryId;
  readonly timeMicros: bigint;
  readonly filename: string;
  readonly line: number;
  readonly column: string;
  readonly type: string;
  readonly columnLength: string;
  readonly position: number;
  readonly rawLine: string;
  readonly rawValue: string;
  readonly code: number;
  readonly reason: string;
  /** Records of earlier versions have none of these. */
  readonly xid?: Xid;
  readonly database?: string;
  /** Number of the field in the load's columns, from 1; 0: the record as a whole. */
  readonly field?: number;
  /** The fields in front of it, of a slice's first errors; no value: NULL. */
  readonly before?:
    | readonly {
        readonly column: string;
        readonly type: string;
        readonly columnLength: string;
        readonly value?: string | undefined;
      }[]
    | undefined;
  /** Job of COPY; undefined: none. */
  readonly copyJob?: number;
}
export interface LoadCommitRecord {
  readonly userid: number;
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly filename: string;
  readonly lines: number;
  readonly errors: number;
  readonly timeMicros: bigint;
  readonly status: number;
  /** Records of earlier versions have none of these. */
  readonly format?: string;
  readonly isPartial?: boolean;
  readonly startOffset?: number;
  /** Job of COPY; undefined: none. */
  readonly copyJob?: number;
}
/** A whole object, or a range of one, that a slice read for COPY, whatever became of the load. */
export interface FileScanRecord {
  readonly userid: number;
  readonly pid: number;
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly bucket: string;
  readonly key: string;
  readonly format: string;
  readonly isPartial: boolean;
  readonly startOffset: number;
  readonly lines: number;
  readonly errors: number;
  /** Unpacked, and of the stored object. */
  readonly bytes: number;
  readonly objectBytes: number;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** Undefined when the end was not read. */
  readonly transferMicros: number | undefined;
  readonly unpackMicros: number | undefined;
  readonly etag: string | undefined;
  /** Since 1970. */
  readonly modifiedMs: number;
  readonly retries: number | undefined;
  readonly requestId: string | undefined;
  readonly extendedRequestId: string | undefined;
  /** Job of COPY; undefined: none. */
  readonly copyJob?: number;
  /** What was read, where it is no object; bucket and key are empty then. */
  readonly source?: string | undefined;
}
/** How views name what was read. */
export const scannedName = ({ bucket, key, source }: Pick<FileScanRecord, 'bucket' | 'key' | 'source'>): string =>
  source ?? `s3://${bucket}/${key}`;
/** One COPY, whatever became of it. */
export interface LoadRecord {
  readonly userid: number;
  readonly query: QueryId;
  readonly xid: Xid;
  readonly pid: number;
  readonly database: string;
  readonly status: 'completed' | 'aborted';
  readonly tableName: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly source: string;
  readonly format: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sourceFiles: number;
  readonly sourceBytes: number;
  readonly scannedFiles: number;
  readonly scannedBytes: number;
  readonly errors: number;
  /** Job of COPY; undefined: none. */
  readonly copyJob?: number;
}
/** A connection of a COPY over SSH that failed. */
export interface SshErrorRecord {
  readonly userid: number;
  readonly pid: number;
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly timeMicros: bigint;
  readonly username: string;
  readonly endpoint: string;
  readonly command: string;
  readonly error: string;
}
/** One UNLOAD, whatever became of it. */
export interface UnloadRunRecord {
  readonly userid: number;
  readonly query: QueryId;
  readonly xid: Xid;
  readonly pid: number;
  readonly database: string;
  readonly status: 'completed' | 'aborted';
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly format: string;
  readonly compression: string;
  readonly location: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly error: string;
}
export interface UnloadRecord {
  readonly userid: number;
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly path: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly lines: number;
  readonly bytes: number;
  /** Records of earlier versions have none of these. */
  readonly pid?: number;
  readonly xid?: Xid;
  readonly format?: string;
  /** Before compression. */
  readonly textBytes?: number;
  readonly transferMicros?: number;
  readonly packMicros?: number;
  readonly retries?: number | undefined;
  readonly requestId?: string | undefined;
  readonly extendedRequestId?: string | undefined;
}
export interface VacuumRecord {
  readonly userid: number;
  readonly xid: Xid;
  readonly tableId: TableId;
  readonly status: string;
  readonly rows: number;
  readonly sortedRows: number;
  readonly blocks: number;
  readonly timeMicros: bigint;
  /** Records of earlier versions have none of these. Deleted rows that nobody sees any more, and about their blocks. */
  readonly reclaimableRows?: number;
  readonly reclaimableBlocks?: number;
  /** Rows deleted below it are gone for everyone. */
  readonly cutoffXid?: Xid;
  readonly isRecluster?: boolean;
}
/** VACUUM of one table, whatever became of it. */
export interface VacuumRunRecord {
  readonly userid: number;
  readonly xid: Xid;
  readonly database: string;
  readonly schema: string;
  readonly tableName: string;
  readonly tableId: TableId;
  readonly mode: string;
  readonly status: 'Complete' | 'Skipped' | 'Failed';
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** Undefined when it failed before its slices had told. */
  readonly before: TableTotals | undefined;
  readonly after: TableTotals | undefined;
}
export interface AnalyzeRecord {
  readonly userid: number;
  readonly xid: Xid;
  readonly database: string;
  readonly tableId: TableId;
  readonly status: string;
  readonly rows: number;
  readonly modifiedRows: number;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** Records of earlier versions have none of these. */
  readonly schema?: string;
  readonly tableName?: string;
  /** analyze_threshold_percent. */
  readonly threshold?: number;
  /** When it was analysed before, microseconds since 2000-01-01; undefined: never. */
  readonly previous?: number | undefined;
  /** Nobody asked for it: by COPY. */
  readonly isAutomatic?: boolean;
}
export interface ConnectionRecord {
  readonly event: string;
  readonly timeMicros: bigint;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly pid: number;
  readonly database: string;
  readonly user: string;
  /** trust, password, IAM AssumeUser for temporary credentials, or server for the server's own sessions. */
  readonly authMethod: string;
  /** Empty on a plain connection. */
  readonly sslVersion: string;
  readonly sslCipher: string;
  readonly applicationName: string;
  readonly driverVersion: string;
  readonly osVersion: string;
  /** What the driver's plug-in is called; empty without one. */
  readonly pluginName: string;
  /** Redshift's transfer protocol that both sides speak. */
  readonly protocolVersion: number;
  /** The session's id as the client is told; empty before there is a session. */
  readonly globalSessionId: string;
  readonly durationMicros: number;
}
export interface ErrorRecord {
  readonly userid: number;
  readonly pid: number;
  readonly timeMicros: bigint;
  readonly sqlstate: string;
  readonly message: string;
  readonly context: string;
}
export interface CommitRecord {
  readonly xid: Xid;
  readonly node: number;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly blocks: number;
  readonly bytes: number;
}
export interface CompressionRecord {
  readonly userid: number;
  readonly timeMicros: bigint;
  readonly tableId: TableId;
  readonly tableName: string;
  readonly column: number;
  readonly oldEncoding: string;
  readonly newEncoding: string;
  readonly estimatedReduction: number;
  /** Records of earlier versions have none of these. */
  readonly xid?: Xid;
  /** PRESET: taken as it is; ON: of a sample; ANALYZE ONLY: proposed. */
  readonly mode?: string;
}

export interface AutoActionRecord {
  readonly tableId: TableId;
  readonly type: 'distkey';
  readonly status: string;
  readonly timeMicros: bigint;
  readonly previousState: string;
  /** Records of earlier versions have none of these. */
  readonly xid?: Xid;
  readonly pid?: number;
}

/** What SIMPLIFY did: a shape that was too large, or (without a line) all of a COPY by a tolerance. */
export interface SimplificationRecord {
  readonly userid: number;
  readonly query: QueryId;
  /** Number of the record in its file. */
  readonly line: number | undefined;
  /** -1: none was given. */
  readonly maximumTolerance: number;
  readonly initialBytes: number | undefined;
  readonly fits: boolean | undefined;
  readonly finalBytes: number | undefined;
  readonly tolerance: number | undefined;
}
/** What reading an object failed with. */
export interface ReadErrorRecord {
  readonly userid: number;
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly timeMicros: bigint;
  readonly pid: number;
  readonly bucket: string;
  readonly key: string;
  readonly error: string;
  readonly isPartial: boolean;
  readonly startOffset: number;
}

export interface HistoryLogs extends EventLogs {
  runs: RunRecord;
  compiles: CompileRecord;
  queries: QueryRecord;
  wlmQueries: WlmRecord;
  utilities: UtilityRecord;
  loadErrors: LoadErrorRecord;
  loadCommits: LoadCommitRecord;
  fileScans: FileScanRecord;
  loads: LoadRecord;
  sshErrors: SshErrorRecord;
  unloadRuns: UnloadRunRecord;
  unloads: UnloadRecord;
  vacuums: VacuumRecord;
  vacuumRuns: VacuumRunRecord;
  analyzes: AnalyzeRecord;
  connections: ConnectionRecord;
  errors: ErrorRecord;
  commits: CommitRecord;
  compressions: CompressionRecord;
  autoActions: AutoActionRecord;
  simplifications: SimplificationRecord;
  readErrors: ReadErrorRecord;
}
export type LogName = keyof HistoryLogs;
/** A record with the log it is of. */
export type Observed = { [K in LogName]: { readonly log: K; readonly record: HistoryLogs[K] } }[LogName];
export interface History {
  nextQueryId(): QueryId;
  add<K extends LogName>(log: K, record: HistoryLogs[K]): void;
  /** What an earlier run of the server left is there once `recalled` has come true. */
  /** The records of now, oldest first. */
  read<K extends LogName>(log: K): Sequence<HistoryLogs[K]>;
  /** The last records of now, oldest first. */
  newest<K extends LogName>(log: K, count: number): HistoryLogs[K][];
  /** Rows of now, without reading them: the steps on every slice for runs, a record each for the others. */
  rowsOf(log: LogName): number;
  /** The steps of each run. */
  runSteps(): Sequence<readonly StepRecord[]>;
  /** Brings what earlier runs of the server left into the lists, on first call. */
  recalled(): Promise<void>;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}
