/**
 * How a compute node reads and writes objects: asynchronously, on its object I/O thread, so that an endpoint may answer
 * late, or never. A place where objects lie is one implementation; folder-io.ts is the store in folders. Errors are
 * S3Errors, errors of the operating system, or SqlErrors (damaged compression).
 */
import { systemClock } from '../common/clock.ts';
import type { Compression } from '../common/compress/compression.ts';
import type { RemoteSource } from '../common/remote-source.ts';

/** One state of an object, by which its pieces know whether they are of one. */
export interface ObjectState {
  readonly size: number;
  readonly modifiedMs: number;
  /** Where objects have one before they are read. */
  readonly etag?: string | undefined;
}
export interface ObjectRange {
  readonly bucket: string;
  readonly key: string;
  /** Byte range of the stored object; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** As the object was listed: it is refused in any other, when it is opened and when its range ends. */
  readonly state: ObjectState;
  /** A compressed object is read from its start. */
  readonly compression: Compression;
  /** Of an object that was encrypted before it came (client-encryption.ts), which is read from its start, too. */
  readonly masterKey?: string | undefined;
  /** What is read instead of an object (src/remote). */
  readonly remote?: RemoteSource | undefined;
}
export interface ObjectTarget {
  readonly bucket: string;
  readonly key: string;
  /** Begins the names of what lies under a name of its own until it is placed. */
  readonly token: string;
}
/** What moving one object's bytes took so far. */
export interface Traffic {
  /** Of the stored object. */
  bytes: number;
  /** Microseconds spent on reading or writing them. */
  micros: number;
  /** Microseconds spent on (un)packing. */
  packMicros: number;
  /** Of an endpoint over the network. */
  retries?: number;
  requestId?: string | undefined;
  extendedRequestId?: string | undefined;
  /** Why nothing was read of a source that need not be there. */
  skipped?: string;
  /** What connections failed with that were made again. */
  errors?: readonly string[];
}
export const noTraffic = (): Traffic => ({ bytes: 0, micros: 0, packMicros: 0 });
/** Runs one transfer of `traffic`, counting its time. */
export async function timed<T>(traffic: Traffic, transfer: () => Promise<T>): Promise<T> {
  const start = systemClock.monotonicMs();
  try {
    return await transfer();
  } finally {
    traffic.micros += (systemClock.monotonicMs() - start) * 1000;
  }
}
export interface ObjectReader {
  readonly traffic: Traffic;
  /**
   * Fills `into` from its start and gives the bytes, 0 at the end; may give fewer than asked for. `into`, which may lie in
   * shared memory, is the reader's until then.
   */
  read(into: Uint8Array): Promise<number>;
  /** Nobody wants the rest: a read under way may fail at once. Missing where reads end soon by themselves. */
  abort?(): void;
  close(): Promise<void>;
}
/** One object on its way: nobody sees it before whoever asked for it has placed what seal() gives. */
export interface ObjectWriter {
  readonly traffic: Traffic;
  /** The bytes are the writer's until it answers. */
  write(bytes: Uint8Array): Promise<void>;
  /** The name under which it waits to be placed. */
  seal(): Promise<string>;
  /** Forgets the object. */
  abort(): Promise<void>;
}
export interface ObjectIo {
  open(range: ObjectRange): Promise<ObjectReader>;
  create(target: ObjectTarget): Promise<ObjectWriter>;
}
/** The first bytes of a range's text, at most so many. */
export async function readStart(io: Pick<ObjectIo, 'open'>, range: ObjectRange, most: number): Promise<Uint8Array> {
  const reader = await io.open(range);
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (let n = 1; n > 0 && length < most; length += n) n = await reader.read(bytes.subarray(length));
    return bytes.subarray(0, length);
  } finally {
    await reader.close();
  }
}
