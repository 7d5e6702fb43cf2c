/**
 * BZIP2: streams of any number of members are unpacked a block at a time by unbzip2-stream; bzip2-wasm, the reference
 * library, packs members whole. Both are loaded when the first object needs them.
 */
import type BZip2 from 'bzip2-wasm';
import { BZIP2_CALL_BYTES_MAX } from '../../common/limits.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { damaged, type ObjectCodec } from './codec.ts';

async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { default: unbzip2 } = await import('unbzip2-stream');
  const engine = unbzip2();
  let texts: Uint8Array[] = [];
  let error: Error | undefined;
  let held = 0;
  engine.on('data', (text: Uint8Array) => {
    held += text.length;
    // Thrown into the decoder, which gives it back as its error and does no more.
    if (held > BZIP2_CALL_BYTES_MAX) throw damaged('BZIP2', 'its text is out of all proportion');
    texts.push(text);
  });
  engine.on('error', (e: Error) => (error ??= e));
  const made = (): readonly Uint8Array[] => {
    if (error instanceof SqlError) throw error;
    // A decoder that runs out of bits says so as a TypeError.
    if (error !== undefined)
      throw damaged('BZIP2', error instanceof TypeError ? 'the file ends in the middle' : error.message);
    const all = texts;
    texts = [];
    held = 0;
    return all;
  };
  for await (const piece of pieces) {
    engine.write(Buffer.from(piece));
    yield* made();
  }
  engine.end();
  yield* made();
}

let library: Promise<BZip2> | undefined;
async function load(): Promise<BZip2> {
  const { default: Library } = await import('bzip2-wasm');
  const loaded = new Library();
  await loaded.init();
  return loaded;
}
/** Hundreds of thousands of bytes that are sorted at a time. */
const BLOCK_SIZE = 9;
/** What the library's manual says a text may grow by. */
const room = (bytes: number): number => Math.ceil(bytes * 1.01) + 600;

export const bzip2: ObjectCodec = {
  extension: '.bz2',
  ratio: 5,
  unpack,
  pack: async (text) => (await (library ??= load())).compress(text, BLOCK_SIZE, room(text.length)),
};
