/**
 * SUPER values as JSON text: compact, keys in the order as written, numbers with the digits they have. Doubles are printed
 * with as few digits as read back the same, whatever extra_float_digits says.
 */
import { putDecimalText } from './super-number.ts';
import { alloc_scratch, mark, release } from './alloc.ts';
import { fail, SUPER_TEXT_TOO_LONG } from './errors.ts';
import { fmt_float4, fmt_float8 } from './float-text.ts';
import { isPlain, json_byte } from './json-byte.ts';
import { FLOAT_DIGITS, makeStr, strLen, strPtr } from './layout.ts';
import { beginBuild, builtAt, builtText, builtTo, room, written } from './super-build.ts';
import {
  ARRAY, BYTES_MAX, countOf, dictOf, DOCUMENT, FALSE, FLOAT4, FLOAT8, isExact, itemEnd, itemStart, keyAt, keyEnd, keyStart, NULL, OBJECT, rootOf,
  STRING, tagOf, TRUE,
} from './super-form.ts';
import { stringMax } from './string-functions.ts';

/** From this size on room for the text is not twice the value's. */
const LARGE: i32 = 1048576;
/** The form in which values leave for clients. */
export function super_to_json(ctx: i32, s: i64): i64 {
  const p = strPtr(s);
  const n = strLen(s);
  if (!beginBuild(ctx, n + (n < LARGE ? n : n >> 4) + 32)) return 0;
  if (!print(ctx, rootOf(p), p + strLen(s), dictOf(p))) return 0;
  return builtText();
}
/** JSON_SIZE: bytes of that text. */
export function super_json_size(ctx: i32, s: i64): i32 {
  const m = mark(ctx);
  const bytes = strLen(super_to_json(ctx, s));
  release(ctx, m);
  return bytes;
}
/** JSON_SERIALIZE: the same within what a text holds. */
export function super_serialize(ctx: i32, s: i64): i64 {
  return within(ctx, super_to_json(ctx, s), stringMax(ctx));
}
/** JSON_SERIALIZE_TO_VARBYTE. */
export function super_serialize_bytes(ctx: i32, s: i64): i64 {
  return within(ctx, super_to_json(ctx, s), BYTES_MAX);
}
function within(ctx: i32, text: i64, bytes: i32): i64 {
  if (strLen(text) > bytes) fail(ctx, SUPER_TEXT_TOO_LONG);
  return text;
}
function put(ctx: i32, byte: i32): bool {
  if (!room(ctx, 1)) return false;
  const at = builtAt();
  store<u8>(at, <u8>byte);
  builtTo(at + 1);
  return true;
}
function putWord(ctx: i32, w: u64, n: i32): bool {
  if (!room(ctx, 8)) return false;
  store<u64>(builtAt(), w);
  builtTo(builtAt() + n);
  return true;
}
function print(ctx: i32, p: i32, end: i32, dict: i32): bool {
  switch (tagOf(p)) {
    case NULL: return putWord(ctx, WORD("null"), 4);
    case TRUE: return putWord(ctx, WORD("true"), 4);
    case FALSE: return putWord(ctx, WORD("false"), 5);
    case STRING: return printString(ctx, p + 1, end - p - 1);
    case ARRAY: return printArray(ctx, p, end, dict);
    case OBJECT: return printObject(ctx, p, end, dict);
    default: {
      if (!room(ctx, 64)) return false;
      builtTo(putNumber(ctx, builtAt(), p, end));
      return true;
    }
  }
}
/** The text of a number at `out`; returns its end. */
export function putNumber(ctx: i32, out: i32, p: i32, end: i32): i32 {
  const tag = tagOf(p);
  if (isExact(tag)) return putDecimalText(ctx, out, p, end);
  const digits = load<i32>(ctx, FLOAT_DIGITS);
  store<i32>(ctx, 3, FLOAT_DIGITS);
  const to = tag == FLOAT8 ? fmt_float8(ctx, out, load<f64>(p, 1)) : fmt_float4(ctx, out, load<f32>(p, 1));
  store<i32>(ctx, digits, FLOAT_DIGITS);
  return to;
}
function printArray(ctx: i32, p: i32, end: i32, dict: i32): bool {
  const count = countOf(end);
  if (!put(ctx, 0x5b)) return false;
  for (let i = 0; i < count; i++) {
    if (i > 0 && !put(ctx, 0x2c)) return false;
    if (!print(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict)) return false;
  }
  return put(ctx, 0x5d);
}
function printObject(ctx: i32, p: i32, end: i32, dict: i32): bool {
  const count = countOf(end);
  if (!put(ctx, 0x7b)) return false;
  for (let i = 0; i < count; i++) {
    if (i > 0 && !put(ctx, 0x2c)) return false;
    const key = keyAt(end, i);
    const from = keyStart(dict, key);
    if (!printString(ctx, from, keyEnd(dict, key) - from) || !put(ctx, 0x3a)) return false;
    if (!print(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict)) return false;
  }
  return put(ctx, 0x7d);
}
function printString(ctx: i32, p: i32, n: i32): bool {
  let escapes = 0;
  for (let i = 0; i < n; i++) if (!isPlain(<i32>load<u8>(p + i))) escapes++;
  const bytes = <i64>n + <i64>escapes * 5 + 2;
  if (bytes + written() > 0x3fffffff) {
    fail(ctx, SUPER_TEXT_TOO_LONG);
    return false;
  }
  if (!room(ctx, <i32>bytes + 8)) return false;
  let at = builtAt();
  store<u8>(at++, 0x22);
  if (escapes == 0) {
    memory.copy(at, p, n);
    at += n;
  } else for (let i = 0; i < n; i++) at = json_byte(at, <i32>load<u8>(p + i));
  store<u8>(at++, 0x22);
  builtTo(at);
  return true;
}

/** The text that a cast to VARCHAR gives: of a string the string itself; NULL (0) for arrays and objects. */
export function plainText(ctx: i32, p: i32, end: i32): i64 {
  switch (tagOf(p)) {
    case STRING: return makeStr(p + 1, end - p - 1);
    case TRUE: return wordText(ctx, WORD("true"), 4);
    case FALSE: return wordText(ctx, WORD("false"), 5);
    case NULL: case ARRAY: case OBJECT: case DOCUMENT: return 0;
    default: {
      const out = alloc_scratch(ctx, 64);
      return out == 0 ? 0 : makeStr(out, putNumber(ctx, out, p, end) - out);
    }
  }
}
function wordText(ctx: i32, w: u64, n: i32): i64 {
  const out = alloc_scratch(ctx, 8);
  if (out == 0) return 0;
  store<u64>(out, w);
  return makeStr(out, n);
}
