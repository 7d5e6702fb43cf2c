/**
 * Which S3 operation a request means: decided by method, target and query parameters through one table, in which every
 * operation names all the parameters it knows. A request that no row fits, for a sub-resource nobody implements or a
 * parameter nobody knows, is NotImplemented; it never falls through to a plainer operation. Called by s3.ts.
 */
import { notImplemented } from './s3-call.ts';

export type Target = 'service' | 'bucket' | 'object';
interface Row {
  readonly name: string;
  readonly methods: readonly string[];
  readonly target: Target;
  /** Parameters that must be there. */
  readonly needs: readonly string[];
  /** Parameters that may be there. */
  readonly takes: readonly string[];
}

const LIST = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];
const OVERRIDES = ['type', 'language', 'disposition', 'encoding'].map((n) => `response-content-${n}`);
const READ = ['versionId', 'partNumber', 'response-expires', 'response-cache-control', ...OVERRIDES];
const row = <Name extends string>(
  name: Name,
  methods: string,
  target: Target,
  needs: readonly string[] = [],
  takes: readonly string[] = [],
) => ({ name, methods: methods.split(' '), target, needs, takes }) satisfies Row;
const TABLE = [
  row('ListBuckets', 'GET', 'service', [], ['max-buckets', 'continuation-token', 'prefix', 'bucket-region']),
  row('CreateBucket', 'PUT', 'bucket'),
  row('HeadBucket', 'HEAD', 'bucket'),
  row('DeleteBucket', 'DELETE', 'bucket'),
  row('GetBucketLocation', 'GET', 'bucket', ['location']),
  row('GetBucketVersioning', 'GET', 'bucket', ['versioning']),
  row('GetBucketEncryption', 'GET', 'bucket', ['encryption']),
  row('PutBucketEncryption', 'PUT', 'bucket', ['encryption']),
  row('DeleteBucketEncryption', 'DELETE', 'bucket', ['encryption']),
  row('GetBucketTagging', 'GET', 'bucket', ['tagging']),
  row('PutBucketTagging', 'PUT', 'bucket', ['tagging']),
  row('DeleteBucketTagging', 'DELETE', 'bucket', ['tagging']),
  row('GetBucketPolicy', 'GET', 'bucket', ['policy']),
  row('PutBucketPolicy', 'PUT', 'bucket', ['policy']),
  row('DeleteBucketPolicy', 'DELETE', 'bucket', ['policy']),
  row('GetBucketPolicyStatus', 'GET', 'bucket', ['policyStatus']),
  row('GetBucketAcl', 'GET', 'bucket', ['acl']),
  row('PutBucketAcl', 'PUT', 'bucket', ['acl']),
  row('GetBucketOwnershipControls', 'GET', 'bucket', ['ownershipControls']),
  row('PutBucketOwnershipControls', 'PUT', 'bucket', ['ownershipControls']),
  row('DeleteBucketOwnershipControls', 'DELETE', 'bucket', ['ownershipControls']),
  row('GetPublicAccessBlock', 'GET', 'bucket', ['publicAccessBlock']),
  row('PutPublicAccessBlock', 'PUT', 'bucket', ['publicAccessBlock']),
  row('DeletePublicAccessBlock', 'DELETE', 'bucket', ['publicAccessBlock']),
  row('ListObjects', 'GET', 'bucket', [], [...LIST, 'marker']),
  row('ListObjects', 'GET', 'bucket', ['list-type'], [...LIST, 'continuation-token', 'start-after', 'fetch-owner']),
  row('ListObjectVersions', 'GET', 'bucket', ['versions'], [...LIST, 'key-marker', 'version-id-marker']),
  row(
    'ListMultipartUploads',
    'GET',
    'bucket',
    ['uploads'],
    ['prefix', 'delimiter', 'max-uploads', 'encoding-type', 'key-marker', 'upload-id-marker'],
  ),
  row('DeleteObjects', 'POST', 'bucket', ['delete']),
  row('PostObject', 'POST', 'bucket'),
  row('GetObject', 'GET HEAD', 'object', [], READ),
  row('GetObjectAttributes', 'GET', 'object', ['attributes'], ['versionId']),
  row('GetObjectTagging', 'GET', 'object', ['tagging'], ['versionId']),
  row('PutObjectTagging', 'PUT', 'object', ['tagging'], ['versionId']),
  row('DeleteObjectTagging', 'DELETE', 'object', ['tagging'], ['versionId']),
  row('GetObjectAcl', 'GET', 'object', ['acl'], ['versionId']),
  row('PutObjectAcl', 'PUT', 'object', ['acl'], ['versionId']),
  row('PutObject', 'PUT', 'object'),
  row('DeleteObject', 'DELETE', 'object', [], ['versionId']),
  row('CreateMultipartUpload', 'POST', 'object', ['uploads']),
  row('UploadPart', 'PUT', 'object', ['partNumber', 'uploadId']),
  row('ListParts', 'GET', 'object', ['uploadId'], ['max-parts', 'part-number-marker', 'encoding-type']),
  row('CompleteMultipartUpload', 'POST', 'object', ['uploadId']),
  row('AbortMultipartUpload', 'DELETE', 'object', ['uploadId']),
] as const;
export type OperationName = (typeof TABLE)[number]['name'];

/** What SDKs add to any request: the operation's name and a signature in the query. */
const HARMLESS =
  /^(x-id|AWSAccessKeyId|Signature|Expires|x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|user-agent))$/i;
/** Headers that ask for what is not done here. */
const REFUSED_HEADERS =
  /^(content-range|x-amz-(object-lock-.*|grant-.*|server-side-encryption-customer-.*|copy-source-server-side-.*|write-offset-bytes|if-match-.*|bucket-object-lock-enabled|bypass-governance-retention|mfa))$/i;

/** Conditions a writing operation knows; any other would be passed over, and data lost that the client meant to keep. */
const WRITES = ['if-none-match', 'if-match'];
const CONDITIONS: Partial<Readonly<Record<OperationName, readonly string[]>>> = {
  PutObject: WRITES,
  CompleteMultipartUpload: WRITES,
  DeleteObject: ['if-match'],
};
function unknownHeader(operation: OperationName, method: string, headers: readonly string[]): string | undefined {
  const refused = headers.find((h) => REFUSED_HEADERS.test(h));
  if (refused !== undefined || method === 'GET' || method === 'HEAD') return refused;
  const known = CONDITIONS[operation] ?? [];
  return headers.find((h) => h.startsWith('if-') && !known.includes(h));
}

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
      names.every((n) => (r.needs as readonly string[]).includes(n) || (r.takes as readonly string[]).includes(n)),
  );
  if (found === undefined) throw notImplemented();
  const header = unknownHeader(found.name, method, headers);
  if (header !== undefined) throw notImplemented(header);
  return found.name;
}
