/**
 * Framing of what a client sends: bytes in, whole messages out. A start-up packet has no type byte:
 *
 *   start-up   int32 length (itself included) | int32 code | ...
 *   message    byte type | int32 length (itself included, type not) | body
 *
 * Invariants: nothing longer than the limit is ever buffered; an over-long message is skipped byte by byte and reported
 * as a frame with `oversize` set. Used by connection.ts only.
 */
import { MESSAGE_BYTES_MAX, STARTUP_BYTES_MAX } from '../common/limits.ts';
import { protocolViolation } from '../common/errors/catalogue.ts';

export interface Frame {
  /** Message type byte as a character code; 0 for a start-up packet. */
  readonly type: number;
  readonly body: Buffer;
  /** Length of a body that was too long and has been skipped; 0 normally. */
  readonly oversize: number;
}

const EMPTY = Buffer.alloc(0);

export class FrameReader {
  /** Unread bytes are buffer[offset, limit). Bytes behind `limit` are ours to fill; bytes before it never move. */
  private buffer: Buffer = EMPTY;
  private offset = 0;
  private limit = 0;
  private skipping = 0;
  private skippedType = 0;
  private skippedLength = 0;

  /** Bytes waiting to become frames. */
  get pending(): number {
    return this.limit - this.offset;
  }

  push(chunk: Buffer): void {
    let from = 0;
    if (this.skipping > 0 && this.pending === 0) {
      from = Math.min(this.skipping, chunk.length);
      this.skipping -= from;
    }
    const rest = from === 0 ? chunk : chunk.subarray(from);
    if (this.pending === 0) {
      this.buffer = rest;
      this.offset = 0;
      this.limit = rest.length;
      return;
    }
    if (this.limit + rest.length > this.buffer.length) this.grow(rest.length);
    rest.copy(this.buffer, this.limit);
    this.limit += rest.length;
  }

  /** A new buffer with room for `more`: frames handed out earlier keep looking at the old one. */
  private grow(more: number): void {
    const next = Buffer.allocUnsafe(Math.max(this.pending + more, this.pending * 2));
    this.buffer.copy(next, 0, this.offset, this.limit);
    this.limit -= this.offset;
    this.offset = 0;
    this.buffer = next;
  }

  /** The next start-up packet, or undefined when more bytes are needed. */
  nextStartup(): Frame | undefined {
    if (this.pending < 4) return undefined;
    const length = this.buffer.readInt32BE(this.offset);
    if (length < 8 || length > STARTUP_BYTES_MAX) throw protocolViolation('invalid length of startup packet');
    if (this.pending < length) return undefined;
    const body = this.buffer.subarray(this.offset + 4, this.offset + length);
    this.offset += length;
    return { type: 0, body, oversize: 0 };
  }

  /** The next typed message, or undefined when more bytes are needed. `bodyMax`: longer ones are skipped. */
  next(bodyMax = MESSAGE_BYTES_MAX): Frame | undefined {
    if (this.skippedLength > 0) return this.endOfSkip();
    if (this.pending < 5) return undefined;
    const type = this.buffer[this.offset] as number;
    const length = this.buffer.readInt32BE(this.offset + 1);
    if (length < 4) throw protocolViolation('invalid message length');
    if (length - 4 > bodyMax) {
      this.skippedType = type;
      this.skippedLength = length - 4;
      const have = Math.min(this.pending - 5, this.skippedLength);
      this.offset += 5 + have;
      this.skipping = this.skippedLength - have;
      return this.endOfSkip();
    }
    if (this.pending < length + 1) return undefined;
    const body = this.buffer.subarray(this.offset + 5, this.offset + 1 + length);
    this.offset += length + 1;
    return { type, body, oversize: 0 };
  }

  private endOfSkip(): Frame | undefined {
    if (this.skipping > 0) return undefined;
    const frame = { type: this.skippedType, body: EMPTY, oversize: this.skippedLength };
    this.skippedLength = 0;
    return frame;
  }
}
