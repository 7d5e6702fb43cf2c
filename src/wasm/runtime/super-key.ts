/**
 * What makes two SUPER values the same value and which comes first, whatever types they have: bytes that compare (memcmp)
 * as the values do. Kinds in order: boolean, number, string, array, object, null. Numbers are the decimal numbers they
 * print as; strings have no trailing blanks; objects have their keys in the order of their bytes.
 *
 *   false 10  true 11
 *   number 20 below zero, 21 zero, 22 above: exponent (u16, big-endian, biased), pairs of digits + 1, 0; inverted below zero
 *   string 30, bytes (00 as 00 01), 00 00
 *   array 40, items, 01         object 50, (02, key as a string, value)*, 01         null 60
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { keyRoom } from './keys.ts';
import { strLen, strPtr } from './layout.ts';
import { bytesCompare, bytesEqual, hash_str, trimmedLen } from './strings-core.ts';
import { beginBuild, builtAt, builtText, builtTo, room } from './super-build.ts';
import {
  ARRAY, countOf, dictOf, FALSE, INTEGER, integerOf, itemEnd, itemStart, keyAt, keyEnd, keyStart, NULL, OBJECT, rootOf, STRING, tagOf,
  TRUE,
} from './super-form.ts';
import { putNumber } from './super-text.ts';

const EXPONENT_BIAS: i32 = 0x4000;

/** The key bytes of a value, as a text. */
export function super_key(ctx: i32, s: i64): i64 {
  const p = strPtr(s);
  return partKey(ctx, rootOf(p), p + strLen(s), dictOf(p));
}
export function partKey(ctx: i32, p: i32, end: i32, dict: i32): i64 {
  if (!beginBuild(ctx, end - p + 64) || !write(ctx, p, end, dict)) return 0;
  return builtText();
}
export function super_hash(ctx: i32, s: i64): i32 {
  const m = mark(ctx);
  const h = hash_str(super_key(ctx, s));
  release(ctx, m);
  return h;
}
export function super_eq(ctx: i32, a: i64, b: i64): i32 {
  const n = strLen(a);
  if (n == strLen(b) && bytesEqual(strPtr(a), strPtr(b), n)) return 1;
  return super_cmp(ctx, a, b) == 0 ? 1 : 0;
}
/** Negative, 0 or positive. */
export function super_cmp(ctx: i32, a: i64, b: i64): i32 {
  const p = strPtr(a);
  const q = strPtr(b);
  const ta = tagOf(p);
  const tb = tagOf(q);
  if (ta == STRING && tb == STRING)
    return bytesCompare(p + 1, trimmedLen(p + 1, strLen(a) - 1), q + 1, trimmedLen(q + 1, strLen(b) - 1));
  if (ta == INTEGER && tb == INTEGER) {
    const x = integerOf(p, p + strLen(a));
    const y = integerOf(q, q + strLen(b));
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const m = mark(ctx);
  const ka = super_key(ctx, a);
  const kb = super_key(ctx, b);
  const order = bytesCompare(strPtr(ka), strLen(ka), strPtr(kb), strLen(kb));
  release(ctx, m);
  return order;
}
/** 1 boolean, 2 number, 3 string, 4 array, 5 object, 6 null. */
export function kindOf(tag: i32): i32 {
  if (tag == NULL) return 6;
  if (tag <= TRUE) return 1;
  return tag < STRING ? 2 : tag == STRING ? 3 : tag == ARRAY ? 4 : 5;
}

function put(ctx: i32, byte: i32): bool {
  if (!room(ctx, 1)) return false;
  const at = builtAt();
  store<u8>(at, <u8>byte);
  builtTo(at + 1);
  return true;
}
function write(ctx: i32, p: i32, end: i32, dict: i32): bool {
  switch (tagOf(p)) {
    case NULL: return put(ctx, 0x60);
    case FALSE: return put(ctx, 0x10);
    case TRUE: return put(ctx, 0x11);
    case STRING: return put(ctx, 0x30) && writeString(ctx, p + 1, trimmedLen(p + 1, end - p - 1));
    case ARRAY: {
      const count = countOf(end);
      if (!put(ctx, 0x40)) return false;
      for (let i = 0; i < count; i++) if (!write(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict)) return false;
      return put(ctx, 1);
    }
    case OBJECT: return writeObject(ctx, p, end, dict);
    default: return writeNumber(ctx, p, end);
  }
}
function writeString(ctx: i32, p: i32, n: i32): bool {
  if (!room(ctx, keyRoom(p, n))) return false;
  let at = builtAt();
  for (let i = 0; i < n; i++) {
    const c = load<u8>(p + i);
    store<u8>(at++, c);
    if (c == 0) store<u8>(at++, 1);
  }
  store<u16>(at, 0);
  builtTo(at + 2);
  return true;
}
function writeObject(ctx: i32, p: i32, end: i32, dict: i32): bool {
  const count = countOf(end);
  const order = sortedItems(ctx, end, dict, count);
  if ((order == 0 && count > 0) || !put(ctx, 0x50)) return false;
  for (let k = 0; k < count; k++) {
    const i = load<i32>(order + k * 4);
    const key = keyAt(end, i);
    const from = keyStart(dict, key);
    if (!put(ctx, 2) || !writeString(ctx, from, keyEnd(dict, key) - from)) return false;
    if (!write(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict)) return false;
  }
  return put(ctx, 1);
}
/** Numbers of an object's items in the order of their keys: bottom-up merge sort. */
function sortedItems(ctx: i32, end: i32, dict: i32, count: i32): i32 {
  let from = alloc_scratch(ctx, <i64>count * 8);
  if (from == 0) return 0;
  let to = from + count * 4;
  for (let i = 0; i < count; i++) store<i32>(from + i * 4, i);
  for (let run = 1; run < count; run *= 2) {
    for (let low = 0; low < count; low += run * 2) mergeRuns(from, to, low, min(low + run, count), min(low + run * 2, count), end, dict);
    const other = from;
    from = to;
    to = other;
  }
  return from;
}
function mergeRuns(from: i32, to: i32, low: i32, middle: i32, high: i32, end: i32, dict: i32): void {
  let a = low;
  let b = middle;
  for (let at = low; at < high; at++) {
    const takeA = b >= high || (a < middle && keysInOrder(load<i32>(from + a * 4), load<i32>(from + b * 4), end, dict));
    store<i32>(to + at * 4, load<i32>(from + (takeA ? a++ : b++) * 4));
  }
}
function keysInOrder(a: i32, b: i32, end: i32, dict: i32): bool {
  const x = keyAt(end, a);
  const y = keyAt(end, b);
  const p = keyStart(dict, x);
  const q = keyStart(dict, y);
  return bytesCompare(p, keyEnd(dict, x) - p, q, keyEnd(dict, y) - q) <= 0;
}

/** From the text of a number, which says digit by digit what it is. */
function writeNumber(ctx: i32, p: i32, end: i32): bool {
  const m = alloc_scratch(ctx, 128);
  if (m == 0 || !room(ctx, 64)) return false;
  let text = m;
  const textEnd = putNumber(ctx, m, p, end);
  const negative = load<u8>(text) == 0x2d;
  if (negative) text++;
  const digits = m + 64;
  let count = 0;
  let exponent = 0;
  let point = false;
  for (; text < textEnd && load<u8>(text) != 0x65; text++) {
    const c = <i32>load<u8>(text);
    if (c == 0x2e) {
      point = true;
      continue;
    }
    if (count == 0 && c == 48) {
      if (point) exponent--;
      continue;
    }
    if (!point) exponent++;
    store<u8>(digits + count++, <u8>(c - 48));
  }
  if (text < textEnd) exponent += exponentText(text + 1, textEnd);
  while (count > 0 && load<u8>(digits + count - 1) == 0) count--;
  if (count == 0) return put(ctx, 0x21);
  writeDigits(digits, count, exponent, negative);
  return true;
}
function exponentText(p: i32, end: i32): i32 {
  const negative = load<u8>(p) == 0x2d;
  if (negative || load<u8>(p) == 0x2b) p++;
  let v = 0;
  for (; p < end; p++) v = v * 10 + <i32>load<u8>(p) - 48;
  return negative ? -v : v;
}
function writeDigits(digits: i32, count: i32, exponent: i32, negative: bool): void {
  const flip = negative ? 0xff : 0;
  let at = builtAt();
  const biased = exponent + EXPONENT_BIAS;
  store<u8>(at, negative ? 0x20 : 0x22);
  store<u8>(at, <u8>((biased >> 8) ^ flip), 1);
  store<u8>(at, <u8>((biased & 0xff) ^ flip), 2);
  at += 3;
  store<u8>(digits + count, 0);
  for (let i = 0; i < count; i += 2) {
    const pair = <i32>load<u8>(digits + i) * 10 + <i32>load<u8>(digits + i + 1) + 1;
    store<u8>(at++, <u8>(pair ^ flip));
  }
  store<u8>(at++, <u8>flip);
  builtTo(at);
}
/** Keys of an array's items, one i64 each; 0 after an error. */
export function itemKeys(ctx: i32, p: i32, end: i32, dict: i32): i32 {
  const count = countOf(end);
  const keys = alloc_scratch(ctx, <i64>count * 8 + 8);
  if (keys == 0) return 0;
  for (let i = 0; i < count; i++) {
    const key = partKey(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict);
    if (key == 0) return 0;
    store<i64>(keys + i * 8, key);
  }
  return keys;
}
