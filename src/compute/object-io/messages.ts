/**
 * What a slice and its node's object I/O thread say to each other over the slice's own MessagePort. Bytes never travel
 * here: those read come through a ByteRing, those written go through an exchange ring. Whoever waits for the other's bytes
 * or room says so in the buffer, and is told with `go` (the thread) or by the slice's doorbell.
 */
import type { MessagePort } from 'node:worker_threads';
import type { ErrorValue } from '../../execution/messages.ts';
import type { RemoteAccess } from '../../remote/access.ts';
import type { EndpointSpec } from '../../s3/endpoint/client.ts';
import type { ObjectRange, Traffic } from '../../s3/object-io.ts';
import type { PartsSpec, SealedPart } from '../../s3/part-writer.ts';

export type ToObjectIo =
  | { readonly kind: 'read'; readonly id: number; readonly range: ObjectRange; readonly buffer: SharedArrayBuffer }
  | {
      readonly kind: 'write';
      readonly id: number;
      readonly parts: PartsSpec;
      /** An edge of one sender and one receiver. */
      readonly edge: SharedArrayBuffer;
      /** One word: 1 = the thread waits for lines. */
      readonly waits: SharedArrayBuffer;
    }
  /** There is room, or there are lines. */
  | { readonly kind: 'go'; readonly id: number }
  /** Nobody wants the rest; what was written and not sealed goes. */
  | { readonly kind: 'forget'; readonly id: number };
export type FromObjectIo =
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorValue }
  | { readonly kind: 'read'; readonly id: number; readonly traffic: Traffic }
  | { readonly kind: 'sealed'; readonly id: number; readonly parts: readonly SealedPart[] };

/** What the thread is started with. */
export interface ObjectIoBoot {
  readonly node: number;
  readonly doorbells: SharedArrayBuffer;
  readonly health: SharedArrayBuffer;
  readonly s3Root: string;
  /** Instead of the folders. */
  readonly s3Endpoint: EndpointSpec | undefined;
  readonly remote: RemoteAccess;
  /** Tests only: an ObjectIoSwitch's buffer. */
  readonly objectIo: SharedArrayBuffer | undefined;
}
/** From the leader's thread: a slice's port. */
export interface ObjectIoConnection {
  readonly slice: number;
  readonly port: MessagePort;
}
