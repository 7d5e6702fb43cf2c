/**
 * The text form of HyperLogLog sketches, which is what an HLLSKETCH holds: JSON with the coupons of a list, base64 digits of
 * six bits with all registers.
 *
 *   {"version":1,"logm":15,"sparse":{"indices":[20812342,47158030],"values":[1,1]}}
 */
import { alloc_scratch, shrink_scratch } from './alloc.ts';
import { failStr, INVALID_SKETCH } from './errors.ts';
import { load_fail, REASON_SKETCH } from './csv-load.ts';
import { ERROR_CODE, failed, makeStr, put8, strLen, strPtr } from './layout.ts';
import {
  COUPON_BYTES,
  INDEX_BITS,
  isAll,
  LISTED_MAX,
  merged,
  put,
  RANK_BITS,
  REGISTERS,
  sketch_estimate,
} from './sketch.ts';
import { putU64 } from './text-out.ts';

/** Of what stands around the numbers. */
const FRAME_BYTES: i32 = 80;
const ENTRY_TEXT_BYTES: i32 = 12;

function base64Digit(v: i32): i32 {
  return v < 26 ? 65 + v : v < 52 ? 71 + v : v < 62 ? v - 4 : v == 62 ? 43 : 47;
}
/** -1 for what is none. */
function base64Value(c: i32): i32 {
  if (c >= 65 && c <= 90) return c - 65;
  if (c >= 97 && c <= 122) return c - 71;
  if (c >= 48 && c <= 57) return c + 4;
  return c == 43 ? 62 : c == 47 ? 63 : -1;
}

/** The sketch's text in scratch. */
export function sketch_text(ctx: i32, sketch: i64): i64 {
  const from = strPtr(sketch);
  if (isAll(sketch)) {
    const all = alloc_scratch(ctx, REGISTERS);
    if (all == 0) return 0;
    for (let i = 0; i < REGISTERS; i++) store<u8>(all + i, <u8>base64Digit(load<u8>(from + i)));
    return makeStr(all, REGISTERS);
  }
  const n = strLen(sketch) / COUPON_BYTES;
  const p = alloc_scratch(ctx, FRAME_BYTES + n * ENTRY_TEXT_BYTES + 8);
  if (p == 0) return 0;
  let e = PUT(p, "{\"version\":1,\"logm\":15,\"sparse\":{\"indices\":[");
  for (let i = 0; i < n; i++) {
    if (i > 0) store<u8>(e++, 44);
    e = putU64(e, <u64>(load<u32>(from + i * COUPON_BYTES) >>> RANK_BITS));
  }
  e = PUT(e, "],\"values\":[");
  for (let i = 0; i < n; i++) {
    if (i > 0) store<u8>(e++, 44);
    e = putU64(e, <u64>(load<u32>(from + i * COUPON_BYTES) & ((1 << RANK_BITS) - 1)));
  }
  e = PUT(e, "]}}");
  shrink_scratch(ctx, p, e - p);
  return makeStr(p, e - p);
}

/** Where the text is read; -1 after something unexpected. */
let at: i32 = 0;
let last: i32 = 0;

function skipBlanks(): void {
  while (at >= 0 && at < last && load<u8>(at) <= 32) at++;
}
/** The character must come next. */
function expect(c: i32): void {
  skipBlanks();
  at = at >= 0 && at < last && load<u8>(at) == c ? at + 1 : -1;
}
function comes(c: i32): bool {
  skipBlanks();
  if (at < 0 || at >= last || load<u8>(at) != c) return false;
  at++;
  return true;
}
function expectName(p: i32, n: i32): void {
  expect(34);
  if (at < 0) return;
  if (last - at < n + 1 || memory.compare(at, p, n) != 0) at = -1;
  else at += n;
  if (at >= 0) expect(34);
  if (at >= 0) expect(58);
}
function readNumber(): i32 {
  skipBlanks();
  if (at < 0) return 0;
  const start = at;
  let v: i64 = 0;
  while (at < last && load<u8>(at) >= 48 && load<u8>(at) <= 57 && at - start < 10) v = v * 10 + (load<u8>(at++) - 48);
  if (at == start || v > 0x7fffffff) at = -1;
  return <i32>v;
}
/** Numbers in brackets, below `limit`, into `words` by `shift`; how many there are. */
function readNumbers(words: i32, shift: i32, limit: i32): i32 {
  expect(91);
  let n = 0;
  if (comes(93)) return 0;
  while (at >= 0) {
    const v = readNumber();
    if (v >= limit) at = -1;
    const word = words + n * COUPON_BYTES;
    store<u32>(word, shift > 0 ? <u32>v << shift : load<u32>(word) | <u32>v);
    n++;
    if (comes(93)) return n;
    expect(44);
  }
  return n;
}
function named(name: u64, n: i32, scratch: i32): void {
  store<u64>(scratch, name);
  expectName(scratch, n);
}
/** The coupons of a list as they are written, in scratch; 0 when it is none. */
function readList(ctx: i32, s: i64): i64 {
  const words = alloc_scratch(ctx, max(REGISTERS, strLen(s) * 2 + 16));
  if (words == 0) return 0;
  const scratch = words;
  at = strPtr(s);
  last = at + strLen(s);
  expect(123);
  const start = at;
  named(WORD("version"), 7, scratch);
  if (at >= 0) {
    if (readNumber() != 1) at = -1;
    expect(44);
  } else at = start;
  named(WORD("logm"), 4, scratch);
  if (readNumber() != 15) at = -1;
  expect(44);
  named(WORD("sparse"), 6, scratch);
  expect(123);
  named(WORD("indices"), 7, scratch);
  const n = readNumbers(words, RANK_BITS, 1 << INDEX_BITS);
  expect(44);
  // The name is read beside the words.
  named(WORD("values"), 6, words + (n + 1) * COUPON_BYTES);
  const values = readNumbers(words, 0, 1 << RANK_BITS);
  expect(125);
  expect(125);
  skipBlanks();
  if (at != last || values != n) at = -1;
  return makeStr(words, n * COUPON_BYTES);
}
/** A list as it is written may be in any order, have an index twice, or be too long for a list. */
function inOrder(ctx: i32, list: i64): i64 {
  const start = strPtr(list);
  const end = start + strLen(list);
  let isSorted = strLen(list) <= LISTED_MAX * COUPON_BYTES;
  for (let e = start + COUPON_BYTES; e < end && isSorted; e += COUPON_BYTES)
    isSorted = load<u32>(e - COUPON_BYTES) >>> RANK_BITS < load<u32>(e) >>> RANK_BITS;
  if (isSorted) return list;
  const room = alloc_scratch(ctx, REGISTERS);
  if (room == 0) return 0;
  let sketch = makeStr(room, 0);
  for (let e = start; e < end; e += COUPON_BYTES) sketch = put(ctx, sketch, load<u32>(e), false);
  return sketch;
}
/** The sketch of a text, in scratch. */
export function sketch_of_text(ctx: i32, s: i64): i64 {
  const from = strPtr(s);
  if (strLen(s) == REGISTERS && load<u8>(from) != 123) {
    const p = alloc_scratch(ctx, REGISTERS);
    if (p == 0) return 0;
    for (let i = 0; i < REGISTERS; i++) {
      const v = base64Value(load<u8>(from + i));
      if (v < 0) {
        failStr(ctx, INVALID_SKETCH, s);
        return 0;
      }
      store<u8>(p + i, <u8>v);
    }
    return makeStr(p, REGISTERS);
  }
  const list = readList(ctx, s);
  if (at < 0) {
    failStr(ctx, INVALID_SKETCH, s);
    return 0;
  }
  return inOrder(ctx, list);
}
/** The text of a sketch as it is kept. */
export function text_to_hllsketch(ctx: i32, s: i64): i64 {
  return sketch_text(ctx, sketch_of_text(ctx, s));
}
export function sketch_combine(ctx: i32, into: i64, text: i64): i64 {
  return merged(ctx, into, sketch_of_text(ctx, text), true);
}
export function hll_cardinality(ctx: i32, text: i64): i64 {
  return sketch_estimate(ctx, sketch_of_text(ctx, text));
}
export function hll_combine_sketches(ctx: i32, a: i64, b: i64): i64 {
  const first = sketch_of_text(ctx, a);
  return sketch_text(ctx, merged(ctx, first, sketch_of_text(ctx, b), false));
}
/** COPY: a text that is no sketch is reported as the record's error. */
export function load_hllsketch(ctx: i32, s: i64, err: usize): i64 {
  const sketch = sketch_of_text(ctx, s);
  if (failed(ctx)) {
    store<i32>(ctx, 0, ERROR_CODE);
    load_fail(err, 1204, REASON_SKETCH, 0);
    return s;
  }
  return sketch_text(ctx, sketch);
}
