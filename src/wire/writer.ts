/**
 * The outgoing side of one connection. A message is built in pg-protocol's Writer (`begin` ... `end`), DataRows are taken
 * as the bytes the slices framed; both gather in one growing buffer that goes to the socket in few writes. The buffer is
 * handed over whole and a new one taken, because the socket keeps it until the kernel has it. Called by backend.ts and
 * connection.ts.
 */
import type { Socket } from 'node:net';
import { Writer } from 'pg-protocol/dist/buffer-writer.js';
import { SOCKET_BUFFER_BYTES_MAX, WIRE_FLUSH_BYTES } from '../common/limits.ts';

const INITIAL_BYTES = 8192;
const ONE_BYTE = Array.from({ length: 256 }, (_, value) => Buffer.from([value]));

export class MessageWriter {
  private readonly message = new Writer();
  private type = 0;
  private buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  private length = 0;

  constructor(private readonly socket: Socket) {}

  begin(type: string): this {
    this.message.clear();
    this.type = type.charCodeAt(0);
    return this;
  }
  end(): void {
    this.append(this.message.flush(this.type));
  }
  byte(value: number): this {
    this.message.add(ONE_BYTE[value] as Buffer);
    return this;
  }
  int16(value: number): this {
    this.message.addInt16(value);
    return this;
  }
  int32(value: number): this {
    this.message.addInt32(value);
    return this;
  }
  text(value: string): this {
    this.message.addCString(value);
    return this;
  }
  bytes(value: Uint8Array): this {
    this.message.add(Buffer.from(value));
    return this;
  }
  /** Whole messages. Copies them: the caller may reuse the bytes after the call, and they may lie in shared memory. */
  append(messages: Uint8Array): void {
    this.ensure(messages.length);
    this.buffer.set(messages, this.length);
    this.length += messages.length;
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
