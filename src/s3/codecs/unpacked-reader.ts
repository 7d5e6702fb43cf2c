/**
 * An object reader that gives the text of a compressed object.
 */
import { systemClock } from '../../common/clock.ts';
import type { CodecName } from '../../common/compress/compression.ts';
import type { ObjectReader } from '../object-io.ts';
import { damaged } from './codec.ts';
import { CODECS } from './registry.ts';

const INPUT_BYTES = 128 * 1024;

/** What a reader gives, in pieces that nobody changes; an object without a byte is damage. */
async function* piecesOf(raw: ObjectReader, option: string): AsyncGenerator<Uint8Array> {
  let input = Buffer.allocUnsafe(INPUT_BYTES);
  for (let any = false; ; any = true) {
    const n = await raw.read(input);
    if (n === 0 && !any) throw damaged(option, 'the file is empty');
    if (n === 0) return;
    if (n >= INPUT_BYTES / 2) {
      yield input.subarray(0, n);
      input = Buffer.allocUnsafe(INPUT_BYTES);
      // What comes in crumbs would hold a whole buffer each, as long as somebody waits for more.
    } else yield Buffer.from(input.subarray(0, n));
  }
}

/** Reads an object's text. */
export function unpackedReader(raw: ObjectReader, codec: CodecName): ObjectReader {
  const texts = CODECS[codec].unpack(piecesOf(raw, codec.toUpperCase()))[Symbol.asyncIterator]();
  let text: Uint8Array = new Uint8Array(0);
  const { traffic } = raw;
  /** The next piece; what is not spent on reading goes into unpacking. */
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const [start, reading] = [systemClock.monotonicMs(), traffic.micros];
    const result = await texts.next();
    traffic.packMicros += Math.max(0, (systemClock.monotonicMs() - start) * 1000 - (traffic.micros - reading));
    return result;
  };
  return {
    traffic,
    async read(into) {
      while (text.length === 0) {
        const { done, value } = await next();
        if (done === true) return 0;
        text = value;
      }
      const n = Math.min(into.length, text.length);
      into.set(text.subarray(0, n));
      text = text.subarray(n);
      return n;
    },
    abort: () => raw.abort?.(),
    async close() {
      await texts.return?.();
      await raw.close();
    },
  };
}
