/**
 * Regular expressions: the compiler to a small program that regex.ts runs in time linear in the text.
 * POSIX syntax with Perl classes: . * + ? {m,n} | ( ) (?: ) [ ] [^ ] [[:alpha:]] ^ $ \d \D \w \W \s \S \b \B, lazy
 * quantifiers. Alternatives are tried in order (leftmost-first). SIMILAR TO uses the same compiler with its own
 * metacharacters. Look-ahead and back-references are refused (INVALID_REGEX). A program is compiled in scratch; the first
 * PROGRAMS_MAX of a segment are kept in its arena, so that a constant pattern is compiled once.
 *
 * Program: instructions of 12 bytes (op, a, b); jumps are relative so that a piece of code can be moved and repeated, and
 * a set is named by its distance from `sets`. The module's variables name the program of the running call only:
 * loadProgram sets them all, and no kernel calls another one that needs a program of its own.
 */
import { alloc_lasting, alloc_scratch, shrink_scratch } from './alloc.ts';
import { failText, INVALID_REGEX } from './errors.ts';
import { REGEX_PROGRAMS, strLen, strPtr } from './layout.ts';
import { bytesEqual } from './strings-core.ts';
import { charWidth, decodeChar } from './utf8.ts';

export const OP_CHAR: i32 = 0;
export const OP_ANY: i32 = 1;
export const OP_SET: i32 = 2;
export const OP_SPLIT: i32 = 3;
export const OP_JUMP: i32 = 4;
export const OP_SAVE: i32 = 5;
export const OP_BEGIN: i32 = 6;
export const OP_END: i32 = 7;
export const OP_WORD: i32 = 8;
export const OP_NOT_WORD: i32 = 9;
export const OP_MATCH: i32 = 10;
const MAX_CODE: i32 = 20000;
/** Programs a segment keeps, and the largest of them in bytes. */
const PROGRAMS_MAX: i32 = 16;
const PROGRAM_BYTES_MAX: i32 = 65536;
/** Longest pattern; what it compiles to is bounded by MAX_CODE in any case. */
const PATTERN_BYTES_MAX: i32 = 1048576;

// Compiler state, valid during one compile.
export let code: i32 = 0;
export let count: i32 = 0;
export let sets: i32 = 0;
let at: i32 = 0;
let end: i32 = 0;
export let groups: i32 = 0;
let similar: bool = false;
let escapeChar: u32 = 92;
let bad: bool = false;
let depth: i32 = 0;
let setsEnd: i32 = 0;

function problem(): void {
  bad = true;
}
function emit(op: i32, a: i32, b: i32): void {
  if (count >= MAX_CODE) {
    problem();
    return;
  }
  const p = code + count++ * 12;
  store<i32>(p, op);
  store<i32>(p, a, 4);
  store<i32>(p, b, 8);
}
/** Opens one instruction slot at index i. */
function insert(i: i32, op: i32, a: i32, b: i32): void {
  if (count >= MAX_CODE) {
    problem();
    return;
  }
  const p = code + i * 12;
  memory.copy(p + 12, p, (count - i) * 12);
  count++;
  store<i32>(p, op);
  store<i32>(p, a, 4);
  store<i32>(p, b, 8);
}
function repeatCode(from: i32, n: i32): void {
  if (count + n > MAX_CODE) {
    problem();
    return;
  }
  memory.copy(code + count * 12, code + from * 12, n * 12);
  count += n;
}
// @ts-ignore: decorator
@inline
function more(): bool {
  return at < end && !bad;
}
function peek(): u32 {
  return decodeChar(at, end);
}
function next(): u32 {
  const c = decodeChar(at, end);
  at += charWidth(at, end);
  return c;
}
function alternatives(): void {
  if (++depth > 200) {
    problem();
    return;
  }
  const start = count;
  sequence();
  while (more() && peek() == 124) {
    at++;
    const length = count - start;
    insert(start, OP_SPLIT, 1, length + 2);
    const jump = count;
    emit(OP_JUMP, 0, 0);
    const rest = count;
    alternativesTail(rest);
    store<i32>(code + jump * 12, count - jump, 4);
  }
  depth--;
}
function alternativesTail(_from: i32): void {
  sequence();
}
function sequence(): void {
  while (more()) {
    const c = peek();
    if (c == 124 || c == 41) return;
    piece();
  }
}
function piece(): void {
  const start = count;
  if (!atom()) return;
  while (more()) {
    const c = peek();
    let lo = 0;
    let hi = -1;
    if (c == 42) at++;
    else if (c == 43) {
      at++;
      lo = 1;
    } else if (c == 63) {
      at++;
      hi = 1;
    } else if (c == 123) {
      if (!bounds()) return;
      lo = boundLow;
      hi = boundHigh;
    } else return;
    let lazy = false;
    if (!similar && more() && peek() == 63) {
      at++;
      lazy = true;
    }
    quantify(start, lo, hi, lazy);
  }
}
let boundLow: i32 = 0;
let boundHigh: i32 = 0;
function number(): i32 {
  let v = -1;
  while (at < end && load<u8>(at) >= 48 && load<u8>(at) <= 57) {
    if (v < 0) v = 0;
    if (v < 10000) v = v * 10 + load<u8>(at) - 48;
    at++;
  }
  return v;
}
function bounds(): bool {
  at++;
  boundLow = number();
  boundHigh = boundLow;
  if (at < end && load<u8>(at) == 44) {
    at++;
    boundHigh = number();
    if (boundLow < 0) boundLow = 0;
  } else if (boundLow < 0) {
    problem();
    return false;
  }
  if (at >= end || load<u8>(at) != 125 || boundLow > 1000 || boundHigh > 1000 || (boundHigh >= 0 && boundHigh < boundLow)) {
    problem();
    return false;
  }
  at++;
  return true;
}
function split(at0: i32, other: i32, lazy: bool): void {
  if (lazy) insert(at0, OP_SPLIT, other, 1);
  else insert(at0, OP_SPLIT, 1, other);
}
/** Repeats the code from `start` to the end lo..hi times (hi -1 = any). */
function quantify(start: i32, lo: i32, hi: i32, lazy: bool): void {
  const n = count - start;
  if (lo == 0 && hi == -1) {
    split(start, n + 2, lazy);
    emit(OP_JUMP, -(n + 1), 0);
    return;
  }
  if (lo == 0 && hi == 0) {
    count = start;
    return;
  }
  if (lo == 0) {
    // x{0,hi}: nested optionals, every split leaves to the end
    repeatOptional(start, n, hi, lazy, true);
    return;
  }
  for (let i = 1; i < lo; i++) repeatCode(start, n);
  if (hi == -1) {
    if (lazy) emit(OP_SPLIT, 1, -n);
    else emit(OP_SPLIT, -n, 1);
    return;
  }
  if (hi > lo) repeatOptional(start, n, hi - lo, lazy, false);
}
function repeatOptional(start: i32, n: i32, times: i32, lazy: bool, inPlace: bool): void {
  let left = times;
  const total = times * (n + 1);
  if (inPlace) {
    split(start, total, lazy);
    left--;
  }
  const body = inPlace ? start + 1 : start;
  while (left > 0 && !bad) {
    const toEnd = left * (n + 1);
    if (lazy) emit(OP_SPLIT, toEnd, 1);
    else emit(OP_SPLIT, 1, toEnd);
    repeatCode(body, n);
    left--;
  }
}
function atom(): bool {
  const c = next();
  if (c == 40) return group();
  if (c == 91) return bracket();
  if (similar) {
    if (c == escapeChar && escapeChar != 0) {
      if (at >= end) problem();
      else emit(OP_CHAR, next(), 0);
    } else if (c == 37) {
      emit(OP_SPLIT, 1, 3);
      emit(OP_ANY, 1, 0);
      emit(OP_JUMP, -2, 0);
    } else if (c == 95) emit(OP_ANY, 1, 0);
    else if (c == 42 || c == 43 || c == 63) problem();
    else emit(OP_CHAR, c, 0);
    return true;
  }
  if (c == 46) emit(OP_ANY, 1, 0);
  else if (c == 94) emit(OP_BEGIN, 0, 0);
  else if (c == 36) emit(OP_END, 0, 0);
  else if (c == 92) return escaped();
  else if (c == 42 || c == 43 || c == 63) problem();
  else emit(OP_CHAR, c, 0);
  return true;
}
function group(): bool {
  let index = -1;
  if (!similar && at + 1 < end && load<u8>(at) == 63) {
    if (load<u8>(at + 1) != 58) {
      problem();
      return false;
    }
    at += 2;
  } else index = ++groups;
  if (index >= 0 && index < 10) emit(OP_SAVE, index * 2, 0);
  alternatives();
  if (at >= end || load<u8>(at) != 41) {
    problem();
    return false;
  }
  at++;
  if (index >= 0 && index < 10) emit(OP_SAVE, index * 2 + 1, 0);
  return true;
}
// A set: u32 count, u32 negated, then count x (lo, hi).
function openSet(): i32 {
  const s = setsEnd;
  store<i32>(s, 0);
  store<i32>(s, 0, 4);
  setsEnd += 8;
  return s;
}
function range(s: i32, lo: u32, hi: u32): void {
  store<u32>(setsEnd, lo);
  store<u32>(setsEnd, hi, 4);
  setsEnd += 8;
  store<i32>(s, load<i32>(s) + 1);
}
function perlClass(s: i32, c: u32): bool {
  switch (c) {
    case 100: range(s, 48, 57); return true;
    case 119:
      range(s, 48, 57);
      range(s, 65, 90);
      range(s, 95, 95);
      range(s, 97, 122);
      return true;
    case 115:
      range(s, 9, 13);
      range(s, 32, 32);
      return true;
    case 68:
      range(s, 0, 47);
      range(s, 58, 0x10ffff);
      return true;
    case 87:
      range(s, 0, 47);
      range(s, 58, 64);
      range(s, 91, 94);
      range(s, 96, 96);
      range(s, 123, 0x10ffff);
      return true;
    case 83:
      range(s, 0, 8);
      range(s, 14, 31);
      range(s, 33, 0x10ffff);
      return true;
    default: return false;
  }
}
function controlChar(c: u32): u32 {
  return c == 110 ? 10 : c == 116 ? 9 : c == 114 ? 13 : c == 102 ? 12 : c == 118 ? 11 : c;
}
function escaped(): bool {
  if (at >= end) {
    problem();
    return false;
  }
  const c = next();
  if (c == 98) emit(OP_WORD, 0, 0);
  else if (c == 66) emit(OP_NOT_WORD, 0, 0);
  else if (c >= 49 && c <= 57) problem();
  else {
    const s = openSet();
    if (perlClass(s, c)) emit(OP_SET, s - sets, 0);
    else {
      setsEnd = s;
      emit(OP_CHAR, controlChar(c), 0);
    }
  }
  return true;
}
function namedClass(s: i32, p: i32, n: i32): bool {
  let w: u64 = 0;
  for (let i = 0; i < n && i < 8; i++) w |= <u64>load<u8>(p + i) << (i * 8);
  if (w == WORD("alpha") || w == WORD("alnum")) {
    range(s, 65, 90);
    range(s, 97, 122);
    if (w == WORD("alnum")) range(s, 48, 57);
  } else if (w == WORD("digit")) range(s, 48, 57);
  else if (w == WORD("lower")) range(s, 97, 122);
  else if (w == WORD("upper")) range(s, 65, 90);
  else if (w == WORD("space")) {
    range(s, 9, 13);
    range(s, 32, 32);
  } else if (w == WORD("blank")) {
    range(s, 9, 9);
    range(s, 32, 32);
  } else if (w == WORD("punct")) {
    range(s, 33, 47);
    range(s, 58, 64);
    range(s, 91, 96);
    range(s, 123, 126);
  } else if (w == WORD("cntrl")) {
    range(s, 0, 31);
    range(s, 127, 127);
  } else if (w == WORD("xdigit")) {
    range(s, 48, 57);
    range(s, 65, 70);
    range(s, 97, 102);
  } else if (w == WORD("print")) range(s, 32, 126);
  else if (w == WORD("graph")) range(s, 33, 126);
  else if (w == WORD("word")) return perlClass(s, 119);
  else return false;
  return true;
}
function bracket(): bool {
  const s = openSet();
  if (at < end && load<u8>(at) == 94) {
    store<i32>(s, 1, 4);
    at++;
  }
  let first = true;
  while (true) {
    if (at >= end || setsEnd - sets > 60000) {
      problem();
      return false;
    }
    let c = next();
    if (c == 93 && !first) break;
    first = false;
    if (c == 91 && at < end && load<u8>(at) == 58) {
      const from = at + 1;
      at++;
      while (at + 1 < end && !(load<u8>(at) == 58 && load<u8>(at + 1) == 93)) at++;
      if (at + 1 >= end || !namedClass(s, from, at - from)) {
        problem();
        return false;
      }
      at += 2;
      continue;
    }
    if (c == 92 && at < end) {
      c = next();
      if (perlClass(s, c)) continue;
      c = controlChar(c);
    }
    let hi = c;
    if (at + 1 < end && load<u8>(at) == 45 && load<u8>(at + 1) != 93) {
      at++;
      hi = next();
      if (hi == 92 && at < end) hi = controlChar(next());
      if (hi < c) {
        problem();
        return false;
      }
    }
    range(s, c, hi);
  }
  emit(OP_SET, s - sets, 0);
  return true;
}
// A kept program: u32 next, pattern bytes, kind, instructions, groups, set bytes; then pattern, padding, code, sets.
const KEPT_HEADER: i32 = 24;
function useKept(p: i32): void {
  count = load<i32>(p, 12);
  groups = load<i32>(p, 16);
  code = p + KEPT_HEADER + ((load<i32>(p, 4) + 7) & ~7);
  sets = code + count * 12;
}
function keep(ctx: i32, pattern: i64, kind: i32, room: i32): void {
  const n = strLen(pattern);
  const text = (n + 7) & ~7;
  const setBytes = setsEnd - sets;
  const bytes = KEPT_HEADER + text + count * 12 + setBytes;
  if (bytes > PROGRAM_BYTES_MAX || room <= 0) return;
  const p = alloc_lasting(ctx, bytes);
  if (p == 0) return;
  store<i32>(p, load<i32>(ctx, REGEX_PROGRAMS));
  store<i32>(p, n, 4);
  store<i32>(p, kind, 8);
  store<i32>(p, count, 12);
  store<i32>(p, groups, 16);
  store<i32>(p, setBytes, 20);
  memory.copy(p + KEPT_HEADER, strPtr(pattern), n);
  memory.copy(p + KEPT_HEADER + text, code, count * 12);
  memory.copy(p + KEPT_HEADER + text + count * 12, sets, setBytes);
  store<i32>(ctx, p, REGEX_PROGRAMS);
}
/**
 * Makes the pattern's program the current one: a kept one, or compiled in scratch (the caller holds a mark); false with
 * an error set when it cannot be.
 */
export function loadProgram(ctx: i32, pattern: i64, isSimilar: bool, escape: u32): bool {
  const n = strLen(pattern);
  const kind = <i32>((escape << 1) | (isSimilar ? 1 : 0));
  let room = PROGRAMS_MAX;
  for (let p = load<i32>(ctx, REGEX_PROGRAMS); p != 0; p = load<i32>(p)) {
    if (load<i32>(p, 4) == n && load<i32>(p, 8) == kind && bytesEqual(p + KEPT_HEADER, strPtr(pattern), n)) {
      useKept(p);
      return true;
    }
    room--;
  }
  if (!compile(ctx, pattern, isSimilar, escape)) return false;
  keep(ctx, pattern, kind, room);
  return true;
}
/** Compiles a pattern; false with INVALID_REGEX set when it is malformed. */
function compile(ctx: i32, pattern: i64, isSimilar: bool, escape: u32): bool {
  const n = strLen(pattern);
  if (n > PATTERN_BYTES_MAX) {
    failText(ctx, INVALID_REGEX, strPtr(pattern), 200);
    return false;
  }
  sets = alloc_scratch(ctx, n * 48 + 256);
  if (sets == 0) return false;
  code = alloc_scratch(ctx, (MAX_CODE + 4) * 12);
  if (code == 0) return false;
  setsEnd = sets;
  count = 0;
  at = strPtr(pattern);
  end = at + n;
  groups = 0;
  similar = isSimilar;
  escapeChar = escape;
  bad = false;
  depth = 0;
  emit(OP_SAVE, 0, 0);
  alternatives();
  if (at < end) problem();
  if (bad) {
    failText(ctx, INVALID_REGEX, strPtr(pattern), n);
    return false;
  }
  if (isSimilar) emit(OP_END, 0, 0);
  emit(OP_SAVE, 1, 0);
  emit(OP_MATCH, 0, 0);
  shrink_scratch(ctx, code, count * 12);
  return true;
}
