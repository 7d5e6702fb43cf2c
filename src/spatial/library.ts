/**
 * All spatial functions by name, and how they are called with kept bytes. A bundle of its own (dist/spatial.cjs), which a thread
 * loads when the first of them is called there (execution/spatial-library.ts).
 */
import { assert } from '../common/assert.ts';
import { ACCESSORS } from './accessors.ts';
import type { Argument, CallContext, Result, SpatialCall } from './call.ts';
import { collect, EDITORS, makeLine } from './editors.ts';
import { decode, encode } from './ewkb.ts';
import type { Spatial } from './geometry.ts';
import { H3 } from './h3.ts';
import { MEASURES } from './measures.ts';
import { OVERLAY } from './overlay.ts';
import { PREDICATES } from './predicates.ts';
import { READING } from './reading.ts';
import { TRANSFORM } from './transform.ts';
import { VALIDITY } from './validity.ts';
import { WRITING } from './writing.ts';

/** A list of values behind each other, each behind its length (u32): what aggregates gather. */
function listed(bytes: Uint8Array): Spatial[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: Spatial[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true);
    out.push(decode(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return out;
}
function withLength(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + bytes.length);
  new DataView(out.buffer).setUint32(0, bytes.length, true);
  out.set(bytes, 4);
  return out;
}
const AGGREGATES = {
  spatial_item: (value: Spatial) => withLength(encode(value)),
  collect_items: (bytes: Uint8Array) => collect(listed(bytes)),
  line_of_items: (bytes: Uint8Array) => makeLine(listed(bytes)),
} satisfies Record<string, SpatialCall>;

const CALLS: Readonly<Record<string, SpatialCall>> = {
  ...READING,
  ...WRITING,
  ...ACCESSORS,
  ...EDITORS,
  ...MEASURES,
  ...PREDICATES,
  ...OVERLAY,
  ...VALIDITY,
  ...TRANSFORM,
  ...H3,
  ...AGGREGATES,
};
export const names: readonly string[] = Object.keys(CALLS);

/** Values that are large are remembered: a polygon that many points are compared with is read once. */
const REMEMBERED_BYTES_MIN = 512;
const remembered: { bytes: Uint8Array; value: Spatial }[] = [];
function valueOf(bytes: Uint8Array, place: number): Spatial {
  const known = remembered[place];
  if (known !== undefined && Buffer.compare(known.bytes, bytes) === 0) return known.value;
  const value = decode(bytes);
  if (bytes.length >= REMEMBERED_BYTES_MIN && place < 2) remembered[place] = { bytes, value };
  return value;
}
/** An argument as it comes: `kept` says that the bytes are a geometry's. */
export interface Given {
  readonly value: number | bigint | string | boolean | Uint8Array | null;
  readonly kept: boolean;
}
export type Answer = number | bigint | string | boolean | Uint8Array | null;

/** Functions whose results are kept for a while: what constants are made of is called for every row. */
const KEPT: ReadonlySet<string> = new Set([
  ...['geometry_of_text', 'geography_of_text', 'st_geomfromtext', 'st_geomfromewkt', 'st_geogfromtext'],
  ...['st_geomfromgeojson', 'st_geomfromwkb', 'st_geomfromewkb', 'st_geogfromwkb'],
  ...['st_buffer', 'st_union', 'st_intersection', 'st_convexhull', 'st_simplify', 'st_transform'],
]);
const KEPT_CALLS_MAX = 4;
interface KeptCall {
  readonly given: readonly Given[];
  readonly boxed: boolean;
  readonly answer: Answer;
}
const kept = new Map<string, KeptCall[]>();
const sameValue = ({ value: a }: Given, { value: b }: Given): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;

export function call(name: string, given: readonly Given[], context: CallContext): Answer {
  if (!KEPT.has(name)) return answer(name, given, context);
  const calls = kept.get(name) ?? [];
  const known = calls.find(
    (k) =>
      k.boxed === context.boxed &&
      k.given.length === given.length &&
      k.given.every((g, i) => sameValue(g, given[i]!)),
  );
  if (known !== undefined) return known.answer;
  const made = answer(name, given, context);
  kept.set(name, [{ given, boxed: context.boxed, answer: made }, ...calls.slice(0, KEPT_CALLS_MAX - 1)]);
  return made;
}

function answer(name: string, given: readonly Given[], context: CallContext): Answer {
  const f = CALLS[name] as ((...args: readonly (Argument | null)[]) => Result) | undefined;
  assert(f, `no spatial function is called ${name}`);
  const args = given.map(({ value, kept }, i) => (kept && value !== null ? valueOf(value as Uint8Array, i) : value));
  const result = f(...args);
  if (result === null || typeof result !== 'object' || result instanceof Uint8Array) return result;
  return encode(context.boxed || name === 'addbbox' ? result : { ...result, boxed: false });
}

export { takeSimplified } from './reading.ts';
