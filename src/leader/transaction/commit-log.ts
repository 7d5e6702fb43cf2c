/**
 * The leader's commit log: `log/<n>.log`, append only. The sync of a commit's record IS the commit.
 *
 *   segment  'SLHLOG01' | first lsn f64 | crc32c of the 16 bytes before u32 | frames (log-record.ts)
 *
 * Group commit: records that arrive while a sync runs wait, are written together and share the next one. The
 * sync runs off the main thread. LSNs are given when a record is written, so they have no gaps; recovery
 * checks that. A failed sync poisons the log (what the disk holds is unknown); a failed write is cut off and
 * only fails its batch. At recovery the torn end of the last segment is cut off; anything else that does not
 * verify refuses to start. Used by transaction-manager.ts only.
 */
import { assert } from '../../common/assert.ts';
import type { Disk, DiskFile } from '../../common/disk.ts';
import { commitLogCorrupt, commitLogFailed, diskFullAtCommit } from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import { GROUP_COMMIT_BYTES_MAX } from '../../common/limits.ts';
import { crc32c } from './crc32c.ts';
import { decodeFrame, encodeRecord } from './log-record.ts';
import type { DecodedFrame, LogRecord } from './log-record.ts';

const SEGMENT_MAGIC = new TextEncoder().encode('SLHLOG01');
const SEGMENT_HEADER_BYTES = 20;

interface Waiting {
  readonly record: LogRecord;
  readonly resolve: (lsn: number) => void;
  readonly reject: (error: unknown) => void;
}
interface Segment {
  readonly number: number;
  readonly path: string;
  readonly firstLsn: number;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function segmentHeader(firstLsn: number): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  bytes.set(SEGMENT_MAGIC);
  const view = new DataView(bytes.buffer);
  view.setFloat64(8, firstLsn, true);
  view.setUint32(16, crc32c(bytes.subarray(0, 16)), true);
  return bytes;
}
function readSegmentHeader(bytes: Uint8Array): number | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (SEGMENT_MAGIC.some((b, i) => bytes[i] !== b)) return undefined;
  if (view.getUint32(16, true) !== crc32c(bytes.subarray(0, 16))) return undefined;
  return view.getFloat64(8, true);
}

/** A later good record that says the bytes at `offset` were on disk already. */
function calledDurable(bytes: Uint8Array, offset: number): boolean {
  for (let at = offset + 1; at + 4 <= bytes.length; at++) {
    if (bytes[at] !== 0x53 || bytes[at + 1] !== 0x48 || bytes[at + 2] !== 0x52 || bytes[at + 3] !== 0x43) continue;
    const frame = decodeFrame(bytes, at);
    if (!('fault' in frame) && frame.durable > offset) return true;
  }
  return false;
}

export class CommitLog {
  private readonly disk: Disk;
  private readonly directory: string;
  private file: DiskFile | undefined;
  private segments: Segment[] = [];
  private nextLsn = 1;
  /** End of what was written to the current segment, and of what is known to be on disk. */
  private written = 0;
  private durable = 0;
  private closedBytes = 0;
  private queue: Waiting[] = [];
  private flushing: Promise<void> | undefined;
  private failure: unknown;
  private readonly refusal: () => SqlError | undefined;

  /** `refusal`: why nothing may be logged any more, asked directly before each write. */
  constructor(disk: Disk, directory: string, refusal: () => SqlError | undefined = () => undefined) {
    this.disk = disk;
    this.directory = directory;
    this.refusal = refusal;
  }

  /** LSN of the newest record written. */
  get lastLsn(): number {
    return this.nextLsn - 1;
  }
  /** Bytes of all segments kept. */
  get bytes(): number {
    return this.closedBytes + this.written;
  }

  /**
   * Opens the log, verifies every segment and hands out the records behind `afterLsn` in order. Cuts off a
   * torn end.
   */
  open(afterLsn: number, onRecord: (lsn: number, record: LogRecord) => void): void {
    if (!this.disk.exists(this.directory)) {
      this.disk.makeDirectory(this.directory);
      const slash = this.directory.lastIndexOf('/');
      this.disk.syncDirectory(slash < 0 ? '.' : this.directory.slice(0, slash));
    }
    const numbers = this.disk
      .list(this.directory)
      .map((name) => /^(\d+)\.log$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[1])
      .filter((n): n is string => n !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
    let expected: number | undefined;
    numbers.forEach((number, index) => {
      const last = index === numbers.length - 1;
      expected = this.openSegment(number, last, afterLsn, expected, onRecord) ?? expected;
    });
    this.nextLsn = Math.max(expected ?? 0, afterLsn + 1);
    if (this.file === undefined) this.startSegment((numbers[numbers.length - 1] ?? 0) + 1);
  }

  private path(number: number): string {
    return `${this.directory}/${number}.log`;
  }

  /** Verifies one segment; returns the LSN that must come next. */
  private openSegment(
    number: number,
    last: boolean,
    afterLsn: number,
    expected: number | undefined,
    onRecord: (lsn: number, record: LogRecord) => void,
  ): number | undefined {
    const path = this.path(number);
    const file = this.disk.open(path, 'append');
    const bytes = new Uint8Array(file.size());
    file.read(0, bytes);
    const firstLsn = readSegmentHeader(bytes);
    if (firstLsn === undefined) {
      // A crash between creating the segment and syncing its header; nothing was ever committed in it.
      file.close();
      if (!last || calledDurable(bytes, 0)) throw commitLogCorrupt(path, 0, 'bad segment header');
      this.disk.remove(path);
      return undefined;
    }
    const first = expected ?? afterLsn + 1;
    if (expected === undefined ? firstLsn > first : firstLsn !== first) {
      throw commitLogCorrupt(path, 8, `it begins with record ${firstLsn}, record ${first} is missing`);
    }
    this.segments.push({ number, path, firstLsn });
    let lsn = firstLsn;
    let at = SEGMENT_HEADER_BYTES;
    while (at < bytes.length) {
      const frame: DecodedFrame | { readonly fault: string } = decodeFrame(bytes, at);
      if ('fault' in frame) {
        if (!last || calledDurable(bytes, at)) throw commitLogCorrupt(path, at, frame.fault);
        file.truncate(at);
        file.sync();
        break;
      }
      if (frame.lsn !== lsn) {
        throw commitLogCorrupt(path, at, `record ${lsn} expected, record ${frame.lsn} found`);
      }
      if (lsn > afterLsn) onRecord(lsn, frame.record);
      lsn++;
      at = frame.end;
    }
    if (last) {
      this.file = file;
      this.written = at;
      this.durable = at;
    } else {
      this.closedBytes += bytes.length;
      file.close();
    }
    return lsn;
  }

  private startSegment(number: number): void {
    const path = this.path(number);
    const file = this.disk.open(path, 'create');
    const header = segmentHeader(this.nextLsn);
    file.write(0, header);
    file.sync();
    this.disk.syncDirectory(this.directory);
    this.file = file;
    this.written = header.length;
    this.durable = header.length;
    this.segments.push({ number, path, firstLsn: this.nextLsn });
  }

  /** Resolves with the LSN once the record is on disk. */
  append(record: LogRecord): Promise<number> {
    return new Promise<number>((resolve, reject) => {
      this.queue.push({ record, resolve, reject });
      this.flushing ??= this.flush().finally(() => {
        this.flushing = undefined;
      });
    });
  }

  /** Writes and syncs one record on the calling thread: for reservations that cannot wait. */
  appendNow(record: LogRecord): number {
    this.refuseWhenFailed();
    const lsn = this.nextLsn;
    this.writeFrames([encodeRecord(record, lsn, this.durable)]);
    try {
      this.file!.sync();
    } catch (error) {
      this.failure = error;
      throw commitLogFailed(messageOf(error));
    }
    this.durable = this.written;
    return lsn;
  }

  private refuseWhenFailed(): void {
    if (this.failure !== undefined) throw commitLogFailed(messageOf(this.failure));
    const refused = this.refusal();
    if (refused !== undefined) throw refused;
    assert(this.file !== undefined, 'commit log is closed');
  }

  /** Writes frames behind the end; on failure nothing of them stays and no LSN is used. */
  private writeFrames(frames: readonly Uint8Array[]): void {
    const file = this.file!;
    const start = this.written;
    try {
      let at = start;
      for (const frame of frames) {
        file.write(at, frame);
        at += frame.length;
      }
      this.written = at;
      this.nextLsn += frames.length;
    } catch (error) {
      try {
        file.truncate(start);
      } catch (second) {
        this.failure = second;
      }
      const { code } = error as { readonly code?: unknown };
      if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFullAtCommit();
      throw commitLogFailed(messageOf(error));
    }
  }

  private async flush(): Promise<void> {
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch: Waiting[] = [];
      const frames: Uint8Array[] = [];
      let size = 0;
      const firstLsn = this.nextLsn;
      try {
        this.refuseWhenFailed();
        while (this.queue.length > 0 && size < GROUP_COMMIT_BYTES_MAX) {
          const next = this.queue.shift()!;
          batch.push(next);
          const frame = encodeRecord(next.record, firstLsn + frames.length, this.durable);
          frames.push(frame);
          size += frame.length;
        }
        this.writeFrames(frames);
        await this.syncFile();
      } catch (error) {
        if (batch.length === 0) batch.push(...this.queue.splice(0));
        for (const waiting of batch) waiting.reject(error);
        continue;
      }
      batch.forEach((waiting, index) => waiting.resolve(firstLsn + index));
    }
  }

  private async syncFile(): Promise<void> {
    const file = this.file!;
    const end = this.written;
    try {
      if (file.syncAsync !== undefined) await file.syncAsync();
      else file.sync();
    } catch (error) {
      this.failure = error;
      throw commitLogFailed(messageOf(error));
    }
    this.durable = Math.max(this.durable, end);
  }

  /** Resolves when no write is under way. */
  async settled(): Promise<void> {
    while (this.flushing !== undefined) await this.flushing;
  }

  /** Begins a new segment. The caller sees to it that no append is under way. */
  rotate(): void {
    assert(this.queue.length === 0 && this.flushing === undefined, 'log rotated under a running commit');
    this.refuseWhenFailed();
    const current = this.segments[this.segments.length - 1]!;
    if (current.firstLsn === this.nextLsn) return;
    this.file!.close();
    this.closedBytes += this.written;
    this.startSegment(current.number + 1);
  }

  /** Removes segments that hold nothing behind `lsn`; never the current one. */
  removeThrough(lsn: number): void {
    while (this.segments.length > 1 && this.segments[1]!.firstLsn <= lsn + 1) {
      const segment = this.segments.shift()!;
      const file = this.disk.open(segment.path, 'read');
      this.closedBytes -= file.size();
      file.close();
      this.disk.remove(segment.path);
      // One by one, so that a crash leaves no hole between segments.
      this.disk.syncDirectory(this.directory);
    }
  }

  async close(): Promise<void> {
    await this.settled();
    this.file?.close();
    this.file = undefined;
  }
}
