/**
 * The S3 REST subset over the local store, path-style and virtual-host style. Signatures are accepted and not verified;
 * checksums are verified. What is not served answers NotImplemented (s3-operations.ts). Called by server.ts for every request
 * that no other route took.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { HTTP_LINGER_MS, S3_DELETE_KEYS_MAX, S3_XML_BYTES_MAX } from '../common/limits.ts';
import { S3Error, asS3Error, invalidArgument, noSuchBucket, noSuchKey, preconditionFailed } from '../s3/key-path.ts';
import type { ObjectInfo, ObjectStore, PutOptions } from '../s3/store.ts';
import { bucketOfHost, parseHost } from './access.ts';
import { Multipart } from './multipart.ts';
import { notImplemented, operationOf, type OperationName } from './s3-operations.ts';
import { uploadBody } from './upload-body.ts';
import { document, element, malformedXml, readLeaves, type Leaf } from './xml.ts';

const LIST_MAX = 1000;
const OWNER = `<Owner>${element('ID', 'slicehouse')}${element('DisplayName', 'slicehouse')}</Owner>`;
const isoTime = (ms: number): string => new Date(ms).toISOString();

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly bucket: string;
  readonly key: string;
}

export class S3Door {
  private readonly multipart: Multipart;
  constructor(
    private readonly store: ObjectStore,
    private readonly onBug: (error: unknown) => void,
  ) {
    this.multipart = new Multipart(store);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.dispatch(this.target(request, response));
    } catch (e) {
      const error = asS3Error(e, this.onBug);
      if (response.headersSent) response.destroy();
      else sendError(request, response, error);
    }
  }

  private target(request: IncomingMessage, response: ServerResponse): Call {
    const raw = request.url ?? '/';
    const at = raw.indexOf('?');
    const query = new URLSearchParams(at < 0 ? '' : raw.slice(at + 1));
    let path: string;
    try {
      path = decodeURIComponent((at < 0 ? raw : raw.slice(0, at)).replace(/^\//, ''));
    } catch {
      throw new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.");
    }
    const virtual = bucketOfHost(parseHost(request.headers.host)?.name ?? '');
    const slash = path.indexOf('/');
    const bucket = virtual ?? (slash < 0 ? path : path.slice(0, slash));
    const key = virtual !== undefined ? path : slash < 0 ? '' : path.slice(slash + 1);
    return { request, response, query, bucket, key };
  }

  private dispatch(call: Call): Promise<void> {
    const target = call.bucket === '' ? 'service' : call.key === '' ? 'bucket' : 'object';
    return this.handlers[operationOf(call.request.method ?? 'GET', target, call.query, headerNames(call))](call);
  }
  private readonly handlers: Readonly<Record<OperationName, (call: Call) => Promise<void>>> = {
    ListBuckets: (call) => this.listBuckets(call),
    CreateBucket: (call) => this.createBucket(call),
    HeadBucket: (call) => this.headBucket(call),
    DeleteBucket: (call) => this.deleteBucket(call),
    GetBucketLocation: (call) => this.bucketLocation(call),
    ListObjects: (call) => this.listObjects(call),
    DeleteObjects: (call) => this.deleteObjects(call),
    GetObject: (call) => this.getObject(call, call.request.method === 'HEAD'),
    PutObject: (call) => this.putObject(call),
    DeleteObject: (call) => this.deleteObject(call),
    CreateMultipartUpload: (call) => this.createUpload(call),
    UploadPart: (call) => this.uploadPart(call),
    CompleteMultipartUpload: (call) => this.completeUpload(call),
    AbortMultipartUpload: (call) => this.abortUpload(call),
  };

  private async deleteBucket(call: Call): Promise<void> {
    await this.store.deleteBucket(call.bucket);
    send(call, 204);
  }
  private async bucketLocation(call: Call): Promise<void> {
    if (!(await this.store.hasBucket(call.bucket))) throw noSuchBucket(call.bucket);
    sendXml(call, document('LocationConstraint', ''));
  }
  private async abortUpload(call: Call): Promise<void> {
    await this.multipart.abort(call.query.get('uploadId')!, call);
    send(call, 204);
  }
  private async listBuckets(call: Call): Promise<void> {
    const buckets = (await this.store.buckets()).map(
      (b) => `<Bucket>${element('Name', b.name)}${element('CreationDate', isoTime(b.createdMs))}</Bucket>`,
    );
    sendXml(call, document('ListAllMyBucketsResult', `${OWNER}<Buckets>${buckets.join('')}</Buckets>`));
  }
  private async createBucket(call: Call): Promise<void> {
    await this.store.createBucket(call.bucket);
    send(call, 200, { location: `/${call.bucket}` });
  }
  private async headBucket(call: Call): Promise<void> {
    if (!(await this.store.hasBucket(call.bucket))) throw noSuchBucket(call.bucket);
    send(call, 200, { 'x-amz-bucket-region': 'us-east-1' });
  }

  private async listObjects(call: Call): Promise<void> {
    const { query } = call;
    const type = query.get('list-type');
    if (type !== null && type !== '2') throw invalidArgument('Invalid List Type specified in the request');
    const v2 = type === '2';
    const encode =
      query.get('encoding-type') === 'url'
        ? (t: string): string => encodeURIComponent(t).replaceAll('%2F', '/')
        : (t: string): string => t;
    const wanted = Number(query.get('max-keys') ?? LIST_MAX);
    if (!Number.isInteger(wanted) || wanted < 0)
      throw new S3Error('InvalidArgument', 400, 'Provided max-keys not an integer or within integer range');
    const max = Math.min(wanted, LIST_MAX);
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const token = query.get('continuation-token');
    const after =
      token !== null
        ? Buffer.from(token, 'base64url').toString('utf8')
        : (query.get(v2 ? 'start-after' : 'marker') ?? '');
    const result = await this.store.list(call.bucket, { prefix, delimiter, after, max });
    const parts = [
      element('Name', call.bucket),
      element('Prefix', encode(prefix)),
      element('MaxKeys', max),
      element('IsTruncated', result.next !== undefined),
    ];
    if (delimiter !== '') parts.push(element('Delimiter', encode(delimiter)));
    if (query.has('encoding-type')) parts.push(element('EncodingType', 'url'));
    if (v2) {
      parts.push(element('KeyCount', result.objects.length + result.prefixes.length));
      if (token !== null) parts.push(element('ContinuationToken', token));
      if (result.next !== undefined)
        parts.push(element('NextContinuationToken', Buffer.from(result.next).toString('base64url')));
    } else if (result.next !== undefined) parts.push(element('NextMarker', encode(result.next)));
    for (const o of result.objects) {
      parts.push(
        `<Contents>${element('Key', encode(o.key))}${element('LastModified', isoTime(o.modifiedMs))}${element('ETag', o.etag)}${element('Size', o.size)}${element('StorageClass', 'STANDARD')}</Contents>`,
      );
    }
    for (const p of result.prefixes) parts.push(`<CommonPrefixes>${element('Prefix', encode(p))}</CommonPrefixes>`);
    sendXml(call, document('ListBucketResult', parts.join('')));
  }

  private async getObject(call: Call, headOnly: boolean): Promise<void> {
    if (headOnly || call.key.endsWith('/')) {
      const info = await this.store.head(call.bucket, call.key);
      if (info === undefined) throw noSuchKey(call.key);
      this.objectHead(call, info);
      call.response.end();
      return;
    }
    const object = await this.store.open(call.bucket, call.key);
    try {
      const [start, end] = this.objectHead(call, object.info) ?? [0, 0];
      if (start < end) await pipeline(object.stream(start, end), call.response);
      else call.response.end();
    } finally {
      await object.close();
    }
  }
  /** Status and headers; the bytes to send. */
  private objectHead(call: Call, info: ObjectInfo): readonly [number, number] | undefined {
    const { headers } = call.request;
    const common = objectHeaders(info);
    if (headers['if-none-match'] === info.etag) {
      call.response.writeHead(304, common);
      return undefined;
    }
    if (headers['if-match'] !== undefined && headers['if-match'] !== info.etag) throw preconditionFailed();
    const range = parseRange(headers.range, info.size);
    if (range === 'bad') throw new S3Error('InvalidRange', 416, 'The requested range is not satisfiable');
    const [start, end] = range ?? [0, info.size];
    call.response.writeHead(range === undefined ? 200 : 206, {
      ...common,
      'content-length': end - start,
      ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${info.size}` }),
    });
    return [start, end];
  }

  private async putObject(call: Call): Promise<void> {
    const source = call.request.headers['x-amz-copy-source'];
    if (source !== undefined) return this.copyObject(call, String(source));
    const expected = call.request.headers['if-none-match'];
    if (expected !== undefined && expected !== '*') throw notImplemented();
    const options = { ...putOptions(call.request), onlyNew: expected === '*' };
    const info = await this.store.put(call.bucket, call.key, uploadBody(call.request), options);
    send(call, 200, { etag: info.etag });
  }
  private async copyObject(call: Call, source: string): Promise<void> {
    if (/\?(?!versionId=null$)/.test(source)) throw notImplemented();
    let decoded = '';
    try {
      decoded = decodeURIComponent(source.replace(/^\//, '').replace(/\?.*$/, ''));
    } catch {
      throw invalidArgument('Invalid copy source encoding.');
    }
    const slash = decoded.indexOf('/');
    if (slash <= 0) throw invalidArgument('Invalid copy source object key');
    const [bucket, key] = [decoded.slice(0, slash), decoded.slice(slash + 1)];
    const from = await this.store.open(bucket, key);
    try {
      const { contentType, metadata, size } = from.info;
      const replace = call.request.headers['x-amz-metadata-directive'] === 'REPLACE';
      const options = replace ? putOptions(call.request) : { contentType, metadata };
      const body = size === 0 ? new Uint8Array(0) : from.stream(0, size);
      const made = await this.store.put(call.bucket, call.key, body, options);
      sendXml(
        call,
        document('CopyObjectResult', element('LastModified', isoTime(made.modifiedMs)) + element('ETag', made.etag)),
      );
    } finally {
      await from.close();
    }
  }
  private async deleteObject(call: Call): Promise<void> {
    await this.store.delete(call.bucket, call.key);
    send(call, 204);
  }
  private async deleteObjects(call: Call): Promise<void> {
    const leaves = await readLeaves(uploadBody(call.request, S3_XML_BYTES_MAX), 'Delete');
    const quiet = leaves.some((l) => l.path === 'Delete/Quiet' && l.text === 'true');
    const keys = leaves.filter((l) => l.path === 'Delete/Object/Key').map((l) => l.text);
    const plain = (l: Leaf): boolean =>
      ['Delete/Quiet', 'Delete/Object/Key'].includes(l.path) ||
      (l.path === 'Delete/Object/VersionId' && ['', 'null'].includes(l.text));
    if (keys.length === 0 || keys.length > S3_DELETE_KEYS_MAX) throw malformedXml();
    if (!leaves.every(plain)) throw notImplemented();
    if (!(await this.store.hasBucket(call.bucket))) throw noSuchBucket(call.bucket);
    const out: string[] = [];
    for (const key of keys) {
      try {
        await this.store.delete(call.bucket, key);
        if (!quiet) out.push(`<Deleted>${element('Key', key)}</Deleted>`);
      } catch (e) {
        const { code, message } = asS3Error(e, this.onBug);
        out.push(`<Error>${element('Key', key)}${element('Code', code)}${element('Message', message)}</Error>`);
      }
    }
    sendXml(call, document('DeleteResult', out.join('')));
  }

  private async createUpload(call: Call): Promise<void> {
    const id = await this.multipart.create(call.bucket, call.key, putOptions(call.request));
    sendXml(
      call,
      document(
        'InitiateMultipartUploadResult',
        element('Bucket', call.bucket) + element('Key', call.key) + element('UploadId', id),
      ),
    );
  }
  private async uploadPart(call: Call): Promise<void> {
    if (call.request.headers['x-amz-copy-source'] !== undefined) throw notImplemented();
    const number = Number(call.query.get('partNumber'));
    const body = uploadBody(call.request);
    const etag = await this.multipart.part(call.query.get('uploadId')!, call, number, body);
    send(call, 200, { etag });
  }
  private async completeUpload(call: Call): Promise<void> {
    const leaves = await readLeaves(uploadBody(call.request, S3_XML_BYTES_MAX), 'CompleteMultipartUpload');
    const parts = new Map<number, { number: number; etag: string | undefined }>();
    for (const { path, parent, text } of leaves) {
      const part = parts.get(parent) ?? { number: 0, etag: undefined };
      if (path === 'CompleteMultipartUpload/Part/PartNumber') parts.set(parent, { ...part, number: Number(text) });
      if (path === 'CompleteMultipartUpload/Part/ETag') parts.set(parent, { ...part, etag: text });
    }
    if (parts.size === 0) throw malformedXml();
    const info = await this.multipart.complete(call.query.get('uploadId')!, call, [...parts.values()]);
    sendXml(
      call,
      document(
        'CompleteMultipartUploadResult',
        element('Bucket', call.bucket) + element('Key', call.key) + element('ETag', info.etag),
      ),
    );
  }
}

/** Headers as sent, and those that a presigned URL carries as parameters. */
const headerNames = (call: Call): readonly string[] => [...Object.keys(call.request.headers), ...call.query.keys()];

function putOptions(request: IncomingMessage): PutOptions {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith('x-amz-meta-') && typeof value === 'string') metadata[name.slice(11)] = value;
  }
  return { contentType: request.headers['content-type'], metadata };
}
function objectHeaders(info: ObjectInfo): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    'content-type': info.contentType ?? 'application/octet-stream',
    'content-length': info.size,
    etag: info.etag,
    'last-modified': new Date(info.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    // Objects are data, never pages of this origin.
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  };
  for (const [name, value] of Object.entries(info.metadata ?? {})) headers[`x-amz-meta-${name}`] = value;
  return headers;
}
function parseRange(header: string | undefined, size: number): [number, number] | 'bad' | undefined {
  const m = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (m === null || (m[1] === '' && m[2] === '')) return undefined;
  if (m[1] === '') return Number(m[2]) === 0 || size === 0 ? 'bad' : [Math.max(0, size - Number(m[2])), size];
  const start = Number(m[1]);
  const end = m[2] === '' ? size : Math.min(Number(m[2]) + 1, size);
  return start >= size || end <= start ? 'bad' : [start, end];
}
function send(call: Call, status: number, headers: Record<string, string | number> = {}): void {
  call.response.writeHead(status, status === 204 || status === 304 ? headers : { 'content-length': 0, ...headers });
  call.response.end();
}
function sendXml(call: Call, xml: string): void {
  call.response.writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml) });
  call.response.end(xml);
}
export function sendError(request: IncomingMessage, response: ServerResponse, error: S3Error): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${element('Code', error.code)}${element('Message', error.message)}${element('Resource', request.url ?? '')}${element('RequestId', '0')}</Error>`;
  // An unread body would leave the connection in the middle of a message.
  const unread = !request.complete && request.method !== 'GET' && request.method !== 'HEAD';
  response.writeHead(error.status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(xml),
    ...(unread ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : xml);
  if (!unread) return;
  request.resume();
  setTimeout(() => request.destroy(), HTTP_LINGER_MS).unref();
}
