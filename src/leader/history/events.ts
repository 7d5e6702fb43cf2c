/**
 * Records of what happened beside queries: users, sessions and transactions, what ended them, materialized views. Members
 * called startMicros, endMicros and timeMicros are microseconds since 2000-01-01, as in types.ts.
 */
import type { QueryId, SliceId, TableId, Xid } from '../../common/ids.ts';

/** A user as a commit made, changed or dropped it. */
export interface UserChangeRecord {
  readonly userid: number;
  readonly name: string;
  readonly oldName: string;
  readonly action: 'create' | 'alter' | 'rename' | 'drop';
  readonly createdb: boolean;
  readonly superuser: boolean;
  /** Microseconds since 2000-01-01; undefined: for ever. */
  readonly validUntil: number | undefined;
  readonly pid: number;
  readonly xid: Xid;
  readonly timeMicros: bigint;
}
/** A session that has ended. */
export interface SessionRecord {
  readonly userid: number;
  readonly pid: number;
  readonly user: string;
  readonly database: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** Seconds that it might be idle; 0: any number. */
  readonly timeout: number;
  readonly isTimedOut: boolean;
}
/** A session that somebody ended, or whose statement somebody cancelled. */
export interface TerminationRecord {
  readonly pid: number;
  /** Who did it. */
  readonly userid: number;
  readonly type: 'TERMINATE' | 'CANCEL';
  readonly timeMicros: bigint;
}
/** A transaction with an xid that has ended. */
export interface TransactionRecord {
  readonly userid: number;
  readonly xid: Xid;
  readonly isolation: 'snapshot' | 'serializable';
  readonly isCommitted: boolean;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** Microseconds since 2000-01-01; undefined: it was rolled back. */
  readonly commitStart: number | undefined;
  readonly blocks: number;
}
/** A transaction that was given up for what others did to a table meanwhile (1023). */
export interface ConflictRecord {
  readonly xid: Xid;
  readonly pid: number;
  readonly startMicros: bigint;
  readonly timeMicros: bigint;
  /** 0: of no single table. */
  readonly tableId: TableId;
}
/** A query that found a disk full. */
export interface DiskFullRecord {
  readonly userid: number;
  readonly query: QueryId;
  readonly node: number;
  readonly timeMicros: bigint;
  /** 1 MB blocks that temporary files took on the slice. */
  readonly temporaryBlocks: number;
}
/** A query that its service class refused. */
export interface WlmErrorRecord {
  readonly userid: number;
  readonly pid: number;
  readonly timeMicros: bigint;
  readonly error: string;
}
/** A statement that must not run inside a transaction block, and was to. */
export interface ViolationRecord {
  readonly userid: number;
  readonly pid: number;
  readonly xid: Xid;
  readonly database: string;
  readonly command: string;
  readonly label: string;
  readonly text: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
}
/** REFRESH MATERIALIZED VIEW, whatever became of it. */
export interface RefreshRecord {
  readonly userid: number;
  readonly pid: number;
  readonly xid: Xid;
  readonly database: string;
  readonly schema: string;
  readonly viewId: TableId;
  readonly name: string;
  readonly status: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
}
/** A materialized view that a commit left so that it cannot be refreshed. */
export interface ViewStateRecord {
  readonly userid: number;
  readonly xid: Xid;
  readonly database: string;
  readonly timeMicros: bigint;
  /** What became of its base table. */
  readonly event: string;
  readonly baseSchema: string;
  readonly baseTable: string;
  readonly schema: string;
  readonly name: string;
}
/** A record of a COPY in which ACCEPTINVCHARS replaced something. */
export interface ReplacementRecord {
  readonly userid: number;
  readonly query: QueryId;
  readonly slice: SliceId;
  readonly tableId: TableId;
  readonly pid: number;
  readonly startMicros: bigint;
  readonly filename: string;
  readonly line: number;
  readonly column: string;
  readonly rawLine: string;
}

/** A call of a stored procedure. */
export interface ProcedureCallRecord {
  readonly query: QueryId;
  readonly userid: number;
  readonly sessionUserid: number;
  readonly label: string;
  readonly xid: Xid;
  readonly pid: number;
  readonly database: string;
  readonly text: string;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  readonly aborted: 0 | 1;
  /** Number of the call it was made from; -1 for a client's. */
  readonly outer: QueryId;
}
/** A message of RAISE. */
export interface ProcedureMessageRecord {
  readonly query: QueryId;
  readonly userid: number;
  readonly sessionUserid: number;
  readonly label: string;
  readonly xid: Xid;
  readonly pid: number;
  readonly timeMicros: bigint;
  /** 20 LOG, 30 INFO, 40 NOTICE, 50 WARNING, 60 EXCEPTION. */
  readonly level: number;
  readonly levelText: string;
  readonly message: string;
  readonly line: number;
  readonly text: string;
}

export interface EventLogs {
  userChanges: UserChangeRecord;
  sessions: SessionRecord;
  terminations: TerminationRecord;
  transactions: TransactionRecord;
  conflicts: ConflictRecord;
  diskFull: DiskFullRecord;
  wlmErrors: WlmErrorRecord;
  violations: ViolationRecord;
  refreshes: RefreshRecord;
  viewStates: ViewStateRecord;
  replacements: ReplacementRecord;
  procedureCalls: ProcedureCallRecord;
  procedureMessages: ProcedureMessageRecord;
}
