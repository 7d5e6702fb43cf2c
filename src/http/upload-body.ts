/**
 * The body of an upload, verified while it streams: length, Content-MD5, x-amz-checksum-* as a header or as a trailer of
 * aws-chunked, and the payload's hash of the signature. What does not fit ends the stream with an error at its end, before
 * anything is put in place. An algorithm nobody knows is refused at once. Called by s3.ts.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { S3_OBJECT_BYTES_MAX } from '../common/limits.ts';
import { CHECKSUMS, type Checksum } from '../s3/checksum.ts';
import { S3Error } from '../s3/key-path.ts';
import { decodeAwsChunked, type ChunkCheck } from './aws-chunked.ts';

interface Expected {
  readonly algorithm: string;
  readonly checksum: Checksum;
  /** Base64; undefined: comes as a trailer. */
  readonly value: string | undefined;
  readonly code: string;
  /** A header or trailer x-amz-checksum-*. */
  readonly kept: boolean;
}

const invalid = (message: string): S3Error => new S3Error('InvalidRequest', 400, message);
const PREFIX = 'x-amz-checksum-';
/** Headers of that prefix that carry no value. */
export const NO_VALUE = ['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type'];

function expect(algorithm: string, value: string | undefined, kept: boolean, code = 'BadDigest'): Expected {
  const known = CHECKSUMS[algorithm];
  if (known === undefined || (algorithm === 'md5' && code !== 'BadDigest')) {
    throw invalid(`The checksum algorithm ${algorithm} is not supported`);
  }
  if (value !== undefined) checkForm(algorithm, value);
  return { algorithm, checksum: known.make(), value, code, kept };
}
function checkForm(algorithm: string, value: string): void {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === CHECKSUMS[algorithm]!.bytes && bytes.toString('base64') === value) return;
  if (algorithm === 'md5') throw new S3Error('InvalidDigest', 400, 'The Content-MD5 you specified was invalid');
  throw invalid(`Value for ${PREFIX}${algorithm} is invalid`);
}

function expectations(headers: IncomingHttpHeaders): readonly Expected[] {
  const out: Expected[] = [];
  const md5 = headers['content-md5'];
  if (md5 !== undefined) out.push(expect('md5', String(md5), false));
  const hash = String(headers['x-amz-content-sha256'] ?? '');
  if (/^[0-9a-f]{64}$/i.test(hash)) {
    out.push(expect('sha256', Buffer.from(hash, 'hex').toString('base64'), false, 'XAmzContentSHA256Mismatch'));
  }
  const named = (name: string): string => {
    const algorithm = name.slice(PREFIX.length);
    if (algorithm === 'md5') throw invalid(`The checksum algorithm ${algorithm} is not supported`);
    return algorithm;
  };
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(PREFIX) && !NO_VALUE.includes(name)) out.push(expect(named(name), String(value), true));
  }
  for (const name of trailerNames(headers)) {
    if (!name.startsWith(PREFIX)) throw invalid(`The trailer ${name} is not supported`);
    out.push(expect(named(name), undefined, true));
  }
  return out;
}
const trailerNames = (headers: IncomingHttpHeaders): string[] =>
  String(headers['x-amz-trailer'] ?? '')
    .toLowerCase()
    .split(',')
    .map((n) => n.trim())
    .filter((n) => n !== '');

export interface UploadBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** The checksum that the client sends along, which is kept with the object. */
  readonly algorithm: string | undefined;
}
/** Throws at once for what can be told by the headers. `bytesMax` bounds what is taken. */
export function uploadBody(
  request: IncomingMessage,
  { bytesMax = S3_OBJECT_BYTES_MAX, chunks }: { bytesMax?: number; chunks?: ChunkCheck | undefined } = {},
): UploadBody {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    throw new S3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  const expected = expectations(headers);
  const encoding = String(headers['content-encoding'] ?? '');
  const chunked =
    encoding.split(',').some((e) => e.trim() === 'aws-chunked') ||
    String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const length = Number((chunked ? headers['x-amz-decoded-content-length'] : headers['content-length']) ?? NaN);
  if (length > bytesMax) throw tooLarge();
  const trailers = new Map<string, string>();
  const source = chunked ? decodeAwsChunked(request, trailers, chunks) : request;
  const kept = expected.filter((e) => e.kept);
  if (kept.length > 1)
    throw invalid('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  const named = headers['x-amz-sdk-checksum-algorithm'];
  if (named !== undefined && kept.length === 0 && headers['content-md5'] === undefined)
    throw invalid(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  return { body: verified(source, expected, trailers, length, bytesMax), algorithm: kept[0]?.algorithm };
}

const tooLarge = (): S3Error =>
  new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed object size');

async function* verified(
  body: AsyncIterable<Uint8Array>,
  expected: readonly Expected[],
  trailers: ReadonlyMap<string, string>,
  length: number,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge();
    for (const { checksum } of expected) checksum.update(chunk);
    yield chunk;
  }
  if (!Number.isNaN(length) && size !== length) {
    throw new S3Error('IncompleteBody', 400, 'You did not provide the number of bytes specified by the header');
  }
  for (const { algorithm, checksum, value, code } of expected) {
    const wanted = value ?? trailers.get(PREFIX + algorithm);
    if (wanted === undefined) throw new S3Error('MalformedTrailerError', 400, 'The announced trailer did not arrive');
    if (value === undefined) checkForm(algorithm, wanted);
    if (wanted === checksum.digest()) continue;
    const what = algorithm === 'md5' ? 'Content-MD5' : algorithm.toUpperCase();
    throw new S3Error(code, 400, `The ${what} you specified did not match the calculated checksum`);
  }
}
