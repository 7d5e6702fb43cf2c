/**
 * ZSTD: frames of the reference library, unpacked as a stream by its WebAssembly build in zstddec, which is driven here
 * because the package's own loop never ends on damaged data. Windows up to 128 MB, the library's own bound.
 */
import { ZSTDDecoder } from 'zstddec/stream';
import { assert } from '../../common/assert.ts';
import { zstdCompress } from '../../common/compress/zstd.ts';
import { damaged, type ObjectCodec } from './codec.ts';

interface Library {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(at: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  /** 0: a frame is complete; else a hint, or an error's negative code. */
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}
class Decoder extends ZSTDDecoder {
  static library: Library | undefined;
  override _init(result: Parameters<ZSTDDecoder['_init']>[0]): void {
    super._init(result);
    Decoder.library = (result as { readonly instance: WebAssembly.Instance }).instance.exports as unknown as Library;
  }
}
const OUTPUT_BYTES = 256 * 1024;
/** `{ address, size, position }`, u32 each: ZSTD_inBuffer and ZSTD_outBuffer. */
const BUFFER_BYTES = 12;
/** Codes of the library's errors: -1 to -120. */
const isError = (result: number): boolean => result >>> 0 > 0xffff_ff80;

class Stream {
  private readonly context: number;
  private readonly input: number;
  private readonly output: number;
  private readonly out: number;
  constructor(private readonly z: Library) {
    this.context = z.ZSTD_createDCtx();
    this.input = z.malloc(2 * BUFFER_BYTES);
    this.output = this.input + BUFFER_BYTES;
    this.out = z.malloc(OUTPUT_BYTES);
    assert(this.context !== 0 && this.input !== 0 && this.out !== 0, 'zstd memory');
  }
  /** True behind the end of a frame. */
  isComplete = true;

  *unpack(piece: Uint8Array): Generator<Uint8Array> {
    const { z, input, output, out } = this;
    const from = z.malloc(piece.length);
    assert(from !== 0, 'zstd memory');
    try {
      new Uint8Array(z.memory.buffer).set(piece, from);
      this.write(input, from, piece.length);
      for (;;) {
        this.write(output, out, OUTPUT_BYTES);
        const result = z.ZSTD_decompressStream(this.context, output, input);
        if (isError(result)) throw damaged('ZSTD', this.isComplete ? 'not a zstd file' : 'a frame cannot be read');
        this.isComplete = result === 0;
        const made = this.position(output);
        if (made > 0) yield new Uint8Array(z.memory.buffer, out, made).slice();
        // The library holds text back only while the output is full.
        if (this.position(input) === piece.length && made < OUTPUT_BYTES) return;
      }
    } finally {
      z.free(from);
    }
  }
  private write(buffer: number, address: number, size: number): void {
    new Uint32Array(this.z.memory.buffer, buffer, 3).set([address, size, 0]);
  }
  private position(buffer: number): number {
    return new Uint32Array(this.z.memory.buffer, buffer, 3)[2]!;
  }
  close(): void {
    this.z.ZSTD_freeDCtx(this.context);
    this.z.free(this.input);
    this.z.free(this.out);
  }
}

async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  await new Decoder().init();
  const stream = new Stream(Decoder.library!);
  try {
    for await (const piece of pieces) yield* stream.unpack(piece);
    if (!stream.isComplete) throw damaged('ZSTD', 'the file ends in the middle of a frame');
  } finally {
    stream.close();
  }
}

export const zstd: ObjectCodec = {
  extension: '.zst',
  ratio: 4,
  unpack,
  pack: (text) => Promise.resolve(zstdCompress(text)),
};
