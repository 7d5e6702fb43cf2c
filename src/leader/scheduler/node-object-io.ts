/**
 * A node's object I/O thread as the leader keeps it: started when one of the node's slices first wants it, ended with the
 * node. When it ends by itself the node's memory is sound: its slices are told, the statements that were waiting for it
 * fail, and the next slice that wants it gets another one.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { SliceId } from '../../common/ids.ts';
import type { ToSlice } from '../../execution/messages.ts';

export interface ObjectIoThread {
  /** Hands it the other end of a slice's port. */
  connect(slice: SliceId, port: MessagePort): void;
  terminate(): Promise<unknown>;
  /** Resolves with what is known of its end when the thread has ended. */
  readonly ended: Promise<string>;
}

export class NodeObjectIo {
  private thread: ObjectIoThread | undefined;
  private readonly connected = new Set<SliceId>();
  private isOver = false;

  constructor(
    private readonly start: () => ObjectIoThread,
    private readonly send: (slice: SliceId, message: ToSlice, ports: readonly MessagePort[]) => void,
  ) {}
  connect(slice: SliceId): void {
    if (this.isOver) return;
    const thread = (this.thread ??= this.begin());
    const { port1, port2 } = new MessageChannel();
    thread.connect(slice, port1);
    this.connected.add(slice);
    this.send(slice, { kind: 'object-io', port: port2 }, [port2]);
  }
  private begin(): ObjectIoThread {
    const thread = this.start();
    void thread.ended.then((cause) => this.lost(cause));
    return thread;
  }
  private lost(cause: string): void {
    this.thread = undefined;
    if (this.isOver) return;
    for (const slice of this.connected) this.send(slice, { kind: 'object-io-ended', cause }, []);
    this.connected.clear();
  }
  /** With its node. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.thread?.terminate();
  }
}
