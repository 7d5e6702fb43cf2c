/**
 * The history on disk: files of frames in a folder of its own, written a batch at a time off the main thread and never
 * synced, since losing the last second of it hurts nobody. A start begins a new file; the oldest go by age and by size.
 * Damage, a full disk or a missing folder cost history and nothing else: whatever fails here is told once and forgotten.
 *
 *   history/0000000001.log ...   frames (frame.ts)
 *   history/queries              text: query numbers below it may have been given out
 */
import type { Clock } from '../../common/clock.ts';
import type { Disk, DiskFile } from '../../common/disk.ts';
import {
  HISTORY_BATCH_MS,
  HISTORY_BATCH_RECORDS,
  HISTORY_DAYS,
  HISTORY_DISK_BYTES_MAX,
  HISTORY_FILE_BYTES,
  HISTORY_WAITING_BYTES_MAX,
  QUERY_ID_RESERVATION,
} from '../../common/limits.ts';
import { nextTurn } from '../../common/steps.ts';
import { encodeFrame, framesIn, recordsIn, type FrameHead, type StoredRecord } from './frame.ts';
import { encodeRecord } from './row.ts';
import { bytesOf, LOG_NAMES, rowsOf } from './size.ts';
import type { HistoryLogs, LogName } from './types.ts';

const FOLDER = 'history';
const MARK = `${FOLDER}/queries`;
const DAY_MICROS = 86_400_000_000;
export type Recalled = { readonly [K in LogName]?: readonly HistoryLogs[K][] };

export class HistoryStore {
  /** Query numbers up to it may have been given out before. */
  readonly lastQueryId: number;
  private reserved: number;
  private queryId: number;
  private lines: string[] = [];
  private waitingBytes = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private file: DiskFile | undefined;
  private fileBytes = 0;
  private next: number;
  private readonly older: readonly number[];
  private writing: Promise<void> | undefined;
  private hasWarned = false;

  constructor(
    private readonly disk: Disk,
    private readonly clock: Clock,
    private readonly warn: (note: string) => void,
  ) {
    this.older = this.attempt(() => this.numbers()) ?? [];
    this.next = (this.older.at(-1) ?? 0) + 1;
    this.lastQueryId = this.attempt(() => this.readMark()) ?? this.highestWritten();
    this.queryId = this.reserved = this.lastQueryId;
  }
  /** What must not fail the server. */
  private attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.complain(error);
      return undefined;
    }
  }
  private complain(error: unknown): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    this.warn(`statement history: ${error instanceof Error ? error.message : String(error)}`);
  }

  private numbers(): number[] {
    const names = this.disk.exists(FOLDER) ? this.disk.list(FOLDER) : [];
    return names
      .flatMap((name) => (/^\d{10}\.log$/.test(name) ? [Number(name.slice(0, 10))] : []))
      .sort((a, b) => a - b);
  }
  private pathOf(number: number): string {
    return `${FOLDER}/${String(number).padStart(10, '0')}.log`;
  }
  private readAll(path: string): Buffer {
    const file = this.disk.open(path, 'read');
    try {
      const bytes = Buffer.alloc(file.size());
      file.read(0, bytes);
      return bytes;
    } finally {
      file.close();
    }
  }

  // ---- query numbers ----

  private readMark(): number | undefined {
    if (!this.disk.exists(MARK)) return undefined;
    const text = this.readAll(MARK).toString('latin1');
    return /^\d{1,15}\n$/.test(text) ? Number(text) : undefined;
  }
  /** Without the mark: what the newest file knows, and a reservation more. */
  private highestWritten(): number {
    const newest = this.older.at(-1);
    const frames = newest === undefined ? [] : this.framesOf(newest).frames;
    const highest = frames.reduce((n, f) => Math.max(n, f.queryId), 0);
    return highest === 0 ? 0 : highest + QUERY_ID_RESERVATION;
  }
  issued(queryId: number): void {
    this.queryId = queryId;
    if (queryId < this.reserved) return;
    this.reserved = queryId + QUERY_ID_RESERVATION;
    this.attempt(() => this.writeMark(this.reserved));
  }
  private writeMark(value: number): void {
    this.disk.makeDirectory(FOLDER);
    const file = this.disk.open(`${MARK}.new`, 'create');
    try {
      file.write(0, Buffer.from(`${value}\n`));
    } finally {
      file.close();
    }
    this.disk.rename(`${MARK}.new`, MARK);
  }

  // ---- writing ----

  add<K extends LogName>(log: K, record: HistoryLogs[K]): void {
    if (this.waitingBytes > HISTORY_WAITING_BYTES_MAX) return;
    const line = encodeRecord(log, record);
    this.lines.push(line);
    this.waitingBytes += line.length;
    if (this.lines.length >= HISTORY_BATCH_RECORDS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), HISTORY_BATCH_MS).unref();
  }
  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lines.length === 0 || this.writing !== undefined) return;
    const lines = this.lines;
    this.lines = [];
    this.waitingBytes = 0;
    const frame = encodeFrame(lines, Number(this.clock.nowMicros()), this.queryId);
    this.writing = this.write(frame)
      .catch((error: unknown) => {
        this.complain(error);
        this.closeFile();
      })
      .finally(() => {
        this.writing = undefined;
        if (this.lines.length >= HISTORY_BATCH_RECORDS) this.flush();
        else if (this.lines.length > 0) this.timer ??= setTimeout(() => this.flush(), HISTORY_BATCH_MS).unref();
      });
  }
  private async write(frame: Uint8Array): Promise<void> {
    if (this.file === undefined) {
      this.disk.makeDirectory(FOLDER);
      this.file = this.disk.open(this.pathOf(this.next++), 'create');
      this.fileBytes = 0;
      this.attempt(() => this.prune());
    }
    const at = this.fileBytes;
    this.fileBytes += frame.length;
    if (this.file.writeAsync) await this.file.writeAsync(at, frame);
    else this.file.write(at, frame);
    if (this.fileBytes >= HISTORY_FILE_BYTES) this.closeFile();
  }
  private closeFile(): void {
    this.attempt(() => this.file?.close());
    this.file = undefined;
  }
  /** A file is too old when the one behind it began too long ago. */
  private prune(): void {
    const oldest = Number(this.clock.nowMicros()) - HISTORY_DAYS * DAY_MICROS;
    const closed = this.numbers().filter((n) => n < this.next - 1);
    let bytes = 0;
    let isNeeded = true;
    for (const number of closed.reverse()) {
      const path = this.pathOf(number);
      const head = this.attempt(() => this.firstFrame(path));
      bytes += head?.size ?? 0;
      if (!isNeeded || bytes > HISTORY_DISK_BYTES_MAX) this.attempt(() => this.disk.remove(path));
      if (head?.micros !== undefined && head.micros < oldest) isNeeded = false;
    }
  }
  private firstFrame(path: string): { readonly size: number; readonly micros: number | undefined } {
    const file = this.disk.open(path, 'read');
    try {
      const head = Buffer.alloc(Math.min(32, file.size()));
      file.read(0, head);
      return { size: file.size(), micros: head.length < 32 ? undefined : head.readDoubleLE(16) };
    } finally {
      file.close();
    }
  }

  // ---- reading ----

  private framesOf(number: number): { readonly bytes: Buffer; readonly frames: readonly FrameHead[] } {
    const bytes = this.attempt(() => this.readAll(this.pathOf(number))) ?? Buffer.alloc(0);
    return { bytes, frames: framesIn(bytes) };
  }
  /** What earlier runs left, newest records first to be taken, as much as there is room for; a frame at a time. */
  async recall(rowsMax: number, bytesMax: number): Promise<Recalled> {
    const newestFirst = new Map<LogName, HistoryLogs[LogName][]>(LOG_NAMES.map((log) => [log, []]));
    const rows = new Map<LogName, number>();
    let bytes = 0;
    const take = ({ log, record }: StoredRecord): void => {
      const count = (rows.get(log) ?? 0) + rowsOf(log, record);
      if (count > rowsMax || bytes > bytesMax) return;
      rows.set(log, count);
      bytes += bytesOf(log, record);
      newestFirst.get(log)!.push(record);
    };
    for (const number of [...this.older].reverse()) {
      const file = this.framesOf(number);
      for (const frame of [...file.frames].reverse()) {
        if (bytes > bytesMax) break;
        this.attempt(() => [...recordsIn(file.bytes, frame)].reverse().forEach(take));
        await nextTurn();
      }
    }
    return Object.fromEntries([...newestFirst].map(([log, records]) => [log, records.reverse()]));
  }

  async close(): Promise<void> {
    await this.writing;
    this.flush();
    await this.writing;
    clearTimeout(this.timer);
    this.closeFile();
    if (this.reserved !== this.queryId) this.attempt(() => this.writeMark(this.queryId));
  }
}
