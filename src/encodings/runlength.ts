/**
 * RUNLENGTH: end row and value of each run of equal values. A NULL row belongs to the run before it.
 */
import { CHUNK, PHYS_TAG, align8 } from './chunk-layout.ts';
import { beginChunk, encoding, endChunk, rawBytes, type EncodeJob } from './encoding.ts';

function encode(job: EncodeJob): number {
  const { kernels, view } = job.memory;
  const phys = PHYS_TAG[job.phys];
  const vector = job.phys === 'i128' ? 16 : job.phys === 'i32' || job.phys === 'f32' ? 4 : 8;
  const runs = Math.max(job.stats.runs, 1);
  // Run ends, then the first rows (needed only while packing), lie behind one another; both must fit into the room.
  const fixed = job.phys === 'str' ? 4 : vector;
  if (runs * (8 + fixed) > rawBytes(job.type, job.rows, 0)) return 0;
  const data = beginChunk(job, 'runlength', 0);
  const aux = align8(data + runs * 4);
  view.setUint32(job.out + CHUNK.AUX_AT, aux, true);
  view.setUint32(job.out + CHUNK.ENTRIES, runs, true);
  if (job.stats.runs === 0) {
    view.setUint32(job.out + data, job.rows, true);
    job.memory.bytes.fill(0, job.out + aux, job.out + aux + 16);
    return endChunk(job, aux + (job.phys === 'str' ? 8 : vector));
  }
  const rawEnd = CHUNK.HEADER_BYTES + (job.rows >> 3) + rawBytes(job.type, job.rows, job.stats.stringBytes);
  const firsts = align8(job.out + Math.max(rawEnd - runs * 4, aux) + 64);
  kernels.runs_build(job.values, job.nulls, job.rows, phys, runs, job.out + data, firsts);
  const stringBytes = job.phys === 'str' ? kernels.runs_bytes(job.values, firsts, runs) : 0;
  if (aux + (runs + 1) * fixed + stringBytes > firsts - job.out) return 0;
  return endChunk(job, aux + kernels.dictionary_pack(job.values, firsts, runs, phys, job.out + aux));
}

export default encoding({
  name: 'runlength',
  tag: 4,
  doc: 'One value and end row per run of equal values.',
  supports: () => true,
  encode,
});
