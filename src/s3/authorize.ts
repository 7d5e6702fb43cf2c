/**
 * Whether a statement of COPY or UNLOAD may do what it wants with a bucket of the store in folders: the region first, as S3's
 * endpoints of a region do, then its keys, then the bucket's policy. What a role or the owner of keys is allowed in its own
 * account nobody here knows: whatever the bucket does not deny.
 */
import { ACCOUNT } from '../common/account.ts';
import { systemClock } from '../common/clock.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { S3Error, permanentRedirect } from './key-path.ts';
import type { Access, Credentials } from './object-store.ts';
import { decide, parsePolicy, type RequestValues } from './policy.ts';

/** Secrets by access key id; empty: nothing is verified. */
export type Keys = ReadonlyMap<string, string>;
export const OWNER = `arn:aws:iam::${ACCOUNT}:root`;

export const signatureMismatch = (): S3Error =>
  new S3Error(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
export const unknownKey = (id: string): S3Error =>
  new S3Error('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.', {
    AWSAccessKeyId: id,
  });
const invalidToken = (): S3Error =>
  new S3Error('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.');

/** The server's own keys last, so none of them goes with a token of a session. */
function checkKeys(credentials: Extract<Credentials, { kind: 'keys' }>, keys: Keys): void {
  if (keys.size === 0) return;
  const secret = keys.get(credentials.accessKeyId);
  if (secret === undefined) throw unknownKey(credentials.accessKeyId);
  if (credentials.sessionToken !== undefined) throw invalidToken();
  if (secret !== credentials.secretAccessKey) throw signatureMismatch();
}
/** As whom S3 sees the statement: of a chain the last role. */
function principalOf(credentials: Credentials): string {
  switch (credentials.kind) {
    case 'role':
      return credentials.arn.slice(credentials.arn.lastIndexOf(',arn:') + 1);
    case 'session':
      return OWNER;
    case 'keys':
      return `arn:aws:iam::${ACCOUNT}:user/${credentials.accessKeyId}`;
  }
}

/** `region`: the cluster's, for statements without REGION. Throws PermanentRedirect, InvalidAccessKeyId, AccessDenied and their like. */
export function authorizeStatement(
  settings: BucketSettings,
  /** Of the object, as values of condition keys. */
  tags: RequestValues,
  keys: Keys,
  region: string,
  { bucket, key, action, prefix, headers = {}, credentials, region: wanted = region }: Access,
): void {
  // A folder that was dropped in is of no region.
  if (settings.region !== undefined && settings.region !== wanted) throw permanentRedirect(bucket, settings.region);
  if (credentials.kind === 'keys') checkKeys(credentials, keys);
  if (settings.policy === undefined) return;
  const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  const request = {
    ...tags,
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [`s3:${name}`, value])),
    's3:prefix': prefix,
    's3:authtype': 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    'aws:requestedregion': wanted,
    'aws:sourceip': '127.0.0.1',
  };
  const asked = { principal: principalOf(credentials), action, resource, nowMs: systemClock.nowMs(), request };
  if (decide(parsePolicy(settings.policy, bucket), asked) === 'deny')
    throw new S3Error('AccessDenied', 403, 'Access Denied');
}
