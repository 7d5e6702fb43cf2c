/**
 * BZIP2: members that follow each other are unpacked a block at a time by our own kernels, the block's text in portions; bzip2-wasm, the
 * reference library, packs members whole and is loaded when the first one is.
 */
import { setImmediate } from 'node:timers/promises';
import type BZip2 from 'bzip2-wasm';
import { Bzip2Unpacker } from '../../wasm/bzip2-unpacker.ts';
import { damaged, type ObjectCodec } from './codec.ts';

async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacker = Bzip2Unpacker.take();
  for await (const piece of pieces) yield* texts(unpacker.unpack(piece));
  yield* texts(unpacker.end());
  unpacker.giveBack();
}
/** The thread serves others in the pauses. */
async function* texts(parts: Generator<Uint8Array, string | undefined>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true && value !== undefined) throw damaged('BZIP2', value);
    if (done === true) return;
    if (value.length > 0) yield value;
    else await setImmediate();
  }
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
