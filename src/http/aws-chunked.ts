/**
 * Decodes the `aws-chunked` body that the AWS SDKs send by default:
 *
 *   <hex size>[;chunk-signature=...]\r\n <bytes> \r\n ... 0[;...]\r\n [trailer: value\r\n]* \r\n
 *
 * Signatures go to a check when the server has keys; trailers go to the caller. Pieces are handed on together for each chunk that came, so
 * that tiny ones cost little. Called by upload-body.ts.
 */
import { S3Error } from '../s3/key-path.ts';

const LINE_BYTES_MAX = 4096;
const TRAILERS_MAX = 16;
const malformed = (): S3Error => new S3Error('IncompleteBody', 400, 'The aws-chunked body is malformed');

/** Told of what comes, in order; throws at a signature that is wrong or missing. */
export interface ChunkCheck {
  data(bytes: Uint8Array): void;
  /** The end of a chunk, and the signature its first line bore. */
  chunk(signature: string | undefined): void;
  /** The trailers as they were signed. */
  trailers(lines: string, signature: string | undefined): void;
}

export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  trailers: Map<string, string> = new Map(),
  check?: ChunkCheck,
): AsyncGenerator<Uint8Array> {
  let signature: string | undefined;
  let signed = '';
  let pending: Buffer = Buffer.alloc(0);
  let left = 0;
  let state: 'size' | 'data' | 'data-end' | 'trailer' | 'end' = 'size';
  for await (const chunk of body) {
    pending =
      pending.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([pending, chunk]);
    const pieces: Uint8Array[] = [];
    while (pending.length > 0 && state !== 'end') {
      if (state === 'data') {
        const n = Math.min(left, pending.length);
        pieces.push(pending.subarray(0, n));
        check?.data(pending.subarray(0, n));
        pending = pending.subarray(n);
        left -= n;
        if (left === 0) state = 'data-end';
        continue;
      }
      const eol = pending.indexOf('\r\n');
      if (eol < 0) {
        if (pending.length > LINE_BYTES_MAX) throw malformed();
        break;
      }
      const line = pending.toString('latin1', 0, eol);
      pending = pending.subarray(eol + 2);
      if (state === 'data-end') {
        if (line !== '') throw malformed();
        check?.chunk(signature);
        state = 'size';
        continue;
      }
      if (state === 'trailer') {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).trim().toLowerCase();
        if (line === '') state = 'end';
        else if (colon > 0 && name === 'x-amz-trailer-signature') {
          check?.trailers(signed, line.slice(colon + 1).trim());
          signed = '';
        } else if (colon <= 0 || trailers.size >= TRAILERS_MAX) throw malformed();
        else {
          trailers.set(name, line.slice(colon + 1).trim());
          signed += `${name}:${line.slice(colon + 1).trim()}\n`;
        }
        continue;
      }
      const size = /^([0-9a-fA-F]{1,12})(;.*)?$/.exec(line);
      if (size === null) throw malformed();
      left = Number.parseInt(size[1]!, 16);
      signature = /;chunk-signature=([0-9a-f]{64})(?:;|$)/.exec(line)?.[1];
      state = left === 0 ? 'trailer' : 'data';
      if (left === 0) check?.chunk(signature);
    }
    if (state === 'end') pending = Buffer.alloc(0);
    if (pieces.length > 0) yield pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }
  if (signed !== '') check?.trailers(signed, undefined);
  // The last line break behind the last chunk may be left out.
  if (state !== 'end' && !(state === 'trailer' && pending.length === 0))
    throw new S3Error('IncompleteBody', 400, 'The request body ended too early');
}
