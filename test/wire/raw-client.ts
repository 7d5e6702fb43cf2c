/**
 * Frontend bytes by hand, and the messages that come back: for tests of what no driver would send. Works over a plain
 * socket and over TLS alike.
 */
import { connect, type Socket } from 'node:net';

export interface BackendMessage {
  readonly type: string;
  readonly body: Buffer;
}
export const int32 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeInt32BE(n | 0);
  return b;
};

export class RawClient {
  private data = Buffer.alloc(0);
  private changed: () => void = () => undefined;
  private closed = false;
  readonly messages: BackendMessage[] = [];

  constructor(readonly socket: Socket) {
    socket.on('data', (d: Buffer) => {
      this.data = Buffer.concat([this.data, d]);
      while (this.data.length >= 5 && this.data.length >= 1 + this.data.readInt32BE(1)) {
        const end = 1 + this.data.readInt32BE(1);
        this.messages.push({ type: String.fromCharCode(this.data[0] as number), body: this.data.subarray(5, end) });
        this.data = this.data.subarray(end);
      }
      this.changed();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.changed();
    });
  }
  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket);
  }
  static startupPacket(parameters: Readonly<Record<string, string>>): Buffer {
    const pairs = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`);
    const body = Buffer.from(`${pairs.join('')}\0`);
    return Buffer.concat([int32(8 + body.length), int32(196608), body]);
  }
  startup(parameters: Readonly<Record<string, string>>): void {
    this.socket.write(RawClient.startupPacket(parameters));
  }
  /** Strings go with a NUL behind them. */
  send(...messages: [string, ...(string | Buffer)[]][]): void {
    for (const [type, ...parts] of messages) {
      const body = Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(`${p}\0`) : p)));
      this.socket.write(Buffer.concat([Buffer.from(type), int32(4 + body.length), body]));
    }
  }
  /** Waits until the types of what came fulfil the condition, or the connection is closed. */
  async until(condition: (types: string) => boolean): Promise<string> {
    for (;;) {
      const types = this.messages.map((m) => m.type).join('');
      if (condition(types) || this.closed) return types;
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
  }
  async message(index: number): Promise<BackendMessage> {
    await this.until((types) => types.length > index);
    return this.messages[index] as BackendMessage;
  }
}
