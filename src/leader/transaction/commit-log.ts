/**
 * The leader's commit log: `log/<n>.log`, append only. The sync of a commit's record IS the commit.
 *
 *   segment  'SLHLOG04' | first lsn f64 | segment number f64 | warehouse (16 hex digits) | chain u32 (checksum of the record
 *            before) | zero to 60 | crc32c of the 60 bytes before u32 | frames (log-record.ts)
 *
 * Group commit: records that arrive while a sync runs wait, are written together and share the next one. The
 * sync runs off the main thread. LSNs are given when a record is written, so they have no gaps; recovery
 * checks that. A failed sync poisons the log (what the disk holds is unknown); a failed write is cut off and
 * only fails its batch. The root (root.ts) is told of every segment and of every sync, so at recovery only what lies
 * behind its mark can be the torn end of the last segment, which is cut off and said (`notes`); anything else that does not verify, and
 * whatever is missing before the mark, refuses to start. Used by transaction-manager.ts only.
 */
import { assert } from '../../common/assert.ts';
import type { Disk, DiskFile } from '../../common/disk.ts';
import { commitLogCorrupt, commitLogFailed, commitLogMissing } from '../../common/errors/catalogue.ts';
import { diskFullAtCommit } from '../../common/errors/recorded-errors.ts';
import { GROUP_COMMIT_BYTES_MAX } from '../../common/limits.ts';
import { crc32c } from '../../common/crc32c.ts';
import { chainOf, decodeFrame, encodeRecord } from './log-record.ts';
import type { DecodedFrame, LogRecord } from './log-record.ts';
import { readCommits, SEGMENT_HEADER_BYTES, type Segment } from './log-reader.ts';
import type { Root } from './root.ts';
import type { RecoveredCommit } from './surroundings.ts';
import type { Refusal, TransactionLog } from './transaction-log.ts';

const SEGMENT_MAGIC = new TextEncoder().encode('SLHLOG04');
const HEADER_CRC_AT = 60;

interface Waiting {
  readonly record: LogRecord;
  readonly refusal: Refusal | undefined;
  readonly resolve: (lsn: number) => void;
  readonly reject: (error: unknown) => void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface SegmentHeader {
  readonly firstLsn: number;
  readonly number: number;
  readonly warehouse: string;
  readonly chain: number;
}
function segmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  bytes.set(SEGMENT_MAGIC);
  const view = new DataView(bytes.buffer);
  view.setFloat64(8, header.firstLsn, true);
  view.setFloat64(16, header.number, true);
  bytes.set(new TextEncoder().encode(header.warehouse).subarray(0, 16), 24);
  view.setUint32(40, header.chain, true);
  view.setUint32(HEADER_CRC_AT, crc32c(bytes.subarray(0, HEADER_CRC_AT)), true);
  return bytes;
}
export function readSegmentHeader(bytes: Uint8Array): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (SEGMENT_MAGIC.some((b, i) => bytes[i] !== b)) return undefined;
  if (view.getUint32(HEADER_CRC_AT, true) !== crc32c(bytes.subarray(0, HEADER_CRC_AT))) return undefined;
  return {
    firstLsn: view.getFloat64(8, true),
    number: view.getFloat64(16, true),
    warehouse: new TextDecoder().decode(bytes.subarray(24, 40)),
    chain: view.getUint32(40, true),
  };
}

/**
 * What lies behind the last record of the last segment. A crash leaves the beginning of a record, or zeros where the file
 * grew before its bytes came; anything else was not written by this log.
 */
function trailingNote(path: string, rest: Uint8Array, cleanEnd: boolean): string {
  const isRecord = [0x53, 0x48, 0x52, 0x43].every((b, i) => i >= rest.length || rest[i] === b);
  const bytes = `${path}: ${rest.length} bytes behind its last record`;
  if (isRecord) return `${bytes} are one that was begun and never acknowledged; they were cut off`;
  if (cleanEnd) return `${bytes} were added after a clean stop; they were cut off`;
  if (rest.every((b) => b === 0)) return `${bytes} are zeros, as a power cut leaves them; they were cut off`;
  return `${bytes} are no record of this log; they were cut off`;
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

export class CommitLog implements TransactionLog {
  private readonly disk: Disk;
  private readonly directory: string;
  private readonly root: Root;
  private readonly warehouse: string;
  private file: DiskFile | undefined;
  private segments: Segment[] = [];
  private nextLsn = 1;
  /** End of what was written to the current segment, and of what is known to be on disk. */
  private written = 0;
  private durable = 0;
  private closedBytes = 0;
  /** Checksum of the newest record. */
  private chain = 0;
  private queue: Waiting[] = [];
  private flushing: Promise<void> | undefined;
  /** The batch that is being written and synced. */
  private batch: Promise<void> | undefined;
  private durableLsn = 0;
  private failure: unknown;
  /** What was cut off when the log was opened, one line for each segment. */
  readonly notes: string[] = [];
  private readonly refusal: Refusal;

  /** `refusal`: why nothing may be logged any more, asked directly before each write. */
  constructor(disk: Disk, directory: string, root: Root, warehouse: string, refusal: Refusal = () => undefined) {
    this.disk = disk;
    this.directory = directory;
    this.root = root;
    this.warehouse = warehouse;
    this.refusal = refusal;
  }

  get lastLsn(): number {
    return this.nextLsn - 1;
  }
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
    const numbers = this.segmentNumbers();
    const mark = this.root.found;
    if (mark !== undefined && !numbers.includes(mark.segment)) throw commitLogMissing(this.path(mark.segment));
    let at = numbers[0] ?? 1;
    for (const number of numbers) if (number !== at++) throw commitLogMissing(this.path(at - 1));
    let expected: number | undefined;
    numbers.forEach((number, index) => {
      const last = index === numbers.length - 1;
      expected = this.openSegment(number, last, afterLsn, expected, onRecord) ?? expected;
    });
    if (mark !== undefined && (expected ?? 1) <= afterLsn) {
      const path = this.path(numbers[numbers.length - 1] ?? 1);
      throw commitLogCorrupt(
        path,
        this.written,
        `it ends with record ${(expected ?? 1) - 1}, the checkpoints name ${afterLsn}`,
      );
    }
    this.nextLsn = Math.max(expected ?? 0, afterLsn + 1);
    this.durableLsn = this.nextLsn - 1;
    // A segment whose header a crash tore is gone: its number is used again, so that the numbers have no hole.
    if (this.file === undefined) this.startSegment((this.segments[this.segments.length - 1]?.number ?? 0) + 1);
    else this.root.settle(this.position());
  }

  private segmentNumbers(): readonly number[] {
    return this.disk
      .list(this.directory)
      .map((name) => /^([1-9]\d*)\.log$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[1])
      .filter((n): n is string => n !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  }
  /** True when any record was ever written: then the root must exist. */
  get hasRecords(): boolean {
    return this.segmentNumbers().some((number) => {
      const file = this.disk.open(this.path(number), 'read');
      const size = file.size();
      file.close();
      return number > 1 || size > SEGMENT_HEADER_BYTES;
    });
  }
  private path(number: number): string {
    return `${this.directory}/${number}.log`;
  }
  private position(): { lsn: number; segment: number; end: number; chain: number } {
    const { number } = this.segments[this.segments.length - 1]!;
    return { lsn: this.nextLsn - 1, segment: number, end: this.durable, chain: this.chain };
  }

  /** The header of a segment, checked; undefined for one that a crash left without any. */
  private openHeader(path: string, number: number, bytes: Uint8Array, last: boolean): SegmentHeader | undefined {
    const header = readSegmentHeader(bytes);
    if (header === undefined) {
      // A crash between creating the segment and syncing its header; nothing was ever committed in it.
      const begun = number <= (this.root.found?.segment ?? 0);
      if (!last || begun || calledDurable(bytes, 0)) throw commitLogCorrupt(path, 0, 'bad segment header');
      return undefined;
    }
    if (header.warehouse !== this.warehouse) throw commitLogCorrupt(path, 24, 'it belongs to another warehouse');
    if (header.number !== number) throw commitLogCorrupt(path, 16, `it is segment ${header.number} of the log`);
    return header;
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
    const header = this.openHeader(path, number, bytes, last);
    if (header === undefined) {
      file.close();
      this.notes.push(
        `${path}: it has ${bytes.length} bytes and no header, so no record was ever in it; it was removed`,
      );
      this.disk.remove(path);
      return undefined;
    }
    const { firstLsn } = header;
    const first = expected ?? afterLsn + 1;
    if (expected === undefined ? firstLsn > first : firstLsn !== first || header.chain !== this.chain) {
      throw commitLogCorrupt(path, 8, `it begins with record ${firstLsn}, record ${first} is missing`);
    }
    this.chain = header.chain;
    this.segments.push({ number, path, firstLsn });
    let cleanEnd = false;
    const { lsn, at } = this.readFrames(path, number, bytes, firstLsn, last, (l, record) => {
      cleanEnd = record.kind === 'close';
      if (l > afterLsn) onRecord(l, record);
    });
    if (at < bytes.length) {
      this.notes.push(trailingNote(path, bytes.subarray(at), cleanEnd));
      file.truncate(at);
    }
    // A process that was killed may have written what no sync followed.
    file.sync();
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

  /** Reads the records of a segment up to its end, or to its torn end behind the root's mark. */
  private readFrames(
    path: string,
    number: number,
    bytes: Uint8Array,
    firstLsn: number,
    last: boolean,
    onRecord: (lsn: number, record: LogRecord) => void,
  ): { lsn: number; at: number } {
    const found = this.root.found;
    const mark = found?.segment === number ? found : undefined;
    let lsn = firstLsn;
    let at = SEGMENT_HEADER_BYTES;
    for (;;) {
      const reached = mark !== undefined && at === mark.end;
      if (reached && (lsn - 1 !== mark.lsn || this.chain !== mark.chain)) {
        throw commitLogCorrupt(path, at, `it is not the log that was committed up to record ${mark.lsn}`);
      }
      if (at >= bytes.length) break;
      const frame: DecodedFrame | { readonly fault: string } = decodeFrame(bytes, at);
      if ('fault' in frame) {
        const committed = number < (found?.segment ?? 0) || at < (mark?.end ?? 0);
        if (!last || committed || calledDurable(bytes, at)) throw commitLogCorrupt(path, at, frame.fault);
        break;
      }
      if (frame.lsn !== lsn || frame.chain !== this.chain) {
        throw commitLogCorrupt(
          path,
          at,
          `record ${lsn} expected, ${frame.lsn === lsn ? 'another' : `record ${frame.lsn}`} found`,
        );
      }
      onRecord(lsn, frame.record);
      this.chain = frame.checksum;
      lsn++;
      at = frame.end;
    }
    if (mark !== undefined && at < mark.end) {
      throw commitLogCorrupt(path, at, `it ends here, but was committed up to byte ${mark.end}, record ${mark.lsn}`);
    }
    return { lsn, at };
  }

  private startSegment(number: number): void {
    const path = this.path(number);
    const file = this.disk.open(path, 'create');
    const header = segmentHeader({ firstLsn: this.nextLsn, number, warehouse: this.warehouse, chain: this.chain });
    try {
      file.write(0, header);
      file.sync();
      this.disk.syncDirectory(this.directory);
    } catch (error) {
      file.close();
      this.disk.remove(path);
      throw error;
    }
    this.file = file;
    this.written = header.length;
    this.durable = header.length;
    this.segments.push({ number, path, firstLsn: this.nextLsn });
    this.root.settle(this.position());
  }

  append(record: LogRecord, refusal?: Refusal): Promise<number> {
    return new Promise<number>((resolve, reject) => {
      this.queue.push({ record, refusal, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  appendNow(record: LogRecord): number {
    this.refuseWhenFailed();
    const lsn = this.nextLsn;
    this.writeFrames([encodeRecord(record, lsn, this.durable, this.chain)]);
    try {
      this.file!.sync();
    } catch (error) {
      this.failure = error;
      throw commitLogFailed(messageOf(error));
    }
    this.durable = this.written;
    this.durableLsn = lsn;
    this.root.mark(this.position());
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
      if (frames.length > 0) this.chain = chainOf(frames[frames.length - 1]!);
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
    while (this.queue.length > 0) await (this.batch = this.flushBatch());
    this.batch = undefined;
    // In the same turn as the look at the queue: a record that comes a moment later starts a flush of its own.
    this.flushing = undefined;
  }
  private async flushBatch(): Promise<void> {
    const batch: Waiting[] = [];
    const frames: Uint8Array[] = [];
    let size = 0;
    const firstLsn = this.nextLsn;
    try {
      this.refuseWhenFailed();
      while (this.queue.length > 0 && size < GROUP_COMMIT_BYTES_MAX) {
        const next = this.queue.shift()!;
        const chain = frames.length === 0 ? this.chain : chainOf(frames[frames.length - 1]!);
        const frame = this.frameOf(next, firstLsn + frames.length, chain);
        if (frame === undefined) continue;
        batch.push(next);
        frames.push(frame);
        size += frame.length;
      }
      if (batch.length === 0) return;
      this.writeFrames(frames);
      const written = { ...this.position(), end: this.written };
      await this.syncFile();
      this.durableLsn = Math.max(this.durableLsn, written.lsn);
      // An appendNow during the sync has marked a later place already.
      if (this.root.current.lsn < written.lsn) this.root.mark(written);
    } catch (error) {
      if (batch.length === 0) batch.push(...this.queue.splice(0));
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    batch.forEach((waiting, index) => waiting.resolve(firstLsn + index));
  }

  /** Undefined when the record is refused, or cannot be encoded: only whoever waits for it is told. */
  private frameOf({ record, refusal, reject }: Waiting, lsn: number, chain: number): Uint8Array | undefined {
    try {
      const refused = refusal?.();
      if (refused !== undefined) throw refused;
      return encodeRecord(record, lsn, this.durable, chain);
    } catch (error) {
      reject(error);
      return undefined;
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

  async settled(): Promise<void> {
    while (this.flushing !== undefined) await this.flushing;
  }

  async safeLsn(): Promise<number> {
    await this.batch;
    this.refuseWhenFailed();
    return this.durableLsn;
  }
  commits(after: number, through: number): AsyncGenerator<readonly RecoveredCommit[]> {
    return readCommits(this.disk, this.segments, after, through);
  }

  /** Begins a new segment. The caller sees to it that no append is under way. */
  rotate(): void {
    assert(this.queue.length === 0 && this.flushing === undefined, 'log rotated under a running commit');
    this.refuseWhenFailed();
    const current = this.segments[this.segments.length - 1]!;
    if (current.firstLsn === this.nextLsn) return;
    const [old, written] = [this.file!, this.written];
    try {
      this.startSegment(current.number + 1);
    } finally {
      // When there is no new segment (a full disk), the log goes on in the old one.
      if (this.file !== old) {
        old.close();
        this.closedBytes += written;
      }
    }
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
