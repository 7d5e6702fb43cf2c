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
}

/** Where the output of a statement goes. Implemented by the wire connection. */
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

export interface SqlService {
  /** Throws SqlError (FATAL) when the database or user is unknown or the connection limit is reached. */
  connect(startup: StartupInfo): Promise<SqlSession>;
  /** CancelRequest: cancels what that session runs, if pid and secret match. */
  cancel(pid: number, secret: number): void;
  /** md5 hash material or undefined when the user has no password (trust). 'md5' + md5(password + user). */
  passwordHash(user: string): string | undefined;
}

/**
 * One connection's session. Methods of the extended protocol throw SqlError; the caller then discards messages until
 * Sync. `simpleQuery` reports an error by throwing after whatever it already sent.
 */
export interface SqlSession {
  readonly pid: number;
  readonly secret: number;
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
