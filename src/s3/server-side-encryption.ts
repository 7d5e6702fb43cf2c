/**
 * Encryption on the server's side, as far as anybody can see it: what an object says of it. Nothing is encrypted here: the bytes
 * lie as they came, as they would be read there. S3 encrypts every object, by its own keys (SSE-S3) or one of KMS. A request
 * that says nothing gets its bucket's default. Used by the store in folders, the HTTP door and UNLOAD.
 */
import { createHash } from 'node:crypto';
import { ACCOUNT, DEFAULT_REGION } from '../common/account.ts';
import { S3Error, invalidArgument } from './key-path.ts';

export const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;
export interface ServerSideEncryption {
  readonly algorithm: (typeof ALGORITHMS)[number];
  /** Of KMS: id, ARN or alias; undefined: the key that KMS keeps for S3. */
  readonly key?: string | undefined;
  readonly bucketKey?: boolean | undefined;
}
/** What every bucket does that was told nothing else. */
export const SSE_S3: ServerSideEncryption = { algorithm: 'AES256' };
const HEADER = 'x-amz-server-side-encryption';
export const ENCRYPTION_HEADERS = [HEADER, `${HEADER}-aws-kms-key-id`, `${HEADER}-bucket-key-enabled`] as const;

const isKms = (algorithm: string): boolean => algorithm.startsWith('aws:kms');
const ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i;
const NAME = /^(?:alias\/[\w/-]+|arn:aws[\w-]*:kms:[\w-]+:\d{12}:(?:key|alias)\/[\w/-]+)$/;
/** Whether it is written as keys of KMS are; whether there is such a key nobody here knows. */
export const isKmsKey = (key: string): boolean => ID.test(key) || NAME.test(key);
function checkKmsKey(key: string): void {
  if (!isKmsKey(key)) throw new S3Error('KMS.NotFoundException', 400, `Invalid keyId '${key}'`);
}
/** The key as answers name it; what an alias stands for nobody here knows. */
function arnOf(key: string | undefined, region: string = DEFAULT_REGION): string {
  if (key !== undefined && !ID.test(key)) return key;
  return `arn:aws:kms:${region}:${ACCOUNT}:key/${key ?? managedKey(region)}`;
}
/** Each account has one for each region, which KMS makes up. */
function managedKey(region: string): string {
  const hex = createHash('sha256').update(`${ACCOUNT} ${region} aws/s3`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What a request's headers ask for; undefined: nothing. */
export function askedEncryption(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): ServerSideEncryption | undefined {
  const [algorithm, key, bucketKey] = ENCRYPTION_HEADERS.map((h) => headers[h] as string | undefined);
  if (algorithm !== undefined && !ALGORITHMS.includes(algorithm as ServerSideEncryption['algorithm']))
    throw invalidArgument('The encryption method specified is not supported');
  if (key !== undefined && (algorithm === undefined || !isKms(algorithm)))
    throw invalidArgument(`Server Side Encryption with AWS KMS managed key requires HTTP header ${HEADER} : aws:kms`);
  if (key !== undefined) checkKmsKey(key);
  return algorithm === undefined
    ? undefined
    : {
        algorithm: algorithm as ServerSideEncryption['algorithm'],
        key,
        bucketKey: bucketKey?.toLowerCase() === 'true',
      };
}
export function headersOf({ algorithm, key, bucketKey }: ServerSideEncryption = SSE_S3): Record<string, string> {
  return {
    [HEADER]: algorithm,
    ...(key === undefined ? {} : { [`${HEADER}-aws-kms-key-id`]: key }),
    ...(bucketKey === true ? { [`${HEADER}-bucket-key-enabled`]: 'true' } : {}),
  };
}
/** The headers an object of a bucket keeps and its answers have. */
export function encryptionHeaders(
  asked: ServerSideEncryption | undefined,
  bucket: { readonly encryption?: ServerSideEncryption | undefined; readonly region?: string | undefined },
): Record<string, string> {
  const encryption = asked ?? bucket.encryption ?? SSE_S3;
  return headersOf(
    isKms(encryption.algorithm) ? { ...encryption, key: arnOf(encryption.key, bucket.region) } : SSE_S3,
  );
}
/** Of what headers say of an object; SSE-S3 where they say nothing. */
export const encryptionOf = (headers: Readonly<Record<string, string>> | undefined): Record<string, string> => ({
  [HEADER]: 'AES256',
  ...Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.startsWith(HEADER))),
});
