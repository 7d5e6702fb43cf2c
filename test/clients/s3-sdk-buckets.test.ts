/** The AWS SDK for JavaScript against the S3 door: multipart uploads, buckets and their settings, signatures. */
import { createHash, createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as s3 from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { KEY_ID, SECRET, startDoor, type TestDoor } from './s3-door.ts';

let door: TestDoor;
let client: s3.S3Client;
const credentials = { accessKeyId: KEY_ID, secretAccessKey: SECRET };
const make = (options: Partial<s3.S3ClientConfig> = {}): s3.S3Client =>
  new s3.S3Client({ endpoint: door.url, region: 'us-east-1', credentials, maxAttempts: 1, ...options });
beforeAll(async () => {
  door = await startDoor({ keys: true });
  client = make();
  await client.send(new s3.CreateBucketCommand({ Bucket: 'lake' }));
});
afterAll(() => door?.close());
afterEach(() => expect(door.bugs).toEqual([]));

const B = { Bucket: 'lake' };
const put = (Key: string, Body: string | Buffer, more: Partial<s3.PutObjectCommandInput> = {}) =>
  client.send(new s3.PutObjectCommand({ ...B, Key, Body, ...more }));
const get = async (Key: string, more: Partial<s3.GetObjectCommandInput> = {}): Promise<string> =>
  (await client.send(new s3.GetObjectCommand({ ...B, Key, ...more }))).Body!.transformToString();
const head = (Key: string, more: Partial<s3.HeadObjectCommandInput> = {}) =>
  client.send(new s3.HeadObjectCommand({ ...B, Key, ...more }));
const refuses = (call: Promise<unknown>, name: string, status?: number) =>
  expect(call).rejects.toMatchObject({
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
  });
const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');

describe('multipart uploads', () => {
  const MB5 = Buffer.alloc(5 * 1024 * 1024, 'a');
  const begin = async (Key: string, more: Partial<s3.CreateMultipartUploadCommandInput> = {}): Promise<string> =>
    (await client.send(new s3.CreateMultipartUploadCommand({ ...B, Key, ...more }))).UploadId!;
  const part = (Key: string, UploadId: string, PartNumber: number, Body: string | Buffer, more = {}) =>
    client.send(new s3.UploadPartCommand({ ...B, Key, UploadId, PartNumber, Body, ...more }));
  const complete = (Key: string, UploadId: string, Parts: s3.CompletedPart[], more = {}) =>
    client.send(new s3.CompleteMultipartUploadCommand({ ...B, Key, UploadId, MultipartUpload: { Parts }, ...more }));

  test('from beginning to end', async () => {
    const Key = 'multi//one';
    const id = await begin(Key, {
      ContentType: 'text/x',
      Metadata: { m: '1' },
      Tagging: 't=1',
      ChecksumAlgorithm: 'SHA256',
    });
    const uploads = await client.send(new s3.ListMultipartUploadsCommand({ ...B, Prefix: 'multi/' }));
    expect(uploads.Uploads).toMatchObject([
      { Key, UploadId: id, ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' },
    ]);
    await refuses(head(Key), 'NotFound', 404);
    const two = await part(Key, id, 7, 'tail', { ChecksumAlgorithm: 'SHA256' });
    await part(Key, id, 3, 'replaced', { ChecksumAlgorithm: 'SHA256' });
    const one = await part(Key, id, 3, MB5, { ChecksumAlgorithm: 'SHA256' });
    const listed = await client.send(new s3.ListPartsCommand({ ...B, Key, UploadId: id, MaxParts: 1 }));
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '3' });
    expect(listed.Parts).toMatchObject([{ PartNumber: 3, Size: MB5.length, ETag: one.ETag }]);
    const rest = await client.send(new s3.ListPartsCommand({ ...B, Key, UploadId: id, PartNumberMarker: '3' }));
    expect(rest.Parts).toMatchObject([{ PartNumber: 7, Size: 4, ChecksumSHA256: two.ChecksumSHA256 }]);
    const made = await complete(Key, id, [
      { PartNumber: 3, ETag: one.ETag, ChecksumSHA256: one.ChecksumSHA256 },
      { PartNumber: 7, ETag: two.ETag, ChecksumSHA256: two.ChecksumSHA256 },
    ]);
    const of = Buffer.concat([one, two].map((p) => Buffer.from(p.ETag!.replaceAll('"', ''), 'hex')));
    expect(made.ETag).toBe(`"${md5(of)}-2"`);
    const sums = Buffer.concat([one, two].map((p) => Buffer.from(p.ChecksumSHA256!, 'base64')));
    expect(made.ChecksumSHA256).toBe(`${createHash('sha256').update(sums).digest('base64')}-2`);
    expect(await head(Key, { ChecksumMode: 'ENABLED' })).toMatchObject({
      ContentLength: MB5.length + 4,
      ContentType: 'text/x',
      Metadata: { m: '1' },
      ETag: made.ETag,
      ChecksumType: 'COMPOSITE',
    });
    expect(await get(Key, { PartNumber: 2 })).toBe('tail');
    expect(await head(Key, { PartNumber: 1 })).toMatchObject({ ContentLength: MB5.length, PartsCount: 2 });
    await refuses(get(Key, { PartNumber: 3 }), 'InvalidPartNumber', 416);
    const attributes = await client.send(
      new s3.GetObjectAttributesCommand({ ...B, Key, ObjectAttributes: ['ObjectParts', 'Checksum'], MaxParts: 1 }),
    );
    expect(attributes.ObjectParts).toMatchObject({
      TotalPartsCount: 2,
      IsTruncated: true,
      Parts: [{ PartNumber: 1 }],
    });
    await refuses(complete(Key, id, [{ PartNumber: 3, ETag: one.ETag }]), 'NoSuchUpload', 404);
    const open = await client.send(new s3.ListMultipartUploadsCommand(B));
    expect(open.Uploads ?? []).toEqual([]);
  });
  test('of the whole object: CRC-64/NVME by itself, CRC-32 when asked', async () => {
    const id = await begin('multi/full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const one = await part('multi/full', id, 1, '123456789', { ChecksumAlgorithm: 'CRC32' });
    const made = await complete('multi/full', id, [{ PartNumber: 1, ETag: one.ETag }], { MpuObjectSize: 9 });
    expect([made.ChecksumCRC32, made.ChecksumType]).toEqual(['y/Q5Jg==', 'FULL_OBJECT']);
    const plain = make({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const { UploadId } = await plain.send(new s3.CreateMultipartUploadCommand({ ...B, Key: 'multi/plain' }));
    const p = await plain.send(
      new s3.UploadPartCommand({ ...B, Key: 'multi/plain', UploadId, PartNumber: 1, Body: '123456789' }),
    );
    const done = await plain.send(
      new s3.CompleteMultipartUploadCommand({
        ...B,
        Key: 'multi/plain',
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: p.ETag }] },
      }),
    );
    expect(done.ChecksumCRC64NVME).toBe('rosUhgp5mIg=');
  });
  test('what a completion may not say', async () => {
    const Key = 'multi/bad';
    const id = await begin(Key);
    const one = await part(Key, id, 1, 'small');
    const two = await part(Key, id, 2, 'last');
    const [a, b] = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await refuses(complete(Key, id, [a, b]), 'EntityTooSmall', 400);
    await refuses(complete(Key, id, [b, a]), 'InvalidPartOrder', 400);
    await refuses(complete(Key, id, [a, a]), 'InvalidPartOrder', 400);
    await refuses(complete(Key, id, [{ ...a, ETag: two.ETag }]), 'InvalidPart', 400);
    await refuses(complete(Key, id, [a, { ...b, PartNumber: 3 }]), 'InvalidPart', 400);
    await refuses(complete(Key, id, []), 'MalformedXML', 400);
    await refuses(complete(Key, id, [{ PartNumber: 1 }]), 'MalformedXML', 400);
    await refuses(complete(Key, id, [a], { MpuObjectSize: 6 }), 'InvalidRequest', 400);
    await refuses(complete(Key, id, [a], { ChecksumCRC32: 'AAAAAA==' }), 'InvalidRequest', 400);
    await refuses(complete(Key, id, [a], { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }), 'BadDigest', 400);
    await put(Key, 'there');
    await refuses(complete(Key, id, [a], { IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    expect(await get(Key)).toBe('there');
    await complete(Key, id, [b], { IfMatch: `"${md5('there')}"` });
    expect(await get(Key)).toBe('last');
  });
  test('part numbers, ids, wrong checksums, abort', async () => {
    const Key = 'multi/wrong';
    const id = await begin(Key, { ChecksumAlgorithm: 'CRC32C' });
    await refuses(part(Key, id, 0, 'x', { ChecksumAlgorithm: 'CRC32C' }), 'InvalidArgument', 400);
    await refuses(part(Key, id, 10_001, 'x', { ChecksumAlgorithm: 'CRC32C' }), 'InvalidArgument', 400);
    await refuses(part(Key, id, 1, 'x', { ChecksumAlgorithm: 'SHA1' }), 'InvalidRequest', 400);
    await refuses(part(Key, 'f'.repeat(32), 1, 'x'), 'NoSuchUpload', 404);
    await refuses(part(Key, '../../etc', 1, 'x'), 'NoSuchUpload', 404);
    await refuses(part('multi/other', id, 1, 'x'), 'NoSuchUpload', 404);
    await part(Key, id, 1, 'x', { ChecksumAlgorithm: 'CRC32C' });
    await client.send(new s3.AbortMultipartUploadCommand({ ...B, Key, UploadId: id }));
    await refuses(client.send(new s3.ListPartsCommand({ ...B, Key, UploadId: id })), 'NoSuchUpload', 404);
    await refuses(
      begin('multi/x', { ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' }),
      'InvalidRequest',
      400,
    );
    await refuses(
      begin('multi/x', { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' }),
      'InvalidRequest',
      400,
    );
    expect(readdirSync(join(door.root, '.slicehouse-tmp/uploads'))).toEqual([]);
  });
  test('parts copied from objects', async () => {
    await put('source', Buffer.concat([MB5, Buffer.from('the tail')]));
    const id = await begin('multi/copied');
    const copy = (PartNumber: number, CopySourceRange?: string, more = {}) =>
      client.send(
        new s3.UploadPartCopyCommand({
          ...B,
          Key: 'multi/copied',
          UploadId: id,
          PartNumber,
          CopySource: 'lake/source',
          CopySourceRange,
          ...more,
        }),
      );
    const one = await copy(1, `bytes=0-${MB5.length - 1}`);
    const two = await copy(2, `bytes=${MB5.length + 4}-${MB5.length + 7}`);
    await refuses(copy(3, 'bytes=0-99999999'), 'InvalidArgument', 400);
    await refuses(copy(3, 'bytes=5-'), 'InvalidArgument', 400);
    await refuses(copy(3, undefined, { CopySourceIfMatch: '"no"' }), 'PreconditionFailed', 412);
    await complete('multi/copied', id, [
      { PartNumber: 1, ETag: one.CopyPartResult!.ETag },
      { PartNumber: 2, ETag: two.CopyPartResult!.ETag },
    ]);
    expect((await get('multi/copied')).slice(-6)).toBe('aatail');
  });
  test('uploads are listed with delimiter, in pages', async () => {
    const ids: string[] = [];
    for (const key of ['up/a', 'up/b/1', 'up/b/2', 'up/c']) ids.push(await begin(key));
    const list = (more: object) => client.send(new s3.ListMultipartUploadsCommand({ ...B, Prefix: 'up/', ...more }));
    const folded = await list({ Delimiter: '/' });
    expect(folded.Uploads!.map((u) => u.Key)).toEqual(['up/a', 'up/c']);
    expect(folded.CommonPrefixes).toEqual([{ Prefix: 'up/b/' }]);
    const first = await list({ MaxUploads: 3 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'up/b/2', NextUploadIdMarker: ids[2] });
    const rest = await list({ KeyMarker: 'up/b/2', UploadIdMarker: ids[2] });
    expect(rest.Uploads!.map((u) => u.UploadId)).toEqual([ids[3]]);
  });
});

describe('buckets', () => {
  test('regions', async () => {
    const west = make({ region: 'eu-west-1' });
    const config = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } };
    await west.send(new s3.CreateBucketCommand({ Bucket: 'west', ...config }));
    expect(await client.send(new s3.GetBucketLocationCommand({ Bucket: 'west' }))).toMatchObject({
      LocationConstraint: 'eu-west-1',
    });
    expect((await client.send(new s3.GetBucketLocationCommand(B))).LocationConstraint).toBeUndefined();
    expect((await client.send(new s3.HeadBucketCommand({ Bucket: 'west' }))).BucketRegion).toBe('eu-west-1');
    await refuses(
      west.send(new s3.CreateBucketCommand({ Bucket: 'west', ...config })),
      'BucketAlreadyOwnedByYou',
      409,
    );
    await client.send(new s3.CreateBucketCommand(B));
    const bad = (region: string) =>
      new s3.CreateBucketCommand({
        Bucket: 'bad',
        CreateBucketConfiguration: { LocationConstraint: region as 'EU' },
      });
    await refuses(west.send(bad('us-west-2')), 'IllegalLocationConstraintException', 400);
    await refuses(client.send(bad('mars')), 'InvalidLocationConstraint', 400);
    const { Buckets } = await client.send(new s3.ListBucketsCommand({ BucketRegion: 'eu-west-1' }));
    expect(Buckets!.map((b) => [b.Name, b.BucketRegion])).toEqual([['west', 'eu-west-1']]);
  });
  test('names, deletion, listing in pages', async () => {
    for (const name of ['UPPER', 'a_b', '1.2.3.4', 'xn--x', 'a..b', 'end-', 'x-s3alias'])
      await refuses(client.send(new s3.CreateBucketCommand({ Bucket: name })), 'InvalidBucketName', 400);
    await client.send(new s3.CreateBucketCommand({ Bucket: 'gone' }));
    await client.send(new s3.PutObjectCommand({ Bucket: 'gone', Key: 'a//b', Body: 'x' }));
    await refuses(client.send(new s3.DeleteBucketCommand({ Bucket: 'gone' })), 'BucketNotEmpty', 409);
    await client.send(new s3.DeleteObjectCommand({ Bucket: 'gone', Key: 'a//b' }));
    await client.send(new s3.CreateMultipartUploadCommand({ Bucket: 'gone', Key: 'open' }));
    await client.send(new s3.DeleteBucketCommand({ Bucket: 'gone' }));
    await refuses(client.send(new s3.DeleteBucketCommand({ Bucket: 'gone' })), 'NoSuchBucket', 404);
    await refuses(client.send(new s3.HeadBucketCommand({ Bucket: 'gone' })), 'NotFound', 404);
    const first = await client.send(new s3.ListBucketsCommand({ MaxBuckets: 1 }));
    expect(first.Buckets!.map((b) => b.Name)).toEqual(['lake']);
    const rest = await client.send(new s3.ListBucketsCommand({ ContinuationToken: first.ContinuationToken }));
    expect(rest.Buckets!.map((b) => b.Name)).toContain('west');
  });
  test('tags of buckets and objects', async () => {
    await refuses(client.send(new s3.GetBucketTaggingCommand(B)), 'NoSuchTagSet', 404);
    const TagSet = [{ Key: 'k', Value: 'v & <w>' }];
    await client.send(new s3.PutBucketTaggingCommand({ ...B, Tagging: { TagSet } }));
    expect((await client.send(new s3.GetBucketTaggingCommand(B))).TagSet).toEqual(TagSet);
    await client.send(new s3.DeleteBucketTaggingCommand(B));
    await refuses(client.send(new s3.GetBucketTaggingCommand(B)), 'NoSuchTagSet', 404);
    for (const Key of ['tagged', 'tagged//odd']) {
      await put(Key, 'x');
      await client.send(new s3.PutObjectTaggingCommand({ ...B, Key, Tagging: { TagSet } }));
      expect((await client.send(new s3.GetObjectTaggingCommand({ ...B, Key }))).TagSet).toEqual(TagSet);
      await client.send(new s3.DeleteObjectTaggingCommand({ ...B, Key }));
      expect((await client.send(new s3.GetObjectTaggingCommand({ ...B, Key }))).TagSet).toEqual([]);
      expect(await get(Key)).toBe('x');
    }
    const tag = (set: s3.Tag[]) =>
      client.send(new s3.PutObjectTaggingCommand({ ...B, Key: 'tagged', Tagging: { TagSet: set } }));
    await refuses(tag([TagSet[0]!, TagSet[0]!]), 'InvalidTag', 400);
    await refuses(tag(Array.from({ length: 11 }, (_, i) => ({ Key: `${i}`, Value: '' }))), 'BadRequest', 400);
    await refuses(tag([{ Key: 'aws:x', Value: '' }]), 'InvalidTag', 400);
  });
  test('ACLs are off until the bucket lets them act', async () => {
    const acl = (ACL: s3.ObjectCannedACL) => client.send(new s3.PutObjectAclCommand({ ...B, Key: 'acl', ACL }));
    await put('acl', 'x', { ACL: 'bucket-owner-full-control' });
    await refuses(put('acl2', 'x', { ACL: 'public-read' }), 'AccessControlListNotSupported', 400);
    await refuses(acl('public-read'), 'AccessControlListNotSupported', 400);
    const { OwnershipControls } = await client.send(new s3.GetBucketOwnershipControlsCommand(B));
    expect(OwnershipControls!.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    await client.send(
      new s3.PutBucketOwnershipControlsCommand({
        ...B,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
      }),
    );
    await refuses(acl('public-read'), 'AccessDenied', 403);
    const { PublicAccessBlockConfiguration: blocks } = await client.send(new s3.GetPublicAccessBlockCommand(B));
    expect(blocks).toMatchObject({ BlockPublicAcls: true, RestrictPublicBuckets: true });
    await client.send(new s3.DeletePublicAccessBlockCommand(B));
    await refuses(client.send(new s3.GetPublicAccessBlockCommand(B)), 'NoSuchPublicAccessBlockConfiguration', 404);
    const open = `${door.url}/lake/acl`;
    expect((await fetch(open)).status).toBe(403);
    await acl('public-read');
    expect(
      (await client.send(new s3.GetObjectAclCommand({ ...B, Key: 'acl' }))).Grants!.map((g) => g.Permission),
    ).toEqual(['FULL_CONTROL', 'READ']);
    expect(await (await fetch(open)).text()).toBe('x');
    expect((await fetch(open, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(`${door.url}/lake`)).status).toBe(403);
    await client.send(new s3.PutBucketAclCommand({ ...B, ACL: 'public-read' }));
    expect((await fetch(`${door.url}/lake`)).status).toBe(200);
    await client.send(new s3.PutBucketAclCommand({ ...B, ACL: 'private' }));
    expect((await client.send(new s3.GetBucketAclCommand(B))).Grants).toHaveLength(1);
    await client.send(
      new s3.PutPublicAccessBlockCommand({ ...B, PublicAccessBlockConfiguration: { IgnorePublicAcls: true } }),
    );
    expect((await fetch(open)).status).toBe(403);
    await client.send(new s3.DeleteBucketOwnershipControlsCommand(B));
  });
  test('policies let read and list, and forbid', async () => {
    const P = { Bucket: 'policies' };
    await client.send(new s3.CreateBucketCommand(P));
    await client.send(new s3.PutObjectCommand({ ...P, Key: 'open/a', Body: 'a' }));
    await client.send(new s3.PutObjectCommand({ ...P, Key: 'shut/a', Body: 'a' }));
    await refuses(client.send(new s3.GetBucketPolicyCommand(P)), 'NoSuchBucketPolicy', 404);
    const allow = {
      Effect: 'Allow',
      Principal: '*',
      Action: ['s3:GetObject'],
      Resource: 'arn:aws:s3:::policies/open/*',
    };
    const list = {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::policies',
      Condition: { StringLike: { 's3:prefix': 'open/*' } },
    };
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:Get*', Resource: 'arn:aws:s3:::policies/shut/*' };
    const set = (...Statement: object[]) =>
      client.send(
        new s3.PutBucketPolicyCommand({ ...P, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
      );
    await refuses(set(allow), 'AccessDenied', 403);
    await client.send(new s3.DeletePublicAccessBlockCommand(P));
    await set(allow, list, deny);
    expect((await client.send(new s3.GetBucketPolicyStatusCommand(P))).PolicyStatus).toEqual({ IsPublic: true });
    expect(JSON.parse((await client.send(new s3.GetBucketPolicyCommand(P))).Policy!)).toMatchObject({
      Statement: [allow, list, deny],
    });
    expect(await (await fetch(`${door.url}/policies/open/a`)).text()).toBe('a');
    expect((await fetch(`${door.url}/policies/shut/a`)).status).toBe(403);
    expect((await fetch(`${door.url}/policies?prefix=open/`)).status).toBe(200);
    expect((await fetch(`${door.url}/policies`)).status).toBe(403);
    expect((await fetch(`${door.url}/policies/open/none`)).status).toBe(403);
    // A Deny binds the owner too.
    await refuses(client.send(new s3.GetObjectCommand({ ...P, Key: 'shut/a' })), 'AccessDenied', 403);
    const copy = new s3.CopyObjectCommand({ ...B, Key: 'stolen', CopySource: 'policies/shut/a' });
    await refuses(client.send(copy), 'AccessDenied', 403);
    await refuses(set({ ...allow, Resource: 'arn:aws:s3:::other/*' }), 'MalformedPolicy', 400);
    await refuses(set({ ...allow, Effect: 'Maybe' }), 'MalformedPolicy', 400);
    for (const Condition of [
      { DateLessThan: { 'aws:CurrentTime': 'x' } },
      { StringEquals: { 's3:Mood': 'good' } },
      { Resembles: { 's3:prefix': 'x' } },
    ])
      await refuses(set({ ...allow, Condition }), 'MalformedPolicy', 400);
    await client.send(new s3.DeleteBucketPolicyCommand(P));
    expect((await fetch(`${door.url}/policies/open/a`)).status).toBe(403);
  });
  test('objects are encrypted as their writer says, else as the bucket does', async () => {
    const K = { Bucket: 'keyed' };
    await client.send(new s3.CreateBucketCommand(K));
    const rules = async (): Promise<unknown> =>
      (await client.send(new s3.GetBucketEncryptionCommand(K))).ServerSideEncryptionConfiguration!.Rules;
    const set = (by: s3.ServerSideEncryptionByDefault, BucketKeyEnabled?: boolean): Promise<unknown> =>
      client.send(
        new s3.PutBucketEncryptionCommand({
          ...K,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled }],
          },
        }),
      );
    const SSE_S3 = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }];
    expect(await rules()).toEqual(SSE_S3);
    const arn = 'arn:aws:kms:us-east-1:000000000000:key/one';
    await set({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn }, true);
    expect(await rules()).toEqual([
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn },
        BucketKeyEnabled: true,
      },
    ]);
    const said = async (Key: string): Promise<unknown[]> => {
      const h = await client.send(new s3.HeadObjectCommand({ ...K, Key }));
      const g = await client.send(new s3.GetObjectCommand({ ...K, Key }));
      expect([g.ServerSideEncryption, g.SSEKMSKeyId]).toEqual([h.ServerSideEncryption, h.SSEKMSKeyId]);
      return [h.ServerSideEncryption, h.SSEKMSKeyId, h.BucketKeyEnabled];
    };
    const write = (Key: string, more: Partial<s3.PutObjectCommandInput> = {}) =>
      client.send(new s3.PutObjectCommand({ ...K, Key, Body: Key, ...more }));
    expect(await write('default')).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn });
    expect(await said('default')).toEqual(['aws:kms', arn, true]);
    await write('plain', { ServerSideEncryption: 'AES256' });
    expect(await said('plain')).toEqual(['AES256', undefined, undefined]);
    const id = '1234abcd-12ab-34cd-56ef-1234567890ab';
    await write('own', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: id });
    expect(await said('own')).toEqual(['aws:kms', `arn:aws:kms:us-east-1:000000000000:key/${id}`, undefined]);
    // The key that KMS keeps for S3: always the same one.
    await write('managed', { ServerSideEncryption: 'aws:kms' });
    const [, managed] = await said('managed');
    expect(managed).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f]{8}-/);
    await write('managed2', { ServerSideEncryption: 'aws:kms:dsse' });
    expect(await said('managed2')).toEqual(['aws:kms:dsse', managed, undefined]);
    // Copies and uploads in parts, too; a copy's encryption is its own.
    await client.send(new s3.CopyObjectCommand({ ...K, Key: 'copy', CopySource: 'keyed/own' }));
    expect(await said('copy')).toEqual(['aws:kms', arn, true]);
    await client.send(
      new s3.CopyObjectCommand({ ...K, Key: 'own', CopySource: 'keyed/own', ServerSideEncryption: 'AES256' }),
    );
    expect(await said('own')).toEqual(['AES256', undefined, undefined]);
    const { UploadId, ...begun } = await client.send(
      new s3.CreateMultipartUploadCommand({ ...K, Key: 'parts', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: id }),
    );
    expect(begun.SSEKMSKeyId).toContain(id);
    const part = { ...K, Key: 'parts', UploadId };
    const { ETag, ...sent } = await client.send(new s3.UploadPartCommand({ ...part, PartNumber: 1, Body: 'x' }));
    expect(sent.ServerSideEncryption).toBe('aws:kms');
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    const done = await client.send(new s3.CompleteMultipartUploadCommand({ ...part, MultipartUpload }));
    expect(done.SSEKMSKeyId).toContain(id);
    expect(await said('parts')).toEqual(['aws:kms', `arn:aws:kms:us-east-1:000000000000:key/${id}`, undefined]);
    await client.send(new s3.DeleteBucketEncryptionCommand(K));
    expect(await rules()).toEqual(SSE_S3);
    await write('after');
    expect(await said('after')).toEqual(['AES256', undefined, undefined]);
    expect(await said('default')).toEqual(['aws:kms', arn, true]);
    // What S3 refuses.
    await refuses(write('no', { SSEKMSKeyId: id }), 'InvalidArgument', 400);
    await refuses(write('no', { ServerSideEncryption: 'AES256', SSEKMSKeyId: id }), 'InvalidArgument', 400);
    await refuses(write('no', { ServerSideEncryption: 'rot13' as 'AES256' }), 'InvalidArgument', 400);
    await refuses(write('no', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'k' }), 'KMS.NotFoundException', 400);
    await refuses(set({ SSEAlgorithm: 'AES256', KMSMasterKeyID: arn }), 'InvalidArgument', 400);
    await refuses(set({ SSEAlgorithm: 'rot13' as 'AES256' }), 'MalformedXML', 400);
    const customer = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32).toString('base64') };
    await refuses(write('no', customer), 'NotImplemented', 501);
    const get = await fetch(`${door.url}/keyed/after`, { headers: { 'x-amz-server-side-encryption': 'AES256' } });
    expect(get.status).toBe(403);
  });
  test('whose bucket it is', async () => {
    expect(await client.send(new s3.HeadBucketCommand({ ...B, ExpectedBucketOwner: '000000000000' }))).toBeDefined();
    await put('own', 'x');
    await refuses(get('own', { ExpectedBucketOwner: '111111111111' }), 'AccessDenied', 403);
  });
  test.for([
    () => new s3.GetBucketLifecycleConfigurationCommand(B),
    () => new s3.GetBucketCorsCommand(B),
    () => new s3.GetBucketWebsiteCommand(B),
    () => new s3.GetBucketReplicationCommand(B),
    () => new s3.GetBucketNotificationConfigurationCommand(B),
    () => new s3.GetObjectLegalHoldCommand({ ...B, Key: 'x' }),
    () => new s3.RestoreObjectCommand({ ...B, Key: 'x' }),
    () => new s3.PutObjectCommand({ ...B, Key: 'x', Body: 'x', ObjectLockMode: 'GOVERNANCE' }),
    () => new s3.PutObjectCommand({ ...B, Key: 'x', Body: 'x', GrantRead: 'id=1' }),
  ])('what is not served is NotImplemented (%#)', (command) =>
    refuses(client.send(command() as s3.GetBucketCorsCommand), 'NotImplemented', 501),
  );
});

describe('signatures', () => {
  test('wrong keys, unsigned requests, other styles', async () => {
    await put('signed', 'x');
    const other = make({ credentials: { accessKeyId: KEY_ID, secretAccessKey: 'wrong' } });
    await refuses(other.send(new s3.GetObjectCommand({ ...B, Key: 'signed' })), 'SignatureDoesNotMatch', 403);
    const unknown = make({ credentials: { accessKeyId: 'AKIDNOBODY', secretAccessKey: 'x' } });
    await refuses(unknown.send(new s3.ListBucketsCommand({})), 'InvalidAccessKeyId', 403);
    const late = make({ systemClockOffset: -3_600_000 });
    await refuses(late.send(new s3.PutObjectCommand({ ...B, Key: 'late', Body: 'x' })), 'RequestTimeTooSkewed', 403);
    for (const path of ['', '/lake', '/lake/signed']) expect((await fetch(door.url + path)).status).toBe(403);
    const path = make({ forcePathStyle: true });
    const got = await path.send(new s3.GetObjectCommand({ ...B, Key: 'signed' }));
    expect(await got.Body!.transformToString()).toBe('x');
  });
  test('presigned URLs, with overrides of the answer, until they end', async () => {
    await put('pre/sü gned', 'presigned body');
    const command = new s3.GetObjectCommand({
      ...B,
      Key: 'pre/sü gned',
      ResponseContentType: 'text/x-own',
      ResponseContentDisposition: 'attachment; filename="o.txt"',
      ResponseCacheControl: 'no-store',
    });
    const url = await getSignedUrl(client, command, { expiresIn: 60 });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, 'presigned body']);
    expect(answer.headers.get('content-type')).toBe('text/x-own');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="o.txt"');
    expect((await fetch(url.replace('text%2Fx-own', 'text%2Fhtml'))).status).toBe(403);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    const old = new Date(Date.now() - 120_000);
    const ended = await fetch(await getSignedUrl(client, command, { expiresIn: 60, signingDate: old }));
    expect([ended.status, await ended.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
    const up = await getSignedUrl(client, new s3.PutObjectCommand({ ...B, Key: 'pre/up' }), { expiresIn: 60 });
    expect((await fetch(up, { method: 'PUT', body: 'sent' })).status).toBe(200);
    expect(await get('pre/up')).toBe('sent');
  });
  test('bodies signed in chunks, with a signed trailer', async () => {
    const send = async (tamper: (body: string) => string, trailer: boolean): Promise<[number, string]> => {
      const amzDate = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
      const scope = `${amzDate.slice(0, 8)}/us-east-1/s3/aws4_request`;
      const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
      const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
      const key = scope.split('/').reduce<string | Buffer>((k, part) => hmac(k, part), `AWS4${SECRET}`) as Buffer;
      const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`;
      const headers: Record<string, string> = {
        'content-encoding': 'aws-chunked',
        host: `127.0.0.1:${door.port}`,
        'x-amz-content-sha256': payload,
        'x-amz-date': amzDate,
        'x-amz-decoded-content-length': '9',
        ...(trailer ? { 'x-amz-trailer': 'x-amz-checksum-crc32' } : {}),
      };
      const names = Object.keys(headers).sort();
      const request = [
        'PUT',
        '/lake/chunks',
        '',
        ...names.map((n) => `${n}:${headers[n]}`),
        '',
        names.join(';'),
        payload,
      ].join('\n');
      const string = (kind: string, ...rest: string[]): string => [kind, amzDate, scope, ...rest].join('\n');
      const seed = hmac(key, string('AWS4-HMAC-SHA256', sha(request))).toString('hex');
      let previous = seed;
      let body = '';
      for (const chunk of ['12345', '6789', '']) {
        previous = hmac(key, string('AWS4-HMAC-SHA256-PAYLOAD', previous, sha(''), sha(chunk))).toString('hex');
        body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}${chunk === '' ? '' : '\r\n'}`;
      }
      if (trailer) {
        const line = 'x-amz-checksum-crc32:y/Q5Jg==';
        const signature = hmac(key, string('AWS4-HMAC-SHA256-TRAILER', previous, sha(`${line}\n`))).toString('hex');
        body += `${line}\r\nx-amz-trailer-signature:${signature}\r\n`;
      }
      headers['authorization'] =
        `AWS4-HMAC-SHA256 Credential=${KEY_ID}/${scope},SignedHeaders=${names.join(';')},Signature=${seed}`;
      const answer = await fetch(`${door.url}/lake/chunks`, { method: 'PUT', headers, body: tamper(`${body}\r\n`) });
      return [answer.status, await answer.text()];
    };
    for (const trailer of [false, true]) {
      expect(await send((b) => b, trailer)).toEqual([200, '']);
      expect(await get('chunks')).toBe('123456789');
      const [status, text] = await send((b) => b.replace('12345', '12346'), trailer);
      expect([status, text]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
      const unsigned = await send((b) => b.replaceAll(/;chunk-signature=[0-9a-f]+/g, ''), trailer);
      expect(unsigned[0]).toBe(403);
    }
    const [status] = await send((b) => b.replace(/x-amz-trailer-signature:.*\r\n/, ''), true);
    expect(status).toBe(403);
    expect(await get('chunks')).toBe('123456789');
  });
});
