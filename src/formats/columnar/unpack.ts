/**
 * Compressed pieces of columnar and record files (pages, stripes, blocks), unpacked from node memory into node memory. Snappy,
 * LZ4, LZO and BZIP2 are kernels; the others are libraries, whose bytes are copied there and back.
 */
import * as zlib from 'node:zlib';
import { zstdDecompress } from '../../common/compress/zstd.ts';
import { brokenCompression } from '../../common/errors/catalogue.ts';
import { Bzip2Unpacker } from '../../wasm/bzip2-unpacker.ts';
import type { LoadHost } from '../load-format.ts';

/** `deflate` is the raw format; `lz4` is a block, `lz4-hadoop` blocks behind their lengths, or one of the others; `lzo` is LZO1X. */
export type PieceCodec =
  'none' | 'snappy' | 'gzip' | 'deflate' | 'zstd' | 'brotli' | 'bzip2' | 'lzo' | 'lz4' | 'lz4-hadoop';
type Kernel = (from: number, bytes: number, to: number, room: number) => number;

const LIBRARIES: Readonly<Partial<Record<PieceCodec, (bytes: Uint8Array, room: number) => Uint8Array>>> = {
  gzip: (bytes, room) => zlib.unzipSync(bytes, { maxOutputLength: Math.max(room, 1) }),
  deflate: (bytes, room) => zlib.inflateRawSync(bytes, { maxOutputLength: Math.max(room, 1) }),
  brotli: (bytes, room) => zlib.brotliDecompressSync(bytes, { maxOutputLength: Math.max(room, 1) }),
  zstd: zstdDecompress,
  bzip2: bzip2Text,
};
function bzip2Text(bytes: Uint8Array, room: number): Uint8Array {
  const unpacker = Bzip2Unpacker.take();
  const texts: Uint8Array[] = [];
  let length = 0;
  for (const part of [unpacker.unpack(bytes), unpacker.end()])
    for (;;) {
      const { done, value } = part.next();
      if (done === true && value !== undefined) throw brokenCompression('bzip2');
      if (done === true) break;
      length += value.length;
      if (length > room) throw brokenCompression('bzip2');
      texts.push(value);
    }
  unpacker.giveBack();
  return Buffer.concat(texts);
}
/** Lengths in front of a block, big-endian: of the text, of the block. */
const HADOOP_HEAD_BYTES = 8;

export class PieceUnpacker {
  private readonly snappy: Kernel;
  private readonly lz4: Kernel;
  private readonly lzo: Kernel;
  private readonly snappyLength: (from: number, bytes: number) => number;
  constructor(private readonly load: Pick<LoadHost, 'memory' | 'kernels'>) {
    const { kernels } = load;
    this.snappy = kernels['snappy_decompress'] as Kernel;
    this.lz4 = kernels['lz4_decompress'] as Kernel;
    this.lzo = kernels['lzo_decompress'] as Kernel;
    this.snappyLength = kernels['snappy_length'] as typeof this.snappyLength;
  }
  /** Bytes of the text where the data says so: only Snappy's does. */
  lengthOf(codec: PieceCodec, from: number, bytes: number): number | undefined {
    if (codec === 'none') return bytes;
    if (codec !== 'snappy') return undefined;
    const length = this.snappyLength(from, bytes);
    if (length < 0) throw brokenCompression(codec);
    return length;
  }
  /** Writes the text at `to`, at most `room` bytes; gives its length. Throws when the data is broken or longer. */
  unpack(codec: PieceCodec, from: number, bytes: number, to: number, room: number): number {
    const n = this.written(codec, from, bytes, to, room);
    if (n < 0) throw brokenCompression(codec);
    return n;
  }
  private written(codec: PieceCodec, from: number, bytes: number, to: number, room: number): number {
    const { memory } = this.load;
    if (codec === 'none') {
      if (bytes > room) return -1;
      memory.bytes.copyWithin(to, from, from + bytes);
      return bytes;
    }
    if (codec === 'snappy') return this.snappy(from, bytes, to, room);
    if (codec === 'lz4') return this.lz4(from, bytes, to, room);
    if (codec === 'lz4-hadoop') {
      const n = this.hadoop(from, bytes, to, room);
      return n >= 0 ? n : this.lz4(from, bytes, to, room);
    }
    if (codec === 'lzo') return this.lzo(from, bytes, to, room);
    const text = this.library(codec, from, bytes, room);
    if (text === undefined) return -1;
    memory.bytes.set(text, to);
    return text.length;
  }
  private library(codec: PieceCodec, from: number, bytes: number, room: number): Uint8Array | undefined {
    // The libraries do not take shared memory.
    const stored = this.load.memory.bytes.slice(from, from + bytes);
    try {
      const text = LIBRARIES[codec]!(stored, room);
      return text.length > room ? undefined : text;
    } catch {
      return undefined;
    }
  }
  /**
   * The text, at most `room` bytes, where its length is not known: where `place` says for that length. Throws when the data is broken or
   * longer.
   */
  unpackInto(
    codec: PieceCodec,
    from: number,
    bytes: number,
    room: number,
    place: (length: number) => number,
  ): { readonly at: number; readonly bytes: number } {
    const length = this.lengthOf(codec, from, bytes);
    if (length === undefined) {
      const text = this.library(codec, from, bytes, room);
      if (text === undefined) throw brokenCompression(codec);
      const at = place(text.length);
      this.load.memory.bytes.set(text, at);
      return { at, bytes: text.length };
    }
    if (length > room) throw brokenCompression(codec);
    const at = place(length);
    return { at, bytes: this.unpack(codec, from, bytes, at, length) };
  }
  private hadoop(from: number, bytes: number, to: number, room: number): number {
    const { view } = this.load.memory;
    let at = from;
    let out = to;
    const end = from + bytes;
    while (at < end) {
      if (end - at < HADOOP_HEAD_BYTES) return -1;
      const text = view.getUint32(at);
      const stored = view.getUint32(at + 4);
      at += HADOOP_HEAD_BYTES;
      if (stored > end - at || text > to + room - out) return -1;
      if (this.lz4(at, stored, out, text) !== text) return -1;
      at += stored;
      out += text;
    }
    return out - to;
  }
}
