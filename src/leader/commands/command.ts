/**
 * The shape of a SQL command: one file each, found by registry.ts, run by the statement executor. And what commands ask of
 * the running leader.
 */
import type { QueryId, TableId } from '../../common/ids.ts';
import type { StorageTable, VacuumOptions, VacuumReport } from '../../slices/storage.ts';
import type { CopyJobObject, TableObject } from '../catalog/objects.ts';
import type { DdlContext, DdlServices, InternalResult } from '../ddl/context.ts';
import type { History } from '../history/types.ts';
import type { Statement } from '../parser/ast.ts';
import type { Session } from '../session/types.ts';
import type { SampledColumn } from '../catalog/sampled-encodings.ts';
import type { Transaction, TransactionManager } from '../transaction/types.ts';

export interface CommandServices extends DdlServices {
  /** Identifier of this warehouse. */
  readonly namespace: string;
  readonly topology: { readonly nodes: number };
  readonly transactions: Pick<
    TransactionManager,
    'begin' | 'nextOid' | 'nextIdentity' | 'inheritIdentity' | 'lastChangeLsn' | 'oldestXmin'
  >;
  readonly slices: {
    /** Ends with the signal's reason when that aborts; the transaction must be rolled back then. */
    vacuum(table: StorageTable, options: VacuumOptions, signal: AbortSignal): Promise<readonly VacuumReport[]>;
    /** Lets go of old rows and blocks that no snapshot needs. */
    reclaim(): Promise<void>;
  };
  readonly history: Pick<History, 'add'>;
  readonly copyJobs: {
    /** Checks the COPY and keeps it as a job. */
    create(context: DdlContext, statement: Extract<Statement, { kind: 'create-copy-job' }>): Promise<void>;
    /** Loads what is new; the job is locked. Returns the number of files. */
    run(context: DdlContext, job: CopyJobObject): Promise<number>;
  };
  /** Encodings bid on rows of the table, on each slice; nothing is written. */
  sampleEncodings(session: Session, transaction: Transaction, table: TableObject): Promise<readonly SampledColumn[]>;
  sessions(): readonly Session[];
  /** Cancels what the session runs now, by that user; false when it runs nothing. */
  signalSession(pid: number, action: 'cancel', userid: number): boolean;
  /** Ends the sessions connected to the database and waits until they are gone. */
  endSessionsOf(database: string, signal: AbortSignal): Promise<void>;
  /** Visible rows of a table, as the optimizer knows them. */
  rowCountOf(table: TableId): number;
  /** Rows up to which DISTSTYLE AUTO means ALL. */
  readonly autoAllRowsMax: number;
  storageTable(table: TableObject): StorageTable;
}

/** One SQL command's execution: <command>.ts exports one of these as default. */
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
export interface CommandContext extends DdlContext {
  readonly services: CommandServices;
}
export interface CommandResult {
  readonly tag: string;
  /** Small results of SHOW and the like: text cells, sent as varchar. */
  readonly rows?: InternalResult;
  readonly queryId?: QueryId;
}
