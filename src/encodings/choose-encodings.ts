/**
 * Encodings bid for a column by really encoding a sample of it. COPY with COMPUPDATE takes the winner; ANALYZE
 * COMPRESSION prints it with the saving. Runs where the sample lies: on a slice.
 */
import { CHUNK } from './chunk-layout.ts';
import { physOf, type SqlType } from '../types/sql-type.ts';
import { columnStats, rawBytes, type ChunkMemory, type EncodeJob } from './encoding.ts';
import { encodeChunk } from './encode-chunk.ts';
import { ENCODINGS } from './index.ts';

export interface ColumnSample {
  readonly attnum: number;
  readonly type: SqlType;
  readonly rows: number;
  readonly values: number;
  readonly nulls: number;
  readonly sortkey: boolean;
}
export interface EncodingChoice {
  readonly attnum: number;
  readonly encoding: string;
  readonly rawBytes: number;
  readonly encodedBytes: number;
}
/** Below this many rows nothing is recommended. */
export const SAMPLE_ROWS_MIN = 64;
/** A heavier codec must beat the lighter encoding by this factor, because it costs more on every load. */
const CODEC_BIAS = 0.9;

/** Bytes of `sample` under one declared encoding; out, work and scratch as in EncodeJob and encodeChunk. */
export function bidBytes(
  memory: ChunkMemory,
  name: string,
  sample: ColumnSample,
  out: number,
  work: number,
  scratch: number,
): number {
  const stats = columnStats(memory, sample.type, sample.values, sample.nulls, sample.rows, scratch);
  const job: EncodeJob = { memory, ...sample, phys: physOf(sample.type), stats, out, scratch };
  return encodeChunk(name, job, work).stored.length;
}

export function chooseEncodings(
  memory: ChunkMemory,
  samples: readonly ColumnSample[],
  out: number,
  work: number,
  scratch: number,
): readonly EncodingChoice[] {
  return samples.map((sample) => {
    const stats = columnStats(memory, sample.type, sample.values, sample.nulls, sample.rows, scratch);
    const bitmap = stats.nullCount > 0 ? (sample.rows + 7) >> 3 : 0;
    const raw = CHUNK.HEADER_BYTES + rawBytes(sample.type, sample.rows, stats.stringBytes) + bitmap;
    let best = { encoding: 'raw', encodedBytes: raw };
    if (sample.rows < SAMPLE_ROWS_MIN || sample.sortkey) return { attnum: sample.attnum, rawBytes: raw, ...best };
    // Lighter encodings come first in the registry, so a codec must be clearly better than what stands before it.
    for (const candidate of ENCODINGS) {
      if (candidate.name === 'raw' || !candidate.supports(sample.type)) continue;
      const encodedBytes = bidBytes(memory, candidate.name, sample, out, work, scratch);
      const limit = candidate.codec ? best.encodedBytes * CODEC_BIAS : best.encodedBytes;
      if (encodedBytes < limit) best = { encoding: candidate.name, encodedBytes };
    }
    return { attnum: sample.attnum, rawBytes: raw, ...best };
  });
}
