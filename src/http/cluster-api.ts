/**
 * What clients ask of the service around a cluster to log in by IAM: GetClusterCredentials gives a password that ends by itself,
 * DescribeClusters where the cluster listens. The query protocol of AWS: a signed POST of a form to /, XML as the answer. Signatures
 * are verified when the server was given keys; where passwords are asked for, nobody gets one without. This cluster answers to every
 * identifier. Calls the SqlService; one of the HTTP port's routes.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SqlError } from '../common/errors/sql-error.ts';
import { CLUSTER_API_BYTES_MAX } from '../common/limits.ts';
import type { SqlService } from '../common/sql-service.ts';
import type { Keys } from '../s3/authorize.ts';
import { S3Error } from '../s3/key-path.ts';
import { callerOf } from './signature.ts';
import { element, escapeXml } from './xml.ts';

export interface ClusterFacts {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly nodes: number;
}
export interface ClusterApiOptions {
  readonly service: SqlService;
  readonly keys: Keys;
  readonly cluster: ClusterFacts;
}

const NAMESPACE = 'http://redshift.amazonaws.com/doc/2012-12-01/';
const FORM = 'application/x-www-form-urlencoded';
const DURATION_MIN = 900;
const DURATION_MAX = 3600;

class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
const invalid = (message: string): ApiError => new ApiError(400, 'InvalidParameterValue', message);

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > CLUSTER_API_BYTES_MAX) throw new ApiError(413, 'RequestEntityTooLarge', 'The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The members of a list: Name.Member.1 and on, whatever Member is called. */
const listOf = (form: URLSearchParams, name: string): readonly string[] =>
  [...form].filter(([key]) => key.startsWith(`${name}.`)).map(([, value]) => value);

async function getClusterCredentials(form: URLSearchParams, { service }: ClusterApiOptions): Promise<string> {
  const user = form.get('DbUser') ?? '';
  if (!/^[a-z_][a-z0-9_.+@$-]{0,126}$/i.test(user) || user.toLowerCase() === 'public') {
    throw invalid('DbUser must begin with a letter and have letters, digits and _ . + @ $ - only');
  }
  const durationSeconds = Number(form.get('DurationSeconds') ?? DURATION_MIN);
  if (!Number.isInteger(durationSeconds) || durationSeconds < DURATION_MIN || durationSeconds > DURATION_MAX) {
    throw invalid(`DurationSeconds must be between ${DURATION_MIN} and ${DURATION_MAX}`);
  }
  const autoCreate = form.get('AutoCreate')?.toLowerCase() === 'true';
  const groups = listOf(form, 'DbGroups');
  if (groups.length > 0 && !autoCreate) {
    throw new ApiError(
      400,
      'UnsupportedOperation',
      'DbGroups without AutoCreate is not supported: groups are not of a session',
    );
  }
  const issued = await service.issueCredentials({ user, durationSeconds, autoCreate, groups });
  const expires = new Date(issued.expiresMs).toISOString();
  return element('DbUser', issued.user) + element('DbPassword', issued.password) + element('Expiration', expires);
}

function describeClusters(form: URLSearchParams, { cluster }: ClusterApiOptions): string {
  const { host, port, database, user, nodes } = cluster;
  const endpoint = `<Endpoint>${element('Address', host)}${element('Port', port)}</Endpoint>`;
  const described =
    element('ClusterIdentifier', form.get('ClusterIdentifier') ?? 'slicehouse') +
    element('ClusterStatus', 'available') +
    element('ClusterAvailabilityStatus', 'Available') +
    element('MasterUsername', user) +
    element('DBName', database) +
    endpoint +
    element('NumberOfNodes', nodes);
  return `<Clusters><Cluster>${described}</Cluster></Clusters>`;
}

const ACTIONS: Readonly<
  Record<string, (form: URLSearchParams, options: ClusterApiOptions) => string | Promise<string>>
> = { GetClusterCredentials: getClusterCredentials, DescribeClusters: describeClusters };

function authorize(request: IncomingMessage, body: Buffer, { service, keys }: ClusterApiOptions): void {
  // Nothing that a page of a browser can send by itself.
  if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256') !== true) {
    throw new ApiError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  callerOf(request, keys, { service: 'redshift', body });
  if (keys.size === 0 && service.credential('').kind !== 'trust') {
    throw new ApiError(
      403,
      'AccessDenied',
      'Where passwords are asked for, requests must be signed with a key of --s3-keys',
    );
  }
}

async function answer(request: IncomingMessage, options: ClusterApiOptions): Promise<string> {
  const body = await bodyOf(request);
  authorize(request, body, options);
  const form = new URLSearchParams(body.toString());
  const action = form.get('Action') ?? '';
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (run === undefined) throw new ApiError(400, 'InvalidAction', `The action ${action} is not supported`);
  const result = await run(form, options);
  const id = `<ResponseMetadata>${element('RequestId', randomUUID())}</ResponseMetadata>`;
  return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>${id}</${action}Response>`;
}

function errorText(code: string, message: string): string {
  const error = element('Type', 'Sender') + element('Code', code) + `<Message>${escapeXml(message)}</Message>`;
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error>${error}</Error>${element('RequestId', randomUUID())}</ErrorResponse>`;
}

/** The status and code of what went wrong; undefined for what is a bug. */
function refusal(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof S3Error) return new ApiError(error.status, error.code, error.message);
  return error instanceof SqlError ? invalid(error.message) : undefined;
}

export const clusterApi =
  (options: ClusterApiOptions) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const isForm = request.headers['content-type']?.startsWith(FORM) === true;
    if (request.method !== 'POST' || request.url !== '/' || !isForm) return false;
    let status = 200;
    let text: string;
    try {
      text = await answer(request, options);
    } catch (error) {
      const refused = refusal(error);
      if (refused === undefined) throw error;
      ({ status } = refused);
      text = errorText(refused.code, refused.message);
    }
    response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(text) });
    response.end(text);
    return true;
  };
