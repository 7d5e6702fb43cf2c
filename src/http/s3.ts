/**
 * The S3 REST API over the local store, path-style and virtual-host style: who asks (signature.ts), for what
 * (s3-operations.ts), whether he may (authorization.ts); then the operation is carried out. What is not served answers
 * NotImplemented. Called by server.ts for every request that no other route took.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Keys } from '../s3/authorize.ts';
import { S3Error, asS3Error, checkBucket, checkKey, noSuchBucket } from '../s3/key-path.ts';
import type { LocalObjectStore } from '../s3/store.ts';
import { Uploads } from '../s3/uploads.ts';
import { bucketOfHost, parseHost } from './access.ts';
import { actionOf, isAllowed, requestValues } from './authorization.ts';
import { postObject } from './form-upload.ts';
import * as buckets from './s3-buckets.ts';
import { accessDenied, headerOf, sendError, type Call } from './s3-call.ts';
import * as listings from './s3-listings.ts';
import * as objects from './s3-objects.ts';
import { operationOf, type OperationName } from './s3-operations.ts';
import * as uploads from './s3-uploads.ts';
import { callerOf } from './signature.ts';

export interface S3DoorOptions {
  /** Without keys signatures are not verified. */
  readonly store: LocalObjectStore;
  readonly onBug: (error: unknown) => void;
  /** Names beside localhost whose first part may be a bucket. */
  readonly hosts?: readonly string[];
}
const HANDLERS: Readonly<Record<Exclude<OperationName, 'PostObject'>, (call: Call) => Promise<void>>> = {
  ListBuckets: listings.listBuckets,
  CreateBucket: buckets.createBucket,
  HeadBucket: buckets.headBucket,
  DeleteBucket: buckets.deleteBucket,
  GetBucketLocation: buckets.bucketLocation,
  GetBucketVersioning: buckets.getVersioning,
  GetBucketEncryption: buckets.getEncryption,
  PutBucketEncryption: buckets.putEncryption,
  DeleteBucketEncryption: buckets.deleteEncryption,
  GetBucketTagging: buckets.getBucketTagging,
  PutBucketTagging: buckets.putBucketTagging,
  DeleteBucketTagging: buckets.deleteBucketTagging,
  GetBucketPolicy: buckets.getBucketPolicy,
  PutBucketPolicy: buckets.putBucketPolicy,
  DeleteBucketPolicy: buckets.deleteBucketPolicy,
  GetBucketPolicyStatus: buckets.getPolicyStatus,
  GetBucketAcl: buckets.getBucketAcl,
  PutBucketAcl: buckets.putBucketAcl,
  GetBucketOwnershipControls: buckets.getOwnership,
  PutBucketOwnershipControls: buckets.putOwnership,
  DeleteBucketOwnershipControls: buckets.deleteOwnership,
  GetPublicAccessBlock: buckets.getPublicAccess,
  PutPublicAccessBlock: buckets.putPublicAccess,
  DeletePublicAccessBlock: buckets.deletePublicAccess,
  ListObjects: listings.listObjects,
  ListObjectVersions: listings.listVersions,
  ListMultipartUploads: listings.listUploads,
  ListParts: listings.listParts,
  DeleteObjects: objects.deleteObjects,
  GetObject: objects.getObject,
  GetObjectAttributes: objects.getAttributes,
  GetObjectTagging: objects.getObjectTagging,
  PutObjectTagging: objects.putObjectTagging,
  DeleteObjectTagging: objects.deleteObjectTagging,
  GetObjectAcl: objects.getObjectAcl,
  PutObjectAcl: objects.putObjectAcl,
  PutObject: objects.putObject,
  DeleteObject: objects.deleteObject,
  CreateMultipartUpload: uploads.createUpload,
  UploadPart: uploads.uploadPart,
  CompleteMultipartUpload: uploads.completeUpload,
  AbortMultipartUpload: uploads.abortUpload,
};

export class S3Door {
  private readonly uploads: Uploads;
  private readonly keys: Keys;
  constructor(private readonly options: S3DoorOptions) {
    this.uploads = new Uploads(options.store);
    this.keys = options.store.keys;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-amz-request-id', randomBytes(8).toString('hex').toUpperCase());
    response.setHeader('x-amz-id-2', 'slicehouse');
    try {
      await this.dispatch(this.target(request, response));
    } catch (e) {
      const error = asS3Error(e, this.options.onBug);
      if (response.headersSent) response.destroy();
      else sendError(request, response, error);
    }
  }

  private target(request: IncomingMessage, response: ServerResponse): Call {
    const { store, onBug } = this.options;
    const raw = request.url ?? '/';
    const at = raw.indexOf('?');
    const query = new URLSearchParams(at < 0 ? '' : raw.slice(at + 1));
    let path: string;
    try {
      path = decodeURIComponent((at < 0 ? raw : raw.slice(0, at)).replace(/^\//, ''));
    } catch {
      throw new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.");
    }
    const virtual = bucketOfHost(parseHost(request.headers.host)?.name ?? '', this.options.hosts);
    const slash = path.indexOf('/');
    const bucket = virtual ?? (slash < 0 ? path : path.slice(0, slash));
    const key = virtual !== undefined ? path : slash < 0 ? '' : path.slice(slash + 1);
    const caller = callerOf(request, this.keys);
    hoisted(request, query);
    const values = { ...requestValues(request, query, caller), 's3:prefix': undefined };
    const may: Call['may'] = (action, b, k, as = caller.kind) =>
      isAllowed(store, { kind: as }, { action, bucket: b, key: k, request: values });
    return { request, response, query, bucket, key, caller, store, uploads: this.uploads, onBug, may };
  }

  private async dispatch(call: Call): Promise<void> {
    const { bucket, key, query, caller, store } = call;
    const target = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
    const operation = operationOf(call.request.method ?? 'GET', target, query, headerNames(call));
    if (bucket !== '') checkBucket(bucket);
    if (key !== '') checkKey(key);
    objects.checkOwner(headerOf(call, 'x-amz-expected-bucket-owner'));
    if (operation === 'PostObject') {
      if (!(await store.hasBucket(bucket))) throw noSuchBucket(bucket);
      return postObject(call, this.keys);
    }
    if (bucket !== '' && operation !== 'CreateBucket' && !(await store.hasBucket(bucket))) throw noSuchBucket(bucket);
    const action = actionOf(operation);
    if (action === undefined && caller.kind === 'anonymous') throw accessDenied();
    if (action !== undefined) {
      const request = requestValues(call.request, query, caller);
      if (!(await isAllowed(store, caller, { action, bucket, key, request }))) throw accessDenied();
    }
    await HANDLERS[operation](call);
  }
}
/** Headers that a presigned URL carries in its query count as headers. */
function hoisted(request: IncomingMessage, query: URLSearchParams): void {
  for (const [name, value] of [...query]) {
    if (!name.startsWith('x-amz-') || NOT_HEADERS.includes(name)) continue;
    // A checksum in the query is that of the empty body the URL was signed without: S3 passes it over.
    if (!IGNORED.test(name)) request.headers[name] ??= value;
    query.delete(name);
  }
}
const IGNORED = /^x-amz-(sdk-checksum-algorithm|checksum-(crc32|crc32c|crc64nvme|sha1|sha256))$/;
/** What a signature in the query consists of. */
const NOT_HEADERS = [
  'algorithm',
  'credential',
  'date',
  'expires',
  'signedheaders',
  'signature',
  'security-token',
].map((n) => `x-amz-${n}`);
const headerNames = ({ request }: Call): readonly string[] => Object.keys(request.headers);
