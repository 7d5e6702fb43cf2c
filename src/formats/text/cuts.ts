/**
 * Where a file of text may be cut, found with small reads, or one pass for CSV:
 *   delimited text       behind any line feed (with ESCAPE: one that no backslash frees)
 *   CSV                  behind a line feed outside quotes, known from all quotes before it
 *   REMOVEQUOTES         never: a quote may hold what it likes
 *   other encodings      never: the file's start says how it is to be read
 */
import type { LoadObject } from '../load-format.ts';
import type { TextFormat } from './text-format.ts';

const PROBE_BYTES = 64 * 1024;
/** More header lines are not looked for: the file goes whole. */
const HEADER_LINES_MAX = 1000;

/** First byte of the record behind the first free line feed at or after `from`; the file's size when there is none. */
async function nextRecord(object: LoadObject, from: number, escape: boolean): Promise<number> {
  // One byte earlier, so that a line feed right before `from` counts and backslashes before it are seen.
  let at = Math.max(0, from - 1);
  let slashes = 0;
  for (let k = at; escape && k > 0; k--) {
    const before = await object.read(k - 1, k);
    if (before[0] !== 92) break;
    slashes++;
  }
  for (; at < object.size; at += PROBE_BYTES) {
    const chunk = await object.read(at, at + PROBE_BYTES);
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === 10 && (!escape || slashes % 2 === 0)) return at + i + 1;
      slashes = chunk[i] === 92 ? slashes + 1 : 0;
    }
  }
  return object.size;
}

/** Cuts behind the header lines: the first part alone skips them, so it must hold them all. */
async function behindHeader(
  object: LoadObject,
  text: TextFormat,
  find: () => Promise<readonly number[]>,
): Promise<readonly number[]> {
  if (text.removeQuotes || text.encoding !== 'utf8' || text.ignoreHeader > HEADER_LINES_MAX) return [];
  let headerEnd = 0;
  for (let i = 0; i < text.ignoreHeader && headerEnd < object.size; i++)
    headerEnd = await nextRecord(object, headerEnd + 1, false);
  return (await find()).filter((cut) => cut >= headerEnd);
}

export function delimitedCuts(
  object: LoadObject,
  wishes: readonly number[],
  text: TextFormat,
): Promise<readonly number[]> {
  return behindHeader(object, text, async () => {
    const cuts: number[] = [];
    for (const wish of wishes) cuts.push(await nextRecord(object, wish, text.escape));
    return cuts;
  });
}

const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13 && byte !== 10);

export function csvCuts(object: LoadObject, wishes: readonly number[], text: TextFormat): Promise<readonly number[]> {
  return behindHeader(object, text, () => csvRecords(object, wishes, text));
}

/**
 * One pass: for every wish the first record that begins at or after it. A quote opens a field only at
 * the field's start (or right behind the quote that closed it: a doubled one), as the scanner has it.
 */
async function csvRecords(
  object: LoadObject,
  wishes: readonly number[],
  text: TextFormat,
): Promise<readonly number[]> {
  const out: number[] = [];
  let position = 0;
  let quoted = false;
  let closedAt = -2;
  // Last byte before this chunk that is no blank; a file begins like a line.
  let before = 10;
  let wish = 0;
  for await (const chunk of object.stream()) {
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
