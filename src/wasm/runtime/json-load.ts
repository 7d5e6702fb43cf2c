/**
 * The record scanner of COPY's JSON: objects or arrays that follow each other with nothing but blanks between become rows of
 * fields, one pass over the bytes, resumable at any record. State, infos, areas and results are those of csv.ts; besides:
 *
 *   +104 ROOT      address of the tree of wanted values       +108 SKIPPING  1 = a bad record's line is being skipped
 *   +112 NO_CASE   1 = names are compared without regard to the case of ASCII letters
 *   +116 OPEN_LINE 1 = no line feed has followed the last record yet
 *
 * Node of the tree, u32 each: +0 address of column numbers (i32, -1 behind the last; 0 = none), +4 names, +8 address of names
 * (16 bytes: address, bytes, node, the number of the name that came next when this one was last met, -1 for none that can be
 * told by its bytes), +12 indexes, +16 address of indexes (8 bytes: index, node), +20 name met last (hint).
 * src/formats/json/path-tree.ts writes it.
 *
 * A value fills the columns of its node: a string its characters, a number, boolean, object or array its text as it is
 * written, null NULL; a SUPER column takes every value's text. A line feed never stands inside a string, so a bad record is
 * given up at the end of its line, or in front of a line that begins with a brace where none may stand.
 */
import { check_utf8, count_lines, find_byte, has_high, note_record, put_field, skip_header } from './csv-scan.ts';
import { isPlain } from './json-byte.ts';
import { jsonEscape } from './json-escape.ts';
import { encodeChar } from './utf8.ts';

const ROOT: usize = 104;
const SKIPPING: usize = 108;
const NO_CASE: usize = 112;
const OPEN_LINE: usize = 116;
const W_SCRATCH: usize = 100;

const FULL: i32 = 0;
const NEED_INPUT: i32 = 1;
const DONE: i32 = 2;
const TOO_LARGE: i32 = 3;
const SCRATCH_SMALL: i32 = 4;

/** A bad record is shown with so many bytes of its line. */
const RAW_BYTES: usize = 4096;
const DEPTH_MAX: i32 = 1000;
const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
/** KINDS byte of a SUPER column. */
const K_SUPER: i32 = 4;
/** Why a record ends: reasons of load-reason.ts, or below them. */
const NONE: i32 = 0;
const NEED: i32 = 1;
const SMALL: i32 = 2;
const MALFORMED: i32 = 20;
const NO_OBJECT: i32 = 21;
const NO_ARRAY: i32 = 22;
const INVALID_LINE: i32 = 1216;

// What the running call reads.
let state: usize = 0;
let at: usize = 0;
let end: usize = 0;
let row: i32 = 0;
let failure: i32 = 0;
/** Whether the string just read has escapes. */
let escapes: bool = false;

function fail(why: i32): bool {
  failure = why;
  return false;
}
/** The bytes end inside the record. */
function short(): bool {
  return fail(load<i32>(state, 8) ? MALFORMED : NEED);
}
function blanks(): void {
  while (at < end) {
    const c = load<u8>(at);
    if (c > 32 || (c != 32 && c != 10 && c != 13 && c != 9)) return;
    at++;
  }
}
/** The same where there is seldom one. */
// @ts-ignore: decorator
@inline
function gap(): void {
  if (load<u8>(at) <= 32) blanks();
}
/** From behind a string's first quote to behind its last. */
function stringToken(): bool {
  escapes = false;
  const quote = i8x16.splat(34);
  const backslash = i8x16.splat(92);
  const control = i8x16.splat(32);
  while (at < end) {
    const v = v128.load(at);
    const m = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quote), i8x16.eq(v, backslash)), i8x16.lt_u(v, control)));
    if (m == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(m);
    if (at >= end) break;
    const c = load<u8>(at++);
    if (c == QUOTE) return true;
    if (c != BACKSLASH) {
      at--;
      return fail(MALFORMED);
    }
    escapes = true;
    at++;
  }
  return short();
}
// @ts-ignore: decorator
@inline
function isDigit(p: usize): bool {
  return p < end && <u32>(load<u8>(p) - 48) < 10;
}
function digits(): bool {
  if (!isDigit(at)) return at < end ? fail(MALFORMED) : short();
  while (isDigit(at)) at++;
  return true;
}
/** A number of up to 16 bytes without an exponent that ends before the input does: true and passed, or nothing is. */
// @ts-ignore: decorator
@inline
function shortNumber(): bool {
  let p = at;
  if (load<u8>(p) == 45) p++;
  const isDigits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(p), i8x16.splat(48)), i8x16.splat(10)));
  const whole = ctz(~isDigits);
  if (whole == 0 || (whole > 1 && load<u8>(p) == 48)) return false;
  p += <usize>whole;
  if (load<u8>(p) == 46) {
    const part = ctz(~(isDigits >> (whole + 1)));
    if (part == 0) return false;
    p += <usize>part + 1;
  }
  const c = load<u8>(p);
  if (p >= end || c == 46 || (c | 32) == 101 || <u32>(c - 48) < 10) return false;
  at = p;
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
    if (!digits()) return false;
  }
  // More digits may follow.
  return at < end || load<i32>(state, 8) ? true : short();
}
/** The rest of a word whose four last letters are `w`. */
function word(w: u32, skip: usize): bool {
  if (at + skip + 4 > end) return short();
  if (load<u32>(at + skip) != w) return fail(MALFORMED);
  at += skip + 4;
  return true;
}

/** The characters of the string whose inside is [from, to), in scratch; 0 when there is no room or an escape is none. */
function unescaped(from: usize, to: usize): i64 {
  const out = <usize>load<u32>(state, W_SCRATCH);
  if (out + (to - from) + 8 > <usize>load<u32>(state, 76)) return <i64>fail(SMALL);
  let o = out;
  while (from < to) {
    const c = load<u8>(from++);
    if (c != BACKSLASH) {
      store<u8>(o++, c);
      continue;
    }
    const escape = jsonEscape(<i32>from, <i32>to);
    if (escape < 0) return <i64>fail(MALFORMED);
    from += <usize>(escape >> 32);
    o = <usize>encodeChar(<i32>o, <u32>escape);
  }
  store<u32>(state, <u32>((o + 7) & ~7), W_SCRATCH);
  return <i64>out | (<i64>(o - out) << 32);
}

/** Fills the columns of a node with the value whose text is [from, to). */
function put(node: usize, from: usize, to: usize): bool {
  let list = <usize>load<u32>(node);
  if (list == 0) return true;
  const max = load<i32>(state, 44);
  const flags = load<i32>(state, 12);
  const first = load<u8>(from);
  const isString = first == QUOTE;
  const isNull = first == 110;
  const whole = <i64>from | (<i64>(to - from) << 32);
  let text = whole;
  if (isString) {
    text = escapes ? unescaped(from + 1, to - 1) : <i64>(from + 1) | (<i64>(to - from - 2) << 32);
    if (text == 0) return false;
  }
  for (; load<i32>(list) >= 0; list += 4) {
    const column = load<i32>(list);
    const slot = <usize>(column * max + row);
    const kind = <i32>load<u8>(<usize>load<u32>(state, 56) + column);
    if (kind == K_SUPER) {
      store<i64>(<usize>load<u32>(state, 48) + (slot << 3), whole);
      store<u8>(<usize>load<u32>(state, 52) + slot, 0);
    } else if (isNull) store<u8>(<usize>load<u32>(state, 52) + slot, 1);
    else if (isString) put_field(state, slot, kind, flags, text, 0, 0);
    else {
      store<i64>(<usize>load<u32>(state, 48) + (slot << 3), whole);
      store<u8>(<usize>load<u32>(state, 52) + slot, 0);
    }
  }
  return true;
}

// @ts-ignore: decorator
@inline
function lower(c: u8): u8 {
  return <u32>(c - 65) < 26 ? c | 32 : c;
}
function sameName(p: usize, q: usize, n: i32): bool {
  if (load<i32>(state, NO_CASE)) {
    for (let i = 0; i < n; i++) if (lower(load<u8>(p + i)) != lower(load<u8>(q + i))) return false;
    return true;
  }
  for (let i = 0; i < n; i++) if (load<u8>(p + i) != load<u8>(q + i)) return false;
  return true;
}
/**
 * The node of the name at `at`, which is moved behind its colon, when that is the one that came next in the record before and
 * is written as the name is; else 0. Names come in the same order in most records.
 */
// @ts-ignore: decorator
@inline
function expected(node: usize): usize {
  if (node == 0 || load<i32>(node, 4) == 0) return 0;
  const base = <usize>load<u32>(node, 8);
  const next = load<i32>(base + (<usize>load<u32>(node, 20) << 4), 12);
  if (next < 0) return 0;
  const entry = base + (<usize>next << 4);
  let p = at + 1;
  let q = <usize>load<u32>(entry);
  const stop = p + <usize>load<u32>(entry, 4);
  if (stop + 2 > end) return 0;
  for (; p + 8 <= stop; p += 8, q += 8) if (load<u64>(p) != load<u64>(q)) return 0;
  const left = (stop - p) << 3;
  if (left != 0 && (load<u64>(p) ^ load<u64>(q)) << (64 - <u64>left) != 0) return 0;
  // A quote and a colon.
  if (load<u16>(stop) != 0x3a22) return 0;
  store<i32>(node, next, 20);
  at = stop + 2;
  return <usize>load<u32>(entry, 8);
}
/** Whether the name is written in a document as it is. */
function isPlainName(entry: usize): bool {
  const p = <usize>load<u32>(entry);
  const n = load<i32>(entry, 4);
  for (let i = 0; i < n; i++) if (!isPlain(load<u8>(p + i))) return false;
  return true;
}
/** The node of the name [from, to), 0 when nobody wants it. */
function child(node: usize, from: usize, to: usize): usize {
  const names = load<i32>(node, 4);
  if (names == 0) return 0;
  let p = from;
  let n = <i32>(to - from);
  const mark = load<u32>(state, W_SCRATCH);
  if (escapes) {
    const s = unescaped(from, to);
    store<u32>(state, mark, W_SCRATCH);
    if (s == 0) return 0;
    p = <usize>(<u32>s);
    n = <i32>(s >> 32);
  }
  const base = <usize>load<u32>(node, 8);
  const before = base + (<usize>load<u32>(node, 20) << 4);
  let i = load<i32>(node, 20);
  for (let k = 0; k < names; k++) {
    i = i + 1 < names ? i + 1 : 0;
    const entry = base + (<usize>i << 4);
    if (load<i32>(entry, 4) == n && sameName(<usize>load<u32>(entry), p, n)) {
      store<i32>(node, i, 20);
      store<i32>(before, isPlainName(entry) ? i : -1, 12);
      return <usize>load<u32>(entry, 8);
    }
  }
  return 0;
}

function object(node: usize, depth: i32): bool {
  at++;
  gap();
  if (at < end && load<u8>(at) == 125) {
    at++;
    return true;
  }
  while (true) {
    if (at >= end) return short();
    if (load<u8>(at) != QUOTE) return fail(MALFORMED);
    let next = expected(node);
    if (next == 0) {
      const from = ++at;
      if (!stringToken()) return false;
      next = node == 0 ? 0 : child(node, from, at - 1);
      if (failure != NONE) return false;
      gap();
      if (at >= end) return short();
      if (load<u8>(at++) != 58) return fail(MALFORMED);
    }
    gap();
    if (!value(next, depth)) return false;
    gap();
    if (at >= end) return short();
    const c = load<u8>(at++);
    if (c == 125) return true;
    if (c != 44) return fail(MALFORMED);
    gap();
  }
  return false;
}
function elementNode(node: usize, index: i32): usize {
  const indexes = load<i32>(node, 12);
  const base = <usize>load<u32>(node, 16);
  for (let i = 0; i < indexes; i++)
    if (load<i32>(base + (<usize>i << 3)) == index) return <usize>load<u32>(base + (<usize>i << 3), 4);
  return 0;
}
/** The node's indexes are ascending: the last one is in the array. */
function hasIndexes(node: usize, count: i32): bool {
  const indexes = node == 0 ? 0 : load<i32>(node, 12);
  if (indexes == 0) return true;
  return load<i32>(<usize>load<u32>(node, 16) + (<usize>(indexes - 1) << 3)) < count ? true : fail(NO_ARRAY);
}
function array(node: usize, depth: i32): bool {
  at++;
  blanks();
  if (at < end && load<u8>(at) == 93) {
    at++;
    return hasIndexes(node, 0);
  }
  let count = 0;
  while (true) {
    if (!value(node == 0 ? 0 : elementNode(node, count), depth)) return false;
    count++;
    blanks();
    if (at >= end) return short();
    const c = load<u8>(at++);
    if (c == 93) return hasIndexes(node, count);
    if (c != 44) return fail(MALFORMED);
    blanks();
  }
  return false;
}
function token(c: u8, node: usize, depth: i32): bool {
  if (c == 123) return object(node, depth + 1);
  if (c == 91) return array(node, depth + 1);
  // "true", "alse" and "null", little-endian
  if (c == 116) return word(0x65757274, 0);
  if (c == 102) return word(0x65736c61, 1);
  if (c == 110) return word(0x6c6c756e, 0);
  return numberToken();
}
function value(node: usize, depth: i32): bool {
  if (at >= end) return short();
  if (depth > DEPTH_MAX) return fail(MALFORMED);
  const from = at;
  const c = load<u8>(at);
  if (node != 0 && c != 110) {
    if (load<i32>(node, 4) > 0 && c != 123) return fail(NO_OBJECT);
    if (load<i32>(node, 12) > 0 && c != 91) return fail(NO_ARRAY);
  }
  if (c == QUOTE) {
    at++;
    if (!stringToken()) return false;
  } else if (!shortNumber() && !token(c, node, depth)) return false;
  return node == 0 || put(node, from, at);
}

/** Every column of the row is NULL until its value is met. */
function clearRow(): void {
  const columns = load<i32>(state, 40);
  const max = load<i32>(state, 44);
  const nulls = <usize>load<u32>(state, 52);
  for (let c = 0; c < columns; c++) store<u8>(nulls + <usize>(c * max + row), 1);
}
/** Notes the record that ends at `at`; its line is the one that begins behind those counted so far. */
function note(start: usize, code: i32, reason: i32): void {
  const lines = load<i32>(state, 80);
  store<i32>(state, lines + 1, 80);
  note_record(state, row, start, at, code, -1, 0, reason);
  store<i32>(state, lines, 80);
}
/** Behind the line feed that ends a bad record's line; false while it is not there yet. */
function skipLine(): bool {
  const feed = find_byte(at, end, 10);
  at = feed;
  const isThere = feed < end || load<i32>(state, 8) != 0;
  store<i32>(state, isThere ? 0 : 1, SKIPPING);
  return isThere;
}
/** Skips blanks in front of a record, counting lines. */
function nextRecord(): void {
  const from = at;
  blanks();
  addLines(from, at);
}
/** Counts the line feeds of [from, to). */
function addLines(from: usize, to: usize): void {
  const lines = count_lines(from, to);
  if (lines > 0) store<i32>(state, 0, OPEN_LINE);
  store<i32>(state, load<i32>(state, 80) + lines, 80);
}
/**
 * The line of the last byte that was read, when it is not the record's first and begins with a brace; 0 when there is none. What
 * stands at `at` says nothing: more or fewer bytes of it may be there.
 */
function freshLine(start: usize): usize {
  let p = min(at, end) - 1;
  while (p > start && load<u8>(p) != 10) p--;
  return p > start && p + 1 < end && load<u8>(p + 1) == 123 ? p + 1 : 0;
}
/** One record from `start`: rows added (0 or 1), or -1 with `failure` NEED or SMALL. */
function record(start: usize): i32 {
  failure = NONE;
  const c = load<u8>(at);
  clearRow();
  if (c != 123 && c != 91) fail(MALFORMED);
  else value(<usize>load<u32>(state, ROOT), 0);
  if (failure == NEED || failure == SMALL) return -1;
  if (failure != NONE) {
    const stopped = at;
    const fresh = freshLine(start);
    if (fresh != 0) {
      // The record was never ended: what stands on its lines is lost, the next one is not.
      at = fresh - 1;
      note(start, INVALID_LINE, failure);
      addLines(start, fresh);
      at = fresh;
      failure = NONE;
      return 0;
    }
    const feed = find_byte(at, end, 10);
    if (feed >= end && load<i32>(state, 8) == 0 && end - start < RAW_BYTES) {
      failure = NEED;
      return -1;
    }
    at = feed;
    note(start, INVALID_LINE, failure);
    addLines(start, stopped);
    store<i32>(state, 1, OPEN_LINE);
    failure = NONE;
    skipLine();
    return 0;
  }
  const info = <usize>load<u32>(state, 60) + (<usize>row << 5);
  const bad = has_high(start, at) ? check_utf8(state, row, info) : 0;
  if (bad < 0) {
    failure = SMALL;
    return -1;
  }
  note(start, bad > 0 ? 1220 : 0, 0);
  addLines(start, at);
  store<i32>(state, 1, OPEN_LINE);
  return bad > 0 ? 0 : 1;
}

export function scan_json(state_: i32): i32 {
  state = <usize>state_;
  store<i32>(state, 0, 84);
  store<i32>(state, 0, 88);
  store<i32>(state, 0, 96);
  store<u32>(state, load<u32>(state, 72), W_SCRATCH);
  if (!skip_header(state)) return load<i32>(state, 8) ? DONE : NEED_INPUT;
  at = <usize>load<u32>(state, 0);
  end = <usize>load<u32>(state, 4);
  const max = load<i32>(state, 44);
  const limit = <usize>load<u32>(state, 92);
  row = 0;
  let result = FULL;
  if (load<i32>(state, SKIPPING)) skipLine();
  while (row < max && load<i32>(state, 88) < load<i32>(state, 68)) {
    nextRecord();
    if (at >= end) {
      result = load<i32>(state, 8) ? DONE : NEED_INPUT;
      break;
    }
    const start = at;
    const added = record(start);
    if (added >= 0 && at - start <= limit) {
      row += added;
      continue;
    }
    result = added < 0 && failure == SMALL ? SCRATCH_SMALL : (added < 0 ? end : at) - start > limit ? TOO_LARGE : NEED_INPUT;
    at = start;
    break;
  }
  if (result == DONE) store<i32>(state, load<i32>(state, 80) + load<i32>(state, OPEN_LINE), 80);
  store<u32>(state, <u32>at, 0);
  store<i32>(state, row, 84);
  return result;
}
