/**
 * The values of a long IN list as data: sorted, without duplicates, in node memory, where a kernel finds a value by
 * halving (wasm/runtime/value-list.ts). The code of a segment knows the form only, neither the values nor their number.
 *
 *   +0  u32  entries          +4  u32  1 when one of the values is NULL
 *   +8  i64   8 bytes each   booleans, integers, dates and times, numerics of one word
 *       i128 16 bytes each   wide numerics: low word, high word
 *       f64   8 bytes each   floats: -0.0 is 0.0, NaN is the last
 *       str   8 bytes each   u32 distance from the list's start, u32 length; the texts, without trailing blanks, follow
 *       folded               the same of texts in folded form (fold-case.ts)
 */
import { assert } from '../common/assert.ts';
import { sortNumbers } from '../common/merge-sort.ts';
import type { Steps } from '../common/steps.ts';
import { foldCase } from './fold-case.ts';
import { identityOf } from './identity.ts';
import { physOf, type SqlType } from './sql-type.ts';
import type { TextPool } from './text-pool.ts';

export type ListForm = 'i64' | 'i128' | 'f64' | 'str' | 'folded';

/** Form of a list that values of a type are looked up in; undefined for a type that is compared value by value. */
export function listForm(type: SqlType): ListForm | undefined {
  switch (identityOf(type)) {
    case 'integer':
    case 'numeric':
      return physOf(type) === 'i128' ? 'i128' : 'i64';
    case 'float':
      return 'f64';
    case 'string':
      return 'str';
    case 'folded':
      return 'folded';
    case 'bytes':
    case 'interval':
      return undefined;
  }
}

const HEADER = 8;
/** Offset of the u32 that says whether one of the values is NULL. */
export const LIST_HAS_NULL = 4;

/** The list in memory that threads share. `values` may repeat; null is NULL. */
export function packList(form: ListForm, values: readonly unknown[]): Uint8Array {
  const present = values.filter((v) => v !== null && v !== undefined);
  const bytes = PACKERS[form](present);
  new DataView(bytes.buffer).setUint32(LIST_HAS_NULL, present.length < values.length ? 1 : 0, true);
  return bytes;
}

function start(count: number, entryBytes: number, textBytes = 0): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(new SharedArrayBuffer(HEADER + count * entryBytes + textBytes));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, count, true);
  return { bytes, view };
}

const word = (v: unknown): bigint => (typeof v === 'bigint' ? v : BigInt(Number(v)));

function packWords(values: readonly unknown[]): Uint8Array {
  // A numeric beyond 64 bits equals no value that fits them.
  const fitting = values.map(word).filter((v) => BigInt.asIntN(64, v) === v);
  const words = BigInt64Array.from(fitting)
    .sort()
    .filter((v, i, sorted) => i === 0 || v !== sorted[i - 1]);
  const { bytes, view } = start(words.length, 8);
  words.forEach((w, i) => view.setBigInt64(HEADER + i * 8, w, true));
  return bytes;
}
function packWide(values: readonly unknown[]): Uint8Array {
  const wide = [...new Set(values.map(word))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const { bytes, view } = start(wide.length, 16);
  for (const [i, v] of wide.entries()) {
    view.setBigInt64(HEADER + i * 16, BigInt.asIntN(64, v), true);
    view.setBigInt64(HEADER + i * 16 + 8, v >> 64n, true);
  }
  return bytes;
}
function packFloats(values: readonly unknown[]): Uint8Array {
  const floats = Float64Array.from(values, (v) => Number(v) + 0)
    .sort()
    .filter((v, i, sorted) => i === 0 || !Object.is(v, sorted[i - 1]));
  const { bytes, view } = start(floats.length, 8);
  floats.forEach((f, i) => view.setFloat64(HEADER + i * 8, f, true));
  return bytes;
}
/** What of a text counts in comparisons. */
export function withoutBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end--;
  return text.slice(0, end);
}
/** The same under the collation. */
export const comparedText = (text: string, isFolded: boolean): string =>
  withoutBlanks(isFolded ? foldCase(text) : text);
function packTexts(values: readonly unknown[], isFolded: boolean): Uint8Array {
  const texts = values.map((v) => {
    assert(typeof v === 'string', 'a text in a list of texts');
    return comparedText(v, isFolded);
  });
  const raw = [...new Set(texts)].map((t) => Buffer.from(t, 'utf8')).sort((a, b) => Buffer.compare(a, b));
  const { bytes, view } = start(
    raw.length,
    8,
    raw.reduce((n, t) => n + t.length, 0),
  );
  let at = HEADER + raw.length * 8;
  for (const [i, t] of raw.entries()) {
    view.setUint32(HEADER + i * 8, at, true);
    view.setUint32(HEADER + i * 8 + 4, t.length, true);
    bytes.set(t, at);
    at += t.length;
  }
  return bytes;
}

const PACKERS: Readonly<Record<ListForm, (values: readonly unknown[]) => Uint8Array>> = {
  i64: packWords,
  i128: packWide,
  f64: packFloats,
  str: (values) => packTexts(values, false),
  folded: (values) => packTexts(values, true),
};

/** Entries written between two steps. */
const WRITTEN = 32 * 1024;
const TWO_32 = 2 ** 32;

/** A list of form i64 from safe integers, which are used up. */
export function* packNumbers(values: Float64Array, hasNull: boolean): Steps<Uint8Array> {
  const sorted = yield* sortNumbers(values);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[count++] = sorted[i]!;
  const { bytes, view } = start(count, 8);
  view.setUint32(LIST_HAS_NULL, hasNull ? 1 : 0, true);
  for (let i = 0; i < count; i++) {
    const v = sorted[i]!;
    view.setUint32(HEADER + i * 8, v >>> 0, true);
    view.setInt32(HEADER + i * 8 + 4, Math.floor(v / TWO_32), true);
    if (i % WRITTEN === WRITTEN - 1) yield;
  }
  return bytes;
}
/** A list of form str from texts without trailing blanks, or of form folded from such texts in folded form. */
export function* packPool(texts: TextPool, hasNull: boolean): Steps<Uint8Array> {
  const order = yield* texts.distinct();
  const { bytes, view } = start(order.length, 8, texts.bytesUsed);
  view.setUint32(LIST_HAS_NULL, hasNull ? 1 : 0, true);
  let at = HEADER + order.length * 8;
  for (let i = 0; i < order.length; i++) {
    const text = texts.at(order[i]!);
    view.setUint32(HEADER + i * 8, at, true);
    view.setUint32(HEADER + i * 8 + 4, text.length, true);
    bytes.set(text, at);
    at += text.length;
    if (i % WRITTEN === WRITTEN - 1) yield;
  }
  return bytes;
}
