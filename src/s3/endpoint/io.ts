/**
 * Object I/O over an S3 endpoint. A range is one GET on the state that was listed (If-Match); when its connection breaks off
 * the rest is asked for again, a few times. An object that is written lies in a temporary file until it is placed
 * (store.ts), so that memory stays flat and nobody sees half of it.
 */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert } from '../../common/assert.ts';
import { S3_RESUMES_MAX, S3_RESUME_WAIT_MS } from '../../common/limits.ts';
import { decryptedReader, INSTRUCTION_BYTES_MAX, instructionKey, type Sealed } from '../client-encryption.ts';
import { unpackedReader } from '../codecs/unpacked-reader.ts';
import { FolderIo } from '../folder-io.ts';
import {
  noTraffic,
  timed,
  type ObjectIo,
  type ObjectRange,
  type ObjectReader,
  type ObjectTarget,
  type ObjectWriter,
} from '../object-io.ts';
import { S3Error } from '../key-path.ts';
import { asEndpointError, asked, connectEndpoint, note, type Endpoint, type EndpointSpec } from './client.ts';

class EndpointReader implements ObjectReader {
  readonly traffic = noTraffic();
  private position: number;
  private body: Readable | undefined;
  private pieces: AsyncIterator<Buffer> | undefined;
  private left: Buffer = Buffer.alloc(0);
  private resumes = 0;
  private isClosed = false;
  constructor(
    private readonly endpoint: Endpoint,
    private readonly range: ObjectRange,
  ) {
    this.position = range.start;
  }
  async read(into: Uint8Array): Promise<number> {
    while (this.left.length === 0) {
      if (this.position >= this.range.end) return 0;
      await this.more();
    }
    const n = Math.min(into.length, this.left.length);
    into.set(this.left.subarray(0, n));
    this.left = this.left.subarray(n);
    return n;
  }
  /** The next bytes into `left`; a connection that breaks off is made again from there. */
  private async more(): Promise<void> {
    try {
      const next = await timed(this.traffic, async () => (await this.begun()).next());
      if (next.done === true) throw new TypeError('the answer ended too early');
      this.left = next.value;
      this.position += next.value.length;
      this.traffic.bytes += next.value.length;
    } catch (error) {
      this.drop();
      const told = asEndpointError(error);
      if (told.status !== 0 || this.isClosed || (this.resumes += 1) > S3_RESUMES_MAX) throw told;
      this.traffic.retries = (this.traffic.retries ?? 0) + 1;
      this.traffic.errors = [...(this.traffic.errors ?? []), told.message];
      await sleep(S3_RESUME_WAIT_MS * this.resumes);
    }
  }
  private async begun(): Promise<AsyncIterator<Buffer>> {
    if (this.pieces !== undefined) return this.pieces;
    const { bucket, key, end, state } = this.range;
    const { sdk, client } = this.endpoint;
    const answer = await client.send(
      new sdk.GetObjectCommand({
        Bucket: bucket,
        Key: key,
        Range: `bytes=${this.position}-${end - 1}`,
        IfMatch: state.etag,
      }),
    );
    note(this.traffic, answer);
    this.body = answer.Body as Readable;
    this.pieces = this.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    return this.pieces;
  }
  private drop(): void {
    this.body?.on('error', () => undefined);
    this.body?.destroy();
    this.body = undefined;
    this.pieces = undefined;
  }
  close(): Promise<void> {
    this.isClosed = true;
    this.drop();
    return Promise.resolve();
  }
}

/** What the endpoint knows of an object that was encrypted before it came there. */
async function sealedOf({ sdk, client }: Endpoint, { bucket, key, state }: ObjectRange): Promise<Sealed> {
  const { Metadata: metadata } = await asked(() =>
    client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key, IfMatch: state.etag })),
  );
  return {
    name: `s3://${bucket}/${key}`,
    size: state.size,
    metadata,
    instruction: async () => {
      try {
        return await asked(async () => {
          const { Body } = await client.send(
            new sdk.GetObjectCommand({
              Bucket: bucket,
              Key: instructionKey(key),
              Range: `bytes=0-${INSTRUCTION_BYTES_MAX - 1}`,
            }),
          );
          return Body!.transformToByteArray();
        });
      } catch (error) {
        if (error instanceof S3Error && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}

export class EndpointIo implements ObjectIo {
  private endpoint: Promise<Endpoint> | undefined;
  private readonly temporary: FolderIo;
  constructor(
    private readonly spec: EndpointSpec,
    /** Where objects lie until they are placed. */
    root: string,
  ) {
    this.temporary = new FolderIo(root);
  }
  async open(range: ObjectRange): Promise<ObjectReader> {
    const { compression, masterKey, start } = range;
    const isWhole = compression !== 'none' || masterKey !== undefined;
    assert(!isWhole || start === 0, 'a compressed or encrypted file is read from its start');
    const endpoint = await (this.endpoint ??= connectEndpoint(this.spec));
    const stored = new EndpointReader(endpoint, range);
    const reader =
      masterKey === undefined ? stored : await decryptedReader(stored, await sealedOf(endpoint, range), masterKey);
    return compression === 'none' ? reader : unpackedReader(reader, compression);
  }
  create(target: ObjectTarget): Promise<ObjectWriter> {
    return this.temporary.createTemporary(target.token);
  }
}
