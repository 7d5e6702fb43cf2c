/**
 * Avro's binary encoding where it lies: cursor, numbers, skipping, and values as JSON text. Programs are trees of nodes, compiled
 * per schema by src/formats/avro/program.ts; a node is 48 bytes of u32:
 *
 *   +0  KIND     below                                  +4  DECIMAL  1 = its bytes are one
 *   +8  COLUMNS  column numbers (i32, -1 behind the last; 0 = none)
 *   +12 SIZE     fields, branches, symbols or bytes     +16 CHILDREN addresses of nodes; an array's or map's one item
 *   +20 TEXTS    of fields `"name":`, of symbols the symbol: 8 bytes each, address and bytes
 *   +24 WANTED   +28 wanted of an array (8 bytes: index, node, ascending) or map (12 bytes: address, bytes, node)
 *   +32 SCALE    of a decimal                           +36 ANY      1 = the node fills columns, 2 = one below does
 *   +40 REFUSES  reason when the value is not null: the path goes on where no such value can have parts; 0 = none
 *   +44 FREE     1 = a value may have no byte at all
 *
 * All reads are checked against `end`; values that no bytes back (items and fields without any) end at ITEMS_FREE_MAX.
 */
import { encodeChar } from './utf8.ts';
import { fmt_float4, fmt_float8 } from './float-text.ts';
import { fmt_numeric } from './numeric.ts';
import { putI64 } from './text-out.ts';

export const NULL: i32 = 0;
export const BOOLEAN: i32 = 1;
export const INT: i32 = 2;
export const LONG: i32 = 3;
export const FLOAT: i32 = 4;
export const DOUBLE: i32 = 5;
export const BYTES: i32 = 6;
export const STRING: i32 = 7;
export const FIXED: i32 = 8;
export const ENUM: i32 = 9;
export const RECORD: i32 = 10;
export const ARRAY: i32 = 11;
export const MAP: i32 = 12;
export const UNION: i32 = 13;

/** Why a walk ends; reasons of load-reason.ts from 20 on. */
export const NONE: i32 = 0;
export const SMALL: i32 = 2;
export const NO_OBJECT: i32 = 21;
export const NO_ARRAY: i32 = 22;
export const CORRUPT: i32 = 41;

const DEPTH_MAX: i32 = 1000;
const ITEMS_FREE_MAX: i32 = 1 << 20;

export let at: usize = 0;
export let end: usize = 0;
export let failure: i32 = 0;
/** Where text goes, and where its room ends. */
export let out: usize = 0;
export let outEnd: usize = 0;
export let context: i32 = 0;
let freeItems: i64 = 0;
let first: usize = 0;

export function begin(ctx: i32, from: usize, to: usize, text: usize, textEnd: usize): void {
  context = ctx;
  at = from;
  end = to;
  out = text;
  outEnd = textEnd;
  failure = NONE;
  freeItems = 0;
  first = from;
}
export function setAt(p: usize): void {
  at = p;
}
export function setOut(p: usize): void {
  out = p;
}
export function setFailure(why: i32): void {
  failure = why;
}
export function fail(why: i32): bool {
  failure = why;
  return false;
}
/** Room for `n` bytes of text and what numbers may touch behind it. */
// @ts-ignore: decorator
@inline
export function room(n: usize): bool {
  return out + n + 64 <= outEnd ? true : fail(SMALL);
}
export function varint(): i64 {
  let result: u64 = 0;
  let shift: u64 = 0;
  while (true) {
    if (at >= end || shift > 63) {
      failure = CORRUPT;
      return 0;
    }
    const b = <u64>load<u8>(at++);
    if (shift == 63 && b > 1) {
      failure = CORRUPT;
      return 0;
    }
    result |= (b & 127) << shift;
    if (b < 128) return <i64>(result >>> 1) ^ -(<i64>result & 1);
    shift += 7;
  }
  return 0;
}
/** Bytes of a value whose length stands in front of it; -1: they are not there. */
export function length(): i32 {
  const n = varint();
  if (failure != NONE) return -1;
  if (n < 0 || <u64>n > <u64>(end - at)) {
    failure = CORRUPT;
    return -1;
  }
  return <i32>n;
}
export function take(n: usize): bool {
  if (n > end - at) return fail(CORRUPT);
  at += n;
  return true;
}
/** A boolean, a byte of 0 or 1; -1: it is none. */
export function truth(): i32 {
  if (!take(1)) return -1;
  const b = <i32>load<u8>(at - 1);
  if (b <= 1) return b;
  failure = CORRUPT;
  return -1;
}
/** A union's branch or an enum's symbol: an index below the node's size; -1: it is not. */
export function choice(node: usize): i32 {
  const n = varint();
  if (failure != NONE) return -1;
  if (n < 0 || n >= <i64>load<u32>(node, 12)) {
    failure = CORRUPT;
    return -1;
  }
  return <i32>n;
}
// @ts-ignore: decorator
@inline
export function child(node: usize, i: i32): usize {
  return <usize>load<u32>(<usize>load<u32>(node, 16) + (<usize>i << 2));
}
/** Counts values that may have no byte; the bytes read so far count against them. */
// @ts-ignore: decorator
@inline
export function spend(n: i64): bool {
  freeItems += n;
  return freeItems <= <i64>ITEMS_FREE_MAX + <i64>(at - first) ? true : fail(CORRUPT);
}
/** Items of the next block of an array or map, 0 behind the last; a size in front of them is read into `blockBytes`. */
export let blockBytes: i64 = -1;
export function items(item: usize, hasKeys: bool): i64 {
  let n = varint();
  blockBytes = -1;
  if (failure != NONE) return 0;
  if (n < 0) {
    n = -n;
    blockBytes = varint();
    if (failure == NONE && (n < 0 || blockBytes < 0 || <u64>blockBytes > <u64>(end - at))) failure = CORRUPT;
  }
  if (failure == NONE && (hasKeys || load<u32>(item, 44) == 0)) {
    // A byte each at least.
    if (<u64>n > <u64>(end - at)) failure = CORRUPT;
  } else if (n > ITEMS_FREE_MAX || !spend(n)) failure = CORRUPT;
  return failure == NONE ? n : 0;
}

/** Passes over a value. */
export function skip(node: usize, depth: i32): bool {
  if (depth > DEPTH_MAX) return fail(CORRUPT);
  const kind = load<i32>(node);
  switch (kind) {
    case NULL:
      return true;
    case BOOLEAN:
      return truth() >= 0;
    case FLOAT:
      return take(4);
    case DOUBLE:
      return take(8);
    case INT:
    case LONG:
    case ENUM:
      varint();
      return failure == NONE;
    case BYTES:
    case STRING: {
      const n = length();
      at += n < 0 ? 0 : <usize>n;
      return n >= 0;
    }
    case FIXED:
      return take(<usize>load<u32>(node, 12));
    case UNION: {
      const branch = choice(node);
      return branch >= 0 && skip(child(node, branch), depth + 1);
    }
    case RECORD: {
      const fields = load<i32>(node, 12);
      if (!spend(fields)) return false;
      for (let i = 0; i < fields; i++) if (!skip(child(node, i), depth + 1)) return false;
      return true;
    }
    default: {
      const item = child(node, 0);
      while (true) {
        let n = items(item, kind == MAP);
        if (n == 0) return failure == NONE;
        if (blockBytes >= 0) {
          at += <usize>blockBytes;
          continue;
        }
        for (; n > 0; n--) {
          if (kind == MAP) {
            const key = length();
            if (key < 0) return false;
            at += <usize>key;
          }
          if (!skip(item, depth + 1)) return false;
        }
      }
    }
  }
}

// ---- texts: each is written at `out`, which it moves ----

// @ts-ignore: decorator
@inline
function put(c: i32): void {
  store<u8>(out++, <u8>c);
}
function putWord(w: u32): void {
  store<u32>(out, w);
  out += 4;
}
function hexDigit(v: u32): i32 {
  return v < 10 ? 48 + v : 87 + v;
}
/** A character of a JSON string. */
function putJsonByte(c: u32): void {
  if (c == 34 || c == 92) {
    put(92);
    put(c);
  } else if (c >= 32) put(c);
  else {
    put(92);
    if (c == 10) put(110);
    else if (c == 13) put(114);
    else if (c == 9) put(116);
    else {
      put(117);
      put(48);
      put(48);
      put(hexDigit(c >> 4));
      put(hexDigit(c & 15));
    }
  }
}
/** A JSON string. What is no UTF-8 stays as it is: who parses the text refuses it. */
function jsonString(p: usize, n: i32): bool {
  if (!room(<usize>n * 6 + 2)) return false;
  put(34);
  for (const stop = p + <usize>n; p < stop; p++) {
    const c = <u32>load<u8>(p);
    if (c >= 35 && c != 92) put(c);
    else putJsonByte(c);
  }
  put(34);
  return true;
}
/** Bytes as Avro's own JSON has them: a character for each. */
function jsonBytes(p: usize, n: i32): bool {
  if (!room(<usize>n * 6 + 2)) return false;
  put(34);
  for (const stop = p + <usize>n; p < stop; p++) {
    const c = <u32>load<u8>(p);
    if (c < 128) putJsonByte(c);
    else out = <usize>encodeChar(<i32>out, c);
  }
  put(34);
  return true;
}
export function putHex(p: usize, n: i32): bool {
  if (!room(<usize>n * 2)) return false;
  for (const stop = p + <usize>n; p < stop; p++) {
    const c = <u32>load<u8>(p);
    put(hexDigit(c >> 4));
    put(hexDigit(c & 15));
  }
  return true;
}
/** A decimal: big-endian two's complement of `n` bytes. False with NONE: it has more than 128 bits. */
export function putDecimal(p: usize, n: i32, scale: i32): bool {
  if (!room(128)) return false;
  const negative = n > 0 && load<i8>(p) < 0;
  const sign: u64 = negative ? <u64>-1 : 0;
  let lo = sign;
  let hi = sign;
  for (let i = 0; i < n; i++) {
    if (n - i > 16) {
      if (load<u8>(p + i) != <u8>sign) return false;
      continue;
    }
    hi = (hi << 8) | (lo >>> 56);
    lo = (lo << 8) | <u64>load<u8>(p + i);
  }
  if (<i64>hi < 0 != negative || (hi == 0x8000000000000000 && lo == 0)) return false;
  out = <usize>fmt_numeric(context, <i32>out, <i64>lo, <i64>hi, scale);
  return true;
}
export function putFloat(v: f64, isSingle: bool): bool {
  if (!room(40)) return false;
  out = <usize>(isSingle ? fmt_float4(context, <i32>out, <f32>v) : fmt_float8(context, <i32>out, v));
  return true;
}
export function putInteger(v: i64): bool {
  if (!room(24)) return false;
  out = <usize>putI64(<i32>out, v);
  return true;
}
export function putBoolean(v: bool): void {
  if (v) putWord(0x65757274);
  else {
    putWord(0x736c6166);
    put(101);
  }
}

/** A value as JSON. */
export function json(node: usize, depth: i32): bool {
  if (depth > DEPTH_MAX) return fail(CORRUPT);
  if (!room(8)) return false;
  const kind = load<i32>(node);
  switch (kind) {
    case NULL:
      putWord(0x6c6c756e);
      return true;
    case BOOLEAN: {
      const b = truth();
      if (b >= 0) putBoolean(b != 0);
      return b >= 0;
    }
    case INT:
    case LONG: {
      const v = varint();
      return failure == NONE && putInteger(v);
    }
    case FLOAT:
      return take(4) && jsonFloat(<f64>load<f32>(at - 4), true);
    case DOUBLE:
      return take(8) && jsonFloat(load<f64>(at - 8), false);
    case STRING: {
      const n = length();
      if (n < 0) return false;
      at += <usize>n;
      return jsonString(at - <usize>n, n);
    }
    case BYTES:
    case FIXED: {
      const n = kind == FIXED ? load<i32>(node, 12) : length();
      if (n < 0 || !take(<usize>n)) return false;
      const p = at - <usize>n;
      if (load<i32>(node, 4) != 0) {
        if (putDecimal(p, n, load<i32>(node, 32))) return true;
        if (failure != NONE) return false;
      }
      return jsonBytes(p, n);
    }
    case ENUM: {
      const i = choice(node);
      if (i < 0) return false;
      const text = <usize>load<u32>(node, 20) + (<usize>i << 3);
      return jsonString(<usize>load<u32>(text), load<i32>(text, 4));
    }
    case UNION: {
      const branch = choice(node);
      return branch >= 0 && json(child(node, branch), depth + 1);
    }
    case RECORD:
      return jsonRecord(node, depth);
    default:
      return jsonItems(node, depth, kind == MAP);
  }
}
function jsonFloat(v: f64, isSingle: bool): bool {
  const isNumber = v - v == 0;
  if (!isNumber) put(34);
  if (!putFloat(v, isSingle)) return false;
  if (!isNumber) put(34);
  return true;
}
function jsonRecord(node: usize, depth: i32): bool {
  const fields = load<i32>(node, 12);
  const texts = <usize>load<u32>(node, 20);
  if (!spend(fields)) return false;
  put(123);
  for (let i = 0; i < fields; i++) {
    const name = texts + (<usize>i << 3);
    const n = <usize>load<u32>(name, 4);
    if (!room(n + 2)) return false;
    if (i > 0) put(44);
    memory.copy(out, <usize>load<u32>(name), n);
    out += n;
    if (!json(child(node, i), depth + 1)) return false;
  }
  put(125);
  return true;
}
function jsonItems(node: usize, depth: i32, isMap: bool): bool {
  const item = child(node, 0);
  let isFirst = true;
  put(isMap ? 123 : 91);
  while (true) {
    let n = items(item, isMap);
    if (failure != NONE) return false;
    if (n == 0) break;
    for (; n > 0; n--) {
      if (!room(8)) return false;
      if (!isFirst) put(44);
      isFirst = false;
      if (isMap) {
        const key = length();
        if (key < 0) return false;
        at += <usize>key;
        if (!jsonString(at - <usize>key, key)) return false;
        put(58);
      }
      if (!json(item, depth + 1)) return false;
    }
  }
  if (!room(2)) return false;
  put(isMap ? 125 : 93);
  return true;
}
