/**
 * The client of a DynamoDB endpoint: the AWS SDK, with the keys of the statement or the credentials that its chain finds, its retries with
 * growing pauses (throttled requests and broken connections alike) and time limits. Loaded when a table is first read.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  dynamoEndpoint,
  dynamoFailed,
  dynamoNoTable,
  dynamoNotConfigured,
} from '../../common/errors/remote-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { DYNAMODB_TRIES_MAX, S3_CONNECT_MS_MAX, S3_SILENCE_MS_MAX } from '../../common/limits.ts';
import type { AccessKeys } from '../../common/remote-source.ts';
import type { RemoteAccess } from '../access.ts';

type Sdk = typeof import('@aws-sdk/client-dynamodb');
export interface Dynamo {
  readonly sdk: Sdk;
  readonly client: DynamoDBClient;
  /** Whoever connected asks for nothing more. */
  release(): void;
}
export interface DynamoTarget {
  /** REGION; undefined: the endpoint's own. */
  readonly region: string | undefined;
  readonly keys: AccessKeys | undefined;
}

/** AWS's own endpoints have their region in their name. */
const AWS_HOST = /^(dynamodb(?:-fips)?)\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$/;

/** Where requests go, and the region they are signed for. */
export function endpointOf(
  url: string,
  wanted: string | undefined,
  cluster: string,
): { readonly url: string; readonly region: string } {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw dynamoEndpoint(url);
  const [, service, own, domain] = AWS_HOST.exec(new URL(url).hostname) ?? [];
  const region = wanted ?? own ?? cluster;
  return { url: own === undefined ? url : `https://${service}.${region}.${domain}`, region };
}

const known = new Map<string, Promise<Dynamo>>();
/** One client for each endpoint and region of a thread; a statement's own keys have one of their own while it lasts. */
export function connectDynamo(
  { dynamodb, region: cluster }: RemoteAccess,
  { region, keys }: DynamoTarget,
): Promise<Dynamo> {
  if (dynamodb === undefined) throw dynamoNotConfigured();
  const at = endpointOf(dynamodb, region, cluster);
  if (keys !== undefined) return load(at, keys);
  const name = `${at.url} ${at.region}`;
  const client = known.get(name) ?? load(at);
  known.set(name, client);
  return client;
}
async function load({ url, region }: ReturnType<typeof endpointOf>, keys?: AccessKeys): Promise<Dynamo> {
  const sdk = await import('@aws-sdk/client-dynamodb');
  const client = new sdk.DynamoDBClient({
    endpoint: url,
    region,
    credentials: keys,
    maxAttempts: Number(process.env['AWS_MAX_ATTEMPTS']) || DYNAMODB_TRIES_MAX,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: S3_CONNECT_MS_MAX, socketTimeout: S3_SILENCE_MS_MAX },
  });
  return { sdk, client, release: keys === undefined ? () => undefined : () => client.destroy() };
}

interface Told {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}
/** What the SDK threw, as the user reads it. */
export function asDynamoError(error: unknown, table: string): SqlError {
  if (error instanceof SqlError) return error;
  const { name = '', message = '', code, $metadata } = error as Told;
  const status = $metadata?.httpStatusCode;
  if (name === 'ResourceNotFoundException') return dynamoNoTable(table);
  if (name === 'CredentialsProviderError')
    return dynamoFailed(table, 'No AWS credentials were found for the DynamoDB endpoint', 403, 'CredentialsNotFound');
  if (status !== undefined && name !== '') return dynamoFailed(table, message || name, status, name);
  const cause = `${(code ?? name) || 'unknown'}${message === '' ? '' : ` (${message})`}`;
  return dynamoFailed(table, `The connection to the DynamoDB endpoint failed: ${cause}`, 0, 'ConnectionLost');
}
