/**
 * Who sends a request: AWS Signature Version 4 in the Authorization header, in the query (presigned) or over the chunks of
 * a body. Verified when the server was given keys; else read only for what it says of the region, and whoever reaches the
 * port is the owner. An expired presigned URL is refused either way. Called by s3.ts and form-upload.ts.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { systemClock } from '../common/clock.ts';
import { S3Error } from '../s3/key-path.ts';
import { signatureMismatch, unknownKey, type Keys } from '../s3/authorize.ts';
import type { ChunkCheck } from './aws-chunked.ts';
import { accessDenied } from './s3-call.ts';

export interface Caller {
  /** 'owner' with a good signature, or when there are no keys. */
  readonly kind: 'owner' | 'anonymous';
  readonly accessKeyId: string | undefined;
  /** Region the request was signed for; undefined: not signed. */
  readonly region: string | undefined;
  readonly presigned: boolean;
  /** Checks a body that is signed in chunks; undefined when nothing is verified. */
  readonly chunks?: ChunkCheck | undefined;
}
interface Signed {
  readonly id: string;
  readonly date: string;
  readonly region: string;
  /** Without the key's id: date/region/service/aws4_request. */
  readonly scope: string;
  readonly headers: readonly string[];
  readonly signature: string;
  readonly amzDate: string;
  readonly expires: number | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const S3 = 's3';
const SKEW_MS_MAX = 15 * 60 * 1000;
const EXPIRES_SECONDS_MAX = 7 * 24 * 3600;
const hmac = (key: Uint8Array | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const EMPTY = sha256('');

const malformed = (message: string): S3Error => new S3Error('AuthorizationHeaderMalformed', 400, message);
const badQuery = (message: string): S3Error => new S3Error('AuthorizationQueryParametersError', 400, message);

/** `20260102T030405Z` in ms; undefined when it is none. */
export function parseAmzDate(text: string): number | undefined {
  const m = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const ms = m === null ? NaN : Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
export function signingKey(secret: string, scope: string): Buffer {
  const [date = '', region = '', service = ''] = scope.split('/');
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
}
export const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function readCredential(
  text: string,
  wanted: string,
  error: (message: string) => S3Error,
): Pick<Signed, 'id' | 'date' | 'region' | 'scope'> {
  const parts = text.split('/');
  const [terminal = '', service = '', region = '', date = ''] = parts.slice(-4).reverse();
  const id = parts.slice(0, -4).join('/');
  if (id === '' || terminal !== 'aws4_request' || service !== wanted || !/^\d{8}$/.test(date))
    throw error(
      'The authorization is malformed; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  return { id, date, region, scope: `${date}/${region}/${service}/aws4_request` };
}
function fromHeader(authorization: string, amzDate: string, service: string): Signed {
  const fields = new Map<string, string>();
  for (const part of authorization.slice(ALGORITHM.length).split(',')) {
    const eq = part.indexOf('=');
    if (eq > 0) fields.set(part.slice(0, eq).trim(), part.slice(eq + 1).trim());
  }
  const [credential, headers, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((n) => fields.get(n));
  if (!credential || !headers || !signature) throw malformed('The authorization header is malformed.');
  return {
    ...readCredential(credential, service, malformed),
    headers: headers.toLowerCase().split(';'),
    signature,
    amzDate,
    expires: undefined,
  };
}
function fromQuery(query: ReadonlyMap<string, string>): Signed {
  const get = (name: string): string => query.get(name) ?? '';
  const expires = Number(get('X-Amz-Expires'));
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) throw badQuery('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  if (!Number.isInteger(expires) || expires < 0 || expires > EXPIRES_SECONDS_MAX)
    throw badQuery('X-Amz-Expires must be less than a week (in seconds) that is, must be less than 604800');
  return {
    ...readCredential(get('X-Amz-Credential'), S3, badQuery),
    headers: get('X-Amz-SignedHeaders').toLowerCase().split(';'),
    signature: get('X-Amz-Signature'),
    amzDate: get('X-Amz-Date'),
    expires,
  };
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    throw new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.");
  }
}
/** Name and value pairs of the query as they were sent, decoded. */
function queryPairs(url: string): readonly (readonly [string, string])[] {
  const at = url.indexOf('?');
  if (at < 0) return [];
  return url
    .slice(at + 1)
    .split('&')
    .filter((p) => p !== '')
    .map((p) => {
      const eq = p.indexOf('=');
      return [decoded(eq < 0 ? p : p.slice(0, eq)), eq < 0 ? '' : decoded(p.slice(eq + 1))];
    });
}
function canonicalRequest(request: IncomingMessage, signed: Signed, payload: string): string {
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const path = (at < 0 ? url : url.slice(0, at))
    .split('/')
    .map((part) => {
      try {
        return encoded(decodeURIComponent(part));
      } catch {
        throw new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.");
      }
    })
    .join('/');
  const query = queryPairs(url)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const values = new Map<string, string[]>();
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!.toLowerCase();
    const value = request.rawHeaders[i + 1]!.trim().replace(/ +/g, ' ');
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const headers = signed.headers.map((name) => `${name}:${(values.get(name) ?? []).join(',')}\n`).join('');
  return [request.method ?? 'GET', path, query, headers, signed.headers.join(';'), payload].join('\n');
}

/** The service that a signature must be for, and the body it covers when no header tells its hash. */
export interface SignedFor {
  readonly service: string;
  readonly body: Uint8Array;
}

/** What a request says of who sends it; throws when the signature is wrong. Without `signedFor` it is a request to S3. */
export function callerOf(request: IncomingMessage, keys: Keys, signedFor?: SignedFor): Caller {
  const { headers } = request;
  const query = new Map(queryPairs(request.url ?? ''));
  const authorization = headers.authorization;
  const isQuery = query.has('X-Amz-Credential') && query.has('X-Amz-Algorithm');
  const isHeader = authorization?.startsWith(ALGORITHM) === true;
  if (!isQuery && !isHeader) return unsigned(request, keys, query);
  if (keys.size === 0) return unverified(query, authorization, isQuery);
  const signed = isQuery
    ? fromQuery(query)
    : fromHeader(authorization!, String(headers['x-amz-date'] ?? ''), signedFor?.service ?? S3);
  const secret = keys.get(signed.id);
  if (secret === undefined) throw unknownKey(signed.id);
  checkTime(signed);
  const payload = isQuery
    ? String(headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD')
    : signedFor !== undefined
      ? sha256(signedFor.body)
      : headers['x-amz-content-sha256'];
  if (typeof payload !== 'string')
    throw new S3Error('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
  const loose = Object.keys(headers).filter(
    (n) => (n === 'host' || (n.startsWith('x-amz-') && !isQuery)) && !signed.headers.includes(n),
  );
  if (loose.length > 0)
    throw new S3Error('AccessDenied', 403, 'There were headers present in the request which were not signed', {
      HeadersNotSigned: loose.join(', '),
    });
  const key = signingKey(secret, signed.scope);
  const text = [ALGORITHM, signed.amzDate, signed.scope, sha256(canonicalRequest(request, signed, payload))].join(
    '\n',
  );
  if (!sameText(hmac(key, text).toString('hex'), signed.signature)) throw signatureMismatch();
  return {
    kind: 'owner',
    accessKeyId: signed.id,
    region: signed.region,
    presigned: isQuery,
    chunks: payload.startsWith(`STREAMING-${ALGORITHM}-PAYLOAD`) ? chunkCheck(key, signed) : undefined,
  };
}
function unsigned(request: IncomingMessage, keys: Keys, query: ReadonlyMap<string, string>): Caller {
  const older =
    request.headers.authorization !== undefined || (query.has('Signature') && query.has('AWSAccessKeyId'));
  if (keys.size > 0 && older)
    throw new S3Error(
      'InvalidRequest',
      400,
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  return {
    kind: keys.size === 0 ? 'owner' : 'anonymous',
    accessKeyId: undefined,
    region: undefined,
    presigned: false,
  };
}
/** No keys: the scope is read, and a presigned URL ends when it says. */
function unverified(query: ReadonlyMap<string, string>, authorization: string | undefined, isQuery: boolean): Caller {
  const text = isQuery ? query.get('X-Amz-Credential') : /Credential=([^,\s]+)/.exec(authorization ?? '')?.[1];
  const parts = text?.split('/') ?? [];
  if (isQuery) {
    const began = parseAmzDate(query.get('X-Amz-Date') ?? '');
    const seconds = Number(query.get('X-Amz-Expires') ?? NaN);
    if (began !== undefined && began + seconds * 1000 < systemClock.nowMs()) throw expired();
  }
  return {
    kind: 'owner',
    accessKeyId: parts[0],
    region: parts.length >= 5 ? parts.at(-3) : undefined,
    presigned: isQuery,
  };
}
const expired = (): S3Error => new S3Error('AccessDenied', 403, 'Request has expired');
function checkTime({ amzDate, date, expires }: Signed): void {
  const ms = parseAmzDate(amzDate);
  if (ms === undefined)
    throw new S3Error('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header');
  if (!amzDate.startsWith(date)) throw malformed('Invalid credential date. Date is not the same as X-Amz-Date.');
  const now = systemClock.nowMs();
  if (expires === undefined) {
    if (Math.abs(now - ms) > SKEW_MS_MAX)
      throw new S3Error(
        'RequestTimeTooSkewed',
        403,
        'The difference between the request time and the current time is too large.',
      );
    return;
  }
  if (now + SKEW_MS_MAX < ms) throw new S3Error('AccessDenied', 403, 'Request is not yet valid');
  if (ms + expires * 1000 < now) throw expired();
}

/** Every chunk's signature covers the one before it, beginning with the request's. */
function chunkCheck(key: Buffer, { amzDate, scope, signature }: Signed): ChunkCheck {
  let previous = signature;
  let hash = createHash('sha256');
  const check = (kind: 'PAYLOAD' | 'TRAILER', parts: readonly string[], given: string | undefined): void => {
    const text = [`${ALGORITHM}-${kind}`, amzDate, scope, previous, ...parts].join('\n');
    const wanted = hmac(key, text).toString('hex');
    if (given === undefined || !sameText(wanted, given)) throw signatureMismatch();
    previous = wanted;
  };
  return {
    data: (bytes) => void hash.update(bytes),
    chunk: (given) => {
      check('PAYLOAD', [EMPTY, hash.digest('hex')], given);
      hash = createHash('sha256');
    },
    trailers: (lines, given) => check('TRAILER', [sha256(lines)], given),
  };
}

/** A form's policy, signed as a whole. */
export function checkPolicySignature(fields: ReadonlyMap<string, string>, policy: string, keys: Keys): void {
  if (keys.size === 0) return;
  const get = (name: string): string => fields.get(name) ?? '';
  if (get('x-amz-algorithm') !== ALGORITHM) throw accessDenied();
  const { id, scope } = readCredential(get('x-amz-credential'), S3, malformed);
  const secret = keys.get(id);
  if (secret === undefined) throw unknownKey(id);
  if (!sameText(hmac(signingKey(secret, scope), policy).toString('hex'), get('x-amz-signature')))
    throw signatureMismatch();
}
