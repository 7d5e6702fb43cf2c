/**
 * A slice's end of its node's object I/O. Nothing here waits: what is not there yet is answered with 'wait' or false, and
 * the slice's doorbell rings when it is. The first request asks the leader for the thread; requests that come before its
 * port does are sent then.
 */
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { objectIoEnded } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { OBJECT_BUFFERS_KEPT_MAX, OBJECT_WRITE_BYTES_MAX } from '../../common/limits.ts';
import type { ByteSource } from '../../formats/load-format.ts';
import { createEdge, RingWriter, type LateBytes } from '../../interconnect/ring.ts';
import type { ObjectRange, Traffic } from '../../s3/object-io.ts';
import type { PartsSpec, SealedPart } from '../../s3/part-writer.ts';
import { ByteRing, RING_STATE } from './byte-ring.ts';
import type { FromObjectIo, ToObjectIo } from './messages.ts';

/** Lines on their way into objects. */
export interface LineSink {
  /** False: not all of them yet; the same lines, unchanged, come again. */
  write(lines: Uint8Array, rows: number): boolean;
  /** The same for one line, in pieces. */
  writeLong(pieces: readonly (Uint8Array | LateBytes)[]): boolean;
  /** What was written, once it is sealed. */
  finish(): readonly SealedPart[] | undefined;
  abort(): void;
}
interface Outcome {
  error?: SqlError;
  parts?: readonly SealedPart[];
  traffic?: Traffic;
}

export class ObjectIoClient {
  private port: MessagePort | undefined;
  private isAsked = false;
  private unsent: ToObjectIo[] = [];
  private nextId = 1;
  private readonly outcomes = new Map<number, Outcome>();
  private readonly buffers: ByteRing[] = [];

  constructor(
    private readonly node: number,
    private readonly askForThread: () => void,
  ) {}
  connect(port: MessagePort): void {
    this.port = port;
    for (const message of this.unsent.splice(0)) port.postMessage(message);
  }
  /** The thread has ended, and with it all that was asked of it. */
  lost(cause: string): void {
    this.receive();
    this.port?.close();
    this.port = undefined;
    this.isAsked = false;
    this.unsent = [];
    for (const outcome of this.outcomes.values()) outcome.error ??= objectIoEnded(this.node, cause);
  }
  private send(message: ToObjectIo): void {
    if (this.port !== undefined) return this.port.postMessage(message);
    this.unsent.push(message);
    if (!this.isAsked) this.askForThread();
    this.isAsked = true;
  }
  private receive(): void {
    if (this.port === undefined) return;
    for (let m = receiveMessageOnPort(this.port); m; m = receiveMessageOnPort(this.port)) {
      const message = m.message as FromObjectIo;
      const outcome = this.outcomes.get(message.id);
      if (outcome === undefined) continue;
      if (message.kind === 'failed') outcome.error = new SqlError(message.error);
      else if (message.kind === 'read') outcome.traffic = message.traffic;
      else outcome.parts = message.parts;
    }
  }
  /** Throws what the request failed with. */
  private look(id: number): Outcome {
    this.receive();
    const outcome = this.outcomes.get(id)!;
    if (outcome.error !== undefined) throw outcome.error;
    return outcome;
  }
  private begin(): number {
    this.outcomes.set(this.nextId, {});
    return this.nextId++;
  }
  private forget(id: number): void {
    if (!this.outcomes.delete(id)) return;
    const waiting = this.unsent.length;
    this.unsent = this.unsent.filter((m) => m.id !== id);
    if (this.unsent.length === waiting) this.port?.postMessage({ kind: 'forget', id } satisfies ToObjectIo);
  }

  open(range: ObjectRange): ByteSource {
    const id = this.begin();
    const ring = this.buffers.pop() ?? new ByteRing();
    ring.reset();
    this.send({ kind: 'read', id, range, buffer: ring.buffer });
    let traffic: Traffic | undefined;
    return {
      objectBytes: () => traffic?.bytes ?? ring.objectBytes,
      traffic: () => traffic,
      read: (into) => {
        const { state } = ring;
        const n = ring.read(into);
        if (ring.capacity - ring.used >= ring.capacity / 2 && ring.takeWait()) this.send({ kind: 'go', id });
        if (n > 0) return n;
        if (state === RING_STATE.ended) {
          if (this.outcomes.has(id)) traffic = this.look(id).traffic;
          return 0;
        }
        this.look(id);
        return 'wait';
      },
      close: () => {
        if (!this.outcomes.has(id)) return;
        this.forget(id);
        if (ring.state !== RING_STATE.open && this.buffers.length < OBJECT_BUFFERS_KEPT_MAX) this.buffers.push(ring);
      },
    };
  }
  create(parts: PartsSpec): LineSink {
    const id = this.begin();
    const edge = createEdge(1, 1, OBJECT_WRITE_BYTES_MAX);
    const waits = new Int32Array(new SharedArrayBuffer(4));
    const writer = new RingWriter(edge, 0, 0);
    let ended = false;
    this.send({ kind: 'write', id, parts, edge, waits: waits.buffer });
    const go = (): void => {
      if (Atomics.exchange(waits, 0, 0) === 1) this.send({ kind: 'go', id });
    };
    const send = (begin: () => void): boolean => {
      this.look(id);
      if (writer.idle) begin();
      const complete = writer.write();
      go();
      return complete;
    };
    return {
      write: (lines, rows) =>
        send(() => {
          const head = new Uint8Array(4);
          new DataView(head.buffer).setUint32(0, rows, true);
          writer.begin(head, lines);
        }),
      writeLong: (pieces) => send(() => writer.beginLong(...pieces)),
      finish: () => {
        const { parts: sealed } = this.look(id);
        if (!ended) writer.end();
        ended = true;
        go();
        if (sealed !== undefined) this.outcomes.delete(id);
        return sealed;
      },
      abort: () => this.forget(id),
    };
  }
}
