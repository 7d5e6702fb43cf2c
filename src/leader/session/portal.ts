/**
 * A running query whose rows are taken in portions. The query runs in the background; when a portion is full, the
 * promise its `rows` call got stays open until the next portion is asked for, so that nothing is buffered:
 *
 *   new --take--> running --rows exhausted--> done        running --error--> failed        any --close--> closed
 *
 * A chunk that crosses the end of a portion is cut at a DataRow boundary. As in Postgres, a portion that ends exactly
 * with the last row is reported as suspended. Used by session.ts for Execute with a row limit and for cursors.
 */
import { queryCancelled, undefinedCursor } from '../../common/errors/catalogue.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import type { ResultSink } from '../../common/sql-service.ts';
import { dataRowsEnd } from './data-rows.ts';

export type RowSink = Pick<ResultSink, 'rows'> & { notice(notice: Notice): void };
export type RowSource = (sink: RowSink) => Promise<string>;

interface Consumer {
  readonly sink: RowSink;
  remaining: number;
  rows: number;
  readonly full: () => void;
}
export interface Portion {
  readonly suspended: boolean;
  readonly rows: number;
  readonly tag: string;
}

export class Portal {
  readonly controller = new AbortController();
  private state: 'new' | 'running' | 'done' | 'failed' | 'closed' = 'new';
  private tag = '';
  private error: unknown;
  private consumer: Consumer | undefined;
  private wake: (() => void) | undefined;
  private finished: Promise<void> = Promise.resolve();
  rowsCome = 0;
  bytesCome = 0;
  rowsGiven = 0;

  constructor(
    readonly name: string,
    private readonly source: RowSource,
  ) {}

  get started(): boolean {
    return this.state !== 'new';
  }

  /** Runs until `maxRows` rows (0 = all) were given to the sink or the query ends. */
  async take(maxRows: number, sink: RowSink): Promise<Portion> {
    if (this.state === 'done') return { suspended: false, rows: 0, tag: this.tag };
    if (this.state === 'failed') throw this.error;
    if (this.state === 'closed') throw undefinedCursor(this.name);
    let full: () => void = () => undefined;
    const suspended = new Promise<true>((resolve) => (full = () => resolve(true)));
    const consumer = { sink, remaining: maxRows === 0 ? Infinity : maxRows, rows: 0, full };
    this.consumer = consumer;
    if (this.state === 'new') this.start();
    this.wake?.();
    const stopped = await Promise.race([suspended, this.finished.then(() => false)]);
    this.consumer = undefined;
    return { suspended: stopped, rows: consumer.rows, tag: this.tag };
  }

  /** Ends the query when it still runs and waits until it let go. */
  async close(): Promise<void> {
    const running = this.state === 'running';
    if (this.state === 'new' || running) this.state = 'closed';
    if (!running) return;
    this.controller.abort(queryCancelled('0'));
    await this.finished.catch(() => undefined);
  }

  private start(): void {
    this.state = 'running';
    this.finished = this.source({
      rows: (chunk, rowCount) => this.push(chunk, rowCount),
      notice: (notice) => this.consumer?.sink.notice(notice),
    }).then(
      (tag) => {
        this.tag = tag;
        if (this.state === 'running') this.state = 'done';
      },
      (error: unknown) => {
        this.error = error;
        if (this.state === 'running') this.state = 'failed';
        throw error;
      },
    );
    // A failure while nobody takes rows is thrown by the next `take`.
    this.finished.catch(() => undefined);
  }

  private push(chunk: Uint8Array, rowCount: number): void | Promise<void> {
    this.controller.signal.throwIfAborted();
    this.rowsCome += rowCount;
    this.bytesCome += chunk.length;
    const consumer = this.consumer;
    if (consumer === undefined || consumer.remaining < rowCount) return this.pushSlowly(chunk, rowCount);
    const wait = consumer.sink.rows(chunk, rowCount);
    this.count(consumer, rowCount);
    return wait === undefined ? undefined : this.unlessAborted(wait);
  }

  private async pushSlowly(chunk: Uint8Array, rowCount: number): Promise<void> {
    let offset = 0;
    let left = rowCount;
    while (left > 0) {
      const consumer = this.consumer ?? (await this.nextConsumer());
      const rows = Math.min(left, consumer.remaining);
      const end = rows === left ? chunk.length : dataRowsEnd(chunk, offset, rows);
      const wait = consumer.sink.rows(chunk.subarray(offset, end), rows);
      if (wait !== undefined) await this.unlessAborted(wait);
      offset = end;
      left -= rows;
      this.count(consumer, rows);
    }
  }

  private count(consumer: Consumer, rows: number): void {
    consumer.remaining -= rows;
    consumer.rows += rows;
    this.rowsGiven += rows;
    if (consumer.remaining > 0) return;
    this.consumer = undefined;
    consumer.full();
  }

  private async nextConsumer(): Promise<Consumer> {
    while (this.consumer === undefined) {
      await this.unlessAborted(new Promise<void>((resolve) => (this.wake = resolve)));
    }
    this.wake = undefined;
    return this.consumer;
  }

  private async unlessAborted(wait: Promise<void>): Promise<void> {
    const { signal } = this.controller;
    signal.throwIfAborted();
    let stop: () => void = () => undefined;
    const aborted = new Promise<void>((_resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      await Promise.race([wait, aborted]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

/** Portals that were closed and may still be letting go of their queries; the end of the transaction waits for them. */
export class LeavingPortals {
  private readonly closing = new Set<Promise<void>>();
  release(portal: Portal | undefined): void {
    if (portal === undefined) return;
    const gone = portal.close();
    this.closing.add(gone);
    void gone.then(() => this.closing.delete(gone));
  }
  async gone(): Promise<void> {
    await Promise.all(this.closing);
  }
}
