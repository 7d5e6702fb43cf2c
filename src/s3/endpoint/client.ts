/**
 * The client of an S3 endpoint over the network: the AWS SDK, with the credentials that its chain finds (environment, files,
 * container, instance), its retries, and time limits. Loaded when an endpoint is configured. Errors of the endpoint and of the
 * network become S3Errors.
 */
import type { GetObjectCommandOutput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { DEFAULT_REGION } from '../../common/account.ts';
import { S3_CONNECT_MS_MAX, S3_SILENCE_MS_MAX, S3_TRIES_MAX } from '../../common/limits.ts';
import { S3Error, permanentRedirect } from '../key-path.ts';
import type { Traffic } from '../object-io.ts';

/** Plain values: it travels to the object I/O threads. */
export interface EndpointSpec {
  /** `https://s3.eu-west-1.amazonaws.com`, `http://127.0.0.1:9000`. */
  readonly url: string;
}
type Sdk = typeof import('@aws-sdk/client-s3');
export interface Endpoint {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/** A region in the endpoint's own name, else AWS_REGION, else the first one. */
const regionOf = (host: string): string =>
  /(?:^|\.)s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(host)?.[1] ??
  process.env['AWS_REGION'] ??
  process.env['AWS_DEFAULT_REGION'] ??
  DEFAULT_REGION;

/** The SDK's own switch of its word about later Node versions, which is none for users; it is asked when a client is made. */
const QUIET = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
function quietClient(sdk: Sdk, config: S3ClientConfig): S3Client {
  const before = process.env[QUIET];
  process.env[QUIET] = before ?? 'true';
  try {
    return new sdk.S3Client(config);
  } finally {
    if (before === undefined) delete process.env[QUIET];
  }
}

export async function connectEndpoint({ url }: EndpointSpec): Promise<Endpoint> {
  const sdk = await import('@aws-sdk/client-s3');
  const { hostname } = new URL(url);
  const config: S3ClientConfig = {
    endpoint: url,
    region: regionOf(hostname),
    // Names of buckets are host names at AWS only.
    forcePathStyle: !hostname.endsWith('.amazonaws.com'),
    followRegionRedirects: true,
    maxAttempts: S3_TRIES_MAX,
    requestHandler: { connectionTimeout: S3_CONNECT_MS_MAX, socketTimeout: S3_SILENCE_MS_MAX },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
  return { sdk, client: quietClient(sdk, config) };
}

interface Told {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: unknown;
}
const REDIRECT = permanentRedirect('', '');
const CODES: Readonly<Record<number, readonly [string, string]>> = {
  301: [REDIRECT.code, REDIRECT.message],
  403: ['AccessDenied', 'Access Denied'],
  404: ['NoSuchKey', 'The specified key does not exist.'],
  412: ['PreconditionFailed', 'At least one of the pre-conditions you specified did not hold'],
};
/** What the SDK threw, as S3 said it; a connection that broke off has no status. */
export function asEndpointError(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  const { name = '', message = '', code, $metadata } = error as Told;
  const status = $metadata?.httpStatusCode;
  // An answer to HEAD has no document that says more than its status.
  const bare = status !== undefined && (name === 'NotFound' || name === 'Unknown' || /^\d+$/.test(name));
  const [plain, text] = (bare ? CODES[status] : undefined) ?? [name, message];
  if (status !== undefined && plain !== '') return new S3Error(plain, status, text || plain);
  if (name === 'CredentialsProviderError')
    return new S3Error('CredentialsNotFound', 403, 'No AWS credentials were found for --s3-endpoint');
  return new S3Error(
    'ConnectionLost',
    0,
    `The connection to the S3 endpoint failed: ${(code ?? name) || 'unknown'}${message === '' ? '' : ` (${message})`}`,
  );
}
export async function asked<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw asEndpointError(error);
  }
}
/** What an answer tells of its way. */
export function note(traffic: Traffic, { $metadata }: Pick<GetObjectCommandOutput, '$metadata'>): void {
  traffic.retries = (traffic.retries ?? 0) + Math.max(0, ($metadata.attempts ?? 1) - 1);
  traffic.requestId = $metadata.requestId;
  traffic.extendedRequestId = $metadata.extendedRequestId;
}
