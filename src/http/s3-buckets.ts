/**
 * Operations on buckets at the S3 door: making and deleting them, region, tags, policy, ACL, object ownership, public access
 * block, default encryption, and what is answered of versioning. Called by s3.ts.
 */
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { DEFAULT_REGION, isRegion } from '../common/account.ts';
import { S3_BUCKET_TAGS_MAX, S3_POLICY_BYTES_MAX, S3_XML_BYTES_MAX } from '../common/limits.ts';
import {
  OWNERSHIPS,
  PUBLIC_ACCESS,
  publicAccessOf,
  type Ownership,
  type PublicAccess,
} from '../s3/bucket-settings.ts';
import { S3Error, checkNewBucket, invalidArgument, noSuchBucket } from '../s3/key-path.ts';
import { isPublic, parsePolicy } from '../s3/policy.ts';
import { ALGORITHMS, SSE_S3, type ServerSideEncryption } from '../s3/server-side-encryption.ts';
import { accessDenied, headerOf, notImplemented, send, sendXml, type Call } from './s3-call.ts';
import { aclXml, checkAcl, namedAcl, readTags, tagging } from './s3-objects.ts';
import { uploadBody } from './upload-body.ts';
import { element, malformedXml, readLeaves, type Leaf } from './xml.ts';

const BUCKET_ACLS = ['private', 'public-read', 'public-read-write', 'authenticated-read', 'log-delivery-write'];

async function needBucket(call: Call): Promise<void> {
  if (!(await call.store.hasBucket(call.bucket))) throw noSuchBucket(call.bucket);
}
/** An XML body; empty when there is none. */
async function leavesOf(call: Call, root: string): Promise<readonly Leaf[]> {
  const { headers } = call.request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return [];
  const { body } = uploadBody(call.request, { bytesMax: S3_XML_BYTES_MAX, chunks: call.caller.chunks });
  return readLeaves(body, root);
}

export async function createBucket(call: Call): Promise<void> {
  const leaves = await leavesOf(call, 'CreateBucketConfiguration');
  let constraint: string | undefined;
  for (const l of leaves) {
    if (l.path === 'CreateBucketConfiguration/LocationConstraint') constraint = l.text;
    else if (l.path !== 'CreateBucketConfiguration') throw notImplemented();
  }
  checkNewBucket(call.bucket);
  const signed = call.caller.region ?? DEFAULT_REGION;
  if (constraint !== undefined && (!isRegion(constraint) || constraint === DEFAULT_REGION) && constraint !== 'EU')
    throw new S3Error('InvalidLocationConstraint', 400, 'The specified location-constraint is not valid', {
      LocationConstraint: constraint,
    });
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (signed !== DEFAULT_REGION && region !== signed)
    throw new S3Error(
      'IllegalLocationConstraintException',
      400,
      `The ${region ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  const ownership = headerOf(call, 'x-amz-object-ownership');
  if (ownership !== undefined && !OWNERSHIPS.includes(ownership as Ownership))
    throw invalidArgument('Invalid x-amz-object-ownership header');
  const acl = headerOf(call, 'x-amz-acl');
  if (acl !== undefined && !BUCKET_ACLS.includes(acl)) throw invalidArgument('');
  if (acl !== undefined && acl !== 'private' && (ownership ?? OWNERSHIPS[0]) === 'BucketOwnerEnforced')
    throw new S3Error(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  if (acl !== undefined && acl !== 'private' && acl !== 'log-delivery-write')
    throw new S3Error(
      'InvalidBucketAclWithBlockPublicAccessError',
      400,
      'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
    );
  const made = await call.store.createBucket(call.bucket, {
    region: region ?? DEFAULT_REGION,
    ownership: ownership as Ownership | undefined,
    acl,
  });
  if (!made && signed !== DEFAULT_REGION)
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: call.bucket },
    );
  send(call, 200, { location: `/${call.bucket}` });
}
export async function headBucket(call: Call): Promise<void> {
  await needBucket(call);
  send(call, 200, { 'x-amz-bucket-region': await call.store.regionOf(call.bucket) });
}
export async function deleteBucket(call: Call): Promise<void> {
  await call.store.deleteBucket(call.bucket);
  await call.uploads.abortAll(call.bucket);
  send(call, 204);
}
export async function bucketLocation(call: Call): Promise<void> {
  await needBucket(call);
  const region = await call.store.regionOf(call.bucket);
  sendXml(call, 'LocationConstraint', region === DEFAULT_REGION ? '' : region);
}

export async function getBucketTagging(call: Call): Promise<void> {
  const { tags } = await call.store.settings(call.bucket);
  if (tags === undefined) throw new S3Error('NoSuchTagSet', 404, 'The TagSet does not exist');
  sendXml(call, 'Tagging', tagging(tags));
}
export async function putBucketTagging(call: Call): Promise<void> {
  const tags = await readTags(call, S3_BUCKET_TAGS_MAX);
  await call.store.setSettings(call.bucket, { tags });
  send(call, 204);
}
export async function deleteBucketTagging(call: Call): Promise<void> {
  await call.store.setSettings(call.bucket, { tags: undefined });
  send(call, 204);
}

export async function getBucketPolicy(call: Call): Promise<void> {
  const { policy } = await call.store.settings(call.bucket);
  if (policy === undefined) throw noPolicy(call.bucket);
  call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(policy) });
  call.response.end(policy);
}
const noPolicy = (bucket: string): S3Error =>
  new S3Error('NoSuchBucketPolicy', 404, 'The bucket policy does not exist', { BucketName: bucket });
export async function putBucketPolicy(call: Call): Promise<void> {
  const { body } = uploadBody(call.request, { bytesMax: S3_POLICY_BYTES_MAX, chunks: call.caller.chunks });
  const policy = await text(Readable.from(body));
  const settings = await call.store.settings(call.bucket);
  const parsed = parsePolicy(policy, call.bucket);
  if (publicAccessOf(settings).BlockPublicPolicy && isPublic(parsed)) throw accessDenied();
  await call.store.setSettings(call.bucket, { policy });
  send(call, 204);
}
export async function deleteBucketPolicy(call: Call): Promise<void> {
  await call.store.setSettings(call.bucket, { policy: undefined });
  send(call, 204);
}
export async function getPolicyStatus(call: Call): Promise<void> {
  const { policy } = await call.store.settings(call.bucket);
  if (policy === undefined) throw noPolicy(call.bucket);
  sendXml(call, 'PolicyStatus', element('IsPublic', isPublic(parsePolicy(policy, call.bucket))));
}

export async function getBucketAcl(call: Call): Promise<void> {
  sendXml(call, 'AccessControlPolicy', aclXml((await call.store.settings(call.bucket)).acl));
}
export async function putBucketAcl(call: Call): Promise<void> {
  await needBucket(call);
  const acl = headerOf(call, 'x-amz-acl');
  if (acl === 'log-delivery-write') await checkAcl(call, acl);
  else await namedAcl(call);
  await call.store.setSettings(call.bucket, { acl });
  send(call, 200);
}

export async function getOwnership(call: Call): Promise<void> {
  const { ownership } = await call.store.settings(call.bucket);
  if (ownership === null)
    throw new S3Error('OwnershipControlsNotFoundError', 404, 'The bucket ownership controls were not found', {
      BucketName: call.bucket,
    });
  sendXml(call, 'OwnershipControls', `<Rule>${element('ObjectOwnership', ownership ?? OWNERSHIPS[0])}</Rule>`);
}
export async function putOwnership(call: Call): Promise<void> {
  const leaves = await leavesOf(call, 'OwnershipControls');
  const value = leaves.find((l) => l.path === 'OwnershipControls/Rule/ObjectOwnership')?.text;
  if (leaves.length !== 1 || !OWNERSHIPS.includes(value as Ownership)) throw malformedXml();
  await call.store.setSettings(call.bucket, { ownership: value as Ownership });
  send(call, 200);
}
export async function deleteOwnership(call: Call): Promise<void> {
  await call.store.setSettings(call.bucket, { ownership: null });
  send(call, 204);
}

export async function getPublicAccess(call: Call): Promise<void> {
  const settings = await call.store.settings(call.bucket);
  if (settings.publicAccess === null)
    throw new S3Error(
      'NoSuchPublicAccessBlockConfiguration',
      404,
      'The public access block configuration was not found',
      { BucketName: call.bucket },
    );
  const blocks = publicAccessOf(settings);
  sendXml(call, 'PublicAccessBlockConfiguration', PUBLIC_ACCESS.map((n) => element(n, blocks[n])).join(''));
}
export async function putPublicAccess(call: Call): Promise<void> {
  const leaves = await leavesOf(call, 'PublicAccessBlockConfiguration');
  const blocks: Record<string, boolean> = Object.fromEntries(PUBLIC_ACCESS.map((n) => [n, false]));
  for (const l of leaves) {
    const name = l.path.split('/')[1] ?? '';
    if (!Object.hasOwn(blocks, name) || !/^(true|false)$/i.test(l.text.trim())) throw malformedXml();
    blocks[name] = /^true$/i.test(l.text.trim());
  }
  await call.store.setSettings(call.bucket, { publicAccess: blocks as PublicAccess });
  send(call, 200);
}
export async function deletePublicAccess(call: Call): Promise<void> {
  await call.store.setSettings(call.bucket, { publicAccess: null });
  send(call, 204);
}

/** No bucket here has ever had versions. */
export async function getVersioning(call: Call): Promise<void> {
  await needBucket(call);
  sendXml(call, 'VersioningConfiguration', '');
}
export async function getEncryption(call: Call): Promise<void> {
  const { encryption = SSE_S3 } = await call.store.settings(call.bucket);
  const { algorithm, key, bucketKey = false } = encryption;
  const by = element('SSEAlgorithm', algorithm) + (key === undefined ? '' : element('KMSMasterKeyID', key));
  sendXml(
    call,
    'ServerSideEncryptionConfiguration',
    `<Rule><ApplyServerSideEncryptionByDefault>${by}</ApplyServerSideEncryptionByDefault>${element('BucketKeyEnabled', bucketKey)}</Rule>`,
  );
}
export async function putEncryption(call: Call): Promise<void> {
  const root = 'ServerSideEncryptionConfiguration';
  const told = new Map<string, string>();
  for (const { path, text } of await leavesOf(call, root)) {
    const name = path.slice(`${root}/Rule/`.length);
    if (!ENCRYPTION_PARTS.includes(name)) throw notImplemented();
    if (told.has(name)) throw malformedXml();
    told.set(name, text.trim());
  }
  const [algorithm, key, bucketKey = 'false'] = ENCRYPTION_PARTS.map((name) => told.get(name));
  if (!ALGORITHMS.includes(algorithm as ServerSideEncryption['algorithm']) || !/^(true|false)$/.test(bucketKey))
    throw malformedXml();
  if (key !== undefined && algorithm === 'AES256')
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    );
  const encryption = { algorithm, key, bucketKey: bucketKey === 'true' } as ServerSideEncryption;
  await call.store.setSettings(call.bucket, { encryption });
  send(call, 200);
}
const ENCRYPTION_PARTS = [
  'ApplyServerSideEncryptionByDefault/SSEAlgorithm',
  'ApplyServerSideEncryptionByDefault/KMSMasterKeyID',
  'BucketKeyEnabled',
];
export async function deleteEncryption(call: Call): Promise<void> {
  await call.store.setSettings(call.bucket, { encryption: undefined });
  send(call, 204);
}
