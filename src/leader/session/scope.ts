/**
 * What a session lends to its statements (session-statements.ts), and the values they share: analysed statements,
 * bound portals, cursors. `ClientSession` implements SessionScope; nothing outside src/leader/session imports this.
 */
import type { FieldDescription, StartupInfo } from '../../common/sql-service.ts';
import type { ConstValue } from '../../expressions/bound.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { TextSettings } from '../../types/text.ts';
import type { DatabaseObject, UserObject } from '../catalog/objects.ts';
import type { Clock } from '../../common/clock.ts';
import type { NodeId, SliceId } from '../../common/ids.ts';
import type { History } from '../history/types.ts';
import type { Statement } from '../parser/ast.ts';
import type { TransactionManager } from '../transaction/types.ts';
import type { SessionDatabases } from './databases.ts';
import type { Portal, RowSink } from './portal.ts';
import type { SettingsStore } from './settings-store.ts';
import type { TransactionBlock } from './transaction-block.ts';
import type { OpenCursor, ParameterTypes, PreparedStatement, Session, StatementExecutor } from './types.ts';

/** CALL, as leader/procedures carries it out. */
export interface Procedures {
  /** The columns of the row that the call gives, null for none; `args`: the query of its arguments' values. */
  bind(
    scope: SessionScope,
    statement: Extract<Statement, { kind: 'call' }>,
    text: string,
    types: ParameterTypes,
  ): Promise<{ readonly fields: readonly FieldDescription[] | null; readonly args: ExecutorEntry | undefined }>;
  /** Returns the command tag. */
  call(
    scope: SessionScope,
    statement: Extract<Statement, { kind: 'call' }>,
    text: string,
    types: ParameterTypes,
    execution: Execution,
  ): Promise<string>;
}

export interface SqlServiceDeps {
  readonly executor: StatementExecutor;
  readonly procedures: Procedures;
  readonly transactions: TransactionManager;
  readonly clock: Clock;
  readonly history: History;
  database(name: string): DatabaseObject | undefined;
  /** Somebody drops the database and has it to himself: nobody connects to it any more. */
  isDropping(database: DatabaseObject): boolean;
  nodeOf(slice: SliceId): NodeId;
  user(name: string): UserObject | undefined;
  users(): readonly UserObject[];
  /** Whether nobody may log in without a password now: set at start, or by giving the first superuser one. */
  passwordRequired(): boolean;
  readonly config: {
    readonly defaultUser: string;
    readonly defaultDatabase: string;
    /** Plain connections are refused. */
    readonly tlsRequired?: boolean;
    /** --large-strings; absent: off. */
    readonly largeStrings?: boolean;
  };
  /** Told of exceptions that are bugs; the client sees XX000. */
  onBug?(error: unknown): void;
}

/** Who a session is for: made at log-in by service.ts. */
export interface SessionIdentity {
  readonly pid: number;
  readonly secret: number;
  readonly number: number;
  readonly user: UserObject;
  readonly database: DatabaseObject;
  readonly startup: StartupInfo;
  onClose(): void;
}

/** A statement the executor runs. `prepared` is replaced when the catalog or the environment changed. */
export interface ExecutorEntry {
  readonly kind: 'executor';
  readonly statement: Statement;
  readonly text: string;
  readonly types: ParameterTypes;
  readonly oids: readonly number[];
  prepared: PreparedStatement;
  /** Identity of the catalog's contents it was prepared under. */
  catalog: object;
  /** User and search path it was prepared under. */
  environment: string;
}
/** A statement the session runs itself. `inner`: the query of DECLARE. */
export interface SessionEntry {
  readonly kind: 'session';
  readonly statement: Statement;
  readonly text: string;
  readonly oids: readonly number[];
  readonly parameters: readonly SqlType[];
  readonly fields: readonly FieldDescription[] | null;
  readonly inner?: ExecutorEntry;
  /** Of CALL: types that were known when it was analysed. */
  readonly types?: ParameterTypes;
}
export type Analysed = { readonly kind: 'empty' } | ExecutorEntry | SessionEntry;

/** A bound portal of the extended protocol. */
export interface BoundPortal {
  readonly entry: Analysed;
  readonly values: readonly ConstValue[];
  readonly formats: readonly number[];
  portal: Portal | undefined;
  /** Tag of a session statement that already ran. */
  done: string | undefined;
}

export interface Cursor extends OpenCursor {
  readonly name: string;
  readonly portal: Portal;
  readonly declaredAtMicros: bigint;
  readonly fields: readonly FieldDescription[];
  /** Fixed by the first FETCH. */
  formats: readonly number[] | undefined;
}

/** Values and output of one execution. */
export interface Execution {
  readonly parameters: readonly ConstValue[];
  readonly formats: readonly number[];
  readonly sink: RowSink;
}

export interface SessionScope extends Session {
  readonly deps: SqlServiceDeps;
  readonly loginUser: UserObject;
  /** Whose rights count while a procedure runs with its owner's. */
  acting: UserObject | undefined;
  readonly databases: SessionDatabases;
  readonly block: TransactionBlock;
  readonly settings: SettingsStore;
  readonly statements: Map<string, Analysed>;
  readonly cursors: Map<string, Cursor>;
  textSettings(): TextSettings;
  analyse(statement: Statement, text: string, types: ParameterTypes, oids: readonly number[]): Promise<Analysed>;
  /** Takes the statement's locks and prepares it again where its names came to mean something else. */
  lock(entry: ExecutorEntry, strength: 'share' | 'full'): Promise<void>;
  /** `described`: a client was told its columns, which must be what they were. */
  runExecutor(entry: ExecutorEntry, execution: Execution, described?: boolean): Promise<string>;
  runSession(entry: SessionEntry, execution: Execution): Promise<string>;
  /** Runs `work` with cancel aimed at this portal. */
  within<T>(portal: Portal, work: () => Promise<T>): Promise<T>;
}
