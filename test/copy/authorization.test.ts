/** What COPY and UNLOAD are allowed: regions of buckets, the server's keys, policies of buckets. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as s3 from '@aws-sdk/client-s3';
import { AUTH, Lake, type Failure } from './cluster.ts';

const KEY_ID = 'AKIDSLICEHOUSETEST01';
const SECRET = 'secret/of+the=test';
const KEYS = `access_key_id '${KEY_ID}' secret_access_key '${SECRET}'`;
let lake: Lake;
const clientOf = (region: string): s3.S3Client =>
  new s3.S3Client({
    endpoint: lake.cluster.httpUrl,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: KEY_ID, secretAccessKey: SECRET },
  });
let client: s3.S3Client;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 1, slices: 2, region: 'eu-west-1', s3Keys: new Map([[KEY_ID, SECRET]]) });
  client = clientOf('eu-west-1');
  await lake.run('create table t (a int, b varchar(10))');
  lake.put('rows', '1|one\n2|two\n');
});
afterAll(async () => {
  client.destroy();
  await lake.close();
});
async function makeBucket(Bucket: string, region: string): Promise<void> {
  const own = clientOf(region);
  const constraint = { LocationConstraint: region as s3.BucketLocationConstraint };
  await own.send(
    new s3.CreateBucketCommand(
      region === 'us-east-1' ? { Bucket } : { Bucket, CreateBucketConfiguration: constraint },
    ),
  );
  own.destroy();
  await client.send(new s3.PutObjectCommand({ Bucket, Key: 'rows', Body: '1|one\n2|two\n' }));
}
const setPolicy = (Bucket: string, ...Statement: object[]): Promise<unknown> =>
  client.send(
    new s3.PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
const REDIRECTED =
  'S3ServiceException:The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.,Status 301,Error PermanentRedirect,';
const DENIED = 'S3ServiceException:Access Denied,Status 403,Error AccessDenied,';
async function refused(sql: string, message: string): Promise<Failure & { readonly hint?: string }> {
  const failure = await lake.fails(sql);
  expect(failure.code, sql).toBe('XX000');
  expect(failure.message.slice(0, message.length), sql).toBe(message);
  expect(failure.detail, sql).toMatch(/code: {6}8001/);
  return failure;
}

test('a bucket is reached in its own region', async () => {
  for (const region of ['us-east-1', 'eu-west-1', 'ap-south-1']) await makeBucket(`in-${region}`, region);
  for (const region of ['us-east-1', 'ap-south-1']) {
    const { hint, detail } = await refused(`copy t from 's3://in-${region}/rows' ${AUTH}`, REDIRECTED);
    expect(hint).toBe(`The bucket "in-${region}" is in region ${region}: say REGION '${region}'.`);
    expect(detail).toContain(`Listing bucket=in-${region} prefix=rows`);
    await refused(`copy t from 's3://in-${region}/rows' ${AUTH} region 'eu-west-1'`, REDIRECTED);
    await refused(`unload ('select * from t') to 's3://in-${region}/out_' ${AUTH}`, REDIRECTED);
    await lake.run(`copy t from 's3://in-${region}/rows' ${AUTH} region '${region}'`);
    await lake.run(`unload ('select * from t') to 's3://in-${region}/out_' ${AUTH} region as '${region}'`);
  }
  await refused(`copy t from 's3://in-eu-west-1/rows' ${AUTH} region 'us-east-1'`, REDIRECTED);
  await refused(`unload ('select * from t') to 's3://in-eu-west-1/no_' ${AUTH} region 'us-east-1'`, REDIRECTED);
  await lake.run(`copy t from 's3://in-eu-west-1/rows' ${AUTH}`);
  await lake.run(`unload ('select * from t') to 's3://in-eu-west-1/out_' ${AUTH}`);
  // Everything of one COPY is in one region: the manifest, and what it names.
  lake.put('manifest', JSON.stringify({ entries: [{ url: 's3://in-us-east-1/rows', mandatory: true }] }));
  await refused(`copy t from 's3://lake/manifest' ${AUTH} manifest`, REDIRECTED);
  await lake.run(`copy t from 's3://lake/manifest' ${AUTH} manifest region 'us-east-1'`);
  await refused(`copy t from 's3://in-us-east-1/rows' ${AUTH} ssh`, REDIRECTED);
  await refused(
    `copy t from 's3://in-us-east-1/' iam_role 'arn:aws:iam::123456789012:role/r' job create elsewhere`,
    REDIRECTED,
  );
  // A folder that was dropped in is in every region.
  for (const region of ['', `region 'us-east-1'`, `region 'ap-south-1'`])
    await lake.run(`copy t from 's3://lake/rows' ${AUTH} ${region}`);
  const head = await client.send(new s3.HeadBucketCommand({ Bucket: 'lake' }));
  expect(head.BucketRegion).toBe('eu-west-1');
});

test('a columnar file is named by its address in its region', async () => {
  lake.put('no.parquet', 'nothing of the kind');
  const { detail } = await lake.fails(`copy t from 's3://lake/no.parquet' ${AUTH} parquet`);
  expect(detail).toContain('https://s3.eu-west-1.amazonaws.com/lake/no.parquet');
});

test('keys are those of the server, when it has some', async () => {
  await lake.run(`copy t from 's3://lake/rows' ${KEYS}`);
  await lake.run(`unload ('select 1') to 's3://lake/keyed_' ${KEYS}`);
  const unknown = 'S3ServiceException:The AWS Access Key Id you provided does not exist in our records.,Status 403,';
  const mismatch =
    'S3ServiceException:The request signature we calculated does not match the signature you provided.';
  await refused(`copy t from 's3://lake/rows' access_key_id 'AKIDOTHER' secret_access_key '${SECRET}'`, unknown);
  await refused(`copy t from 's3://lake/rows' access_key_id '${KEY_ID}' secret_access_key 'wrong'`, mismatch);
  await refused(
    `copy t from 's3://lake/rows' credentials 'aws_access_key_id=${KEY_ID};aws_secret_access_key=wrong'`,
    mismatch,
  );
  await refused(
    `unload ('select 1') to 's3://lake/no_' access_key_id '${KEY_ID}' secret_access_key 'wrong'`,
    mismatch,
  );
  await refused(
    `copy t from 's3://lake/rows' ${KEYS} session_token 'token'`,
    'S3ServiceException:The provided token is malformed or otherwise invalid.,Status 400,Error InvalidToken,',
  );
  expect(lake.keys('no_')).toEqual([]);
});

test('policies of a bucket act on loads and unloads', async () => {
  const Bucket = 'governed';
  await makeBucket(Bucket, 'eu-west-1');
  for (const Key of ['in/a', 'in/b', 'secret/a', 'manifest'])
    await client.send(
      new s3.PutObjectCommand({
        Bucket,
        Key,
        Body: Key === 'manifest' ? JSON.stringify({ entries: [{ url: `s3://${Bucket}/secret/a` }] }) : '1|one\n',
      }),
    );
  const deny = (more: object) => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    ...more,
  });
  const copy = (prefix: string, more = '', who = AUTH): string =>
    `copy t from 's3://${Bucket}/${prefix}' ${who} ${more}`;
  const unload = (prefix: string, more = '', who = AUTH): string =>
    `unload ('select 1') to 's3://${Bucket}/${prefix}' ${who} ${more}`;

  // Listing only below a prefix.
  await setPolicy(Bucket, deny({ Action: 's3:ListBucket', Condition: { StringNotLike: { 's3:prefix': 'in/*' } } }));
  await lake.run(copy('in/'));
  await refused(copy('secret/'), DENIED);
  await lake.run(copy('manifest', 'manifest'));

  // Reading of what lies below one, by whoever is not named.
  const other = `iam_role 'arn:aws:iam::123456789012:role/auditor'`;
  const { Principal: _, ...nobody } = deny({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/secret/*` });
  await setPolicy(Bucket, { ...nobody, NotPrincipal: { AWS: 'arn:aws:iam::123456789012:role/auditor' } });
  await lake.run(copy('in/'));
  expect((await refused(copy('secret/'), DENIED)).detail).toContain(`S3 key being read : s3://${Bucket}/secret/a`);
  await refused(copy('manifest', 'manifest'), DENIED);
  await refused(copy('secret/', '', KEYS), DENIED);
  await refused(copy('secret/', '', 'iam_role default'), DENIED);
  await lake.run(copy('secret/', '', other));

  // The default role by its ARN, and whole accounts.
  const role = String(await lake.value('select default_iam_role()'));
  await setPolicy(Bucket, deny({ Principal: { AWS: role } }));
  await refused(copy('in/', '', 'iam_role default'), DENIED);
  await lake.run(copy('in/'));
  await setPolicy(Bucket, deny({ Condition: { StringNotEquals: { 'aws:PrincipalAccount': '000000000000' } } }));
  await refused(copy('in/'), DENIED);
  await lake.run(copy('in/', '', 'iam_role default'));

  // Writing: all but some actions, how it is encrypted, and which keys come out.
  await setPolicy(Bucket, {
    ...nobody,
    Principal: '*',
    Action: undefined,
    NotAction: ['s3:Get*', 's3:List*', 's3:PutBucketPolicy'],
    Resource: `arn:aws:s3:::${Bucket}/*`,
  });
  await lake.run(copy('in/'));
  await refused(unload('out/'), DENIED);
  await setPolicy(
    Bucket,
    deny({
      Action: 's3:PutObject',
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
    }),
  );
  await refused(unload('out/'), DENIED);
  await lake.run(unload('out/', `kms_key_id 'alias/one' encrypted`));
  await setPolicy(Bucket, deny({ Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*manifest` }));
  await lake.run(unload('plain_'));
  await refused(unload('listed_', 'manifest'), DENIED);
  const { KeyCount } = await client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: 'listed_' }));
  expect(KeyCount).toBe(0);
  await setPolicy(Bucket, deny({ Action: 's3:DeleteObject' }));
  await refused(unload('plain_', 'cleanpath'), DENIED);
  await lake.run(unload('plain_', 'allowoverwrite'));

  // Address, time, transport, tags.
  await setPolicy(Bucket, deny({ Condition: { NotIpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::1/128'] } } }));
  await lake.run(copy('in/'));
  await setPolicy(Bucket, deny({ Action: 's3:GetObject', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }));
  await lake.run(copy('in/'));
  await setPolicy(
    Bucket,
    deny({ Action: 's3:GetObject', Condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } }),
  );
  await refused(copy('in/'), DENIED);
  const tagged = { Bucket, Key: 'in/b', Tagging: { TagSet: [{ Key: 'stage', Value: 'draft' }] } };
  await client.send(new s3.PutObjectTaggingCommand(tagged));
  await setPolicy(
    Bucket,
    deny({ Action: 's3:GetObject', Condition: { StringEquals: { 's3:ExistingObjectTag/stage': 'draft' } } }),
  );
  await lake.run(copy('in/a'));
  expect((await refused(copy('in/'), DENIED)).detail).toContain(`S3 key being read : s3://${Bucket}/in/b`);

  await expect(setPolicy(Bucket, deny({ Condition: { StringEquals: { 's3:Mood': 'good' } } }))).rejects.toMatchObject(
    {
      name: 'MalformedPolicy',
      message: 'Policy has an invalid condition key: s3:Mood',
      $metadata: { httpStatusCode: 400 },
    },
  );
});
