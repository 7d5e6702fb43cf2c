/**
 * AZ64: frame of reference. Each value is an unsigned difference of 0, 1, 2, 4 or 8 bytes from the chunk's smallest
 * value; width 0 also carries a step, so constants and arithmetic sequences take no payload at all. Amazon's own AZ64 is
 * not published; this is our format under its name.
 */
import { CHUNK, PHYS_TAG } from './chunk-layout.ts';
import { beginChunk, encoding, endChunk, type ColumnStats, type EncodeJob } from './encoding.ts';

const TYPES = new Set([
  'int2',
  'int4',
  'int8',
  'numeric',
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamptz',
  'intervaly2m',
  'intervald2s',
]);

/** Bytes per value for these statistics; 16 when the range passes 64 bits, undefined for floats and strings. */
export function az64Width(stats: ColumnStats): number | undefined {
  if (stats.linear) return 0;
  const { min, max } = stats;
  if (min === undefined) return 0;
  if (typeof min !== 'bigint' || typeof max !== 'bigint') return undefined;
  const range = max - min;
  if (range === 0n) return 0;
  if (range < 1n << 8n) return 1;
  if (range < 1n << 16n) return 2;
  if (range < 1n << 32n) return 4;
  return range < 1n << 64n ? 8 : 16;
}

function encode(job: EncodeJob): number {
  if (job.phys === 'str' || job.phys === 'f32' || job.phys === 'f64') return 0;
  const width = az64Width(job.stats);
  const vector = job.phys === 'i32' ? 4 : 8;
  if (width === undefined || width > 8 || (width >= vector && job.phys !== 'i128')) return 0;
  const { view, kernels } = job.memory;
  const linear = job.stats.linear;
  const data = beginChunk(job, 'az64', width);
  const base = linear ? firstValue(job) : ((job.stats.min as bigint | undefined) ?? 0n);
  view.setBigUint64(job.out + CHUNK.BASE_LOW, BigInt.asUintN(64, base), true);
  view.setBigInt64(job.out + CHUNK.BASE_HIGH, base >> 64n, true);
  if (width === 0) {
    if (linear) view.setBigInt64(job.out + CHUNK.STEP, job.stats.step, true);
    return endChunk(job, data);
  }
  const low = BigInt.asIntN(64, base);
  kernels.values_pack(job.values, job.nulls, job.rows, PHYS_TAG[job.phys], low, width, job.out + data);
  return endChunk(job, data + job.rows * width);
}
function firstValue(job: EncodeJob): bigint {
  const view = job.memory.view;
  if (job.phys === 'i32') return BigInt(view.getInt32(job.values, true));
  return view.getBigInt64(job.values, true);
}

export default encoding({
  name: 'az64',
  tag: 2,
  doc: 'Frame of reference with 0, 1, 2, 4 or 8 bytes a value. Default of integers, decimals, dates and times.',
  supports: (type) => TYPES.has(type.name),
  encode,
});
