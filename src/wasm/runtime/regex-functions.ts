/**
 * SIMILAR TO and the REGEXP_ functions on top of the regular-expression machine. Parameter strings: i ignores case, c
 * does not, e takes the first group, p asks for Perl's syntax.
 */
import { alloc_scratch, mark, release, shrink_scratch } from './alloc.ts';
import { makeStr, put8, retNull, strLen, strPtr } from './layout.ts';
import { escapeOf } from './like.ts';
import { regexGroups, regexOpen, regexSearch, regexSlot, similarTo } from './regex.ts';
import { refusesLong } from './string-functions.ts';
import { charWidth, countChars, findByte, skipChars } from './utf8.ts';

/** Room in a replacement's result beyond the text's length. */
const BUFFER_SPARE: i32 = 64;

export function str_similar(ctx: i32, s: i64, pattern: i64): i32 {
  return similarTo(ctx, s, pattern, 92, false);
}
export function str_not_similar(ctx: i32, s: i64, pattern: i64): i32 {
  return similarTo(ctx, s, pattern, 92, false) ^ 1;
}
export function str_similar_escape(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return similarTo(ctx, s, pattern, escapeOf(ctx, escape), false);
}
export function str_not_similar_escape(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return similarTo(ctx, s, pattern, escapeOf(ctx, escape), false) ^ 1;
}
/** Of strings of the collation case_insensitive. */
export function str_similar_folded(ctx: i32, s: i64, pattern: i64): i32 {
  return similarTo(ctx, s, pattern, 92, true);
}
export function str_similar_escape_folded(ctx: i32, s: i64, pattern: i64, escape: i64): i32 {
  return similarTo(ctx, s, pattern, escapeOf(ctx, escape), true);
}
function hasFlag(params: i64, flag: i32): bool {
  return findByte(strPtr(params), strPtr(params) + strLen(params), flag) >= 0;
}
function begin(ctx: i32, s: i64, pattern: i64, params: i64): bool {
  return regexOpen(ctx, s, pattern, hasFlag(params, 105), hasFlag(params, 112));
}
/** Where the next search starts after a match that ended at `e`: one character on when the match was empty. */
function advance(s: i64, b: i32, e: i32): i32 {
  const end = strPtr(s) + strLen(s);
  if (e > b) return e;
  return e < end ? e + charWidth(e, end) : end + 1;
}
function startOf(s: i64, position: i32): i32 {
  const p = strPtr(s);
  return skipChars(p, p + strLen(s), max(position, 1) - 1);
}
export function regexp_count(ctx: i32, s: i64, pattern: i64, position: i32, params: i64): i32 {
  const m = mark(ctx);
  const n = countMatches(ctx, s, pattern, position, params);
  release(ctx, m);
  return n;
}
function countMatches(ctx: i32, s: i64, pattern: i64, position: i32, params: i64): i32 {
  if (!begin(ctx, s, pattern, params)) return 0;
  const end = strPtr(s) + strLen(s);
  let from = startOf(s, position);
  let n = 0;
  while (from <= end && regexSearch(ctx, from)) {
    n++;
    from = advance(s, regexSlot(0), regexSlot(1));
  }
  return n;
}
let matchStart: i32 = 0;
let matchEnd: i32 = 0;
/** The n-th match from the position (group 1 when asked and present), as addresses in s; false when there is none. */
function nth(ctx: i32, s: i64, pattern: i64, position: i32, occurrence: i32, params: i64): bool {
  const m = mark(ctx);
  const found = findNth(ctx, s, pattern, position, occurrence, params);
  release(ctx, m);
  return found;
}
function findNth(ctx: i32, s: i64, pattern: i64, position: i32, occurrence: i32, params: i64): bool {
  if (!begin(ctx, s, pattern, params)) return false;
  const end = strPtr(s) + strLen(s);
  let from = startOf(s, position);
  if (from >= end && position > 1) return false;
  while (from <= end && regexSearch(ctx, from)) {
    if (--occurrence <= 0) {
      const group = hasFlag(params, 101) && regexGroups() > 0 ? 2 : 0;
      matchStart = regexSlot(group);
      matchEnd = regexSlot(group + 1);
      return matchStart != 0 || group == 0;
    }
    from = advance(s, regexSlot(0), regexSlot(1));
  }
  return false;
}
export function regexp_substr(ctx: i32, s: i64, pattern: i64, position: i32, occurrence: i32, params: i64): i64 {
  if (occurrence < 1) {
    retNull(ctx);
    return 0;
  }
  if (!nth(ctx, s, pattern, position, occurrence, params)) return makeStr(strPtr(s), 0);
  return makeStr(matchStart, matchEnd - matchStart);
}
export function regexp_instr(
  ctx: i32, s: i64, pattern: i64, position: i32, occurrence: i32, option: i32, params: i64,
): i32 {
  if (!nth(ctx, s, pattern, position, max(occurrence, 1), params)) return 0;
  const p = strPtr(s);
  return countChars(p, (option ? matchEnd : matchStart) - p) + 1;
}
let buffer: i32 = 0;
let bufferBytes: i64 = 0;
function startBuffer(ctx: i32, n: i32): void {
  bufferBytes = <i64>n + BUFFER_SPARE;
  buffer = alloc_scratch(ctx, bufferBytes);
}
/** Makes room for `added` bytes behind the `used` ones and the text's rest; false with an error set when there is none. */
function buffered(ctx: i32, used: i64, added: i64, rest: i32): bool {
  if (refusesLong(ctx, used + added)) return false;
  if (used + added + rest <= bufferBytes) return true;
  bufferBytes = (used + added + rest) * 2;
  const larger = alloc_scratch(ctx, bufferBytes);
  if (larger == 0) return false;
  memory.copy(larger, buffer, <i32>used);
  buffer = larger;
  return true;
}
export function regexp_replace(ctx: i32, s: i64, pattern: i64, replacement: i64, position: i32, params: i64): i64 {
  if (!begin(ctx, s, pattern, params)) return s;
  const p = strPtr(s);
  const n = strLen(s);
  const end = p + n;
  let from = startOf(s, position);
  if (from > end || !regexSearch(ctx, from)) return s;
  let rest = p;
  let used: i64 = 0;
  startBuffer(ctx, n);
  while (buffer != 0) {
    const b = regexSlot(0);
    const e = regexSlot(1);
    const added = <i64>(b - rest) + expand(0, replacement);
    if (!buffered(ctx, used, added, end - e)) return s;
    memory.copy(buffer + <i32>used, rest, b - rest);
    expand(buffer + <i32>used + b - rest, replacement);
    used += added;
    rest = e;
    from = advance(s, b, e);
    if (from <= end && regexSearch(ctx, from)) continue;
    memory.copy(buffer + <i32>used, rest, end - rest);
    used += end - rest;
    if (refusesLong(ctx, used)) return s;
    shrink_scratch(ctx, buffer, <i32>used);
    return makeStr(buffer, <i32>used);
  }
  return s;
}
/** Writes the replacement (\1 or $1 take groups) at `out` unless 0; its length. */
function expand(out: i32, replacement: i64): i64 {
  const p = strPtr(replacement);
  const n = strLen(replacement);
  let length: i64 = 0;
  for (let i = 0; i < n; i++) {
    const c = load<u8>(p + i);
    const d = i + 1 < n ? <i32>load<u8>(p + i + 1) : 0;
    if ((c == 92 || c == 36) && d >= 48 && d <= 57) {
      const g = (d - 48) * 2;
      const b = regexSlot(g);
      if (b != 0) {
        const w = regexSlot(g + 1) - b;
        if (out != 0) memory.copy(out + <i32>length, b, w);
        length += w;
      }
      i++;
    } else if (c == 92 && d == 92) {
      if (out != 0) store<u8>(out + <i32>length, 92);
      length++;
      i++;
    } else {
      if (out != 0) store<u8>(out + <i32>length, c);
      length++;
    }
  }
  return length;
}
