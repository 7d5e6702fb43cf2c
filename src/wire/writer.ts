/**
 * The outgoing side of one connection: messages gather in one growing buffer that goes to the socket in few writes.
 * `begin` opens a message and leaves room for its length, `end` fills it in. The buffer is handed over whole and a new
 * one taken, because the socket keeps it until the kernel has it. Called by backend.ts and connection.ts.
 */
import type { Socket } from 'node:net';
import { SOCKET_BUFFER_BYTES_MAX, WIRE_FLUSH_BYTES } from '../common/limits.ts';

const INITIAL_BYTES = 8192;

export class MessageWriter {
  private buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  private length = 0;
  private messageStart = 0;

  constructor(private readonly socket: Socket) {}

  begin(type: string): this {
    this.ensure(5);
    this.buffer[this.length] = type.charCodeAt(0);
    this.messageStart = this.length + 1;
    this.length += 5;
    return this;
  }
  end(): void {
    this.buffer.writeInt32BE(this.length - this.messageStart, this.messageStart);
  }
  byte(value: number): this {
    this.ensure(1);
    this.buffer[this.length++] = value;
    return this;
  }
  int16(value: number): this {
    this.ensure(2);
    this.buffer.writeInt16BE((value << 16) >> 16, this.length);
    this.length += 2;
    return this;
  }
  int32(value: number): this {
    this.ensure(4);
    this.buffer.writeInt32BE(value | 0, this.length);
    this.length += 4;
    return this;
  }
  text(value: string): this {
    this.ensure(value.length * 3 + 1);
    this.length += this.buffer.write(value, this.length, 'utf8');
    this.buffer[this.length++] = 0;
    return this;
  }
  /** Copies the bytes: the caller may reuse them after the call, and they may lie in shared memory. */
  bytes(value: Uint8Array): this {
    this.ensure(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  /** Enough gathered to be worth a write. */
  get full(): boolean {
    return this.length >= WIRE_FLUSH_BYTES;
  }

  /** The client does not read as fast as we write. */
  get congested(): boolean {
    return this.socket.writableNeedDrain || this.socket.writableLength > SOCKET_BUFFER_BYTES_MAX;
  }

  flush(): void {
    if (this.length === 0) return;
    const out = this.buffer.subarray(0, this.length);
    this.length = 0;
    this.buffer = Buffer.allocUnsafe(INITIAL_BYTES);
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(out);
  }

  private ensure(more: number): void {
    const need = this.length + more;
    if (need <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(need, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
