/**
 * ORC's compression: a stream is a row of chunks, each behind three bytes that say its length and whether it is stored as it is. Metadata is
 * unpacked whole here; data streams read chunk by chunk (window.ts).
 */
import { SqlError } from '../../common/errors/sql-error.ts';
import { kernelsModule } from '../../wasm/kernels-module.ts';
import { NO_LONG_VALUES } from '../../wasm/memory-map.ts';
import { PieceUnpacker, type PieceCodec } from '../columnar/unpack.ts';
import type { LoadHost } from '../load-format.ts';
import { OrcDamage } from './protobuf.ts';

export const CHUNK_HEAD_BYTES = 3;
/** Kernels may touch so many bytes behind what they read and write. */
export const SLACK_BYTES = 16;
/** Unpacked. */
const METADATA_BYTES_MAX = 256 * 1024 * 1024;

export type ChunkHost = Pick<LoadHost, 'memory' | 'kernels' | 'allocate'>;
export interface Chunk {
  /** Behind its head. */
  readonly at: number;
  readonly bytes: number;
  readonly isStored: boolean;
}
/** The chunk that begins at `at`. */
export function chunkAt(bytes: Uint8Array, at: number, end: number): Chunk {
  if (end - at < CHUNK_HEAD_BYTES) throw new OrcDamage('a stream is cut off');
  const head = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
  const chunk = { at: at + CHUNK_HEAD_BYTES, bytes: head >>> 1, isStored: (head & 1) === 1 };
  if (chunk.bytes > end - chunk.at) throw new OrcDamage('a stream is cut off');
  return chunk;
}

/** Codecs whose texts do not say how long they are, and are unpacked where they go. */
const IN_PLACE: ReadonlySet<PieceCodec> = new Set(['lz4', 'lzo']);
/** Unpacks a chunk to where `place` says for its length, or for the most it may have. Gives its length. */
export function unpackChunk(
  unpacker: PieceUnpacker,
  codec: PieceCodec,
  chunk: Chunk,
  blockBytes: number,
  place: (bytes: number) => number,
): { readonly at: number; readonly bytes: number } {
  try {
    if (chunk.isStored) {
      const at = place(chunk.bytes);
      return { at, bytes: unpacker.unpack('none', chunk.at, chunk.bytes, at, chunk.bytes) };
    }
    if (!IN_PLACE.has(codec)) return unpacker.unpackInto(codec, chunk.at, chunk.bytes, blockBytes, place);
    const at = place(blockBytes);
    return { at, bytes: unpacker.unpack(codec, chunk.at, chunk.bytes, at, blockBytes) };
  } catch (error) {
    if (error instanceof SqlError && !(error instanceof OrcDamage) && error.message.endsWith('is broken'))
      throw new OrcDamage('a stream cannot be unpacked');
    throw error;
  }
}

/** Metadata as it is stored, unpacked. */
export function unpackMetadata(
  host: ChunkHost,
  codec: PieceCodec,
  blockBytes: number,
  stored: Uint8Array,
): Uint8Array {
  if (codec === 'none') return stored;
  const { memory } = host;
  const unpacker = new PieceUnpacker(host);
  const from = host.allocate(stored.length + SLACK_BYTES);
  memory.bytes.set(stored, from);
  const to = host.allocate(blockBytes + SLACK_BYTES);
  const texts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let at = from; at < from + stored.length;) {
      const chunk = chunkAt(memory.bytes, at, from + stored.length);
      const text = unpackChunk(unpacker, codec, chunk, blockBytes, () => to);
      length += text.bytes;
      if (length > METADATA_BYTES_MAX) throw new OrcDamage('its metadata is too large');
      texts.push(memory.bytes.slice(text.at, text.at + text.bytes));
      at = chunk.at + chunk.bytes;
    }
  } finally {
    memory.free(from);
    memory.free(to);
  }
  return Buffer.concat(texts);
}

const PAGE_BYTES = 65536;
/** The kernels over a memory of their own, for metadata that no slice reads. */
export function leaderHost(bytes: number): ChunkHost {
  const pages = Math.ceil(bytes / PAGE_BYTES) + 2;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  const env = { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
  const { exports } = new WebAssembly.Instance(kernelsModule(), { env });
  const view = new DataView(memory.buffer);
  let used = PAGE_BYTES;
  return {
    kernels: exports,
    memory: {
      bytes: new Uint8Array(memory.buffer),
      view,
      free: () => undefined,
      u32: (at) => view.getUint32(at, true),
      setU32: (at, value) => view.setUint32(at, value, true),
    },
    allocate: (wanted) => (used += (wanted + 7) & ~7) - ((wanted + 7) & ~7),
  };
}
