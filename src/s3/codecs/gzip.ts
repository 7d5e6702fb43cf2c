/**
 * GZIP by zlib's streams on the thread pool: decompression runs beside the reading and beside whoever takes the text.
 */
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip as gzipped } from 'node:zlib';
import { damaged, type ObjectCodec } from './codec.ts';

const OUTPUT_BYTES = 256 * 1024;
const compress = promisify(gzipped) as (
  bytes: Uint8Array,
  options: { readonly level: number },
) => Promise<Uint8Array>;

/** What zlib says, as the user's error. */
function asDamage(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_') !== true) return error;
  // What zlib says when the first bytes are no header.
  return damaged('GZIP', message === 'incorrect header check' ? 'not a gzip file' : message);
}

async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const engine = createGunzip({ chunkSize: OUTPUT_BYTES });
  // Errors come out of the iteration.
  pipeline(pieces, engine, () => undefined);
  try {
    yield* engine as AsyncIterable<Buffer>;
  } catch (error) {
    throw asDamage(error);
  } finally {
    engine.destroy();
  }
}

export const gzip: ObjectCodec = {
  extension: '.gz',
  ratio: 4,
  unpack,
  pack: (text) => compress(text, { level: 6 }),
};
