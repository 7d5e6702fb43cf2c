/**
 * The table of identity sequences that a segment's context points to (kernel identity_next): each source of identity values,
 * which is a segment on a slice, takes every n-th value of every column, so that no two meet. Called by segment-run.ts.
 */
import type { SegmentSpec } from '../steps/spec.ts';
import { IDENTITY_ENTRY } from '../wasm/memory-map.ts';
import type { IdentitySequence } from './messages.ts';

/** Values from `next` on in strides that do not pass `last`. */
function valuesLeft(next: bigint, stride: bigint, last: bigint): bigint {
  const room = stride > 0n ? last - next : next - last;
  return room < 0n ? 0n : room / (stride > 0n ? stride : -stride) + 1n;
}

/** Undefined when the segment makes no identity values. */
export function identityEntries(
  identity: IdentitySequence,
  spec: SegmentSpec,
  slice: number,
): Uint8Array | undefined {
  const index = identity.segments.indexOf(spec.origin ?? spec.segment);
  if (index < 0) return undefined;
  const source = BigInt(index * identity.slices + slice);
  const sources = BigInt(identity.slices * identity.segments.length);
  const bytes = new Uint8Array((identity.columns.length + 1) * IDENTITY_ENTRY.BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, { attnum, first, step, last, beyond }] of identity.columns.entries()) {
    const at = i * IDENTITY_ENTRY.BYTES;
    const [next, stride] = [first + source * step, sources * step];
    view.setUint32(at + IDENTITY_ENTRY.ATTNUM, attnum, true);
    view.setUint32(at + IDENTITY_ENTRY.BEYOND, beyond, true);
    view.setBigInt64(at + IDENTITY_ENTRY.NEXT, next, true);
    view.setBigInt64(at + IDENTITY_ENTRY.STRIDE, stride, true);
    view.setBigInt64(at + IDENTITY_ENTRY.LEFT, valuesLeft(next, stride, last), true);
  }
  return bytes;
}
