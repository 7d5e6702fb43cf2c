/**
 * A session as the rest of the leader sees it: user, settings, temporary schema, transaction. Implemented by session.ts.
 */
import type { FieldDescription, ResultSink } from '../../common/sql-service.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { ConstValue } from '../../expressions/bound.ts';
import type { Statement } from '../parser/ast.ts';
import type { UserObject } from '../catalog/objects.ts';
import type { Transaction } from '../transaction/types.ts';

/** A value that statements are given, or give. */
export interface TypedValue {
  readonly type: SqlType;
  readonly value: ConstValue;
}

/** A cursor that DECLARE opened. */
export interface OpenCursor {
  readonly name: string;
  readonly declaredAtMicros: bigint;
  /** What of its result has come, and what FETCH has given. */
  readonly portal: { readonly rowsCome: number; readonly bytesCome: number; readonly rowsGiven: number };
}

export interface Session {
  /** The system's own work: policies protect nothing from it. */
  readonly exempt?: boolean;
  readonly pid: number;
  readonly user: UserObject;
  readonly database: string;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly startedAtMicros: bigint;
  readonly startupParameters: ReadonlyMap<string, string>;
  /** Current value of a setting (src/leader/session/settings/<name>.ts), text form. */
  setting(name: string): string;
  setSetting(name: string, value: string, local: boolean): void;
  /** Seed of the random numbers of the statement that starts now. */
  nextRandomSeed(): bigint;
  /** Schemas searched for unqualified names, with "$user" resolved and the temporary schema first when it exists. */
  searchPath(): readonly string[];
  /** Name of this session's temporary schema (pg_temp_N), whether or not it exists yet. */
  readonly temporarySchema: string;
  readonly transaction: Transaction | undefined;
  /**
   * Inside BEGIN ... COMMIT, a query string of several statements or a pipeline behind others: VACUUM and the like refuse
   * to run.
   */
  readonly inTransactionBlock: boolean;
  readonly cursors: ReadonlyMap<string, OpenCursor>;
  /** What runs now, for STV_RECENTS and STV_INFLIGHT; undefined when idle. */
  readonly activity: { readonly text: string; readonly startedAtMicros: bigint } | undefined;
  /**
   * Values of pg_last_copy_count() and the like. `queryId` is the query that is planned or runs now, 0 before; `finishedId` the last one that
   * used the slices and ended, -1 before there was one.
   */
  readonly last: {
    copyCount: number;
    copyId: number;
    queryId: number;
    finishedId: number;
    unloadCount: number;
    unloadId: number;
  };
  /**
   * Aborts when the client cancels; the executor passes it to whatever it waits for and throws its `reason`. Each
   * statement has its own: read it once when the statement starts.
   */
  readonly cancelSignal: AbortSignal;
  /** Work of the server's own: it has a service class to itself. */
  readonly isBackground?: true;
}

/** A parsed and analysed statement, ready to run many times. */
export interface PreparedStatement {
  readonly statement: Statement;
  readonly text: string;
  readonly parameters: readonly SqlType[];
  /** null: gives no rows. */
  readonly fields: readonly FieldDescription[] | null;
  /** The executor's own. */
  readonly plan: unknown;
}

/** Types of $1, $2 ... as far as they are known. 'none': a statement that nobody gives values to can have no parameters. */
export type ParameterTypes = readonly (SqlType | undefined)[] | 'none';

/** How a statement runs. leader/statement/execute.ts implements it; session.ts calls it inside a transaction it opened. */
export interface StatementExecutor {
  /** `caseSensitive`: quoted names keep their case. */
  parse(text: string, caseSensitive: boolean, signal: AbortSignal): Promise<readonly Statement[]>;
  /** Opens no transaction of its own. */
  prepare(
    session: Session,
    transaction: Transaction,
    statement: Statement,
    text: string,
    parameterTypes: ParameterTypes,
  ): Promise<PreparedStatement>;
  /**
   * Takes the locks of the statement that `current` gives, which prepares it again when the catalog changed, and is asked
   * again after a wait. `share`: only so that its names keep their meaning.
   */
  lock(
    transaction: Transaction,
    current: () => Promise<PreparedStatement>,
    strength: 'share' | 'full',
  ): Promise<void>;
  /** The session's statement waits for a lock. */
  lockWait(session: Session): void;
  /**
   * The row of a query that reads no table, which is then no statement of its own; undefined for any other query.
   */
  values(
    session: Session,
    transaction: Transaction,
    prepared: PreparedStatement,
    parameters: readonly TypedValue[],
  ): readonly TypedValue[] | Promise<readonly TypedValue[]> | undefined;
  /** Sends one row of the values. */
  sendValues(
    session: Session,
    transaction: Transaction,
    values: readonly TypedValue[],
    formats: readonly number[],
    sink: Pick<ResultSink, 'rows'>,
  ): Promise<void>;
  /** The columns of a query: types as they were bound. */
  columnsOf(prepared: PreparedStatement): readonly { readonly name: string; readonly type: SqlType }[];
  /** Runs to the end, streaming rows into `sink.rows`; returns the command tag. Does not call commandComplete. */
  execute(
    session: Session,
    transaction: Transaction,
    prepared: PreparedStatement,
    parameters: readonly ConstValue[],
    formats: readonly number[],
    sink: Pick<ResultSink, 'rows'> & { notice(notice: Notice): void },
  ): Promise<string>;
}
