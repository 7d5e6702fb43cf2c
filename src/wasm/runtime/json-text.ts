/**
 * The JSON functions over texts: one pass that validates the whole text (RFC 8259, at most DEPTH_MAX levels) and on its
 * way finds the value of a path of keys or an element of the outermost array. Of a key that stands twice the last value
 * counts. A string without escapes is a part of the text itself; JSON's null is SQL's NULL.
 */
import { alloc_scratch, mark, release, shrink_scratch } from './alloc.ts';
import { failStr, INVALID_JSON_ARRAY, INVALID_JSON_OBJECT } from './errors.ts';
import { jsonEscape } from './json-escape.ts';
import { makeStr, retNull, strLen, strPtr } from './layout.ts';
import { bytesEqual } from './strings-core.ts';
import { encodeChar } from './utf8.ts';

const DEPTH_MAX: i32 = 1000;
const QUOTE: i32 = 34;
const BACKSLASH: i32 = 92;

// What the running call reads; json sets them all.
let at: i32 = 0;
let end: i32 = 0;
let context: i32 = 0;
/** The keys of the path (i64 each), and how many. */
let keys: i32 = 0;
let keyCount: i32 = 0;
/** The element of the outermost array that is wanted, -1 for none. */
let wanted: i32 = 0;
let elements: i32 = 0;
let foundAt: i32 = 0;
let foundEnd: i32 = 0;
/** Whether the string just read has escapes. */
let escapes: bool = false;

function blanks(): void {
  while (at < end) {
    const c = <i32>load<u8>(at);
    if (c != 32 && c != 10 && c != 13 && c != 9) return;
    at++;
  }
}
function isDigit(): bool {
  return at < end && load<u8>(at) >= 48 && load<u8>(at) <= 57;
}
function digits(): bool {
  if (!isDigit()) return false;
  while (isDigit()) at++;
  return true;
}
function numberToken(): bool {
  if (load<u8>(at) == 45) at++;
  if (at < end && load<u8>(at) == 48) at++;
  else if (!digits()) return false;
  if (at < end && load<u8>(at) == 46) {
    at++;
    if (!digits()) return false;
  }
  if (at < end && (load<u8>(at) | 32) == 101) {
    at++;
    if (at < end && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++;
    return digits();
  }
  return true;
}
/** One escape behind its backslash: its character, or -1; `at` is moved behind it. */
function escape(): i32 {
  const e = jsonEscape(at, end);
  if (e < 0) return -1;
  at += <i32>(e >> 32);
  return <i32>e;
}
/** A string from behind its first quote to behind its last. */
function stringToken(): bool {
  escapes = false;
  while (at < end) {
    const c = <i32>load<u8>(at++);
    if (c == QUOTE) return true;
    if (c < 32) return false;
    if (c == BACKSLASH) {
      escapes = true;
      if (escape() < 0) return false;
    }
  }
  return false;
}
function word(w: u64, n: i32): bool {
  if (at + n > end) return false;
  let v: u64 = 0;
  for (let i = 0; i < n; i++) v |= <u64>load<u8>(at + i) << (i * 8);
  at += n;
  return v == w;
}
/** The characters of a string whose inside is [from, to), as UTF-8 at `out`; the new end. */
function unescape(out: i32, from: i32, to: i32): i32 {
  const back = at;
  at = from;
  while (at < to) {
    const c = <i32>load<u8>(at++);
    if (c == BACKSLASH) out = encodeChar(out, <u32>escape());
    else store<u8>(out++, c);
  }
  at = back;
  return out;
}
function isKey(from: i32, to: i32, key: i64): bool {
  const n = strLen(key);
  if (!escapes) return to - from == n && bytesEqual(from, strPtr(key), n);
  const m = mark(context);
  const p = alloc_scratch(context, to - from);
  const same = p != 0 && unescape(p, from, to) - p == n && bytesEqual(p, strPtr(key), n);
  release(context, m);
  return same;
}
/** One value. `level` is how many keys of the path led here, -1 when the path leads elsewhere. */
function value(depth: i32, level: i32): bool {
  if (at >= end) return false;
  const c = <i32>load<u8>(at);
  if (c == 123) return objectToken(depth + 1, level);
  if (c == 91) return arrayToken(depth + 1);
  if (c == QUOTE) {
    at++;
    return stringToken();
  }
  if (c == 116) return word(WORD("true"), 4);
  if (c == 102) return word(WORD("false"), 5);
  if (c == 110) return word(WORD("null"), 4);
  return numberToken();
}
function objectToken(depth: i32, level: i32): bool {
  if (depth > DEPTH_MAX) return false;
  at++;
  blanks();
  if (at < end && load<u8>(at) == 125) {
    at++;
    return true;
  }
  while (at < end && load<u8>(at) == QUOTE) {
    const from = ++at;
    if (!stringToken()) return false;
    const hit = level >= 0 && level < keyCount && isKey(from, at - 1, load<i64>(keys + level * 8));
    blanks();
    if (at >= end || load<u8>(at++) != 58) return false;
    blanks();
    if (hit) foundAt = 0;
    const start = at;
    if (!value(depth, hit ? level + 1 : -1)) return false;
    if (hit && level + 1 == keyCount) {
      foundAt = start;
      foundEnd = at;
    }
    blanks();
    if (at >= end) return false;
    const c = <i32>load<u8>(at++);
    if (c == 125) return true;
    if (c != 44) return false;
    blanks();
  }
  return false;
}
function arrayToken(depth: i32): bool {
  if (depth > DEPTH_MAX) return false;
  at++;
  blanks();
  if (at < end && load<u8>(at) == 93) {
    at++;
    return true;
  }
  while (at < end) {
    const start = at;
    if (!value(depth, -1)) return false;
    if (depth == 1) {
      if (elements == wanted) {
        foundAt = start;
        foundEnd = at;
      }
      elements++;
    }
    blanks();
    if (at >= end) return false;
    const c = <i32>load<u8>(at++);
    if (c == 93) return true;
    if (c != 44) return false;
    blanks();
  }
  return false;
}
/** Whether the text is one JSON value that begins with `open`; leaves what was found in foundAt and elements. */
function parse(ctx: i32, s: i64, open: i32): bool {
  context = ctx;
  at = strPtr(s);
  end = at + strLen(s);
  elements = 0;
  foundAt = 0;
  foundEnd = 0;
  blanks();
  if (at >= end || load<u8>(at) != open || !value(0, 0)) return false;
  blanks();
  return at == end;
}
/** What was found as text: strings without quotes and escapes, null as NULL, anything else as it stands. */
function found(ctx: i32): i64 {
  if (foundAt == 0 || load<u8>(foundAt) == 110) {
    retNull(ctx);
    return 0;
  }
  if (load<u8>(foundAt) != QUOTE) return makeStr(foundAt, foundEnd - foundAt);
  const from = foundAt + 1;
  const n = foundEnd - 1 - from;
  let plain = true;
  for (let i = 0; i < n && plain; i++) plain = load<u8>(from + i) != BACKSLASH;
  if (plain) return makeStr(from, n);
  const out = alloc_scratch(ctx, n);
  if (out == 0) return 0;
  const length = unescape(out, from, from + n) - out;
  shrink_scratch(ctx, out, length);
  return makeStr(out, length);
}
export function json_is_object(ctx: i32, s: i64): i32 {
  keyCount = 0;
  wanted = -1;
  return parse(ctx, s, 123) ? 1 : 0;
}
export function json_is_array(ctx: i32, s: i64): i32 {
  keyCount = 0;
  wanted = -1;
  return parse(ctx, s, 91) ? 1 : 0;
}
export function json_path_text(
  ctx: i32, s: i64, k1: i64, k2: i64, k3: i64, k4: i64, k5: i64, count: i32, nullIfInvalid: i32,
): i64 {
  keyCount = count;
  wanted = -1;
  keys = alloc_scratch(ctx, 40);
  if (keys == 0) return 0;
  store<i64>(keys, k1);
  store<i64>(keys, k2, 8);
  store<i64>(keys, k3, 16);
  store<i64>(keys, k4, 24);
  store<i64>(keys, k5, 32);
  if (parse(ctx, s, 123)) return found(ctx);
  if (nullIfInvalid) retNull(ctx);
  else failStr(ctx, INVALID_JSON_OBJECT, s);
  return 0;
}
export function json_array_element(ctx: i32, s: i64, position: i32, nullIfInvalid: i32): i64 {
  keyCount = 0;
  wanted = position < 0 ? -1 : position;
  if (parse(ctx, s, 91)) return found(ctx);
  if (nullIfInvalid) retNull(ctx);
  else failStr(ctx, INVALID_JSON_ARRAY, s);
  return 0;
}
export function json_array_count(ctx: i32, s: i64, nullIfInvalid: i32): i32 {
  keyCount = 0;
  wanted = -1;
  if (parse(ctx, s, 91)) return elements;
  if (nullIfInvalid) retNull(ctx);
  else failStr(ctx, INVALID_JSON_ARRAY, s);
  return 0;
}
