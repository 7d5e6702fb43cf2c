/**
 * Gunzip over an object reader, by zlib's stream on the thread pool: decompression runs beside the reading and beside
 * whoever takes the text. Concatenated members are one stream. Damage is a SqlError.
 */
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SqlError } from '../common/errors/sql-error.ts';
import type { ObjectReader } from './object-io.ts';

const INPUT_BYTES = 128 * 1024;
const OUTPUT_BYTES = 256 * 1024;

const gzipDamaged = (what: string): SqlError =>
  new SqlError({
    sqlstate: 'XX000',
    message: `gzip data is corrupt: ${what}`,
    hint: 'Check that the file is complete and that GZIP is the right option.',
  });

async function* compressed(raw: ObjectReader): AsyncGenerator<Buffer> {
  for (let any = false; ; any = true) {
    const input = Buffer.allocUnsafe(INPUT_BYTES);
    const n = await raw.read(input);
    if (n === 0 && !any) throw gzipDamaged('the file is empty');
    if (n === 0) return;
    yield input.subarray(0, n);
  }
}
/** What zlib says, as the user's error. */
function asDamage(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_') !== true) return error;
  // What zlib says when the first bytes are no header.
  return gzipDamaged(message === 'incorrect header check' ? 'not a gzip file' : message);
}

export function gunzipReader(raw: ObjectReader): ObjectReader {
  const engine = createGunzip({ chunkSize: OUTPUT_BYTES });
  // Errors come out of the iteration.
  pipeline(compressed(raw), engine, () => undefined);
  const chunks = engine[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let text: Uint8Array = new Uint8Array(0);
  return {
    async read(into) {
      while (text.length === 0) {
        const { done, value } = await chunks.next().catch((error: unknown) => {
          throw asDamage(error);
        });
        if (done === true) return 0;
        text = value;
      }
      const n = Math.min(into.length, text.length);
      into.set(text.subarray(0, n));
      text = text.subarray(n);
      return n;
    },
    async close() {
      engine.destroy();
      await raw.close();
    },
  };
}
