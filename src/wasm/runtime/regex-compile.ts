/**
 * Regular expressions: the compiler to the small program of regex-program.ts, which regex.ts runs in time linear in the
 * text, or regex-backtrack.ts where that cannot be done.
 * POSIX syntax with Perl classes: . * + ? {m,n} | ( ) (?: ) [ ] [^ ] [[:alpha:]] ^ $ \d \D \w \W \s \S \b \B, lazy
 * quantifiers. Alternatives are tried in order (leftmost-first). SIMILAR TO uses the same compiler with its own
 * metacharacters. Perl's syntax (the parameter p) adds look-ahead and look-behind of fixed width, back-references, named,
 * atomic and possessive groups, inline flags (imsx), \A \z \Z \K \h \v \R \N \Q..\E \x; a dot takes no newline there.
 * A program is compiled in scratch.
 */
import { alloc_scratch, shrink_scratch } from './alloc.ts';
import { failText, INVALID_REGEX } from './errors.ts';
import { hexValue } from './hex.ts';
import { findFirsts } from './regex-firsts.ts';
import { makeStr, strLen, strPtr } from './layout.ts';
import { bytesEqual } from './strings-core.ts';
import {
  at, bad, byteAt, code, count, cutCode, emit, end, insert, INSTRUCTION, keepProgram, LOOK_ATOMIC, LOOK_NEGATIVE,
  LOOK_POSITIVE, MAX_CODE, more, needsBacktracking, next, openGroup, OP_ANY, OP_BACK, OP_BEGIN, OP_CHAR, OP_END, OP_JUMP,
  OP_LAST, OP_LINE_BEGIN, OP_LINE_END, OP_LOOK, OP_LOOK_END, OP_MATCH, OP_NOT_NEWLINE, OP_NOT_WORD, OP_REF, OP_SAVE, OP_SET,
  OP_SPLIT, OP_WORD, problem, readNumber, repeatCode, setOperand, skip, startProgram, take, useKept,
} from './regex-program.ts';
import {
  controlChar, dropSet, namedClass, openSet, perlClass, range, sets, setsEnd, spaceClass, startSets,
} from './regex-sets.ts';

export const POSIX: i32 = 0;
export const SIMILAR: i32 = 1;
export const PERL: i32 = 2;
/** Longest pattern; what it compiles to is bounded by MAX_CODE in any case. */
const PATTERN_BYTES_MAX: i32 = 1048576;
const DEPTH_MAX: i32 = 200;
const GROUPS_NAMED_MAX: i32 = 9;
const FOLD: i32 = 1;
const MULTILINE: i32 = 2;
const DOT_ALL: i32 = 4;
const EXTENDED: i32 = 8;

// Compiler state, valid during one compile.
let similar: bool = false;
let perl: bool = false;
let escapeChar: u32 = 92;
let depth: i32 = 0;
let flags: i32 = 0;
/** Names of groups 1 to 9 (i64 each, 0 for none). */
let names: i32 = 0;
/** Characters that what was compiled last takes, -1 when that varies. */
let width: i32 = 0;

/** Blanks and comments that x lets stand in a pattern. */
function skipIgnored(): void {
  while ((flags & EXTENDED) != 0 && more()) {
    const c = byteAt(0);
    if (c == 35) {
      while (more() && byteAt(0) != 10) skip(1);
    } else if (c == 32 || (c >= 9 && c <= 13)) skip(1);
    else return;
  }
}
/** One alternative; inside a look-behind it first steps back by its own width. */
function alternative(isBehind: bool): void {
  const start = count;
  sequence();
  if (!isBehind) return;
  if (width < 0) problem();
  else insert(start, OP_BACK, width, 0);
}
function alternatives(isBehind: bool): void {
  if (++depth > DEPTH_MAX) {
    problem();
    return;
  }
  const start = count;
  alternative(isBehind);
  let total = width;
  while (more() && take(124)) {
    insert(start, OP_SPLIT, 1, count - start + 2);
    const jump = count;
    emit(OP_JUMP, 0, 0);
    alternative(isBehind);
    if (bad) break;
    setOperand(jump, count - jump);
    if (width != total) total = -1;
  }
  width = total;
  depth--;
}
function sequence(): void {
  let total = 0;
  while (true) {
    skipIgnored();
    if (!more() || byteAt(0) == 124 || byteAt(0) == 41) break;
    piece();
    total = total < 0 || width < 0 ? -1 : total + width;
  }
  width = total;
}
function piece(): void {
  const start = count;
  if (!atom()) return;
  while (more()) {
    skipIgnored();
    let lo = 0;
    let hi = -1;
    if (take(42)) {
      // any number
    } else if (take(43)) lo = 1;
    else if (take(63)) hi = 1;
    else if (byteAt(0) == 123 && (!perl || isBounds())) {
      if (!bounds()) return;
      lo = boundLow;
      hi = boundHigh;
    } else return;
    if (lo == hi && width >= 0 && width * lo < 65536) width *= lo;
    else if (width != 0) width = -1;
    const isLazy = !similar && take(63);
    quantify(start, lo, hi, isLazy);
    if (perl && !isLazy && take(43)) enclose(start, LOOK_ATOMIC);
  }
}
/** Makes the code from `start` on the body of a look. */
function enclose(start: i32, kind: i32): void {
  insert(start, OP_LOOK, 0, kind);
  emit(OP_LOOK_END, 0, 0);
  if (bad) return;
  setOperand(start, count - start);
  needsBacktracking(false);
}
let boundLow: i32 = 0;
let boundHigh: i32 = 0;
/** Whether what follows is {n}, {n,} or {n,m}; Perl takes any other brace as it is. */
function isBounds(): bool {
  let i = 1;
  let hasDigit = false;
  while (byteAt(i) >= 48 && byteAt(i) <= 57) {
    hasDigit = true;
    i++;
  }
  if (byteAt(i) == 44) i++;
  while (byteAt(i) >= 48 && byteAt(i) <= 57) i++;
  return hasDigit && byteAt(i) == 125;
}
function bounds(): bool {
  skip(1);
  boundLow = readNumber();
  boundHigh = boundLow;
  if (take(44)) {
    boundHigh = readNumber();
    if (boundLow < 0) boundLow = 0;
  } else if (boundLow < 0) {
    problem();
    return false;
  }
  if (boundLow > 1000 || boundHigh > 1000 || (boundHigh >= 0 && boundHigh < boundLow) || !take(125)) {
    problem();
    return false;
  }
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
    cutCode(start);
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
function foldBit(): i32 {
  return flags & FOLD;
}
function char(c: u32): void {
  emit(OP_CHAR, c, foldBit());
  width = 1;
}
function place(op: i32): void {
  emit(op, 0, 0);
  width = 0;
}
function atom(): bool {
  const c = next();
  width = 1;
  if (c == 40) return group();
  if (c == 91) return bracket();
  if (similar) {
    if (c == escapeChar && escapeChar != 0) {
      if (at >= end) problem();
      else char(next());
    } else if (c == 37) {
      emit(OP_SPLIT, 1, 3);
      emit(OP_ANY, 1, 0);
      emit(OP_JUMP, -2, 0);
    } else if (c == 95) emit(OP_ANY, 1, 0);
    else if (c == 42 || c == 43 || c == 63) problem();
    else char(c);
    return true;
  }
  if (c == 46) emit(perl && (flags & DOT_ALL) == 0 ? OP_NOT_NEWLINE : OP_ANY, 1, 0);
  else if (c == 94) place((flags & MULTILINE) != 0 ? OP_LINE_BEGIN : OP_BEGIN);
  else if (c == 36) place(!perl ? OP_END : (flags & MULTILINE) != 0 ? OP_LINE_END : OP_LAST);
  else if (c == 92) return escaped();
  else if (c == 42 || c == 43 || c == 63) problem();
  else char(c);
  return true;
}
/** The rest of a group up to its parenthesis, numbered from 0 on when it captures. */
function body(index: i32): bool {
  const outer = flags;
  if (index >= 0 && index < 10) emit(OP_SAVE, index * 2, 0);
  alternatives(false);
  flags = outer;
  if (!take(41)) {
    problem();
    return false;
  }
  if (index >= 0 && index < 10) emit(OP_SAVE, index * 2 + 1, 0);
  return true;
}
function group(): bool {
  if (similar || !take(63)) return body(openGroup());
  if (take(58)) return body(-1);
  if (perl) return perlGroup();
  problem();
  return false;
}
/** Look-around, atomic and named groups, comments and inline flags, from behind `(?`. */
function perlGroup(): bool {
  if (take(61)) return look(LOOK_POSITIVE, false);
  if (take(33)) return look(LOOK_NEGATIVE, false);
  if (take(62)) return look(LOOK_ATOMIC, false);
  if (take(35)) {
    while (more() && byteAt(0) != 41) skip(1);
    width = 0;
    return take(41);
  }
  if (byteAt(0) == 60 && (byteAt(1) == 61 || byteAt(1) == 33)) {
    const kind = byteAt(1) == 61 ? LOOK_POSITIVE : LOOK_NEGATIVE;
    skip(2);
    return look(kind, true);
  }
  const isPython = take(80);
  if (isPython && take(61)) return namedReference(41);
  if (take(60)) return namedGroup(62);
  if (!isPython && take(39)) return namedGroup(39);
  return !isPython && inlineFlags();
}
function look(kind: i32, isBehind: bool): bool {
  const outer = flags;
  const start = count;
  alternatives(isBehind);
  enclose(start, kind);
  flags = outer;
  if (kind != LOOK_ATOMIC) width = 0;
  if (!take(41)) {
    problem();
    return false;
  }
  return true;
}
function inlineFlags(): bool {
  let set = flags;
  let isOff = false;
  while (more()) {
    const c = <i32>next();
    if (c == 41) {
      flags = set;
      width = 0;
      return true;
    }
    if (c == 58) {
      const outer = flags;
      flags = set;
      const closed = body(-1);
      flags = outer;
      return closed;
    }
    const bit = c == 105 ? FOLD : c == 109 ? MULTILINE : c == 115 ? DOT_ALL : c == 120 ? EXTENDED : 0;
    if (c == 45 && !isOff) isOff = true;
    else if (bit == 0) break;
    else set = isOff ? set & ~bit : set | bit;
  }
  problem();
  return false;
}
/** A name up to its closing character, as a text; 0 when there is none. */
function readName(close: i32): i64 {
  const from = at;
  while (more() && byteAt(0) != close) skip(1);
  const n = at - from;
  return take(close) && n > 0 ? makeStr(from, n) : 0;
}
function namedGroup(close: i32): bool {
  const name = readName(close);
  const index = openGroup();
  if (name == 0 || index > GROUPS_NAMED_MAX) {
    problem();
    return false;
  }
  store<i64>(names + index * 8, name);
  return body(index);
}
function namedReference(close: i32): bool {
  const name = readName(close);
  for (let i = 1; i <= GROUPS_NAMED_MAX && name != 0; i++) {
    const other = load<i64>(names + i * 8);
    if (strLen(other) == strLen(name) && bytesEqual(strPtr(other), strPtr(name), strLen(name))) return reference(i);
  }
  problem();
  return false;
}
function reference(index: i32): bool {
  emit(OP_REF, index, foldBit());
  needsBacktracking(true);
  width = -1;
  return true;
}
function escaped(): bool {
  if (at >= end) {
    problem();
    return false;
  }
  const c = <i32>next();
  if (c == 98) place(OP_WORD);
  else if (c == 66) place(OP_NOT_WORD);
  else if (perl && perlEscape(c)) return !bad;
  else if (c >= 49 && c <= 57) problem();
  else {
    const s = openSet();
    if (perlClass(s, c) || (perl && spaceClass(s, c))) emit(OP_SET, s - sets, 0);
    else {
      dropSet(s);
      char(perl ? perlChar(c) : controlChar(c));
    }
  }
  return true;
}
/** What a backslash and c mean to Perl alone and is no single character; false when it is none of these. */
function perlEscape(c: i32): bool {
  if (c >= 49 && c <= 57) return reference(c - 48);
  if (c == 65) place(OP_BEGIN);
  else if (c == 122) place(OP_END);
  else if (c == 90) place(OP_LAST);
  else if (c == 75) {
    emit(OP_SAVE, 0, 0);
    width = 0;
  } else if (c == 78) emit(OP_NOT_NEWLINE, 1, 0);
  else if (c == 82) lineBreak();
  else if (c == 81) quoted();
  else if (c == 107) {
    const open = byteAt(0);
    if (open != 60 && open != 123 && open != 39) problem();
    else {
      skip(1);
      namedReference(open == 60 ? 62 : open == 123 ? 125 : 39);
    }
  } else if (c == 112 || c == 80 || c == 71 || c == 88 || c == 67) problem();
  else return false;
  return true;
}
/** \R: a carriage return with its newline, or any character that ends a line. */
function lineBreak(): void {
  emit(OP_SPLIT, 1, 4);
  emit(OP_CHAR, 13, 0);
  emit(OP_CHAR, 10, 0);
  emit(OP_JUMP, 2, 0);
  const s = openSet();
  range(s, 10, 13);
  emit(OP_SET, s - sets, 0);
  width = -1;
}
/** \Q up to \E or the end: characters as they stand. */
function quoted(): void {
  let n = 0;
  while (more() && !(byteAt(0) == 92 && byteAt(1) == 69)) {
    char(next());
    n++;
  }
  if (more()) skip(2);
  width = n;
}
/** The character that a backslash and c stand for: \e \a \x41 \x{1F600} \0 and those of C. */
function perlChar(c: i32): u32 {
  if (c == 101) return 27;
  if (c == 97) return 7;
  if (c == 48) {
    let v = 0;
    for (let i = 0; i < 2 && byteAt(0) >= 48 && byteAt(0) <= 55; i++) v = v * 8 + <i32>next() - 48;
    return v;
  }
  if (c != 120) return controlChar(c);
  const isBraced = take(123);
  let v: u32 = 0;
  let n = 0;
  const most = isBraced ? 6 : 2;
  while (n < most && hexValue(byteAt(0)) >= 0) {
    v = v * 16 + <u32>hexValue(byteAt(0));
    skip(1);
    n++;
  }
  if ((isBraced && !take(125)) || v > 0x10ffff) problem();
  return v;
}
function bracket(): bool {
  const s = openSet();
  if (take(94)) store<i32>(s, 1, 4);
  let first = true;
  while (true) {
    if (at >= end || setsEnd - sets > 60000) {
      problem();
      return false;
    }
    let c = next();
    if (c == 93 && !first) break;
    first = false;
    if (c == 91 && take(58)) {
      const from = at;
      while (at + 1 < end && !(byteAt(0) == 58 && byteAt(1) == 93)) skip(1);
      if (at + 1 >= end || !namedClass(s, from, at - from)) {
        problem();
        return false;
      }
      skip(2);
      continue;
    }
    if (c == 92 && at < end) {
      c = next();
      if (perlClass(s, c) || (perl && spaceClass(s, c))) continue;
      c = bracketChar(c);
    }
    let hi = c;
    if (at + 1 < end && byteAt(0) == 45 && byteAt(1) != 93) {
      skip(1);
      hi = next();
      if (hi == 92 && at < end) hi = bracketChar(next());
      if (hi < c) {
        problem();
        return false;
      }
    }
    range(s, c, hi);
  }
  emit(OP_SET, s - sets, foldBit());
  width = 1;
  return true;
}
function bracketChar(c: u32): u32 {
  return !perl ? controlChar(c) : c == 98 ? 8 : perlChar(<i32>c);
}
/**
 * Makes the pattern's program the current one: a kept one, or compiled in scratch (the caller holds a mark); false with
 * an error set when it cannot be. The syntax is POSIX, SIMILAR or PERL.
 */
export function loadProgram(ctx: i32, pattern: i64, syntax: i32, escape: u32): bool {
  const kind = <i32>((escape << 2) | syntax);
  if (useKept(ctx, pattern, kind)) return true;
  if (!compile(ctx, pattern, syntax, escape) || !findFirsts(ctx)) return false;
  keepProgram(ctx, pattern, kind, setsEnd - sets);
  return true;
}
/** Compiles a pattern; false with INVALID_REGEX set when it is malformed. */
function compile(ctx: i32, pattern: i64, syntax: i32, escape: u32): bool {
  const n = strLen(pattern);
  if (n > PATTERN_BYTES_MAX) {
    failText(ctx, INVALID_REGEX, strPtr(pattern), 200);
    return false;
  }
  names = alloc_scratch(ctx, (GROUPS_NAMED_MAX + 1) * 8);
  startSets(alloc_scratch(ctx, n * 48 + 256));
  const codeAt = alloc_scratch(ctx, (MAX_CODE + 4) * INSTRUCTION);
  if (names == 0 || sets == 0 || codeAt == 0) return false;
  memory.fill(names, 0, (GROUPS_NAMED_MAX + 1) * 8);
  startProgram(codeAt, strPtr(pattern), n, sets);
  similar = syntax == SIMILAR;
  perl = syntax == PERL;
  escapeChar = escape;
  depth = 0;
  flags = 0;
  emit(OP_SAVE, 0, 0);
  alternatives(false);
  if (at < end) problem();
  if (bad) {
    failText(ctx, INVALID_REGEX, strPtr(pattern), n);
    return false;
  }
  if (similar) emit(OP_END, 0, 0);
  emit(OP_SAVE, 1, 0);
  emit(OP_MATCH, 0, 0);
  shrink_scratch(ctx, codeAt, count * INSTRUCTION);
  return true;
}
