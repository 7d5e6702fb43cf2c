/**
 * One log in memory: records in order of time, oldest dropped first. Knows how many rows and bytes it holds. Only the newest
 * records are objects; older ones are packed, CHUNK at a time: the rows that go to disk too (row.ts), compressed, a small part
 * of the memory and outside the heap that is collected, and read again when a view asks.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Sequence } from '../../common/sequence.ts';
import { Turns } from '../../common/steps.ts';
import { decodeRecord, encodeRecord } from './row.ts';
import { bytesOf, rowsOf } from './size.ts';
import type { HistoryLogs, LogName } from './types.ts';

/** Records of one kind are much alike: the fastest level makes a tenth of them. */
const FAST = 1;
/** Records of a packed chunk; up to twice as many are objects. */
const CHUNK = 64;

interface Chunk {
  readonly text: Buffer;
  readonly records: number;
  readonly rows: number;
}

export class LogList<K extends LogName> {
  bytes = 0;
  rows = 0;
  length = 0;
  private chunks: Chunk[] = [];
  private newest: HistoryLogs[K][] = [];
  constructor(private readonly log: K) {}

  add(record: HistoryLogs[K]): void {
    this.newest.push(record);
    this.length += 1;
    this.bytes += bytesOf(this.log, record);
    this.rows += rowsOf(this.log, record);
    if (this.newest.length >= 2 * CHUNK) this.pack();
  }
  private pack(): void {
    const records = this.newest.splice(0, CHUNK);
    const chunk = this.packed(records);
    this.bytes += chunk.text.length - records.reduce((n, r) => n + bytesOf(this.log, r), 0);
    this.chunks.push(chunk);
  }
  private packed(records: readonly HistoryLogs[K][]): Chunk {
    const plain = records.map((r) => encodeRecord(this.log, r)).join('');
    // A copy: what zlib gives holds on to its whole working buffer.
    const text = Buffer.from(deflateRawSync(plain, { level: FAST }));
    const rows = records.reduce((n, r) => n + rowsOf(this.log, r), 0);
    return { text, records: records.length, rows };
  }
  /** Puts records before all others, a chunk at a time. */
  async addOldest(older: readonly HistoryLogs[K][]): Promise<void> {
    const turns = new Turns();
    const chunks: Chunk[] = [];
    for (let at = 0; at < older.length; at += CHUNK) {
      chunks.push(this.packed(older.slice(at, at + CHUNK)));
      await turns.next();
    }
    this.bytes += chunks.reduce((n, c) => n + c.text.length, 0);
    this.chunks = [...chunks, ...this.chunks];
    this.length += older.length;
    this.rows += chunks.reduce((n, c) => n + c.rows, 0);
  }
  /** Drops the oldest record, or the chunk it is packed in. */
  dropOldest(): void {
    const chunk = this.chunks.shift();
    if (chunk !== undefined) {
      this.length -= chunk.records;
      this.bytes -= chunk.text.length;
      this.rows -= chunk.rows;
      return;
    }
    const record = this.newest.shift();
    if (record === undefined) return;
    this.length -= 1;
    this.bytes -= bytesOf(this.log, record);
    this.rows -= rowsOf(this.log, record);
  }
  /** The records of now, which later ones do not change; packed ones are unpacked a chunk at a time. */
  all(): Sequence<HistoryLogs[K]> {
    const chunks = [...this.chunks];
    const newest = [...this.newest];
    const unpacked = (chunk: Chunk): HistoryLogs[K][] => this.unpacked(chunk);
    return new Sequence(function* () {
      for (const chunk of chunks) yield* unpacked(chunk);
      yield* newest;
    });
  }
  /** The last `count` records of now, oldest first. */
  newestOf(count: number): HistoryLogs[K][] {
    let found = [...this.newest];
    for (let i = this.chunks.length - 1; i >= 0 && found.length < count; i--)
      found = [...this.unpacked(this.chunks[i]!), ...found];
    return found.slice(Math.max(0, found.length - count));
  }
  private unpacked({ text }: Chunk): HistoryLogs[K][] {
    const lines = inflateRawSync(text).toString().split('\n');
    lines.pop();
    return lines.map((line) => decodeRecord(this.log, line.slice(line.indexOf('\t') + 1)));
  }
}
