/**
 * BYTEDICT: up to 256 distinct values and one byte a row. Strings of a decoded vector point into the dictionary.
 */
import { CHUNK, PHYS_TAG, align8 } from './chunk-layout.ts';
import { beginChunk, encoding, endChunk, rawBytes, type EncodeJob } from './encoding.ts';

const TABLE_BYTES = 2048;

function encode(job: EncodeJob): number {
  if (job.stats.runs === 0) return 0;
  const { kernels, view } = job.memory;
  const phys = PHYS_TAG[job.phys];
  const firsts = job.scratch + TABLE_BYTES;
  const data = beginChunk(job, 'bytedict', 0);
  const codes = job.out + data;
  const entries = kernels.dictionary_build(job.values, job.nulls, job.rows, phys, job.scratch, firsts, codes);
  if (entries < 0) return 0;
  // Long strings could make the entries larger than the room that was reserved for the raw form.
  const entryBytes = job.phys === 'str' ? kernels.runs_bytes(job.values, firsts, entries) : entries * 16;
  const raw = rawBytes(job.type, job.rows, job.stats.stringBytes);
  if (job.rows + entryBytes + (entries + 1) * 4 > raw + 4096) return 0;
  const aux = align8(data + job.rows);
  view.setUint32(job.out + CHUNK.AUX_AT, aux, true);
  view.setUint32(job.out + CHUNK.ENTRIES, entries, true);
  return endChunk(job, aux + kernels.dictionary_pack(job.values, firsts, entries, phys, job.out + aux));
}

export default encoding({
  name: 'bytedict',
  tag: 3,
  doc: 'Dictionary of up to 256 values, one byte a row.',
  supports: (type) => type.name !== 'bool',
  encode,
});
