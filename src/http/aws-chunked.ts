/**
 * Decodes the `aws-chunked` body that the AWS SDKs send by default:
 *
 *   <hex size>[;chunk-signature=...]\r\n <bytes> \r\n ... 0[;...]\r\n [trailer: value\r\n]* \r\n
 *
 * Signatures and trailing checksums are read and not verified. Called by the S3 door for PutObject and UploadPart.
 */
import { S3Error } from '../s3/key-path.ts';

const LINE_BYTES_MAX = 4096;

export async function* decodeAwsChunked(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending: Buffer = Buffer.alloc(0);
  let left = 0;
  let state: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  for await (const chunk of body) {
    pending =
      pending.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([pending, chunk]);
    while (pending.length > 0 && state !== 'trailer') {
      if (state === 'data') {
        const n = Math.min(left, pending.length);
        yield pending.subarray(0, n);
        pending = pending.subarray(n);
        left -= n;
        if (left === 0) state = 'data-end';
        continue;
      }
      const eol = pending.indexOf('\r\n');
      if (eol < 0) {
        if (pending.length > LINE_BYTES_MAX)
          throw new S3Error('IncompleteBody', 400, 'The aws-chunked body is malformed');
        break;
      }
      const line = pending.toString('latin1', 0, eol);
      pending = pending.subarray(eol + 2);
      if (state === 'data-end') {
        if (line !== '') throw new S3Error('IncompleteBody', 400, 'The aws-chunked body is malformed');
        state = 'size';
        continue;
      }
      const size = /^([0-9a-fA-F]{1,12})(;.*)?$/.exec(line);
      if (size === null) throw new S3Error('IncompleteBody', 400, 'The aws-chunked body is malformed');
      left = Number.parseInt(size[1]!, 16);
      state = left === 0 ? 'trailer' : 'data';
    }
    if (state === 'trailer') pending = Buffer.alloc(0);
  }
  if (state !== 'trailer') throw new S3Error('IncompleteBody', 400, 'The request body ended too early');
}
