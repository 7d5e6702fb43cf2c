/**
 * One request to the S3 door while it is carried out, and the forms of its answer. Every answer has a request id; errors
 * are S3's XML. Used by the files that carry out operations.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CANONICAL_USER } from '../common/account.ts';
import { HTTP_LINGER_MS } from '../common/limits.ts';
import { S3Error } from '../s3/key-path.ts';
import type { LocalObjectStore } from '../s3/store.ts';
import type { Uploads } from '../s3/uploads.ts';
import type { Caller } from './signature.ts';
import { document, element } from './xml.ts';

export const OWNER = `<Owner>${element('ID', CANONICAL_USER)}${element('DisplayName', 'slicehouse')}</Owner>`;
export const isoTime = (ms: number): string => new Date(ms).toISOString();

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly bucket: string;
  readonly key: string;
  readonly caller: Caller;
  readonly store: LocalObjectStore;
  readonly uploads: Uploads;
  readonly onBug: (error: unknown) => void;
  /** Whether the caller (or somebody else) may do something else to a key of the bucket: what a copy reads, a listing behind a missing key. */
  may(action: string, bucket: string, key: string, as?: Caller['kind']): Promise<boolean>;
}
type Headers = Record<string, string | number>;

export const headerOf = (call: Pick<Call, 'request'>, name: string): string | undefined => {
  const value = call.request.headers[name];
  return value === undefined ? undefined : String(value);
};
export function send(call: Pick<Call, 'response'>, status: number, headers: Headers = {}): void {
  call.response.writeHead(status, status === 204 || status === 304 ? headers : { 'content-length': 0, ...headers });
  call.response.end();
}
export function sendXml(call: Pick<Call, 'response'>, name: string, inner: string, headers: Headers = {}): void {
  const xml = document(name, inner);
  call.response.writeHead(200, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(xml),
    ...headers,
  });
  call.response.end(xml);
}
export function sendError(request: IncomingMessage, response: ServerResponse, error: S3Error): void {
  const id = String(response.getHeader('x-amz-request-id') ?? '');
  const path = (request.url ?? '').replace(/\?.*$/s, '');
  const more = Object.entries(error.details).map(([name, value]) => element(name, value));
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${element('Code', error.code)}${element('Message', error.message)}${more.join('')}${element('Resource', path)}${element('RequestId', id)}${element('HostId', 'slicehouse')}</Error>`;
  // An unread body would leave the connection in the middle of a message.
  const unread = !request.complete && request.method !== 'GET' && request.method !== 'HEAD';
  const bare = error.status === 304;
  response.writeHead(error.status, {
    ...(bare ? {} : { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml) }),
    ...(unread ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' || bare ? undefined : xml);
  if (!unread) return;
  request.resume();
  setTimeout(() => request.destroy(), HTTP_LINGER_MS).unref();
}
export const notImplemented = (header?: string): S3Error =>
  new S3Error(
    'NotImplemented',
    501,
    'A header or operation you provided implies functionality that is not implemented',
    header === undefined ? {} : { Header: header },
  );
export const accessDenied = (): S3Error => new S3Error('AccessDenied', 403, 'Access Denied');
