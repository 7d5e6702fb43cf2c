/**
 * Turns one column of a row group into chunk bytes: picks the physical layout under the declared encoding (a dictionary,
 * frame of reference or run length when much lighter) and wraps it for the disk when the encoding is a codec that saves
 * enough. Catalogs go on showing the declared encoding. Called by slice writers and by choose-encodings.ts.
 */
import { assert } from '../common/assert.ts';
import az64, { az64Width } from './az64.ts';
import bytedict from './bytedict.ts';
import { CHUNK, PHYS_TAG, rawWidth } from './chunk-layout.ts';
import { rawBytes, type ChunkMemory, type EncodeJob, type EncodingDefinition } from './encoding.ts';
import { encodingByTag, encodingOf } from './index.ts';
import raw from './raw.ts';
import runlength from './runlength.ts';

export interface EncodedChunk {
  readonly layoutTag: number;
  /** 0: the stored bytes are the chunk itself. */
  readonly codecTag: number;
  /** Bytes of the chunk at job.out. */
  readonly memoryBytes: number;
  /** Stored bytes: the codec's output, or a copy of the chunk. */
  readonly stored: Uint8Array;
}
/** A codec must save this share of the chunk, else unpacking it on each load is not worth it. */
const CODEC_SAVING_MIN = 0.12;
/** Smaller chunks are not worth a codec. */
const CODEC_BYTES_MIN = 256;
const FORCED_CODECS = ['lzo', 'raw', 'zstd', 'raw', 'raw'];

/** Layouts to try, best first; the last one always fits. */
function candidates(declared: string, job: EncodeJob): readonly EncodingDefinition[] {
  const { stats, phys, rows, type } = job;
  const rawSize = rawBytes(type, rows, stats.stringBytes);
  const lead = declared === 'runlength' ? [runlength] : declared === 'bytedict' ? [bytedict] : [];
  if (phys === 'str') {
    const runsLight = stats.runs <= rows >> 4;
    return [...lead, ...(runsLight ? [runlength] : []), bytedict, raw];
  }
  const vector = phys === 'i128' ? 16 : phys === 'i32' || phys === 'f32' ? 4 : 8;
  const runSize = stats.runs * (4 + vector);
  const width = phys === 'f32' || phys === 'f64' ? undefined : az64Width(stats);
  if (width === undefined || width > 8) {
    return [...lead, ...(runSize * 4 < rawSize ? [runlength] : []), raw];
  }
  const stored = rawWidth(type, phys);
  const light = declared === 'raw' ? width * 2 <= stored : width < stored;
  const az = width < vector && light ? [az64] : [];
  const best = light ? width * rows : rawSize;
  return [...lead, ...(runSize * 4 < best ? [runlength] : []), ...az, raw];
}

/** Tests only: every layout that the column's values can take, another one first at each turn, however heavy. */
function inTurn(job: EncodeJob, turn: number): readonly EncodingDefinition[] {
  const width = job.phys === 'str' || job.phys.startsWith('f') ? undefined : az64Width(job.stats);
  const fit = [
    ...(job.phys === 'str' ? [bytedict] : []),
    ...(width !== undefined && width <= 8 ? [az64] : []),
    runlength,
    raw,
  ];
  const first = turn % fit.length;
  return [...fit.slice(first), raw];
}
function layOutInTurn(job: EncodeJob, turn: number): { tag: number; bytes: number } {
  const rawSize = rawBytes(job.type, job.rows, job.stats.stringBytes);
  for (const candidate of inTurn(job, turn)) {
    const bytes = candidate.encode!(job);
    // Room is for what production writes.
    if (bytes > 0 && (candidate === raw || bytes <= rawSize + 256)) return { tag: candidate.tag, bytes };
  }
  assert(false, 'raw always fits');
}

/** Writes the chunk at job.out and returns its layout and size. */
export function layOutChunk(declared: string, job: EncodeJob): { tag: number; bytes: number } {
  const rawSize = rawBytes(job.type, job.rows, job.stats.stringBytes);
  for (const candidate of candidates(declared, job)) {
    const bytes = candidate.encode!(job);
    if (bytes === 0) continue;
    const unasked = candidate === bytedict && declared !== 'bytedict';
    if (unasked && bytes * 2 > rawSize) continue;
    if (candidate === bytedict && bytes > rawSize + 256) continue;
    return { tag: candidate.tag, bytes };
  }
  assert(false, 'raw always fits');
}

/** Whether the chunk's string offsets become byte planes of lengths under a codec. */
const hasPlanes = (memory: ChunkMemory, chunk: number): boolean =>
  memory.bytes[chunk] === raw.tag && memory.bytes[chunk + CHUNK.PHYS] === PHYS_TAG.str;

/** Unpacks a stored chunk to `to`; `borrow` lends work space. False when the data is broken. */
export function expandChunk(
  memory: ChunkMemory,
  codecTag: number,
  stored: number,
  storedBytes: number,
  to: number,
  bytes: number,
  borrow: (bytes: number, use: (at: number) => void) => void,
): boolean {
  const codec = encodingByTag(codecTag)?.codec;
  if (!codec?.expand(memory, stored, storedBytes, to, bytes)) return false;
  if (!hasPlanes(memory, to)) return true;
  const rows = memory.view.getUint32(to + CHUNK.ROWS, true);
  const ends = to + memory.view.getUint32(to + CHUNK.DATA_AT, true);
  if (ends + rows * 4 + 4 > to + bytes) return false;
  borrow(rows * 4 + 4, (tmp) => memory.kernels.strings_from_planes(ends, rows, tmp));
  return true;
}

/** `work` has codecRoom(chunkBytesMax) bytes and does not overlap job.out. `turn` forces layout and codec (tests). */
export function encodeChunk(declared: string, job: EncodeJob, work: number, turn?: number): EncodedChunk {
  const { tag, bytes } = turn === undefined ? layOutChunk(declared, job) : layOutInTurn(job, turn);
  const wrapper = encodingOf(turn === undefined ? declared : FORCED_CODECS[turn % FORCED_CODECS.length]!);
  const memory = job.memory;
  if (wrapper.codec && bytes > (turn === undefined ? CODEC_BYTES_MIN : 0)) {
    const planes = hasPlanes(memory, job.out);
    const ends = job.out + memory.view.getUint32(job.out + CHUNK.DATA_AT, true);
    if (planes) memory.kernels.strings_to_planes(ends, job.rows, work);
    const stored = wrapper.codec.compress(memory, job.out, bytes, work, job.scratch);
    if (turn !== undefined || stored.length <= bytes * (1 - CODEC_SAVING_MIN)) {
      return { layoutTag: tag, codecTag: wrapper.tag, memoryBytes: bytes, stored };
    }
    if (planes) memory.kernels.strings_from_planes(ends, job.rows, work);
  }
  return { layoutTag: tag, codecTag: 0, memoryBytes: bytes, stored: memory.bytes.slice(job.out, job.out + bytes) };
}
