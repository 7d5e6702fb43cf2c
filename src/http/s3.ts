/**
 * The S3 REST subset over the local store, path-style and virtual-host style. Signatures are accepted and not verified;
 * checksum headers are accepted. What is not served answers NotImplemented. Called by server.ts for every request
 * that no other route took.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { S3Error, noSuchBucket, noSuchKey } from '../s3/key-path.ts';
import type { ObjectInfo, ObjectStore, PutOptions } from '../s3/store.ts';
import { bucketOfHost, parseHost } from './access.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { Multipart } from './multipart.ts';
import { document, element, elements } from './xml.ts';

const LIST_MAX = 1000;
const XML_BODY_BYTES_MAX = 2 * 1024 * 1024;
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
  constructor(private readonly store: ObjectStore) {
    this.multipart = new Multipart(store);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.dispatch(this.target(request, response));
    } catch (e) {
      const error = e instanceof S3Error ? e : new S3Error('InternalError', 500, (e as Error).message);
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

  private async dispatch(call: Call): Promise<void> {
    const method = call.request.method ?? 'GET';
    if (call.bucket === '') {
      if (method === 'GET') return this.listBuckets(call);
    } else if (call.key === '') {
      if (method === 'PUT') return this.createBucket(call);
      if (method === 'HEAD') return this.headBucket(call);
      if (method === 'GET' && call.query.has('location')) return sendXml(call, document('LocationConstraint', ''));
      if (method === 'GET' && !call.query.has('uploads') && !call.query.has('versions'))
        return this.listObjects(call);
      if (method === 'POST' && call.query.has('delete')) return this.deleteObjects(call);
      if (method === 'DELETE') {
        await this.store.deleteBucket(call.bucket);
        return send(call, 204);
      }
    } else if (method === 'GET' || method === 'HEAD') return this.getObject(call, method === 'HEAD');
    else if (method === 'PUT') return call.query.has('uploadId') ? this.uploadPart(call) : this.putObject(call);
    else if (method === 'DELETE') return this.deleteObject(call);
    else if (method === 'POST' && call.query.has('uploads')) return this.createUpload(call);
    else if (method === 'POST' && call.query.has('uploadId')) return this.completeUpload(call);
    throw new S3Error(
      'NotImplemented',
      501,
      'A header or operation you provided implies functionality that is not implemented',
    );
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
    const v2 = query.get('list-type') === '2';
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
    const info = await this.store.head(call.bucket, call.key);
    if (info === undefined) throw noSuchKey(call.key);
    const { headers } = call.request;
    const common = objectHeaders(info);
    if (headers['if-none-match'] === info.etag) return send(call, 304, common);
    if (headers['if-match'] !== undefined && headers['if-match'] !== info.etag)
      throw new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');
    const range = parseRange(headers.range, info.size);
    if (range === 'bad') {
      throw new S3Error('InvalidRange', 416, 'The requested range is not satisfiable');
    }
    const [start, end] = range ?? [0, info.size];
    call.response.writeHead(range === undefined ? 200 : 206, {
      ...common,
      'content-length': end - start,
      ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${info.size}` }),
    });
    if (headOnly || start === end) {
      call.response.end();
      return;
    }
    await pipeline(await this.store.getStream(call.bucket, call.key, start, end), call.response);
  }

  private async putObject(call: Call): Promise<void> {
    if (call.query.has('tagging') || call.query.has('acl')) return send(call, 200);
    const source = call.request.headers['x-amz-copy-source'];
    if (source !== undefined) return this.copyObject(call, String(source));
    const expected = call.request.headers['if-none-match'];
    if (expected === '*' && (await this.store.head(call.bucket, call.key)) !== undefined) {
      throw new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');
    }
    const info = await this.store.put(call.bucket, call.key, requestBody(call.request), putOptions(call.request));
    send(call, 200, { etag: info.etag });
  }
  private async copyObject(call: Call, source: string): Promise<void> {
    const from = decodeURIComponent(source.replace(/^\//, '').replace(/\?.*$/, ''));
    const slash = from.indexOf('/');
    const [bucket, key] = [from.slice(0, slash), from.slice(slash + 1)];
    const info = await this.store.head(bucket, key);
    if (info === undefined) throw noSuchKey(key);
    const replace = call.request.headers['x-amz-metadata-directive'] === 'REPLACE';
    const options = replace ? putOptions(call.request) : { contentType: info.contentType, metadata: info.metadata };
    const made = await this.store.put(call.bucket, call.key, await this.store.getStream(bucket, key), options);
    sendXml(
      call,
      document('CopyObjectResult', element('LastModified', isoTime(made.modifiedMs)) + element('ETag', made.etag)),
    );
  }
  private async deleteObject(call: Call): Promise<void> {
    const upload = call.query.get('uploadId');
    if (upload !== null) await this.multipart.abort(upload);
    else await this.store.delete(call.bucket, call.key);
    send(call, 204);
  }
  private async deleteObjects(call: Call): Promise<void> {
    const xml = await readText(requestBody(call.request));
    const quiet = elements(xml, 'Quiet')[0] === 'true';
    const out: string[] = [];
    for (const key of elements(xml, 'Key')) {
      try {
        await this.store.delete(call.bucket, key);
        if (!quiet) out.push(`<Deleted>${element('Key', key)}</Deleted>`);
      } catch (e) {
        if (!(e instanceof S3Error) || e.code === 'NoSuchBucket') throw e;
        out.push(`<Error>${element('Key', key)}${element('Code', e.code)}${element('Message', e.message)}</Error>`);
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
    const etag = await this.multipart.part(
      call.query.get('uploadId')!,
      Number(call.query.get('partNumber')),
      requestBody(call.request),
    );
    send(call, 200, { etag });
  }
  private async completeUpload(call: Call): Promise<void> {
    const xml = await readText(requestBody(call.request));
    const info = await this.multipart.complete(call.query.get('uploadId')!, elements(xml, 'PartNumber').map(Number));
    sendXml(
      call,
      document(
        'CompleteMultipartUploadResult',
        element('Bucket', call.bucket) + element('Key', call.key) + element('ETag', info.etag),
      ),
    );
  }
}

function requestBody(request: IncomingMessage): AsyncIterable<Uint8Array> {
  const encoding = String(request.headers['content-encoding'] ?? '');
  const sha = String(request.headers['x-amz-content-sha256'] ?? '');
  const chunked = encoding.split(',').some((e) => e.trim() === 'aws-chunked') || sha.startsWith('STREAMING-');
  return chunked ? decodeAwsChunked(request) : request;
}
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
async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > XML_BODY_BYTES_MAX) throw new S3Error('MalformedXML', 400, 'The XML you provided was too long');
    chunks.push(Uint8Array.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
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
  response.end(request.method === 'HEAD' ? undefined : xml, () => unread && request.resume());
}
