/**
 * One statement over a pg connection whose rows go to a consumer page by page, as the text the server sent. While the consumer
 * is busy nothing more is read from the socket, so that no more lies in memory than a page and what the socket holds.
 */
import type { Client, Connection, Submittable } from 'pg';
import type { Cells, Column } from './result-text.ts';

/** Rows, and characters of their values, of a page. */
export const PAGE_ROWS_MAX = 1_000;
export const PAGE_CHARACTERS_MAX = 4_000_000;

export interface RowConsumer {
  columns(columns: readonly Column[]): void;
  /** Reading goes on when it is settled. */
  page(rows: readonly Cells[]): Promise<void>;
}

/** The shape pg asks of what is given to query(); the handlers are called with messages of pg-protocol. */
class PagedQuery implements Submittable {
  private rows: Cells[] = [];
  private characters = 0;
  private tag = '';
  private pages: Promise<void> = Promise.resolve();
  private waiting = 0;
  private connection: Connection | undefined;
  readonly done: Promise<string>;
  private settle!: { resolve(tag: string): void; reject(error: unknown): void };
  constructor(
    private readonly text: string,
    private readonly consumer: RowConsumer,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }
  submit(connection: Connection): void {
    this.connection = connection;
    connection.query(this.text);
  }
  handleRowDescription(message: { readonly fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.consumer.columns(message.fields.map((f) => ({ name: f.name, oid: f.dataTypeID })));
  }
  handleDataRow(message: { readonly fields: Cells }): void {
    this.rows.push(message.fields);
    for (const cell of message.fields) this.characters += cell?.length ?? 0;
    if (this.rows.length >= PAGE_ROWS_MAX || this.characters >= PAGE_CHARACTERS_MAX) this.turn();
  }
  handleCommandComplete(message: { readonly text: string }): void {
    this.tag = message.text;
  }
  handleEmptyQuery(): void {
    this.tag = '';
  }
  handlePortalSuspended(): void {}
  handleCopyInResponse(connection: Connection): void {
    const fails = connection as Connection & { sendCopyFail(message: string): void };
    fails.sendCopyFail('COPY FROM STDIN is not supported');
  }
  handleCopyData(): void {}
  handleError(error: unknown): void {
    this.turn();
    void this.pages.then(() => this.settle.reject(error), this.settle.reject);
  }
  handleReadyForQuery(): void {
    this.turn();
    void this.pages.then(() => this.settle.resolve(this.tag), this.settle.reject);
  }
  /** Hands the page over, and reads no more until it is taken. */
  private turn(): void {
    if (this.rows.length === 0) return;
    const page = this.rows;
    this.rows = [];
    this.characters = 0;
    this.waiting += 1;
    this.connection?.stream.pause();
    this.pages = this.pages
      .then(() => this.consumer.page(page))
      .finally(() => {
        this.waiting -= 1;
        if (this.waiting === 0) this.connection?.stream.resume();
      });
    this.pages.catch(() => undefined);
  }
}

/** Resolves to the command tag; rejects with the server's error. */
export function runQuery(client: Client, text: string, consumer: RowConsumer): Promise<string> {
  const query = new PagedQuery(text, consumer);
  client.query(query);
  return query.done;
}
