/**
 * Files dealt to slices. Compressed files and small ones go whole; a large plain file is cut into ranges that begin and
 * end at record boundaries, found here with small reads, so that a slice reads exactly its range:
 *   delimited text       a boundary is behind any line feed (with ESCAPE: one that no backslash frees)
 *   CSV                  behind a line feed outside quotes, known from all quotes before it: one pass over the file,
 *                        only when it is larger than one range
 *   REMOVEQUOTES         never cut: a quote may hold what it likes
 * Work is dealt by size, largest first, to the slice that has least.
 */
import type { SliceId } from '../../common/ids.ts';
import type { TextFormat } from '../../formats/text-format.ts';
import type { ObjectStore } from '../../s3/store.ts';
import type { CopyOptions } from './options.ts';
import type { SourceObject } from './sources.ts';

export interface SourceRange {
  readonly bucket: string;
  readonly key: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** The range begins the file: its header lines are skipped. */
  readonly first: boolean;
  readonly compression: 'none' | 'gzip';
}

const MB = 1024 * 1024;
export const RANGE_BYTES_MIN = 8 * MB;
export const RANGE_BYTES_MAX = 64 * MB;
const PROBE_BYTES = 64 * 1024;

/** Range size for a load of `total` bytes: several ranges a slice for balance, between 8 and 64 MB. */
export const rangeBytes = (total: number, slices: number): number =>
  Math.min(RANGE_BYTES_MAX, Math.max(RANGE_BYTES_MIN, Math.ceil(total / (slices * 4))));

/** First byte of the record behind the first free line feed at or after `from`; the file's size when there is none. */
async function nextRecord(store: ObjectStore, object: SourceObject, from: number, escape: boolean): Promise<number> {
  // One byte earlier, so that a line feed right before `from` counts and backslashes before it are seen.
  let at = Math.max(0, from - 1);
  let slashes = 0;
  for (let k = at; escape && k > 0; k--) {
    const before = await store.read(object.bucket, object.key, k - 1, k);
    if (before[0] !== 92) break;
    slashes++;
  }
  for (; at < object.size; at += PROBE_BYTES) {
    const chunk = await store.read(object.bucket, object.key, at, at + PROBE_BYTES);
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === 10 && (!escape || slashes % 2 === 0)) return at + i + 1;
      slashes = chunk[i] === 92 ? slashes + 1 : 0;
    }
  }
  return object.size;
}

const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13 && byte !== 10);

/**
 * CSV boundaries, one pass: for every wish the first record that begins at or after it. A quote opens a field only at
 * the field's start (or right behind the quote that closed it: a doubled one), as the scanner has it.
 */
async function csvBoundaries(
  store: ObjectStore,
  object: SourceObject,
  wishes: readonly number[],
  text: TextFormat,
): Promise<number[]> {
  const out: number[] = [];
  let position = 0;
  let quoted = false;
  let closedAt = -2;
  // Last byte before this chunk that is no blank; a file begins like a line.
  let before = 10;
  let wish = 0;
  for await (const chunk of (await store.getStream(object.bucket, object.key)) as AsyncIterable<Buffer>) {
    const lastSolid = (from: number): number => {
      while (from >= 0 && isBlank(chunk[from]!) && chunk[from] !== text.delimiter) from--;
      return from < 0 ? before : chunk[from]!;
    };
    let at = 0;
    while (at < chunk.length) {
      const next = chunk.indexOf(text.quote, at);
      const stop = next < 0 ? chunk.length : next;
      while (!quoted && wish < wishes.length && position + stop > wishes[wish]! - 1) {
        const feed = chunk.indexOf(10, Math.max(at, wishes[wish]! - 1 - position));
        if (feed < 0 || feed >= stop) break;
        out.push(position + feed + 1);
        while (wish < wishes.length && wishes[wish]! <= position + feed + 1) wish++;
      }
      if (next < 0) break;
      if (quoted) {
        quoted = false;
        closedAt = position + next;
      } else {
        const previous = lastSolid(next - 1);
        quoted = closedAt === position + next - 1 || previous === text.delimiter || previous === 10;
      }
      at = next + 1;
    }
    before = lastSolid(chunk.length - 1);
    position += chunk.length;
    if (wish >= wishes.length) break;
  }
  return out;
}

/** The ranges of one object. */
export async function splitObject(
  store: ObjectStore,
  object: SourceObject,
  options: Pick<CopyOptions, 'text' | 'compression'>,
  size: number,
): Promise<readonly SourceRange[]> {
  const { text, compression } = options;
  const range = (start: number, end: number): SourceRange => ({
    bucket: object.bucket,
    key: object.key,
    start,
    end,
    first: start === 0,
    compression,
  });
  const whole = [range(0, object.size)];
  if (compression !== 'none' || object.size <= size * 1.5 || text.removeQuotes || text.ignoreHeader > 1000)
    return whole;
  const count = Math.ceil(object.size / size);
  const wishes = Array.from({ length: count - 1 }, (_, i) => Math.floor((object.size * (i + 1)) / count));
  // Header lines are skipped by the first range only, so it must hold them all.
  let headerEnd = 0;
  for (let i = 0; i < text.ignoreHeader && headerEnd < object.size; i++)
    headerEnd = await nextRecord(store, object, headerEnd + 1, false);
  let cuts: number[];
  if (text.kind === 'csv') cuts = await csvBoundaries(store, object, wishes, text);
  else {
    cuts = [];
    for (const wish of wishes) cuts.push(await nextRecord(store, object, wish, text.escape));
  }
  const out: SourceRange[] = [];
  let start = 0;
  for (const cut of [...cuts, object.size]) {
    if (cut <= start || (cut < headerEnd && cut < object.size)) continue;
    out.push(range(start, cut));
    start = cut;
  }
  return out.length === 0 ? whole : out;
}

/** All work of a load: one list of ranges a slice, in file order within each. */
export async function splitSources(
  store: ObjectStore,
  objects: readonly SourceObject[],
  options: Pick<CopyOptions, 'text' | 'compression'>,
  slices: number,
): Promise<ReadonlyMap<SliceId, readonly SourceRange[]>> {
  const total = objects.reduce((sum, o) => sum + o.size, 0);
  const ranges: SourceRange[] = [];
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
