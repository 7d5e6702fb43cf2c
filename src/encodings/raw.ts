/**
 * RAW: values as they are, strings as offsets and bytes. Every type; what all other encodings fall back to.
 */
import { CHUNK, PHYS_TAG, align8, rawWidth } from './chunk-layout.ts';
import { beginChunk, encoding, endChunk, type EncodeJob } from './encoding.ts';

function encode(job: EncodeJob): number {
  const { kernels, view } = job.memory;
  const width = rawWidth(job.type, job.phys);
  const data = beginChunk(job, 'raw', width);
  if (job.phys !== 'str') {
    kernels.values_pack(job.values, job.nulls, job.rows, PHYS_TAG[job.phys], 0n, width, job.out + data);
    return endChunk(job, data + job.rows * width);
  }
  const bytes = align8(data + (job.rows + 1) * 4);
  view.setUint32(job.out + CHUNK.AUX_AT, bytes, true);
  kernels.strings_pack(job.values, job.nulls, job.rows, job.out + data, job.out + bytes);
  return endChunk(job, bytes + job.stats.stringBytes);
}

export default encoding({
  name: 'raw',
  tag: 1,
  doc: 'Values uncompressed. Default of sort keys, BOOLEAN, REAL and DOUBLE PRECISION.',
  supports: () => true,
  encode,
});
