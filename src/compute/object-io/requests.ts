/**
 * Requests of the node's slices on the object I/O thread: each reads or writes on its own, so one that is never answered
 * holds up nobody else. A request that its slice forgets ends with the operation under way; its buffer belongs to nobody
 * else then. Whatever goes wrong in one is told to its slice and ends that query alone.
 */
import { NodeCondemned } from '../../common/errors/fault.ts';
import { s3ServiceException } from '../../common/errors/catalogue.ts';
import { OBJECT_READ_BYTES_MAX } from '../../common/limits.ts';
import type { ErrorValue } from '../../execution/messages.ts';
import { errorValue } from '../../execution/error-value.ts';
import { RingReader } from '../../interconnect/ring.ts';
import { S3Error } from '../../s3/key-path.ts';
import type { ObjectIo, ObjectRange, ObjectReader, Traffic } from '../../s3/object-io.ts';
import type { PartsSpec, SealedPart } from '../../s3/part-writer.ts';
import { lineWriter, type LineWriter } from '../../s3/line-writer.ts';
import { ByteRing, RING_STATE } from './byte-ring.ts';

/** Read at once: a half of the ring, so that the slice has the other one meanwhile. */
const READ_BYTES = OBJECT_READ_BYTES_MAX / 2;

export interface Asker {
  failed(error: ErrorValue): void;
  sealed(parts: readonly SealedPart[]): void;
  /** What the read took, before its end is seen. */
  read(traffic: Traffic): void;
  /** Bytes, room or an end are there. */
  ring(): void;
}

abstract class Request {
  protected isForgotten = false;
  private wake: (() => void) | undefined;
  constructor(protected readonly asker: Asker) {}
  /** Until the slice says `go`, or forgets. */
  protected told(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
  go(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
  forget(): void {
    this.isForgotten = true;
    this.go();
  }
  abstract run(): Promise<void>;
}

export class ReadRequest extends Request {
  private reader: ObjectReader | undefined;
  constructor(
    asker: Asker,
    private readonly io: ObjectIo,
    private readonly range: ObjectRange,
    private readonly ring: ByteRing,
  ) {
    super(asker);
  }
  async run(): Promise<void> {
    let state: number = RING_STATE.ended;
    try {
      await this.fill();
    } catch (error) {
      if (this.isForgotten) return;
      const { bucket, key } = this.range;
      this.asker.failed(asErrorValue(error, `S3 key being read : s3://${bucket}/${key}`));
      state = RING_STATE.failed;
    }
    if (this.isForgotten) return;
    this.ring.end(state);
    this.asker.ring();
  }
  private async fill(): Promise<void> {
    const reader = (this.reader = await this.io.open(this.range));
    try {
      while (!this.isForgotten) {
        const room = await this.room();
        if (room === undefined) return;
        const n = await reader.read(room);
        if (this.isForgotten) return;
        if (n === 0) return this.asker.read({ ...reader.traffic });
        this.ring.wrote(n, reader.traffic.bytes);
        this.asker.ring();
      }
    } finally {
      await reader.close();
    }
  }
  override forget(): void {
    super.forget();
    this.reader?.abort?.();
  }
  private async room(): Promise<Uint8Array | undefined> {
    const { ring } = this;
    while (ring.capacity - ring.used < READ_BYTES) {
      const told = this.told();
      ring.waits();
      // The slice may have taken bytes before it could see that.
      if (ring.capacity - ring.used >= READ_BYTES) break;
      await told;
      if (this.isForgotten) return undefined;
    }
    return ring.room(READ_BYTES);
  }
}

export class WriteRequest extends Request {
  private readonly reader: RingReader;
  private readonly waits: Int32Array;
  private readonly parts: LineWriter;

  constructor(
    asker: Asker,
    io: ObjectIo,
    spec: PartsSpec,
    slice: number,
    nowMicros: () => bigint,
    edge: SharedArrayBuffer,
    waits: SharedArrayBuffer,
    /** The node is out of service: its lines must not reach an object. */
    private readonly isCondemned: () => boolean,
  ) {
    super(asker);
    this.reader = new RingReader(edge, 0, 0);
    this.waits = new Int32Array(waits);
    this.parts = lineWriter(io, spec, slice, nowMicros);
  }
  async run(): Promise<void> {
    try {
      await this.drain();
      this.check();
      const sealed = await this.parts.finish();
      this.check();
      this.asker.sealed(sealed);
    } catch (error) {
      if (!this.isForgotten && !(error instanceof NodeCondemned)) this.asker.failed(asErrorValue(error, ''));
      await this.parts.abort().catch(() => undefined);
    }
    this.asker.ring();
  }
  private check(): void {
    if (this.isForgotten || this.isCondemned()) throw new NodeCondemned('nobody waits for these lines');
  }
  private async drain(): Promise<void> {
    while (!this.reader.ended) {
      if (this.reader.coming() === 'long') {
        await this.longLine();
        continue;
      }
      const frame = this.reader.read((length) => Buffer.allocUnsafe(length)) as Buffer | undefined;
      this.asker.ring();
      this.check();
      if (frame !== undefined) await this.parts.write(frame.subarray(4), frame.readUInt32LE(0));
      else await this.lines();
    }
  }
  private async longLine(): Promise<void> {
    await this.parts.beginRow(this.reader.longLength);
    for (let isLast = false; !isLast;) {
      const pieces: Buffer[] = [];
      isLast = this.reader.readLong((piece) => pieces.push(Buffer.from(piece)));
      this.asker.ring();
      this.check();
      for (const piece of pieces) await this.parts.add(piece);
      if (pieces.length === 0 && !isLast) await this.lines();
    }
  }
  private async lines(): Promise<void> {
    const told = this.told();
    Atomics.store(this.waits, 0, 1);
    // They may have come before the slice could see that.
    if (!this.reader.hasData && !this.reader.ended) await told;
  }
}

function asErrorValue(error: unknown, context: string): ErrorValue {
  if (!(error instanceof S3Error)) return errorValue(error);
  return errorValue(s3ServiceException(error.message, error.status, error.code, context));
}
