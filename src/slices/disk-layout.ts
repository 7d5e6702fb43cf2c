/**
 * What a slice writes, byte by byte. Chunks are drawn in src/encodings/chunk-layout.ts. Little-endian; never changed in
 * place.
 *
 *   t<table>-x<xid>-s<statement>-<n>.blk   blocks of one statement, one behind another
 *   run-<n>.tmp                            sorted runs of a write in progress, same form
 *   superblock-0, superblock-1             written in turn (superblock.ts)
 *
 * Block (at most 1 MB, one column):
 *   +0   u32 magic "SHB1"   +4 u16 version   +6 u16 slice   +8 u32 table   +12 i32 attnum   +16 f64 xid
 *   +24  u32 bytes of the block   +28 u32 chunks   +32 u32 rows
 *   +36  u32 crc32c of header and directory with this word 0 (the directory holds the chunks' own)
 *   +40  16 bytes declared encoding, zero filled   +56 u64 warehouse
 *   +64  chunks x { f64 group, u32 rows, u8 layout, u8 codec, u16 0, u32 offset in block, u32 stored bytes,
 *                   u32 bytes in memory, u32 crc32c of the stored bytes }
 *   then the stored chunks, each 8-aligned
 *
 * A chunk that no block holds, of one value, lies in several blocks one behind another, all but the last full: each has a
 * piece of it as its only chunk, with the piece's own checksum; rows and bytes in memory stand with the first piece.
 */
import { assert } from '../common/assert.ts';
import { align8 } from '../encodings/chunk-layout.ts';
import { crc32c } from '../common/crc32c.ts';
import { BLOCK_BYTES_MAX } from '../common/limits.ts';

export const BLOCK_MAGIC = 0x31424853;
export const BLOCK_VERSION = 2;
export const BLOCK_HEADER_BYTES = 64;
export const BLOCK_ENTRY_BYTES = 32;
export const blockBytes = (chunks: number, storedAligned: number): number =>
  BLOCK_HEADER_BYTES + chunks * BLOCK_ENTRY_BYTES + storedAligned;

/** Largest stored chunk that still fits into a block. */
export const STORED_CHUNK_BYTES_MAX = BLOCK_BYTES_MAX - blockBytes(1, 0) - 8;

/** A part of a chunk in a block of its own, or the whole of one that a block holds. */
export interface ChunkPiece {
  /** Byte offset of the block in the file, and of the piece. */
  readonly block: number;
  readonly position: number;
  /** The piece's first byte among the chunk's, and how many it has. */
  readonly start: number;
  readonly bytes: number;
}
export function piecesOf({ block, position, storedBytes }: ChunkMeta): readonly ChunkPiece[] {
  if (block < 0) return [{ block, position, start: 0, bytes: storedBytes }];
  const stride = blockBytes(1, STORED_CHUNK_BYTES_MAX);
  return Array.from({ length: pieceCount(storedBytes) }, (_, i) => {
    const start = i * STORED_CHUNK_BYTES_MAX;
    const bytes = Math.min(STORED_CHUNK_BYTES_MAX, storedBytes - start);
    return { block: block + i * stride, position: position + i * stride, start, bytes };
  });
}
export const pieceCount = (storedBytes: number): number =>
  Math.max(1, Math.ceil(storedBytes / STORED_CHUNK_BYTES_MAX));

/** One chunk of a group as metadata names it; JSON-able. */
export interface ChunkMeta {
  readonly attnum: number;
  /** Declared encoding. */
  readonly encoding: string;
  readonly layout: number;
  readonly codec: number;
  readonly nullCount: number;
  readonly storedBytes: number;
  readonly memoryBytes: number;
  /** Strings: bytes of the texts. Absent in chunks of earlier versions. */
  readonly textBytes?: number;
  readonly checksum: number;
  /** Byte offset in the file, or in the tail buffer. */
  readonly position: number;
  /** Byte offset of the block in the file, -1 without block. */
  readonly block: number;
  /** Zone map: bigint as text, float as number; absent when unknown or all NULL. */
  readonly min?: string | number;
  readonly max?: string | number;
}
export interface GroupMeta {
  readonly id: number;
  readonly rows: number;
  readonly xid: number;
  readonly statement: number;
  /** Null: the chunks are in a tail buffer. */
  readonly file: string | null;
  readonly sorted: boolean;
  readonly chunks: readonly ChunkMeta[];
  /** Groups merged into this one: flat triples first group id, how many ids in a row, rows of each. */
  readonly parts?: readonly number[];
}

export interface BlockChunk {
  readonly groupId: number;
  readonly rows: number;
  readonly layout: number;
  readonly codec: number;
  readonly memoryBytes: number;
  readonly checksum: number;
  readonly stored: Uint8Array;
}
export interface BlockIdentity {
  /** 16 hex digits. */
  readonly warehouse: string;
  readonly slice: number;
  readonly tableId: number;
  readonly attnum: number;
  readonly xid: number;
  readonly encoding: string;
}

/** The whole block as bytes; `offsets` gets each chunk's offset. */
export function buildBlock(identity: BlockIdentity, chunks: readonly BlockChunk[], offsets: number[]): Uint8Array {
  const stored = chunks.reduce((sum, c) => sum + align8(c.stored.length), 0);
  const bytes = new Uint8Array(blockBytes(chunks.length, stored));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, BLOCK_MAGIC, true);
  view.setUint16(4, BLOCK_VERSION, true);
  view.setUint16(6, identity.slice, true);
  view.setUint32(8, identity.tableId, true);
  view.setInt32(12, identity.attnum, true);
  view.setFloat64(16, identity.xid, true);
  view.setUint32(24, bytes.length, true);
  view.setUint32(28, chunks.length, true);
  view.setUint32(
    32,
    chunks.reduce((sum, c) => sum + c.rows, 0),
    true,
  );
  for (let i = 0; i < Math.min(16, identity.encoding.length); i++) bytes[40 + i] = identity.encoding.charCodeAt(i);
  view.setBigUint64(56, BigInt(`0x${identity.warehouse}`), true);
  const directoryEnd = BLOCK_HEADER_BYTES + chunks.length * BLOCK_ENTRY_BYTES;
  let at = directoryEnd;
  chunks.forEach((chunk, i) => {
    const entry = BLOCK_HEADER_BYTES + i * BLOCK_ENTRY_BYTES;
    view.setFloat64(entry, chunk.groupId, true);
    view.setUint32(entry + 8, chunk.rows, true);
    view.setUint8(entry + 12, chunk.layout);
    view.setUint8(entry + 13, chunk.codec);
    view.setUint32(entry + 16, at, true);
    view.setUint32(entry + 20, chunk.stored.length, true);
    view.setUint32(entry + 24, chunk.memoryBytes, true);
    view.setUint32(entry + 28, chunk.checksum, true);
    bytes.set(chunk.stored, at);
    offsets.push(at);
    at += align8(chunk.stored.length);
  });
  assert(at === bytes.length, 'block size');
  view.setUint32(36, crc32c(bytes.subarray(0, directoryEnd)), true);
  return bytes;
}

export interface BlockHeader extends BlockIdentity {
  readonly bytes: number;
  readonly rows: number;
  readonly checksum: number;
  readonly chunks: readonly (Omit<BlockChunk, 'stored'> & {
    readonly offset: number;
    readonly storedBytes: number;
  })[];
}
/** What the header alone says of a block's owner; undefined when there is no header of this version. */
export function readBlockIdentity(bytes: Uint8Array): Omit<BlockIdentity, 'encoding'> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < BLOCK_HEADER_BYTES || view.getUint32(0, true) !== BLOCK_MAGIC) return undefined;
  if (view.getUint16(4, true) !== BLOCK_VERSION) return undefined;
  return {
    warehouse: view.getBigUint64(56, true).toString(16).padStart(16, '0'),
    slice: view.getUint16(6, true),
    tableId: view.getUint32(8, true),
    attnum: view.getInt32(12, true),
    xid: view.getFloat64(16, true),
  };
}
/** Reads header and directory; undefined when the magic is not there. */
export function readBlockHeader(bytes: Uint8Array): BlockHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < BLOCK_HEADER_BYTES || view.getUint32(0, true) !== BLOCK_MAGIC) return undefined;
  const count = view.getUint32(28, true);
  if (BLOCK_HEADER_BYTES + count * BLOCK_ENTRY_BYTES > bytes.length) return undefined;
  const name = String.fromCharCode(...bytes.subarray(40, 56)).replace(/\0+$/, '');
  const chunks = Array.from({ length: count }, (_, i) => {
    const at = BLOCK_HEADER_BYTES + i * BLOCK_ENTRY_BYTES;
    return {
      groupId: view.getFloat64(at, true),
      rows: view.getUint32(at + 8, true),
      layout: view.getUint8(at + 12),
      codec: view.getUint8(at + 13),
      offset: view.getUint32(at + 16, true),
      storedBytes: view.getUint32(at + 20, true),
      memoryBytes: view.getUint32(at + 24, true),
      checksum: view.getUint32(at + 28, true),
    };
  });
  const identity = readBlockIdentity(bytes);
  if (identity === undefined) return undefined;
  return {
    ...identity,
    encoding: name,
    bytes: view.getUint32(24, true),
    rows: view.getUint32(32, true),
    checksum: view.getUint32(36, true),
    chunks,
  };
}
/** Whether header, directory and every chunk fit their checksums; `bytes` is exactly one block. */
export function blockIsIntact(bytes: Uint8Array): boolean {
  const header = readBlockHeader(bytes);
  if (header === undefined || header.bytes !== bytes.length) return false;
  const head = bytes.slice(0, BLOCK_HEADER_BYTES + header.chunks.length * BLOCK_ENTRY_BYTES);
  new DataView(head.buffer).setUint32(36, 0, true);
  if (crc32c(head) !== header.checksum) return false;
  return header.chunks.every((c) => crc32c(bytes.subarray(c.offset, c.offset + c.storedBytes)) === c.checksum);
}
