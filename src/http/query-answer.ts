/**
 * Answers of the HTTP query door as they are written while the rows come: lines of JSON, or an Arrow IPC stream. What the client has
 * not taken beyond HTTP_ROWS_BYTES_MAX holds the rows up; a client that went away ends the wait, and its statement is
 * cancelled (query.ts).
 *
 *   JSON   {"fields":[{"name","type",...}]}   a line for the columns; statements without rows have none
 *          [value, ...]                       a line a row: numbers of 32 bits, floats and booleans as such, everything else
 *                                             as text (client/values.ts), VARBYTE in hexadecimal digits
 *          {"command","rowCount","notices"}   the end; or {"error":{...}} in its place
 *   Arrow  schema, batches, end of stream; an error behind the first byte breaks the connection off before the end
 */
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { RecordBatchStreamWriter } from 'apache-arrow';
import { ArrowBatches, arrowFormats, arrowLibrary } from '../client/arrow-batches.ts';
import { DataRowReader } from '../client/data-row-reader.ts';
import type { RowConsumer } from '../client/query-session.ts';
import { fieldOf, type SqlValue } from '../client/values.ts';
import type { Notice, SqlError } from '../common/errors/sql-error.ts';
import { HTTP_ROWS_BYTES_MAX } from '../common/limits.ts';
import type { FieldDescription } from '../common/sql-service.ts';
import { nextTurn } from '../common/steps.ts';

export interface QueryAnswer extends RowConsumer {
  /** The statement has ended with this tag. */
  end(tag: string): Promise<void>;
  /** It failed after the answer had begun. */
  fail(error: SqlError): void;
}
export type AnswerFormat = 'json' | 'arrow';

export const answerOf = (response: ServerResponse, format: AnswerFormat): Promise<QueryAnswer> =>
  format === 'json' ? Promise.resolve(new JsonAnswer(response)) : ArrowAnswer.of(response);

/** What a client is told of an error. */
export const errorBody = ({ sqlstate, severity, message, detail, hint, position }: SqlError): string =>
  `${JSON.stringify({ error: { sqlstate, severity, message, detail, hint, position } })}\n`;

/** Undefined while the client keeps up. */
function room(response: ServerResponse): Promise<void> | undefined {
  if (response.writableLength < HTTP_ROWS_BYTES_MAX || response.destroyed) return undefined;
  const stop = new AbortController();
  const { signal } = stop;
  const over = () => undefined;
  return Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
    .then(over, over)
    .finally(() => stop.abort());
}

const jsonValue = (value: SqlValue): unknown => {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
};
/** The count at the end of a tag: 'INSERT 0 3'. */
const countOf = (tag: string): number => Number(/ (\d+)$/.exec(tag)?.[1] ?? 0);

class JsonAnswer implements QueryAnswer {
  private reader: DataRowReader | undefined;
  private count = 0;
  private head = '';
  private readonly notices: Notice[] = [];
  constructor(private readonly response: ServerResponse) {}

  /** With the first rows, or the end: an error before them has a status of its own. */
  private begin(): string {
    if (this.response.headersSent) return '';
    this.response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    return this.head;
  }
  fields(fields: readonly FieldDescription[], formats: readonly number[]): void {
    this.reader = new DataRowReader(fields, formats);
    this.head = `${JSON.stringify({ fields: fields.map(fieldOf) })}\n`;
  }
  rows(chunk: Uint8Array, rowCount: number): Promise<void> | undefined {
    let lines = this.begin();
    for (const row of this.reader!.rows(chunk)) lines += `${JSON.stringify(row.map(jsonValue))}\n`;
    this.count += rowCount;
    this.response.write(lines);
    return room(this.response);
  }
  notice(notice: Notice): void {
    this.notices.push(notice);
  }
  async end(tag: string): Promise<void> {
    const head = this.begin();
    const rowCount = this.reader === undefined ? countOf(tag) : this.count;
    this.response.end(`${head}${JSON.stringify({ command: tag, rowCount, notices: this.notices })}\n`);
  }
  fail(error: SqlError): void {
    this.response.end(errorBody(error));
  }
}

class ArrowAnswer implements QueryAnswer {
  private batches: ArrowBatches;
  private writer: RecordBatchStreamWriter | undefined;
  private pumping: Promise<void> | undefined;

  private constructor(
    private readonly response: ServerResponse,
    private readonly arrow: Awaited<ReturnType<typeof arrowLibrary>>,
  ) {
    this.batches = new ArrowBatches(arrow, []);
  }
  static async of(response: ServerResponse): Promise<ArrowAnswer> {
    return new ArrowAnswer(response, await arrowLibrary());
  }

  readonly formats = arrowFormats;
  fields(fields: readonly FieldDescription[]): void {
    this.batches = new ArrowBatches(this.arrow, fields);
  }
  private begin(): RecordBatchStreamWriter {
    if (this.writer !== undefined) return this.writer;
    this.response.writeHead(200, { 'content-type': 'application/vnd.apache.arrow.stream' });
    this.writer = new this.arrow.RecordBatchStreamWriter();
    this.writer.reset(undefined, this.batches.schema);
    this.pumping = this.pump(this.writer);
    return this.writer;
  }
  private async pump(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of bytes) this.response.write(piece);
  }
  rows(chunk: Uint8Array): Promise<void> | undefined {
    const complete = this.batches.take(chunk);
    if (complete.length === 0) return undefined;
    for (const batch of complete) this.begin().write(batch);
    return this.written();
  }
  private async written(): Promise<void> {
    // The pump gets its turn first.
    await nextTurn();
    await room(this.response);
  }
  async end(): Promise<void> {
    const rest = this.batches.finish();
    const writer = this.begin();
    for (const batch of rest) writer.write(batch);
    writer.finish();
    await this.pumping;
    this.response.end();
  }
  fail(): void {
    this.response.destroy();
  }
}
