/**
 * What commands do to objects with: the session and transaction they work for, and the services of the running leader
 * that the files of this folder ask. leader.ts's services are these and more.
 */
import type { Clock } from '../../common/clock.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import type { TableId } from '../../common/ids.ts';
import type { BoundStatement } from '../../expressions/relation.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Expr, Query, Statement } from '../parser/ast.ts';
import type { Session } from '../session/types.ts';
import type { Transaction, TransactionManager } from '../transaction/types.ts';

export type BoundSelect = Extract<BoundStatement, { kind: 'select' }>;
export interface BoundView {
  readonly select: BoundSelect;
  readonly frozen: Query;
}

/** A result held on the leader: for small internal queries (ANALYZE, catalog work), at most INTERNAL_ROWS_MAX rows. */
export interface InternalResult {
  readonly columns: readonly string[];
  /** Cells in output text form, null = NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Of the columns; undefined when all are texts. */
  readonly types?: readonly SqlType[];
}

/** Internal queries of statements. */
export interface QueryServices {
  readonly clock: Pick<Clock, 'nowMicros'>;
  /** Runs SQL text as the session's user inside the transaction and returns the rows (internal use). */
  query(
    session: Session,
    transaction: Transaction,
    sql: string,
    label?: string,
    /** With the rights of the system. */
    as?: 'system',
  ): Promise<InternalResult>;
}
export interface DdlServices extends QueryServices {
  readonly transactions: Pick<TransactionManager, 'nextOid' | 'inheritIdentity'>;
  /** Plans and runs a bound INSERT/UPDATE/DELETE (or SELECT for its row count), its tables locked; returns rows affected. */
  runBound(session: Session, transaction: Transaction, statement: BoundStatement, text: string): Promise<number>;
  /** The query's first row as catalogs keep values: as texts, SUPER as the bytes it lies in, in hexadecimal. */
  storedValues(session: Session, transaction: Transaction, sql: string): Promise<readonly (string | null)[]>;
  /** Analyses a query AST in the session's search path, to look at it (views). What is run comes from lockQuery. */
  bindQuery(session: Session, transaction: Transaction, query: Query, searchPath?: readonly string[]): BoundSelect;
  /** The type of a default, which must be assignable to its column when that is given. */
  typeOfDefault(
    session: Session,
    transaction: Transaction,
    expr: Expr,
    column?: { readonly name: string; readonly type: SqlType },
  ): SqlType;
  /** bindQuery, and the query as a view keeps it. */
  bindView(session: Session, transaction: Transaction, query: Query): BoundView;
  /** The expression of an SQL function, checked, as it is kept; `replaces`: oid of the function whose place it takes. */
  bindFunction(
    session: Session,
    transaction: Transaction,
    query: Query,
    types: readonly SqlType[],
    returns: SqlType,
    replaces?: number,
  ): Expr;
  /** Functions the query calls that may give another value for the same arguments. */
  mutableFunctions(bound: BoundSelect): readonly string[];
  /** Tables the statement reads, through views too. */
  tablesRead(bound: BoundStatement): Iterable<TableId>;
  /** The same as bindQuery, with the tables it reads locked and what its names mean settled: for CTAS and the like. */
  lockQuery(
    session: Session,
    transaction: Transaction,
    query: Query,
    searchPath?: readonly string[],
    /** With the rights of the system. */
    as?: 'system',
  ): Promise<BoundSelect>;
  parse(sql: string): Promise<readonly Statement[]>;
}

export interface QueryContext {
  readonly services: QueryServices;
  readonly session: Session;
  readonly transaction: Transaction;
}
export interface DdlContext extends QueryContext {
  readonly services: DdlServices;
  /** The whole query string, for texts that are kept. */
  readonly text: string;
  notice(notice: Notice): void;
}
