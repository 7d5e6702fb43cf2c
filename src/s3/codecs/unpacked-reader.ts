/**
 * An object reader that gives the text of a compressed object.
 */
import type { CodecName } from '../../common/compress/compression.ts';
import type { ObjectReader } from '../object-io.ts';
import { damaged } from './codec.ts';
import { CODECS } from './registry.ts';

const INPUT_BYTES = 128 * 1024;

/** What a reader gives, in pieces that nobody changes; an object without a byte is damage. */
async function* piecesOf(raw: ObjectReader, option: string): AsyncGenerator<Uint8Array> {
  for (let any = false; ; any = true) {
    const input = Buffer.allocUnsafe(INPUT_BYTES);
    const n = await raw.read(input);
    if (n === 0 && !any) throw damaged(option, 'the file is empty');
    if (n === 0) return;
    yield input.subarray(0, n);
  }
}

/** Reads an object's text. */
export function unpackedReader(raw: ObjectReader, codec: CodecName): ObjectReader {
  const texts = CODECS[codec].unpack(piecesOf(raw, codec.toUpperCase()))[Symbol.asyncIterator]();
  let text: Uint8Array = new Uint8Array(0);
  return {
    async read(into) {
      while (text.length === 0) {
        const { done, value } = await texts.next();
        if (done === true) return 0;
        text = value;
      }
      const n = Math.min(into.length, text.length);
      into.set(text.subarray(0, n));
      text = text.subarray(n);
      return n;
    },
    async close() {
      await texts.return?.();
      await raw.close();
    },
  };
}
