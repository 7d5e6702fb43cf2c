/**
 * Files dealt to slices. Compressed and encrypted files and small ones go whole; a large plain file is cut into ranges that begin and
 * end at record boundaries, where its format says, so that a slice reads exactly its range. Work is dealt by size, largest
 * first, to the slice that has least.
 */
import type { SliceId } from '../../common/ids.ts';
import type { LoadObject } from '../../formats/load-format.ts';
import type { LoadPiece } from '../../formats/load-work.ts';
import { LOAD_FORMATS } from '../../formats/registry.ts';
import type { ObjectStore } from '../../s3/store.ts';
import type { CopyOptions } from './options.ts';
import type { SourceObject } from './sources.ts';

const MB = 1024 * 1024;
export const RANGE_BYTES_MIN = 8 * MB;
export const RANGE_BYTES_MAX = 64 * MB;

/** Range size for a load of `total` bytes: several ranges a slice for balance, between 8 and 64 MB. */
export const rangeBytes = (total: number, slices: number): number =>
  Math.min(RANGE_BYTES_MAX, Math.max(RANGE_BYTES_MIN, Math.ceil(total / (slices * 4))));

/** An object as its format looks into it. */
export function loadObject(store: ObjectStore, { bucket, key, size }: SourceObject): LoadObject {
  return {
    size,
    read: (start, end) => store.read(bucket, key, start, end),
    stream: async function* () {
      yield* (await store.getStream(bucket, key)) as AsyncIterable<Uint8Array>;
    },
  };
}

/** The ranges of one object. */
export async function splitObject(
  store: ObjectStore,
  object: SourceObject,
  options: Pick<CopyOptions, 'format' | 'compression'> & Partial<Pick<CopyOptions, 'masterKey' | 'region'>>,
  size: number,
): Promise<readonly LoadPiece[]> {
  const { format, compression, masterKey, region } = options;
  const range = (start: number, end: number): LoadPiece => ({
    bucket: object.bucket,
    key: object.key,
    start,
    end,
    state: { size: object.size, modifiedMs: object.modifiedMs, etag: object.etag },
    first: start === 0,
    compression,
    masterKey,
    region,
  });
  const whole = [range(0, object.size)];
  if (compression !== 'none' || masterKey !== undefined || object.size <= size * 1.5) return whole;
  const count = Math.ceil(object.size / size);
  const wishes = Array.from({ length: count - 1 }, (_, i) => Math.floor((object.size * (i + 1)) / count));
  const cuts = await LOAD_FORMATS[format.name].split(loadObject(store, object), wishes, format.options);
  const out: LoadPiece[] = [];
  let start = 0;
  for (const cut of [...cuts, object.size]) {
    if (cut <= start) continue;
    out.push(range(start, cut));
    start = cut;
  }
  return out.length === 0 ? whole : out;
}

/** All work of a load: one list of ranges a slice, in file order within each. */
export async function splitSources(
  store: ObjectStore,
  objects: readonly SourceObject[],
  options: Parameters<typeof splitObject>[2],
  slices: number,
): Promise<ReadonlyMap<SliceId, readonly LoadPiece[]>> {
  const total = objects.reduce((sum, o) => sum + o.size, 0);
  const ranges: LoadPiece[] = [];
  for (const object of objects)
    ranges.push(...(await splitObject(store, object, options, rangeBytes(total, slices))));
  const work = Array.from({ length: slices }, () => ({ bytes: 0, ranges: [] as number[] }));
  const order = ranges
    .map((_, i) => i)
    .sort((a, b) => ranges[b]!.end - ranges[b]!.start - (ranges[a]!.end - ranges[a]!.start) || a - b);
  for (const index of order) {
    const least = work.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    least.bytes += ranges[index]!.end - ranges[index]!.start;
    least.ranges.push(index);
  }
  return new Map(work.map((w, slice) => [slice as SliceId, w.ranges.sort((a, b) => a - b).map((i) => ranges[i]!)]));
}
