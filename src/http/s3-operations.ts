/**
 * Which S3 operation a request means: decided by method, target and query parameters through one table, in which every
 * operation names all the parameters it knows. A request that no row fits, for a sub-resource nobody implements or a
 * parameter nobody knows, is NotImplemented; it never falls through to a plainer operation. Called by s3.ts.
 */
import { S3Error } from '../s3/key-path.ts';

export type Target = 'service' | 'bucket' | 'object';
export type OperationName =
  | 'ListBuckets'
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'ListObjects'
  | 'DeleteObjects'
  | 'GetObject'
  | 'PutObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload';
interface Row {
  readonly name: OperationName;
  readonly methods: readonly string[];
  readonly target: Target;
  /** Parameters that must be there. */
  readonly needs: readonly string[];
  /** Parameters that may be there. */
  readonly takes: readonly string[];
}

const LIST = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];
const row = (
  name: OperationName,
  methods: string,
  target: Target,
  needs: readonly string[] = [],
  takes: readonly string[] = [],
): Row => ({ name, methods: methods.split(' '), target, needs, takes });
const TABLE: readonly Row[] = [
  row('ListBuckets', 'GET', 'service'),
  row('CreateBucket', 'PUT', 'bucket'),
  row('HeadBucket', 'HEAD', 'bucket'),
  row('DeleteBucket', 'DELETE', 'bucket'),
  row('GetBucketLocation', 'GET', 'bucket', ['location']),
  row('ListObjects', 'GET', 'bucket', [], [...LIST, 'marker']),
  row('ListObjects', 'GET', 'bucket', ['list-type'], [...LIST, 'continuation-token', 'start-after', 'fetch-owner']),
  row('DeleteObjects', 'POST', 'bucket', ['delete']),
  row('GetObject', 'GET HEAD', 'object'),
  row('PutObject', 'PUT', 'object'),
  row('DeleteObject', 'DELETE', 'object'),
  row('CreateMultipartUpload', 'POST', 'object', ['uploads']),
  row('UploadPart', 'PUT', 'object', ['partNumber', 'uploadId']),
  row('CompleteMultipartUpload', 'POST', 'object', ['uploadId']),
  row('AbortMultipartUpload', 'DELETE', 'object', ['uploadId']),
];

/** What SDKs add to any request: the operation's name and a signature in the query. */
const HARMLESS =
  /^(x-id|AWSAccessKeyId|Signature|Expires|x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|user-agent))$/i;
/** Headers that ask for what is not done here. */
const REFUSED_HEADERS =
  /^(content-range|x-amz-(tagging|website-redirect-location|object-lock-.*|grant-.*|server-side-encryption-customer-.*|copy-source-(range|if-.*|server-side-.*)|write-offset-bytes|if-match-.*|bucket-object-lock-enabled))$/i;

/** Conditions a writing operation knows; any other would be passed over, and data lost that the client meant to keep. */
const CONDITIONS: Partial<Readonly<Record<OperationName, readonly string[]>>> = { PutObject: ['if-none-match'] };
function unknownCondition(operation: OperationName, method: string, headers: readonly string[]): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const known = headers.includes('x-amz-copy-source') ? [] : (CONDITIONS[operation] ?? []);
  return headers.some((h) => h.startsWith('if-') && !known.includes(h));
}

export const notImplemented = (): S3Error =>
  new S3Error(
    'NotImplemented',
    501,
    'A header or operation you provided implies functionality that is not implemented',
  );

export function operationOf(
  method: string,
  target: Target,
  query: URLSearchParams,
  headers: readonly string[],
): OperationName {
  const names = [...new Set(query.keys())].filter((n) => !HARMLESS.test(n));
  const found = TABLE.find(
    (r) =>
      r.target === target &&
      r.methods.includes(method) &&
      r.needs.every((n) => names.includes(n)) &&
      names.every((n) => r.needs.includes(n) || r.takes.includes(n)),
  );
  if (found === undefined || headers.some((h) => REFUSED_HEADERS.test(h))) throw notImplemented();
  if (unknownCondition(found.name, method, headers)) throw notImplemented();
  return found.name;
}
