/**
 * POST of an HTML form with an object (presigned POST): fields, then the file. What the policy says is checked as S3 does:
 * its end, its conditions on every field, the size of the file; its signature when the server has keys. Called by s3.ts.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { systemClock } from '../common/clock.ts';
import { S3_FORM_BYTES_MAX, S3_OBJECT_BYTES_MAX } from '../common/limits.ts';
import type { Keys } from '../s3/authorize.ts';
import { CHECKSUMS } from '../s3/checksum.ts';
import { S3Error, invalidArgument } from '../s3/key-path.ts';
import { objectOptions, writtenHeaders } from './object-headers.ts';
import { accessDenied, notImplemented, type Call } from './s3-call.ts';
import { checkAcl } from './s3-objects.ts';
import { checkPolicySignature } from './signature.ts';
import { document, element } from './xml.ts';

interface Form {
  /** Names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Readable;
  readonly filename: string;
}
interface Bounds {
  readonly low: number;
  readonly high: number;
}
const malformed = (message: string): S3Error => new S3Error('MalformedPOSTRequest', 400, message);

export async function postObject(call: Call, keys: Keys): Promise<void> {
  try {
    await storeForm(call, keys);
  } catch (error) {
    // What is still to come is thrown away, not parsed.
    call.request.unpipe();
    throw error;
  }
}
async function storeForm(call: Call, keys: Keys): Promise<void> {
  const { fields, file, filename, failed } = await readForm(call);
  const get = (name: string): string | undefined => fields.get(name);
  const key = get('key')?.replaceAll('${filename}', filename);
  if (key === undefined || key === '')
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    );
  const bounds = checkPolicy(fields, { key, bucket: call.bucket }, keys);
  // Whoever has signed the form's policy sends it.
  const sender = get('policy') === undefined ? undefined : 'owner';
  if (!(await call.may('s3:PutObject', call.bucket, key, sender))) throw accessDenied();
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of fields) headers[name] = value;
  headers['x-amz-acl'] = get('acl');
  const tagging = get('tagging');
  if (tagging !== undefined) throw notImplemented('tagging');
  const options = objectOptions(headers, await call.store.settings(call.bucket));
  await checkAcl(call, options.acl);
  const sum = Object.keys(CHECKSUMS).find((a) => a !== 'md5' && fields.has(`x-amz-checksum-${a}`));
  const body = bounded(
    file,
    bounds,
    failed,
    sum === undefined ? undefined : { algorithm: sum, value: get(`x-amz-checksum-${sum}`)! },
  );
  const info = await call.store.put(call.bucket, key, body, { ...options, algorithm: sum });
  answer(call, fields, key, writtenHeaders(info));
}

/** Waits for the fields; the file is read by whoever stores it. */
async function readForm(call: Call): Promise<Form & { readonly failed: Promise<never> }> {
  const type = call.request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;.*boundary=/i.test(type))
    throw new S3Error('PreconditionFailed', 412, 'Bucket POST must be of the enclosure-type multipart/form-data', {
      Condition: 'Bucket POST must be of the enclosure-type multipart/form-data',
    });
  const { Busboy } = await import('@fastify/busboy');
  const fields = new Map<string, string>();
  let size = 0;
  const parser = new Busboy({
    headers: { ...call.request.headers, 'content-type': type },
    limits: { fieldSize: S3_FORM_BYTES_MAX, fieldNameSize: 256, fields: 200, files: 1, headerPairs: 20 },
    isPartAFile: (name) => name === 'file',
  });
  let reject = (_: unknown): void => undefined;
  const failed = new Promise<never>((_, no) => (reject = no));
  failed.catch(() => undefined);
  parser.on('error', () =>
    reject(malformed('The body of your POST request is not well-formed multipart/form-data.')),
  );
  call.request.once('aborted', () => reject(new S3Error('IncompleteBody', 400, 'The request body ended too early')));
  const found = new Promise<Form>((resolve) => {
    parser.on('field', (name, value, _, isCut) => {
      size += name.length + Buffer.byteLength(value);
      if (size > S3_FORM_BYTES_MAX || isCut === true)
        return reject(
          new S3Error(
            'MaxPostPreDataLengthExceeded',
            400,
            'Your POST request fields preceding the upload file were too large.',
          ),
        );
      fields.set(name.toLowerCase(), value);
    });
    let isThere = false;
    parser.on('file', (_, file, filename) => {
      isThere = true;
      resolve({ fields, file, filename: (filename ?? '').replace(/^.*[/\\]/s, '') });
    });
    parser.on('finish', () => {
      if (!isThere) reject(invalidArgument('POST requires exactly one file upload per request.'));
    });
  });
  call.request.pipe(parser);
  return { ...(await Promise.race([found, failed])), failed };
}

async function* bounded(
  file: Readable,
  { low, high }: Bounds,
  failed: Promise<never>,
  checksum: { readonly algorithm: string; readonly value: string } | undefined,
): AsyncGenerator<Uint8Array> {
  const sum = checksum && CHECKSUMS[checksum.algorithm]!.make();
  let size = 0;
  let broken: unknown;
  failed.catch((e: unknown) => {
    broken = e;
    file.destroy();
  });
  try {
    for await (const chunk of file as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > high)
        throw new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
          MaxSizeAllowed: String(high),
        });
      sum?.update(chunk);
      yield chunk;
    }
  } catch (error) {
    throw broken ?? error;
  }
  if (broken !== undefined) throw broken;
  if (size < low)
    throw new S3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(size),
      MinSizeAllowed: String(low),
    });
  if (sum !== undefined && sum.digest() !== checksum!.value)
    throw new S3Error(
      'BadDigest',
      400,
      `The ${checksum!.algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    );
}

/** Fields that need no condition. */
const FREE = /^(x-amz-signature|file|policy|x-ignore-.*|awsaccesskeyid|signature)$/;
function checkPolicy(
  fields: ReadonlyMap<string, string>,
  { key, bucket }: { readonly key: string; readonly bucket: string },
  keys: Keys,
): Bounds {
  const all: Bounds = { low: 0, high: S3_OBJECT_BYTES_MAX };
  const text = fields.get('policy');
  if (text === undefined) return all;
  checkPolicySignature(fields, text, keys);
  const bad = (why: string): S3Error => new S3Error('AccessDenied', 403, `Invalid according to Policy: ${why}`);
  let policy: { expiration?: unknown; conditions?: unknown };
  try {
    policy = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as typeof policy;
  } catch {
    throw new S3Error('InvalidPolicyDocument', 400, 'Invalid Policy: Invalid JSON.');
  }
  const end = typeof policy.expiration === 'string' ? Date.parse(policy.expiration) : NaN;
  if (Number.isNaN(end))
    throw new S3Error('InvalidPolicyDocument', 400, "Invalid Policy: Invalid 'expiration' value.");
  if (end < systemClock.nowMs()) throw bad('Policy expired.');
  if (!Array.isArray(policy.conditions))
    throw new S3Error('InvalidPolicyDocument', 400, "Invalid Policy: Invalid 'conditions' value: must be a List.");
  let bounds = all;
  const met = new Set<string>();
  const valueOf = (name: string): string =>
    name === 'bucket' ? bucket : name === 'key' ? key : (fields.get(name) ?? '');
  const one = (operator: string, name: string, wanted: string): void => {
    met.add(name);
    const ok = operator === 'eq' ? valueOf(name) === wanted : valueOf(name).startsWith(wanted);
    if (!ok) throw bad(`Policy Condition failed: ["${operator}", "$${name}", "${wanted}"]`);
  };
  for (const c of policy.conditions as readonly unknown[]) {
    if (Array.isArray(c)) {
      const [operator, name, value] = c as readonly unknown[];
      if (operator === 'content-length-range' && Number.isInteger(name) && Number.isInteger(value))
        bounds = { low: name as number, high: Math.min(value as number, all.high) };
      else if (
        (operator === 'eq' || operator === 'starts-with') &&
        typeof name === 'string' &&
        typeof value === 'string'
      )
        one(operator, name.replace(/^\$/, '').toLowerCase(), value);
      else throw new S3Error('InvalidPolicyDocument', 400, 'Invalid Policy: Invalid condition.');
    } else if (typeof c === 'object' && c !== null)
      for (const [name, value] of Object.entries(c)) one('eq', name.toLowerCase(), String(value));
    else throw new S3Error('InvalidPolicyDocument', 400, 'Invalid Policy: Invalid condition.');
  }
  const extra = [...fields.keys()].filter((n) => !met.has(n) && !FREE.test(n));
  if (extra.length > 0) throw bad(`Extra input fields: ${extra[0]}`);
  return bounds;
}

function answer(call: Call, fields: ReadonlyMap<string, string>, key: string, headers: Record<string, string>): void {
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  const host = call.request.headers.host ?? 'localhost';
  const location = `http://${host}/${call.bucket}/${encodeURIComponent(key)}`;
  if (redirect !== undefined && URL.canParse(redirect)) {
    const to = new URL(redirect);
    for (const [n, v] of [
      ['bucket', call.bucket],
      ['key', key],
      ['etag', headers['etag']!],
    ] as const)
      to.searchParams.append(n, v);
    call.response.writeHead(303, { location: to.href, 'content-length': 0, ...headers });
    call.response.end();
    return;
  }
  const status = fields.get('success_action_status');
  const xml =
    status === '201'
      ? document(
          'PostResponse',
          element('Location', location) +
            element('Bucket', call.bucket) +
            element('Key', key) +
            element('ETag', headers['etag']!),
        )
      : '';
  call.response.writeHead(status === '200' ? 200 : status === '201' ? 201 : 204, {
    ...headers,
    location,
    ...(xml === '' ? {} : { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml) }),
  });
  call.response.end(xml);
}
