/**
 * Whether a caller may do what a request asks: the bucket's policy first, whose Deny stands above everything, then the
 * owner, then the grants of canned ACLs to everybody. Called by s3.ts for every request and for what a copy reads.
 */
import type { IncomingMessage } from 'node:http';
import { systemClock } from '../common/clock.ts';
import { OWNER } from '../s3/authorize.ts';
import { ownershipOf, publicAccessOf } from '../s3/bucket-settings.ts';
import type { LocalObjectStore } from '../s3/store.ts';
import { decide, isPublic, parsePolicy, type RequestValues } from '../s3/policy.ts';
import type { OperationName } from './s3-operations.ts';
import type { Caller } from './signature.ts';

/** The permission that an operation needs. */
export const ACTIONS: Readonly<Partial<Record<OperationName, string>>> = {
  HeadBucket: 's3:ListBucket',
  GetBucketLocation: 's3:GetBucketLocation',
  ListObjects: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListParts: 's3:ListMultipartUploadParts',
  DeleteBucket: 's3:DeleteBucket',
  GetObject: 's3:GetObject',
  GetObjectAttributes: 's3:GetObjectAttributes',
  GetObjectTagging: 's3:GetObjectTagging',
  PutObjectTagging: 's3:PutObjectTagging',
  DeleteObjectTagging: 's3:DeleteObjectTagging',
  GetObjectAcl: 's3:GetObjectAcl',
  PutObjectAcl: 's3:PutObjectAcl',
  PutObject: 's3:PutObject',
  PostObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  DeleteObject: 's3:DeleteObject',
  GetBucketTagging: 's3:GetBucketTagging',
  PutBucketTagging: 's3:PutBucketTagging',
  DeleteBucketTagging: 's3:PutBucketTagging',
  GetBucketAcl: 's3:GetBucketAcl',
  PutBucketAcl: 's3:PutBucketAcl',
  GetBucketVersioning: 's3:GetBucketVersioning',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  PutBucketEncryption: 's3:PutEncryptionConfiguration',
  DeleteBucketEncryption: 's3:PutEncryptionConfiguration',
  GetBucketPolicyStatus: 's3:GetBucketPolicyStatus',
  GetBucketOwnershipControls: 's3:GetBucketOwnershipControls',
  PutBucketOwnershipControls: 's3:PutBucketOwnershipControls',
  DeleteBucketOwnershipControls: 's3:PutBucketOwnershipControls',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 's3:PutBucketPublicAccessBlock',
};
/** A policy cannot lock the account's root out of these. */
const ALWAYS = ['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'];

export interface Question {
  readonly action: string;
  readonly bucket: string;
  readonly key: string;
  /** By condition key. */
  readonly request: RequestValues;
}
/** What a request says of itself, by the keys that conditions of policies have for it. */
export function requestValues(
  { headers, socket }: IncomingMessage,
  query: URLSearchParams,
  caller: Caller,
): RequestValues {
  const isSigned = caller.region !== undefined;
  const header = (name: string): string | undefined => headers[name] as string | undefined;
  const amazon = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
  return {
    ...Object.fromEntries(amazon.map((name) => [`s3:${name}`, header(name)])),
    's3:if-match': header('if-match'),
    's3:if-none-match': header('if-none-match'),
    's3:prefix': query.get('prefix') ?? undefined,
    's3:delimiter': query.get('delimiter') ?? undefined,
    's3:max-keys': query.get('max-keys') ?? undefined,
    's3:authtype': !isSigned ? undefined : caller.presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': isSigned ? 'AWS4-HMAC-SHA256' : undefined,
    'aws:requestedregion': caller.region,
    'aws:sourceip': socket.remoteAddress,
    'aws:useragent': header('user-agent'),
    'aws:referer': header('referer'),
  };
}

export async function isAllowed(
  store: LocalObjectStore,
  caller: Pick<Caller, 'kind'>,
  { bucket, key, action, request }: Question,
): Promise<boolean> {
  if (bucket === '' || !(await store.hasBucket(bucket))) return caller.kind === 'owner';
  const settings = await store.settings(bucket);
  if (caller.kind === 'owner' && settings.policy === undefined) return true;
  const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  const principal = caller.kind === 'owner' ? OWNER : 'anonymous';
  const policy = settings.policy === undefined ? [] : parsePolicy(settings.policy, bucket);
  const values = { ...request, ...(await store.tagValues(bucket, key, settings.policy)) };
  const decision = decide(policy, { principal, action, resource, nowMs: systemClock.nowMs(), request: values });
  if (decision === 'deny') return false;
  if (caller.kind === 'owner') return true;
  const blocks = publicAccessOf(settings);
  if (decision === 'allow' && !(blocks.RestrictPublicBuckets && isPublic(policy))) return true;
  if (blocks.IgnorePublicAcls || ownershipOf(settings) === 'BucketOwnerEnforced') return false;
  const isRead = (acl: string | undefined): boolean => acl === 'public-read' || acl === 'public-read-write';
  if (action === 's3:ListBucket') return isRead(settings.acl);
  return action === 's3:GetObject' && isRead((await store.details(bucket, key).catch(() => undefined))?.acl);
}
/** Undefined: nobody is asked. */
export const actionOf = (operation: OperationName): string | undefined =>
  ALWAYS.includes(operation) ? undefined : ACTIONS[operation];
