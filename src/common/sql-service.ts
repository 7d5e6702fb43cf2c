/**
 * What a client may ask of the leader, and what it gets back. `wire` speaks this interface and knows no SQL; the
 * leader implements it and knows no sockets; the console and in-process callers use the same one.
 */
import type { Notice, SqlError } from './errors/sql-error.ts';

export interface StartupInfo {
  readonly user: string;
  readonly database: string;
  /** Every start-up parameter as sent (application_name, client_encoding, driver_version, options ...). */
  readonly parameters: ReadonlyMap<string, string>;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly proof: LoginProof;
  /** Undefined on a plain connection. */
  readonly encryption?: Encryption | undefined;
}
/**
 * How the door made sure who this is: it asked for nothing, it checked the answer to a credential, or the server itself
 * is the caller.
 */
export type LoginProof = 'trust' | 'password' | 'server';
export interface Encryption {
  /** TLSv1.3 and the like. */
  readonly protocol: string;
  readonly cipher: string;
}

/**
 * What a client must show to log in as a user. It never tells whether there is such a user: for one that cannot log in it
 * is a credential that no answer matches.
 */
export type Credential =
  | { readonly kind: 'trust' }
  /** 'md5' + hex(md5(password + user)), of each password that is right. */
  | { readonly kind: 'md5'; readonly hashes: readonly string[] }
  /** sha256(password + salt). */
  | { readonly kind: 'sha256'; readonly digest: Uint8Array; readonly salt: Uint8Array };

/** The table column that a result column shows, as Redshift's drivers are told from transfer protocol 1 on. */
export interface ColumnSource {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly notNull: boolean;
  readonly identity: boolean;
}
/** One column of a result, as RowDescription needs it. */
export interface FieldDescription {
  readonly name: string;
  /** 0 when the column is not a plain table column. */
  readonly tableOid: number;
  readonly columnNumber: number;
  readonly typeOid: number;
  readonly typeSize: number;
  readonly typeModifier: number;
  /** Values of this type have a text form only: sent and described as text whatever format was asked for. */
  readonly textOnly?: true;
  /** Undefined when the column is not a plain table column. */
  readonly source?: ColumnSource;
  /** Values of its type can be compared. */
  readonly searchable?: true;
  /** It holds texts in which case counts. */
  readonly caseSensitive?: true;
}

/** Where the output of a statement goes. Implemented by the wire connection. SILENT_SINK takes it and keeps nothing. */
export interface ResultSink {
  rowDescription(fields: readonly FieldDescription[], formats: readonly number[]): void;
  /**
   * Whole DataRow messages ('D', length, ...), framed by the slices. The bytes are only valid until the promise
   * settles; a returned promise is back-pressure.
   */
  rows(chunk: Uint8Array, rowCount: number): void | Promise<void>;
  commandComplete(tag: string): void;
  emptyQuery(): void;
  portalSuspended(): void;
  notice(notice: Notice): void;
  parameterStatus(name: string, value: string): void;
}
export const SILENT_SINK: ResultSink = {
  rowDescription: () => undefined,
  rows: () => undefined,
  commandComplete: () => undefined,
  emptyQuery: () => undefined,
  portalSuspended: () => undefined,
  notice: () => undefined,
  parameterStatus: () => undefined,
};

export interface ScriptStatement {
  readonly text: string;
  readonly start: number;
}

export interface CredentialsWanted {
  readonly user: string;
  readonly durationSeconds: number;
  /** Makes the user when there is none, a member of these groups. */
  readonly autoCreate: boolean;
  readonly groups: readonly string[];
}
export interface IssuedCredentials {
  /** The name to log in with: the user's behind IAM: or, with autoCreate, IAMA:. */
  readonly user: string;
  readonly password: string;
  /** Milliseconds since 1970. */
  readonly expiresMs: number;
}

export interface SqlService {
  /**
   * Throws SqlError (FATAL) when the proof does not suffice, the database or user is unknown, or a connection limit is
   * reached.
   */
  connect(startup: StartupInfo): Promise<SqlSession>;
  /** CancelRequest: cancels what that session runs, if pid and secret match. */
  cancel(pid: number, secret: number): void;
  credential(user: string): Credential;
  /**
   * The name that a name as sent stands for: one user has one, however it is spelled, and so has one nobody bears. It tells
   * nothing of whether there is such a user.
   */
  accountOf(user: string): string;
  /** The statements of a script, each with the character where it begins. Throws SqlError when one cannot be parsed. */
  split(script: string): Promise<readonly ScriptStatement[]>;
  /** A password for a user that ends by itself, as GetClusterCredentials gives them. Throws SqlError. */
  issueCredentials(wanted: CredentialsWanted): Promise<IssuedCredentials>;
  /** A wrong answer to a credential: goes to the connection log. */
  loginFailed(startup: StartupInfo): void;
}

/**
 * One connection's session. Methods of the extended protocol throw SqlError; the caller then discards messages until
 * Sync. `simpleQuery` reports an error by throwing after whatever it already sent.
 */
export interface SqlSession {
  readonly pid: number;
  readonly secret: number;
  /** 0 is PostgreSQL's; Redshift's drivers ask for 1 to 3 (session/transfer-protocol.ts). */
  readonly transferProtocol: number;
  /** Values for ParameterStatus at start-up, in order. */
  parameterStatus(): ReadonlyMap<string, string>;
  /** Transaction status for ReadyForQuery. */
  readonly status: 'I' | 'T' | 'E';
  simpleQuery(text: string, sink: ResultSink): Promise<void>;
  parse(name: string, text: string, parameterTypes: readonly number[]): Promise<void>;
  describeStatement(
    name: string,
  ): Promise<{ parameters: readonly number[]; fields: readonly FieldDescription[] | null }>;
  bind(
    portal: string,
    statement: string,
    values: readonly (Uint8Array | null)[],
    valueFormats: readonly number[],
    resultFormats: readonly number[],
  ): Promise<void>;
  describePortal(name: string): Promise<{ fields: readonly FieldDescription[] | null; formats: readonly number[] }>;
  /** maxRows 0 = all. Ends in commandComplete, emptyQuery or portalSuspended. */
  execute(portal: string, maxRows: number, sink: ResultSink): Promise<void>;
  closeStatement(name: string): void;
  closePortal(name: string): void;
  /** Ends the implicit transaction of an extended-protocol sequence; `failed` when an error was reported since. */
  sync(failed: boolean, sink: ResultSink): Promise<void>;
  /** Called when the socket closes: cancels, rolls back, frees. */
  close(): Promise<void>;
  /** The listener is called once when the leader ends this session by itself; the door then hangs up. */
  onTerminate?(listener: (error: SqlError) => void): void;
}
