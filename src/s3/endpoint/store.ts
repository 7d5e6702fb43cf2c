/**
 * An S3 endpoint over the network as the leader asks it (`--s3-endpoint`): AWS itself, or any server that speaks S3. Permissions
 * are the endpoint's to decide, for the credentials that the SDK's chain finds. What UNLOAD has written is uploaded when it is
 * placed: all of it first, then made visible, object by object.
 */
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DEFAULT_REGION } from '../../common/account.ts';
import { S3_UPLOADS_AT_ONCE, S3_UPLOAD_PART_BYTES } from '../../common/limits.ts';
import { S3Error, checkKey, permanentRedirect } from '../key-path.ts';
import { noTraffic, timed, type Traffic } from '../object-io.ts';
import type {
  Access,
  ListOptions,
  ListResult,
  ObjectInfo,
  ObjectStore,
  PlacedMeta,
  Placing,
} from '../object-store.ts';
import { ENCRYPTION_HEADERS, headersOf, type ServerSideEncryption } from '../server-side-encryption.ts';
import { dropTemporary, temporaryFolder } from '../sealed.ts';
import { asked, connectEndpoint, note, type Endpoint, type EndpointSpec } from './client.ts';
import { EndpointIo } from './io.ts';

/** What a writing request says of its object beside the bytes. */
const written = ({ metadata, headers = {} }: PlacedMeta) => {
  const [algorithm, key, bucketKey] = ENCRYPTION_HEADERS.map((h) => headers[h]);
  return {
    Metadata: metadata,
    ServerSideEncryption: algorithm as 'AES256' | 'aws:kms' | undefined,
    SSEKMSKeyId: key,
    BucketKeyEnabled: bucketKey === undefined ? undefined : true,
  };
};
interface Uploaded {
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly parts: readonly { readonly ETag: string | undefined; readonly PartNumber: number }[];
  readonly traffic: Traffic;
}

export class EndpointStore implements ObjectStore {
  readonly io: EndpointIo;
  private connected: Promise<Endpoint> | undefined;
  private readonly regions = new Map<string, string | undefined>();
  constructor(
    private readonly spec: EndpointSpec,
    private readonly root: string,
    /** The cluster's: what COPY and UNLOAD mean without REGION. */
    private readonly region: string = DEFAULT_REGION,
  ) {
    this.io = new EndpointIo(spec, root);
  }
  private ask<T>(request: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    return asked(async () => request(await (this.connected ??= connectEndpoint(this.spec))));
  }

  async hasBucket(bucket: string): Promise<boolean> {
    try {
      const { BucketRegion } = await this.ask(({ sdk, client }) =>
        client.send(new sdk.HeadBucketCommand({ Bucket: bucket })),
      );
      this.regions.set(bucket, BucketRegion);
      return true;
    } catch (error) {
      if (error instanceof S3Error && error.status === 404) return false;
      throw error;
    }
  }
  /** Another region than the bucket's is refused as the region's own endpoint would; what may not be asked is not checked. */
  async authorize({ bucket, region = this.region }: Access): Promise<void> {
    if (!this.regions.has(bucket)) await this.hasBucket(bucket).catch(() => undefined);
    const own = this.regions.get(bucket);
    if (own !== undefined && own !== region) throw permanentRedirect(bucket, own);
  }
  async list(bucket: string, options: ListOptions = {}): Promise<ListResult> {
    const { prefix, delimiter, after, max = Infinity } = options;
    const objects: ObjectInfo[] = [];
    const prefixes: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.ask(({ sdk, client }) =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            Delimiter: delimiter,
            StartAfter: token === undefined ? after : undefined,
            ContinuationToken: token,
            EncodingType: 'url',
            MaxKeys: Math.min(1000, max - objects.length - prefixes.length),
          }),
        ),
      );
      const plain = (text: string): string => decodeURIComponent(text.replaceAll('+', '%20'));
      for (const o of page.Contents ?? [])
        objects.push({
          key: plain(o.Key!),
          size: o.Size ?? 0,
          modifiedMs: o.LastModified?.getTime() ?? 0,
          etag: o.ETag,
        });
      for (const p of page.CommonPrefixes ?? []) prefixes.push(plain(p.Prefix!));
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined && objects.length + prefixes.length < max);
    const next = token === undefined ? undefined : (objects.at(-1)?.key ?? prefixes.at(-1));
    return { objects, prefixes, next };
  }
  async head(bucket: string, key: string): Promise<ObjectInfo | undefined> {
    try {
      const { ContentLength, LastModified, ETag, Metadata } = await this.ask(({ sdk, client }) =>
        client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key })),
      );
      return {
        key,
        size: ContentLength ?? 0,
        modifiedMs: LastModified?.getTime() ?? 0,
        etag: ETag,
        metadata: Metadata,
      };
    } catch (error) {
      if (!(error instanceof S3Error) || error.status !== 404) throw error;
      if (await this.hasBucket(bucket)) return undefined;
      throw new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist');
    }
  }
  async getStream(bucket: string, key: string, start = 0, end?: number): Promise<Readable> {
    if (end !== undefined && end <= start) return Readable.from([]);
    if (start > 0 || end !== undefined) {
      const size = (await this.head(bucket, key))?.size ?? 0;
      if (start >= size) return Readable.from([]);
    }
    const range = start === 0 && end === undefined ? undefined : `bytes=${start}-${end === undefined ? '' : end - 1}`;
    const { Body } = await this.ask(({ sdk, client }) =>
      client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key, Range: range })),
    );
    return Body as Readable;
  }
  async read(bucket: string, key: string, start = 0, end?: number): Promise<Buffer> {
    const stream = await this.getStream(bucket, key, start, end);
    return asked(async () => {
      const pieces: Buffer[] = [];
      for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece);
      return Buffer.concat(pieces);
    });
  }
  async put(bucket: string, key: string, body: Uint8Array, meta: PlacedMeta = {}): Promise<void> {
    checkKey(key);
    await this.ask(({ sdk, client }) =>
      client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...written(meta) })),
    );
  }
  async delete(bucket: string, key: string): Promise<void> {
    await this.ask(({ sdk, client }) => client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key })));
  }

  async copy(bucket: string, key: string, toBucket: string, toKey: string): Promise<void> {
    checkKey(toKey);
    const CopySource = `${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`;
    await this.ask(({ sdk, client }) =>
      client.send(new sdk.CopyObjectCommand({ Bucket: toBucket, Key: toKey, CopySource })),
    );
  }
  async place(bucket: string, placings: readonly Placing[]): Promise<readonly Traffic[]> {
    const uploaded: Uploaded[] = [];
    try {
      for (let at = 0; at < placings.length; at += S3_UPLOADS_AT_ONCE) {
        const some = placings.slice(at, at + S3_UPLOADS_AT_ONCE);
        const results = await Promise.allSettled(some.map((p) => this.upload(bucket, p)));
        for (const r of results) if (r.status === 'fulfilled') uploaded.push(r.value);
        const failed = results.find((r) => r.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
      }
    } catch (error) {
      for (const u of uploaded) await this.abort(u).catch(() => undefined);
      throw error;
    }
    for (const { key, id, parts } of uploaded)
      await this.ask(({ sdk, client }) =>
        client.send(
          new sdk.CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            UploadId: id,
            MultipartUpload: { Parts: [...parts] },
          }),
        ),
      );
    for (const { sealed } of placings) await rm(this.path(sealed), { force: true });
    return uploaded.map((u) => u.traffic);
  }
  private path(sealed: string): string {
    return join(temporaryFolder(this.root), sealed);
  }
  private async upload(bucket: string, { key, sealed, ...meta }: Placing): Promise<Uploaded> {
    checkKey(key);
    const path = this.path(sealed);
    const { size } = await stat(path);
    const traffic = noTraffic();
    const { UploadId: id = '' } = await this.ask(({ sdk, client }) =>
      client.send(new sdk.CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ...written(meta) })),
    );
    const parts: { ETag: string | undefined; PartNumber: number }[] = [];
    try {
      for (let start = 0; start < size || parts.length === 0; start += S3_UPLOAD_PART_BYTES) {
        const length = Math.min(S3_UPLOAD_PART_BYTES, size - start);
        const number = parts.length + 1;
        const answer = await timed(traffic, () =>
          this.ask(async ({ sdk, client }) => {
            const pieces: Buffer[] = [];
            if (length > 0)
              for await (const piece of createReadStream(path, { start, end: start + length - 1 }))
                pieces.push(piece as Buffer);
            const Body = Buffer.concat(pieces);
            return client.send(
              new sdk.UploadPartCommand({ Bucket: bucket, Key: key, UploadId: id, PartNumber: number, Body }),
            );
          }),
        );
        note(traffic, answer);
        traffic.bytes += length;
        parts.push({ ETag: answer.ETag, PartNumber: number });
      }
    } catch (error) {
      await this.abort({ bucket, key, id }).catch(() => undefined);
      throw error;
    }
    return { bucket, key, id, parts, traffic };
  }
  private async abort({ bucket, key, id }: Pick<Uploaded, 'bucket' | 'key' | 'id'>): Promise<void> {
    await this.ask(({ sdk, client }) =>
      client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id })),
    );
  }
  async encryptionHeaders(bucket: string, asked: ServerSideEncryption | 'bucket'): Promise<Record<string, string>> {
    if (asked !== 'bucket') return headersOf(asked);
    try {
      const { ServerSideEncryptionConfiguration: told } = await this.ask(({ sdk, client }) =>
        client.send(new sdk.GetBucketEncryptionCommand({ Bucket: bucket })),
      );
      const rule = told?.Rules?.[0];
      const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: key } =
        rule?.ApplyServerSideEncryptionByDefault ?? {};
      return algorithm === 'aws:kms' ? headersOf({ algorithm, key, bucketKey: rule?.BucketKeyEnabled }) : headersOf();
    } catch (error) {
      // It has no encryption of its own, or the endpoint knows none.
      if (error instanceof S3Error && (error.status === 404 || error.status === 501)) return headersOf();
      throw error;
    }
  }
  discard(token: string): Promise<void> {
    dropTemporary(this.root, token);
    return Promise.resolve();
  }
}
