/**
 * One log in memory: records in order of time, oldest dropped first. Knows how many rows and bytes it holds; dropping is a
 * matter of a moved start, and the array is cut when half of it is gone.
 */
import { bytesOf, rowsOf } from './size.ts';
import type { HistoryLogs, LogName } from './types.ts';

export class LogList<K extends LogName> {
  bytes = 0;
  rows = 0;
  private records: HistoryLogs[K][] = [];
  private first = 0;
  constructor(private readonly log: K) {}

  add(record: HistoryLogs[K]): void {
    this.records.push(record);
    this.bytes += bytesOf(this.log, record);
    this.rows += rowsOf(this.log, record);
  }
  /** Puts a record before all others. */
  addOldest(older: readonly HistoryLogs[K][]): void {
    this.records = [...older, ...this.all()];
    this.first = 0;
    for (const record of older) {
      this.bytes += bytesOf(this.log, record);
      this.rows += rowsOf(this.log, record);
    }
  }
  dropOldest(): void {
    const record = this.records[this.first];
    if (record === undefined) return;
    this.records[this.first++] = undefined as never;
    this.bytes -= bytesOf(this.log, record);
    this.rows -= rowsOf(this.log, record);
    if (this.first * 2 > this.records.length) {
      this.records = this.records.slice(this.first);
      this.first = 0;
    }
  }
  get length(): number {
    return this.records.length - this.first;
  }
  /** A list that later records do not change. */
  all(): readonly HistoryLogs[K][] {
    return this.records.slice(this.first);
  }
}
