/**
 * What commands, COPY, UNLOAD and system views may ask of the running cluster. Built by leader.ts; every member is an
 * interface so that tests can hand in a part.
 */
import type { Clock } from '../common/clock.ts';
import type { NodeId, QueryId, SliceId, TableId } from '../common/ids.ts';
import type { Notice } from '../common/errors/sql-error.ts';
import type { BlockInfo, StorageTable, TableStorageInfo, VacuumOptions, VacuumReport } from '../slices/storage.ts';
import type { BoundStatement } from '../expressions/relation.ts';
import type { Query, Statement } from './parser/ast.ts';
import type { Session } from './session/types.ts';
import type { TableObject } from './catalog/objects.ts';
import type { Transaction, TransactionManager } from './transaction/types.ts';
import type { History } from './history/types.ts';
import type { QueryProgress } from '../execution/messages.ts';
import type { RunningQuery } from './scheduler/scheduler.ts';
import type { WlmQueries } from './scheduler/wlm.ts';

export interface Topology {
  readonly nodes: number;
  readonly slicesPerNode: number;
  readonly sliceCount: number;
  nodeOf(slice: SliceId): NodeId;
}

/** Requests to the slices' storage. */
export interface SliceControl {
  /** Ends with the signal's reason when that aborts; the transaction must be rolled back then. */
  vacuum(table: StorageTable, options: VacuumOptions, signal: AbortSignal): Promise<readonly VacuumReport[]>;
  /** Lets go of old rows and blocks that no snapshot needs. */
  reclaim(): Promise<void>;
  /** These wait for a node that is being started anew. */
  blocks(signal: AbortSignal): Promise<readonly { readonly slice: SliceId; readonly blocks: readonly BlockInfo[] }[]>;
  /** What queries that run on the slices have counted so far. */
  progress(
    signal: AbortSignal,
  ): Promise<readonly { readonly slice: SliceId; readonly queries: readonly QueryProgress[] }[]>;
  tables(
    signal: AbortSignal,
  ): Promise<readonly { readonly slice: SliceId; readonly tables: readonly TableStorageInfo[] }[]>;
}

/** A compute node's life, for views and for those who stop one on purpose. */
export interface NodeInfo {
  readonly node: NodeId;
  readonly state: 'up' | 'recovering' | 'lost';
  readonly sinceMicros: bigint;
  readonly starts: number;
  readonly downMs: number;
  readonly cause: string;
}
export interface NodeControl {
  list(): readonly NodeInfo[];
  killSlice(slice: SliceId): void;
  killNode(node: NodeId): void;
}

/** A result held on the leader: for small internal queries (ANALYZE, catalog work), at most INTERNAL_ROWS_MAX rows. */
export interface InternalResult {
  readonly columns: readonly string[];
  /** Cells in output text form, null = NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface LeaderServices {
  readonly clock: Clock;
  readonly topology: Topology;
  readonly transactions: TransactionManager;
  readonly slices: SliceControl;
  readonly nodes: NodeControl;
  readonly history: History;
  readonly wlm: WlmQueries;
  sessions(): readonly Session[];
  /** Queries being executed, with the steps that participants still work on. */
  runningQueries(): readonly RunningQuery[];
  /** Cancels what the session runs now; false when there is no such session. */
  cancelSession(pid: number, message?: string): boolean;
  /** Ends the sessions connected to the database and waits until they are gone. */
  endSessionsOf(database: string, signal: AbortSignal): Promise<void>;
  /** Plans and runs a bound INSERT/UPDATE/DELETE (or SELECT for its row count), its tables locked; returns rows affected. */
  runBound(session: Session, transaction: Transaction, statement: BoundStatement, text: string): Promise<number>;
  /** Visible rows of a table, as the optimizer knows them. */
  rowCountOf(table: TableId): number;
  /** Rows up to which DISTSTYLE AUTO means ALL. */
  readonly autoAllRowsMax: number;
  /** Analyses a query AST in the session's search path, to look at it (views). What is run comes from lockQuery. */
  bindQuery(
    session: Session,
    transaction: Transaction,
    query: Query,
    searchPath?: readonly string[],
  ): Extract<BoundStatement, { kind: 'select' }>;
  /** bindQuery, and the query as a view keeps it. */
  bindView(session: Session, transaction: Transaction, query: Query): BoundView;
  /** Tables the statement reads, through views too. */
  tablesRead(bound: BoundStatement): Iterable<TableId>;
  /** The same as bindQuery, with the tables it reads locked and what its names mean settled: for CTAS and the like. */
  lockQuery(
    session: Session,
    transaction: Transaction,
    query: Query,
    searchPath?: readonly string[],
  ): Promise<Extract<BoundStatement, { kind: 'select' }>>;
  /** Runs SQL text as the session's user inside the transaction and returns the rows (internal use). */
  query(session: Session, transaction: Transaction, sql: string, label?: string): Promise<InternalResult>;
  parse(sql: string): Promise<readonly Statement[]>;
  storageTable(table: TableObject): StorageTable;
}

export interface BoundView {
  readonly select: Extract<BoundStatement, { kind: 'select' }>;
  readonly frozen: Query;
}

/** One SQL command's execution: src/leader/commands/<command>.ts exports one of these as default. */
export interface Command<K extends Statement['kind']> {
  readonly kind: K;
  /** Redshift's command tag, or a function of the result. */
  readonly doc: string;
  /**
   * What the refusal calls a statement that must not run inside BEGIN ... COMMIT, a string of several statements or
   * behind others in a pipeline; undefined for one that may. Such a statement commits before its answer is sent.
   */
  outsideTransaction?(statement: Extract<Statement, { kind: K }>): string | undefined;
  run(context: CommandContext, statement: Extract<Statement, { kind: K }>): Promise<CommandResult>;
}
export interface CommandContext {
  readonly services: LeaderServices;
  readonly session: Session;
  readonly transaction: Transaction;
  /** The whole query string, for texts that are kept. */
  readonly text: string;
  notice(notice: Notice): void;
}
export interface CommandResult {
  readonly tag: string;
  /** Small results of SHOW and the like: text cells, sent as varchar. */
  readonly rows?: InternalResult;
  readonly queryId?: QueryId;
}
