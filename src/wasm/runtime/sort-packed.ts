/**
 * Sorting records by packed keys: what the keys of a set of rows have in common takes no part in their order, so the bits
 * that do are gathered into one word, the first 64 of them, in the first eight bytes of each record. Records are dealt into
 * bins by its leading bits, and bins that fit a cache are sorted in the same way by entries (sort.ts). A record is a tuple, or
 * an entry when tuples are too large to be moved. A plan says where the bits lie in a key:
 *
 *   +0 u32 keyOffset in a tuple  +4 u32 from, bytes that all keys begin with  +8 u32 words looked at, even, 0 before any key
 *   +12 u32 longest key  +16 u32 bits of a packed key  +20 u32 whole: keys that pack alike are alike
 *   +24 u32 pieces  +28 u32 next, bytes that keys which pack alike begin with
 *   +32 u32 records are entries  +36 u32 of the plan at `work`: it was made, some keys are packed anew
 *   +40 u32 records that were packed came in order  +48 u64 the newest packed key
 *   +56 { u64 first, u64 varying } per word: the first key's, and bits in which any other differs from it
 *   +184 u8 per bit of a packed key: the byte of the key that it comes from, less `from`
 *   +248 { u32 byte of the key, u32 lead, u32 drop, u32 shift } per piece: lead bits of the word there are left out, 64 - drop taken
 *
 * Keys count as if zeros followed: none is the beginning of another. References to long keys count by their length alone, which
 * is above that of all others: who finds such a longest key sorts by comparing (packed-sort.ts).
 */
import { isReference, sameBytes } from './long-values.ts';
import { compareFrom, ENTRY, sort_entries } from './sort.ts';
import { bytesWord } from './strings-core.ts';
import { marksOf } from './window.ts';

const WORDS_MAX: i32 = 8;
const PIECES_MAX: i32 = 24;
const REPACKED: i32 = 36;
const IN_ORDER: i32 = 40;
const NEWEST: i32 = 48;
const WORDS: i32 = 56;
const BYTES_OF_BITS: i32 = 184;
const PIECES: i32 = 248;
const PLAN_BYTES: i32 = 632;
/** Entries put in order by insertion. */
const INSERTION: i32 = 20;
/** Bits by which entries are dealt into bins; fewer when there are few of them. */
const WIDTH: i32 = 8;
const WIDTH_OF_FEW: i32 = 5;
const FEW: i32 = 128;
/** Bins within bins, each with a table; entries that still share one are merged. */
const DEPTH_MAX: i32 = 24;

/** The word of a key at byte `at`. */
// @ts-ignore: decorator
@inline
function wordAt(p: i32, n: i32, at: i32): u64 {
  if (at + 8 <= n) return bytesWord(p + at);
  if (at >= n) return 0;
  if (n >= 8) return bytesWord(p + n - 8) << <u64>((at + 8 - n) << 3);
  return shortWord(p, n, at);
}
function shortWord(p: i32, n: i32, at: i32): u64 {
  let v: u64 = 0;
  for (let i = at; i < n; i++) v |= <u64>load<u8>(p + i) << <u64>(56 - ((i - at) << 3));
  return v;
}
// @ts-ignore: decorator
@inline
function keyOf(record: i32, isEntry: bool, keyOffset: i32): i64 {
  return load<i64>((isEntry ? load<i32>(record, 8) : record) + keyOffset);
}

/** Begins a plan for keys that have their first `from` bytes in common. */
export function begin_plan(plan: i32, keyOffset: i32, from: i32, isEntry: i32): void {
  memory.fill(plan, 0, PLAN_BYTES);
  store<i32>(plan, keyOffset);
  store<i32>(plan, from, 4);
  store<i32>(plan, isEntry, 32);
  store<i32>(plan, 1, IN_ORDER);
}
/** Looks at the keys of the records in [start, end). */
export function survey_records(plan: i32, start: i32, end: i32, size: i32): void {
  if (start >= end) return;
  const from = load<i32>(plan, 4);
  let words = load<i32>(plan, 8);
  if (words == 0) {
    const key = keyOf(start, load<i32>(plan, 32) != 0, load<i32>(plan));
    const isLong = isReference(key);
    words = isLong ? 2 : max(2, min(WORDS_MAX, ((<i32>(key >>> 32) - from + 15) >> 4) << 1));
    if (!isLong) for (let w = 0; w < words; w++) store<u64>(plan + (w << 4), wordAt(<i32>key, <i32>(key >>> 32), from + (w << 3)), WORDS);
    store<i32>(plan, words, 8);
  }
  for (let w = 0; w < words; w += 2) surveyPair(plan, start, end, size, from + (w << 3), plan + WORDS + (w << 4));
}
/** Two words, from byte `at` of the keys on. */
function surveyPair(plan: i32, start: i32, end: i32, size: i32, at: i32, pair: i32): void {
  const keyOffset = load<i32>(plan);
  const isEntry = load<i32>(plan, 32) != 0;
  const first = load<u64>(pair);
  const second = load<u64>(pair, 16);
  let varying = load<u64>(pair, 8);
  let behind = load<u64>(pair, 24);
  let longest = load<i32>(plan, 12);
  for (let r = start; r < end; r += size) {
    const key = keyOf(r, isEntry, keyOffset);
    const n = <i32>(key >>> 32);
    longest = max(longest, n);
    if (isReference(key)) continue;
    varying |= first ^ wordAt(<i32>key, n, at);
    behind |= second ^ wordAt(<i32>key, n, at + 8);
  }
  store<u64>(pair, varying, 8);
  store<u64>(pair, behind, 24);
  store<i32>(plan, longest, 12);
}
/** Decides which bits are packed. */
export function plan_keys(plan: i32): void {
  const from = load<i32>(plan, 4);
  const words = load<i32>(plan, 8);
  let bits = 0;
  let pieces = 0;
  let next = from + (words << 3);
  let whole = load<i32>(plan, 12) <= next ? 1 : 0;
  for (let w = 0; w < words; w++) {
    let varying = load<u64>(plan + (w << 4), WORDS + 8);
    while (varying != 0) {
      const lead = <i32>clz<u64>(varying);
      const first = from + (w << 3) + (lead >> 3);
      if (bits == 64 || pieces == PIECES_MAX) {
        next = min(next, first);
        whole = 0;
        break;
      }
      const length = min(<i32>clz<u64>(~(varying << <u64>lead)), 64 - bits);
      const piece = plan + PIECES + (pieces << 4);
      store<i32>(piece, from + (w << 3));
      store<i32>(piece, lead, 4);
      store<i32>(piece, 64 - length, 8);
      store<i32>(piece, 64 - bits - length, 12);
      for (let i = 0; i < length; i++) store<u8>(plan + BYTES_OF_BITS + bits + i, (w << 3) + ((lead + i) >> 3));
      bits += length;
      pieces++;
      varying = lead + length == 64 ? 0 : varying & (u64.MAX_VALUE >> <u64>(lead + length));
    }
  }
  store<i32>(plan, bits, 16);
  store<i32>(plan, whole, 20);
  store<i32>(plan, pieces, 24);
  store<i32>(plan, next, 28);
}
/** Puts packed keys into the records in [start, end), and counts these by the first `width` bits in 2^width counters at `bins`. */
export function pack_records(plan: i32, start: i32, end: i32, size: i32, width: i32, bins: i32): void {
  const keyOffset = load<i32>(plan);
  const isEntry = load<i32>(plan, 32) != 0;
  const pieces = plan + PIECES;
  const piecesEnd = pieces + (load<i32>(plan, 24) << 4);
  // Otherwise keys that pack alike may still differ.
  const whole = load<i32>(plan, 20) != 0;
  let newest = load<u64>(plan, NEWEST);
  let inOrder = load<i32>(plan, IN_ORDER) != 0;
  for (let r = start; r < end; r += size) {
    const key = keyOf(r, isEntry, keyOffset);
    let packed: u64 = 0;
    for (let piece = pieces; piece < piecesEnd; piece += 16) {
      const word = wordAt(<i32>key, <i32>(key >>> 32), load<i32>(piece));
      packed |= ((word << <u64>load<u32>(piece, 4)) >> <u64>load<u32>(piece, 8)) << <u64>load<u32>(piece, 12);
    }
    store<u64>(r, packed);
    inOrder = inOrder && (packed > newest || (packed == newest && whole));
    newest = packed;
    const bin = bins + (<i32>(packed >> <u64>(64 - width)) << 2);
    store<i32>(bin, load<i32>(bin) + 1);
  }
  store<u64>(plan, newest, NEWEST);
  store<i32>(plan, inOrder ? 1 : 0, IN_ORDER);
}

// @ts-ignore: decorator
@inline
function binOf(r: i32, done: i32, width: i32): i32 {
  return <i32>((load<u64>(r) << <u64>done) >> <u64>(64 - width)) << 2;
}
/** Counts records by the `width` bits of their packed keys behind the first `done`. */
export function count_records(start: i32, end: i32, size: i32, done: i32, width: i32, bins: i32): void {
  for (let r = start; r < end; r += size) {
    const bin = bins + binOf(r, done, width);
    store<i32>(bin, load<i32>(bin) + 1);
  }
}
/** Copies records to the places of their bins (addresses at `bins`), which move on. */
export function deal_records(start: i32, end: i32, size: i32, done: i32, width: i32, bins: i32): void {
  for (let r = start; r < end; r += size) {
    const bin = bins + binOf(r, done, width);
    const place = load<i32>(bin);
    copyRecord(r, place, size);
    store<i32>(bin, place + size);
  }
}
// @ts-ignore: decorator
@inline
function copyRecord(from: i32, to: i32, size: i32): void {
  let at = 0;
  for (; at + 16 <= size; at += 16) v128.store(to + at, v128.load(from + at));
  if (at < size) store<u64>(to + at, load<u64>(from + at));
}
/** Entries of packed tuples in [start, end) at `out`; returns their end. */
export function list_records(start: i32, end: i32, size: i32, keyOffset: i32, out: i32): i32 {
  for (let t = start; t < end; t += size) {
    store<u64>(out, load<u64>(t));
    store<i32>(out, t, 8);
    store<i32>(out, load<i32>(t + keyOffset, 4), 12);
    out += ENTRY;
  }
  return out;
}
/** Copies the tuples of entries to `out`, in their order. */
export function gather_tuples(entries: i32, count: i32, size: i32, out: i32): void {
  for (let e = entries; e < entries + count * ENTRY; e += ENTRY) {
    copyRecord(load<i32>(e, 8), out, size);
    out += size;
  }
}

/**
 * Sorts `count` entries whose packed keys agree in the first `done` bits; equal keys stay in their order. They lie at `from`
 * and are left at `to`, or where they are if `stays`; the other place is overwritten. `work` has room for a plan and
 * DEPTH_MAX tables of bins.
 */
export function sort_packed(plan: i32, from: i32, to: i32, count: i32, done: i32, stays: i32, work: i32): void {
  const whole = load<i32>(plan, 20) != 0;
  sortBin(from, to, count, done, stays != 0, load<i32>(plan), load<i32>(plan, 16), whole, load<i32>(plan, 28), work, 0);
}
/** `bits`, `whole` and `same` are those of the plan by which these entries were packed. */
function sortBin(
  from: i32, to: i32, count: i32, done: i32, stays: bool, keyOffset: i32, bits: i32, whole: bool, same: i32, work: i32, depth: i32,
): void {
  for (;;) {
    if (count <= INSERTION) return insertAll(from, stays ? from : to, count, keyOffset, whole, same);
    if (done >= bits) {
      if (whole) {
        if (!stays) memory.copy(to, from, count * ENTRY);
        return;
      }
      // The rest of the keys, packed anew.
      const end = from + count * ENTRY;
      begin_plan(work, keyOffset, same, 1);
      store<i32>(work, 1, REPACKED);
      survey_records(work, from, end, ENTRY);
      plan_keys(work);
      bits = load<i32>(work, 16);
      whole = load<i32>(work, 20) != 0;
      same = load<i32>(work, 28);
      done = 0;
      pack_records(work, from, end, ENTRY, WIDTH, work + PLAN_BYTES + depth * (4 << WIDTH));
      continue;
    }
    if (depth == DEPTH_MAX) {
      sort_entries(from, count, to, keyOffset, same);
      if (!stays) memory.copy(to, from, count * ENTRY);
      return;
    }
    const bins = work + PLAN_BYTES + depth * (4 << WIDTH);
    const width = count < FEW ? WIDTH_OF_FEW : WIDTH;
    memory.fill(bins, 0, 4 << width);
    count_records(from, from + count * ENTRY, ENTRY, done, width, bins);
    if (load<i32>(bins + binOf(from, done, width)) == count) {
      done += width;
      continue;
    }
    let place = to;
    for (let bin = bins; bin < bins + (4 << width); bin += 4) {
      const n = load<i32>(bin);
      store<i32>(bin, place);
      place += n * ENTRY;
    }
    deal_records(from, from + count * ENTRY, ENTRY, done, width, bins);
    // Places have become ends.
    let start = to;
    const back = from - to;
    for (let bin = bins; start < to + count * ENTRY; bin += 4) {
      const end = load<i32>(bin);
      if (end == start + ENTRY) {
        if (stays) v128.store(start + back, v128.load(start));
      } else if (end > start) {
        sortBin(start, start + back, (end - start) / ENTRY, done + width, !stays, keyOffset, bits, whole, same, work, depth + 1);
      }
      start = end;
    }
    return;
  }
}
/** Few entries from one place to another, which may be the same, in order. */
function insertAll(from: i32, to: i32, count: i32, keyOffset: i32, whole: bool, same: i32): void {
  for (let i = 0; i < count * ENTRY; i += ENTRY) {
    const held = v128.load(from + i);
    const key = <u64>v128.extract_lane<i64>(held, 0);
    let at = to + i;
    for (; at > to; at -= ENTRY) {
      const other = load<u64>(at - ENTRY);
      if (other < key) break;
      // The one at hand still lies where it came from: nothing has moved.
      if (other == key && (whole || compareFrom(at - ENTRY, from + i, keyOffset, same) <= 0)) break;
    }
    for (let place = to + i; place > at; place -= ENTRY) v128.store(place, v128.load(place - ENTRY));
    v128.store(at, held);
  }
}

/**
 * The marks (marksOf) of `count` tuples, whose entries are in order. With `packed` 0 their packed keys say nothing; with
 * `size` the tuples are copied to `out`, the marks in their second word, otherwise { u32 tuple, u32 marks } are listed there.
 * `previous` is the tuple before the first, or 0: then the first begins all groups.
 */
export function mark_entries(
  plan: i32, entries: i32, count: i32, packed: i32, levels: i32, levelCount: i32, previous: i32, size: i32, out: i32,
): void {
  const keyOffset = load<i32>(plan);
  const from = load<i32>(plan, 4);
  const whole = load<i32>(plan, 20) != 0;
  const end = entries + count * ENTRY;
  let before: u64 = 0;
  for (let e = entries; e < end; e += ENTRY) {
    const tuple = load<i32>(e, 8);
    const key = load<u64>(e);
    let marks = -1;
    if (previous != 0) {
      const difference = packed && e > entries ? before ^ key : 0;
      let same = i32.MAX_VALUE;
      if (difference != 0) same = from + <i32>load<u8>(plan + BYTES_OF_BITS + <i32>clz<u64>(difference));
      else if (!packed || !whole || e == entries) same = sameBytes(load<i64>(previous + keyOffset), load<i64>(tuple + keyOffset));
      marks = marksOf(tuple, load<i32>(e, 12), same, levels, levelCount);
    }
    before = key;
    previous = tuple;
    if (size != 0) {
      copyRecord(tuple, out, size);
      store<i32>(out, marks, 4);
      out += size;
    } else {
      store<i32>(out, tuple);
      store<i32>(out, marks, 4);
      out += 8;
    }
  }
}
