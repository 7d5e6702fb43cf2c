/**
 * Stands between a query on the slices and a client that does not take its rows. While the client keeps up, chunks go
 * straight to it, with its back-pressure. Once the query has waited RESULT_WAIT_MS in all for it (a suspended portal, a cursor,
 * a socket that nobody reads), chunks are put aside: in RAM, then on the leader's temporary disk, so that the slices end
 * and their slots go back; the client gets them from there. When neither has room the query waits until there is some.
 *
 *   direct --waited long enough--> spooling --everything sent, failed or cancelled--> closed
 */
import { systemClock } from '../../common/clock.ts';
import { RESULT_RAM_BYTES_MAX, RESULT_WAIT_MS } from '../../common/limits.ts';
import type { TempDisk, TempFile } from '../../steps/breakers/temp-disk.ts';
import { orCancelled } from '../transaction/waits.ts';
import type { RowConsumer } from './result-reader.ts';

/** What all results of the server share. */
export class SpoolRoom {
  ramBytes = 0;
  constructor(
    readonly disk: TempDisk,
    readonly ramBytesMax = RESULT_RAM_BYTES_MAX,
    readonly waitMs = RESULT_WAIT_MS,
  ) {}
  get usedBytes(): number {
    return this.ramBytes + this.disk.bytes;
  }
  get mostBytes(): number {
    return this.ramBytesMax + this.disk.bytesMax;
  }
  takeRam(bytes: number): boolean {
    if (this.ramBytes + bytes > this.ramBytesMax) return false;
    this.ramBytes += bytes;
    return true;
  }
}
interface Chunk {
  readonly rows: number;
  /** In RAM; otherwise in the file. */
  readonly bytes: Uint8Array | undefined;
  readonly at: number;
  readonly length: number;
}

export class ResultSpool {
  private waitedMs = 0;
  private readonly chunks: Chunk[] = [];
  private file: TempFile | undefined;
  private writing: Promise<unknown> = Promise.resolve();
  /** The client's side, once there is something aside. */
  private draining: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;
  private ended = false;
  private closed = false;
  /** A chunk came, or the last one did. */
  private more: () => void = () => undefined;
  /** A chunk went. */
  private less: () => void = () => undefined;

  constructor(
    private readonly room: SpoolRoom,
    private readonly consumer: RowConsumer,
    private readonly signal: AbortSignal,
  ) {}

  /** As a RowConsumer. A chunk's memory is its own: nobody writes to it again. */
  readonly take = (chunk: Uint8Array, rows: number): void | Promise<void> => {
    if (this.failure !== undefined) throw this.failure.error;
    if (this.closed) return undefined;
    if (this.draining !== undefined) return this.keep(chunk, rows);
    const wait = this.consumer(chunk, rows);
    return wait === undefined ? undefined : this.unlessTooLong(wait);
  };
  private async unlessTooLong(wait: Promise<void>): Promise<void> {
    const began = systemClock.monotonicMs();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(true), Math.max(0, this.room.waitMs - this.waitedMs));
    });
    const isLate = await Promise.race([wait.then(() => false), late]).finally(() => clearTimeout(timer));
    this.waitedMs += systemClock.monotonicMs() - began;
    if (!isLate) return;
    this.draining = this.drain(wait);
    this.draining.catch(() => undefined);
  }

  /** Puts a chunk aside; undefined when it is in RAM. */
  private keep(bytes: Uint8Array, rows: number): Promise<void> | undefined {
    const { length } = bytes;
    if (this.room.takeRam(length)) {
      this.add({ rows, bytes, at: 0, length });
      return undefined;
    }
    return this.write(bytes, rows);
  }
  private async write(bytes: Uint8Array, rows: number): Promise<void> {
    const { length } = bytes;
    while (!this.room.disk.hasRoom(length)) {
      // Others have all the room: the query goes on at its client's pace, a chunk at a time.
      if (this.chunks.length === 0) return this.add({ rows, bytes, at: 0, length: 0 });
      await orCancelled(new Promise<void>((resolve) => (this.less = resolve)), this.signal);
      if (this.failure !== undefined) throw this.failure.error;
      if (this.closed) return;
    }
    this.file ??= this.room.disk.create();
    const writing = this.file.appendAsync(bytes);
    this.writing = writing.catch(() => undefined);
    this.add({ rows, bytes: undefined, at: await writing, length });
  }
  private add(chunk: Chunk): void {
    this.chunks.push(chunk);
    this.more();
  }

  private async drain(first: Promise<void>): Promise<void> {
    try {
      await first;
      for (;;) {
        this.less();
        const chunk = this.chunks.shift();
        if (chunk !== undefined) await this.send(chunk);
        else if (this.ended) return;
        else await new Promise<void>((resolve) => (this.more = resolve));
      }
    } catch (error) {
      this.failure = { error };
      this.less();
      throw error;
    }
  }
  private async send({ rows, bytes, at, length }: Chunk): Promise<void> {
    if (bytes !== undefined) {
      try {
        await this.consumer(bytes, rows);
      } finally {
        this.room.ramBytes -= length;
      }
      return;
    }
    const read = Buffer.allocUnsafe(length);
    this.file!.read(at, read);
    await this.consumer(read, rows);
  }

  /** The query has given its last row: resolves when the client has all of them. */
  async end(): Promise<void> {
    if (this.draining === undefined) return;
    this.ended = true;
    this.more();
    await orCancelled(this.draining, this.signal);
  }
  /** Gives everything back, sent or not. */
  close(): void {
    this.ended = true;
    this.closed = true;
    for (const { bytes, length } of this.chunks) if (bytes !== undefined) this.room.ramBytes -= length;
    this.chunks.length = 0;
    this.more();
    this.less();
    const { file } = this;
    if (file !== undefined) void this.writing.then(() => file.remove());
  }
}
