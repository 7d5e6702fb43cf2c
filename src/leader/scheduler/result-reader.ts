/**
 * Takes result frames of all slices and hands DataRow bytes on, with the client's back-pressure: while the sink's
 * promise is open nothing is read, the rings fill and the slices of this query stop. Unordered frames are forwarded as
 * they come. Ordered results are merged by the key bytes in front of each row.
 *
 * Frame: u32 rows, then rows; ordered rows: u32 key length, key, message. A long frame is one row, without their number: of those
 * a query has one in memory at a time, beside the keys of those that are to be merged.
 */
import { RingReader } from '../../interconnect/ring.ts';
import type { Doorbells } from '../../interconnect/ring.ts';
import { edgeCount, type EdgeCount } from '../../steps/host.ts';
import type { Pollable } from './leader-host.ts';

export type RowConsumer = (chunk: Uint8Array, rows: number) => void | Promise<void>;

/** Bytes gathered before a merged chunk is handed on. */
const CHUNK_BYTES = 64 * 1024;
/** Rows merged before the event loop gets its turn, however fast slices and client are. */
const MERGE_ROWS = 1024;

interface Input {
  readonly reader: RingReader;
  readonly slice: number;
  frame: Buffer | undefined;
  rows: number;
  at: number;
  /** The row that a long frame is. */
  long: LongRow | undefined;
  done: boolean;
}

/** A row as its bytes come in: the key in front of it, if it has one, then the message. */
class LongRow {
  private readonly head = Buffer.alloc(KEY_HEAD_BYTES);
  key: Buffer | undefined;
  private message: Buffer | undefined;
  private filled = 0;
  constructor(
    private readonly reader: RingReader,
    private readonly ordered: boolean,
  ) {
    this.length = reader.longLength;
  }
  readonly length: number;
  hasKey(): boolean {
    return (
      !this.ordered || (this.key !== undefined && (this.message !== undefined || this.filled === this.key.length))
    );
  }
  /** Reads what there is of the key; true when it is here. */
  readKey(): boolean {
    if (this.key === undefined) {
      if (!this.fill(this.head)) return false;
      this.key = Buffer.allocUnsafe(this.head.readUInt32LE(0));
      this.filled = 0;
    }
    return this.fill(this.key);
  }
  private get messageBytes(): number {
    return this.length - (this.key === undefined ? 0 : KEY_HEAD_BYTES + this.key.length);
  }
  /** Reads the message behind the key; when it is here its bytes, NOTHING when it was not wanted at its begin. */
  take(isWanted: () => boolean): Buffer | undefined {
    if (this.message === undefined) {
      this.message = isWanted() ? Buffer.allocUnsafe(this.messageBytes) : NOTHING;
      this.filled = 0;
    }
    const { message } = this;
    const isLast = this.reader.readLong((piece) => {
      if (message !== NOTHING) message.set(piece, this.filled);
      this.filled += piece.length;
    });
    return isLast ? message : undefined;
  }
  /** True when it is full; the frame goes on behind it. */
  private fill(into: Buffer): boolean {
    this.reader.readLong((piece) => {
      into.set(piece, this.filled);
      this.filled += piece.length;
    }, into.length - this.filled);
    return this.filled === into.length;
  }
}
const KEY_HEAD_BYTES = 4;
const NOTHING = Buffer.alloc(0);

export class ResultReader implements Pollable {
  private readonly inputs: Input[];
  private busy = false;
  private finished = false;
  private readonly chunk: Buffer[] = [];
  private chunkBytes = 0;
  private chunkRows = 0;
  /** Its long row is being read. */
  private taking: Input | undefined;
  rowsOut = 0;
  bytesOut = 0;
  /** What came from each slice. */
  readonly received: readonly EdgeCount[];

  constructor(
    edge: SharedArrayBuffer,
    sliceCount: number,
    private readonly doorbells: Doorbells,
    private readonly ordered: boolean,
    private skip: number,
    private left: number,
    private readonly consumer: RowConsumer,
    /** A node is out of service: none of these rows may reach the client. */
    private readonly isCondemned: () => boolean,
    private readonly events: { done(): void; failed(error: unknown): void; wake(): void },
  ) {
    this.inputs = Array.from({ length: sliceCount }, (_, s) => ({
      reader: new RingReader(edge, s, 0),
      slice: s,
      frame: undefined,
      rows: 0,
      at: 0,
      long: undefined,
      done: false,
    }));
    this.received = this.inputs.map((i) => edgeCount(i.slice));
  }
  poll(): boolean {
    if (this.busy || this.finished || this.isCondemned()) return false;
    try {
      return this.ordered ? this.pollOrdered() : this.pollPlain();
    } catch (error) {
      this.finished = true;
      this.events.failed(error);
      return true;
    }
  }
  /** Fills an input; true when it has a frame with rows left, or the key of a long row. */
  private fill(input: Input): boolean {
    while (!input.done && (input.frame === undefined || input.rows === 0)) {
      input.frame = undefined;
      if (input.long !== undefined) return this.hasKey(input, input.long);
      if (!input.reader.hasData) {
        if (input.reader.ended) input.done = true;
        return false;
      }
      if (input.reader.coming() === 'long') {
        input.long = new LongRow(input.reader, this.ordered);
        continue;
      }
      const frame = input.reader.read((length) => Buffer.allocUnsafe(length));
      this.doorbells.ring(input.slice);
      if (!frame) return false;
      input.frame = frame as Buffer;
      input.rows = input.frame.readUInt32LE(0);
      input.at = 4;
      const count = this.received[input.slice]!;
      count.rows += input.rows;
      count.bytes += frame.length - input.at;
      count.packets++;
    }
    return !input.done;
  }
  private hasKey({ reader, slice }: Input, long: LongRow): boolean {
    if (long.hasKey()) return true;
    const isArriving = reader.hasData;
    const hasKey = isArriving && long.readKey();
    if (isArriving) this.doorbells.ring(slice);
    return hasKey;
  }
  /** Goes on with the long row that is being read; true when it has been handed on. */
  private takeLong(): boolean {
    const input = this.taking!;
    const long = input.long!;
    if (!input.reader.hasData) return false;
    const message = long.take(() => this.isWanted());
    this.doorbells.ring(input.slice);
    if (message === undefined) return false;
    input.long = undefined;
    this.taking = undefined;
    const count = this.received[input.slice]!;
    count.rows++;
    count.bytes += long.length;
    count.packets++;
    if (message !== NOTHING) this.emit(message, 1);
    return true;
  }
  /** Whether the next row is among those between OFFSET and LIMIT. */
  private isWanted(): boolean {
    if (this.skip > 0) {
      this.skip--;
      return false;
    }
    if (this.left <= 0) return false;
    this.left--;
    return true;
  }
  private pollPlain(): boolean {
    let moved = false;
    for (const input of this.inputs) {
      if (this.busy) return true;
      if (input.done || !this.fill(input)) continue;
      if (input.long === undefined) this.forward(input);
      else {
        // One at a time.
        this.taking ??= input;
        if (this.taking !== input) continue;
        moved = this.takeLong() || moved;
        continue;
      }
      moved = true;
    }
    return this.maybeFinish() || moved;
  }
  /** A whole frame of unordered rows, cut to OFFSET and LIMIT. */
  private forward(input: Input): void {
    const frame = input.frame!;
    let { rows } = input;
    let at = 4;
    input.frame = undefined;
    input.rows = 0;
    while (this.skip > 0 && rows > 0) {
      at += 1 + frame.readUInt32BE(at + 1);
      this.skip--;
      rows--;
    }
    let end = frame.length;
    if (rows > this.left) {
      rows = this.left;
      end = at;
      for (let i = 0; i < rows; i++) end += 1 + frame.readUInt32BE(end + 1);
    }
    this.left -= rows;
    if (rows > 0) this.emit(frame.subarray(at, end), rows);
  }
  private emit(chunk: Uint8Array, rows: number): void {
    if (this.isCondemned()) return;
    this.rowsOut += rows;
    this.bytesOut += chunk.length;
    const wait = this.consumer(chunk, rows);
    if (!wait) return;
    this.busy = true;
    wait.then(
      () => {
        this.busy = false;
        this.events.wake();
      },
      (error: unknown) => {
        this.finished = true;
        this.events.failed(error);
      },
    );
  }
  private pollOrdered(): boolean {
    let moved = false;
    for (let rows = 0; ; rows++) {
      if (rows === MERGE_ROWS) return true;
      if (this.taking !== undefined) {
        if (!this.takeLong()) return moved;
        moved = true;
        if (this.busy) return true;
      }
      let best: Input | undefined;
      for (const input of this.inputs) {
        if (input.done) continue;
        if (!this.fill(input)) {
          if (input.done) continue;
          this.flush();
          return moved;
        }
        if (!best || compareKeys(input, best) < 0) best = input;
      }
      if (!best) break;
      moved = true;
      if (best.long !== undefined) {
        this.flush();
        this.taking = best;
        if (this.busy) return true;
        continue;
      }
      this.take(best);
      if (this.chunkBytes >= CHUNK_BYTES) {
        this.flush();
        if (this.busy) return true;
      }
    }
    this.flush();
    return this.maybeFinish() || moved;
  }
  private take(input: Input): void {
    const frame = input.frame!;
    const start = input.at + 4 + frame.readUInt32LE(input.at);
    const end = start + 1 + frame.readUInt32BE(start + 1);
    input.at = end;
    input.rows--;
    if (!this.isWanted()) return;
    this.chunk.push(frame.subarray(start, end));
    this.chunkBytes += end - start;
    this.chunkRows++;
  }
  private flush(): void {
    if (this.chunkRows === 0 || this.busy) return;
    const bytes = Buffer.concat(this.chunk, this.chunkBytes);
    const rows = this.chunkRows;
    this.chunk.length = 0;
    this.chunkBytes = 0;
    this.chunkRows = 0;
    this.emit(bytes, rows);
  }
  private maybeFinish(): boolean {
    if (this.finished || this.busy || !this.inputs.every((i) => i.done)) return false;
    this.finished = true;
    this.events.done();
    return true;
  }
}

function compareKeys(a: Input, b: Input): number {
  if (a.long !== undefined || b.long !== undefined) return Buffer.compare(keyOf(a), keyOf(b));
  const x = a.frame!;
  const y = b.frame!;
  const xStart = a.at + KEY_HEAD_BYTES;
  const yStart = b.at + KEY_HEAD_BYTES;
  return x.compare(y, yStart, yStart + y.readUInt32LE(b.at), xStart, xStart + x.readUInt32LE(a.at));
}
function keyOf({ frame, at, long }: Input): Buffer {
  if (long !== undefined) return long.key!;
  const start = at + KEY_HEAD_BYTES;
  return frame!.subarray(start, start + frame!.readUInt32LE(at));
}
