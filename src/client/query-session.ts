/**
 * A session for programs in this process: the same SqlSession that the wire door speaks to, without a socket. Statements of
 * one session run one after another in the order of the calls, by the extended protocol: `query` takes one, with parameters,
 * `exec` a script; `stream` hands rows on as they come, with back-pressure. Created by src/index.ts and by the HTTP query
 * door.
 */
import type { RecordBatch, Table } from 'apache-arrow';
import * as errors from '../common/errors/catalogue.ts';
import type { Notice, SqlError } from '../common/errors/sql-error.ts';
import {
  SILENT_SINK,
  type FieldDescription,
  type ResultSink,
  type SqlService,
  type SqlSession,
} from '../common/sql-service.ts';
import { ArrowBatches, arrowFormats, arrowLibrary } from './arrow-batches.ts';
import { DataRowReader } from './data-row-reader.ts';
import {
  fieldOf,
  formatOf,
  parameterBytes,
  parameterFormat,
  type Field,
  type SqlParameter,
  type SqlValue,
} from './values.ts';

/** What a statement gave. */
export interface QueryResult<Row = Record<string, SqlValue>> {
  /** The command's tag: 'SELECT', 'INSERT 0 3', 'CREATE TABLE'. */
  readonly command: string;
  /** Rows returned, inserted, updated or deleted. */
  readonly rowCount: number;
  /** Columns; empty for statements that return no rows. */
  readonly fields: readonly Field[];
  readonly rows: readonly Row[];
  readonly notices: readonly Notice[];
}
export interface QueryOptions {
  /** 'array': rows are arrays in the order of the columns, so that two columns may have one name. */
  readonly rowMode?: 'object' | 'array';
  /** Cancels the statement. */
  readonly signal?: AbortSignal;
}
/** Where the parts of a result go as they come. */
export interface RowConsumer {
  /** Formats of the columns to ask for; default: those that data-row-reader.ts reads. */
  formats?(fields: readonly FieldDescription[]): readonly number[];
  fields(fields: readonly FieldDescription[], formats: readonly number[]): void;
  /** Whole DataRow messages, valid until the promise settles, which is the back-pressure. */
  rows(chunk: Uint8Array, rowCount: number): void | Promise<void>;
  notice?(notice: Notice): void;
}
/** What a program asks of a session. */
export interface Queryable {
  query<Row = Record<string, SqlValue>>(
    sql: string,
    parameters?: readonly SqlParameter[],
    options?: QueryOptions,
  ): Promise<QueryResult<Row>>;
  exec(script: string, options?: QueryOptions): Promise<readonly QueryResult[]>;
}

/** The count at the end of a tag: 'INSERT 0 3', 'UPDATE 2'. */
const countOf = (tag: string): number => Number(/ (\d+)$/.exec(tag)?.[1] ?? 0);

/** Gathers the results of one or several statements. */
class Gatherer {
  readonly results: QueryResult[] = [];
  private described: readonly FieldDescription[] = [];
  private reader = new DataRowReader([]);
  private rows: SqlValue[][] = [];
  private notices: Notice[] = [];

  constructor(private readonly asArrays: boolean) {}

  readonly fields = (fields: readonly FieldDescription[], formats: readonly number[]): void => {
    this.described = fields;
    this.reader = new DataRowReader(fields, formats);
  };
  readonly take = (chunk: Uint8Array): void => {
    for (const row of this.reader.rows(chunk)) this.rows.push(row);
  };
  readonly notice = (notice: Notice): void => void this.notices.push(notice);
  readonly end = (tag: string): void => {
    const { described, rows, notices } = this;
    const fields = described.map(fieldOf);
    const named = (row: readonly SqlValue[]): Record<string, SqlValue> =>
      Object.fromEntries(fields.map((f, i) => [f.name, row[i]!]));
    this.results.push({
      command: tag,
      rowCount: described.length > 0 ? rows.length : countOf(tag),
      fields,
      rows: (this.asArrays ? rows : rows.map(named)) as unknown as Record<string, SqlValue>[],
      notices,
    });
    this.described = [];
    this.rows = [];
    this.notices = [];
  };
}

export class QuerySession implements Queryable {
  /** Why the cluster ended the session, once it has. */
  private ended: SqlError | undefined;
  private closing: Promise<void> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: SqlSession,
    private readonly service: Pick<SqlService, 'cancel' | 'split'>,
  ) {
    session.onTerminate?.((error) => {
      this.ended = error;
      void this.close();
    });
  }

  /** As pg_backend_pid() and the system views know the session. */
  get pid(): number {
    return this.session.pid;
  }
  /** The session is over: closed, or ended by the cluster. */
  get isOver(): boolean {
    return this.closing !== undefined;
  }
  /** Whether a transaction block is open: 'idle', 'transaction', or 'failed', which takes ROLLBACK only. */
  get status(): 'idle' | 'transaction' | 'failed' {
    const { status } = this.session;
    return status === 'I' ? 'idle' : status === 'T' ? 'transaction' : 'failed';
  }

  /** Runs one statement and gives all its rows. Throws SqlError. */
  async query<Row = Record<string, SqlValue>>(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    options: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    const gathered = new Gatherer(options.rowMode === 'array');
    const { fields, take: rows, notice } = gathered;
    gathered.end(await this.stream(sql, parameters, { fields, rows, notice }, options.signal));
    return gathered.results[0] as unknown as QueryResult<Row>;
  }

  /**
   * Runs the statements of a script one after another, as `psql -f` does: each is a transaction, unless BEGIN says otherwise,
   * and the first error ends it. A script that cannot be parsed does nothing. Gives a result for each.
   */
  exec(script: string, options: QueryOptions = {}): Promise<readonly QueryResult[]> {
    return this.inTurn(options.signal, async () => {
      const results: QueryResult[] = [];
      for (const { text, start } of await this.service.split(script)) {
        const gathered = new Gatherer(options.rowMode === 'array');
        const { fields, take: rows, notice } = gathered;
        try {
          gathered.end(await this.run(text, [], { fields, rows, notice }));
        } catch (error) {
          const { position } = error as SqlError;
          if (position !== undefined) (error as SqlError).position = position + start;
          throw error;
        }
        results.push(...gathered.results);
      }
      return results;
    });
  }

  /** Runs one statement and hands its rows on; gives the command's tag. */
  stream(
    sql: string,
    parameters: readonly SqlParameter[],
    consumer: RowConsumer,
    signal?: AbortSignal,
  ): Promise<string> {
    return this.inTurn(signal, () => this.run(sql, parameters, consumer));
  }
  private async run(sql: string, parameters: readonly SqlParameter[], consumer: RowConsumer): Promise<string> {
    const { session } = this;
    let tag = '';
    const sink: ResultSink = {
      ...SILENT_SINK,
      rows: (chunk, count) => consumer.rows(chunk, count),
      commandComplete: (done) => void (tag = done),
      notice: (notice) => consumer.notice?.(notice),
    };
    try {
      await session.parse('', sql, []);
      const { fields } = await session.describeStatement('');
      const formats = consumer.formats?.(fields ?? []) ?? (fields ?? []).map(formatOf);
      await session.bind('', '', parameters.map(parameterBytes), parameters.map(parameterFormat), formats);
      if (fields !== null) consumer.fields(fields, formats);
      await session.execute('', 0, sink);
    } catch (error) {
      if (!this.isOver) await session.sync(true, sink);
      throw error;
    }
    await session.sync(false, sink);
    return tag;
  }

  /** The rows of one statement as an Arrow table (arrow-batches.ts tells its types). */
  async toArrow(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    options: Pick<QueryOptions, 'signal'> = {},
  ): Promise<Table> {
    const arrow = await arrowLibrary();
    const done: RecordBatch[] = [];
    const keep = (more: readonly RecordBatch[]): void => void done.push(...more);
    let batches = new ArrowBatches(arrow, []);
    const consumer: RowConsumer = {
      formats: arrowFormats,
      fields: (fields) => void (batches = new ArrowBatches(arrow, fields)),
      rows: (chunk) => keep(batches.take(chunk)),
    };
    await this.stream(sql, parameters, consumer, options.signal);
    keep(batches.finish());
    return batches.table(done);
  }

  /** Runs `work` between BEGIN and COMMIT, or ROLLBACK when it throws. */
  async transaction<T>(work: (session: this) => Promise<T>): Promise<T> {
    await this.query('begin');
    try {
      const result = await work(this);
      await this.query('commit');
      return result;
    } catch (error) {
      if (!this.isOver && this.status !== 'idle') await this.query('rollback');
      throw error;
    }
  }

  /** Cancels the statement that runs; those that wait behind it run. */
  cancel(): void {
    this.service.cancel(this.session.pid, this.session.secret);
  }
  /** Ends the session: what runs is cancelled, an open transaction rolled back, temporary tables are dropped. */
  close(): Promise<void> {
    return (this.closing ??= this.session.close());
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(async () => {
      if (this.ended !== undefined) throw this.ended;
      if (this.closing !== undefined) throw errors.terminatedByAdministrator();
      signal?.throwIfAborted();
      const cancel = (): void => this.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return await work();
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
