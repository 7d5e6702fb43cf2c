/**
 * The program a regular expression is compiled to, its instructions, the pattern being read, and the programs a segment
 * keeps.
 *
 * Instructions have 12 bytes (op, a, b); jumps are relative so that a piece of code can be moved and repeated, and a set
 * is named by its distance from `sets`. b of CHAR, SET and REF is 1 when case does not count. The module's variables name
 * the program of the running call only: loadProgram sets them all, and no kernel calls another one that needs a program of
 * its own. The first PROGRAMS_MAX programs of a segment lie in its arena, so that a constant pattern is compiled once.
 */
import { alloc_lasting } from './alloc.ts';
import { REGEX_PROGRAMS, strLen, strPtr } from './layout.ts';
import { bytesEqual } from './strings-core.ts';
import { charWidth, decodeChar } from './utf8.ts';

export const OP_CHAR: i32 = 0;
export const OP_ANY: i32 = 1;
export const OP_SET: i32 = 2;
/** Goes on at a, and when that fails at b. */
export const OP_SPLIT: i32 = 3;
export const OP_JUMP: i32 = 4;
export const OP_SAVE: i32 = 5;
export const OP_BEGIN: i32 = 6;
export const OP_END: i32 = 7;
export const OP_WORD: i32 = 8;
export const OP_NOT_WORD: i32 = 9;
export const OP_MATCH: i32 = 10;
/** Any character but a newline. */
export const OP_NOT_NEWLINE: i32 = 11;
/** The end of the text, or in front of a newline that ends it. */
export const OP_LAST: i32 = 12;
export const OP_LINE_BEGIN: i32 = 13;
export const OP_LINE_END: i32 = 14;
// What only the backtracking matcher runs.
/** A body up to LOOK_END, a instructions away; b is one of the kinds below. */
export const OP_LOOK: i32 = 15;
export const OP_LOOK_END: i32 = 16;
/** a characters back. */
export const OP_BACK: i32 = 17;
/** What group a matched. */
export const OP_REF: i32 = 18;
export const LOOK_POSITIVE: i32 = 0;
export const LOOK_NEGATIVE: i32 = 1;
/** The body's first match and no other. */
export const LOOK_ATOMIC: i32 = 2;

export const INSTRUCTION: i32 = 12;
export const MAX_CODE: i32 = 20000;
/** Programs a segment keeps, and the largest of them in bytes. */
const PROGRAMS_MAX: i32 = 16;
const PROGRAM_BYTES_MAX: i32 = 65536;

export let code: i32 = 0;
export let count: i32 = 0;
export let groups: i32 = 0;
/** Look-around, back-references or atomic groups: not for the machine of regex.ts. */
export let backtracks: bool = false;
export let hasRefs: bool = false;
/** Where the sets of the current program lie. */
export let programSets: i32 = 0;
/** ASCII characters that a match of the current program can start with, a bit each; all of them when it can be empty. */
export let firstsLow: i64 = -1;
export let firstsHigh: i64 = -1;
export let bad: bool = false;
/** The pattern from where it is read on. */
export let at: i32 = 0;
export let end: i32 = 0;

export function startProgram(codeAt: i32, from: i32, n: i32, setsAt: i32): void {
  code = codeAt;
  count = 0;
  groups = 0;
  backtracks = false;
  hasRefs = false;
  setFirsts(-1, -1);
  programSets = setsAt;
  bad = false;
  at = from;
  end = from + n;
}
export function setFirsts(low: i64, high: i64): void {
  firstsLow = low;
  firstsHigh = high;
}
export function problem(): void {
  bad = true;
}
export function openGroup(): i32 {
  return ++groups;
}
export function needsBacktracking(refs: bool): void {
  backtracks = true;
  hasRefs = hasRefs || refs;
}
/** Drops what was compiled from instruction i on. */
export function cutCode(i: i32): void {
  count = i;
}
export function emit(op: i32, a: i32, b: i32): void {
  if (count >= MAX_CODE) {
    problem();
    return;
  }
  const p = code + count++ * INSTRUCTION;
  store<i32>(p, op);
  store<i32>(p, a, 4);
  store<i32>(p, b, 8);
}
/** Opens one instruction slot at index i. */
export function insert(i: i32, op: i32, a: i32, b: i32): void {
  if (count >= MAX_CODE) {
    problem();
    return;
  }
  const p = code + i * INSTRUCTION;
  memory.copy(p + INSTRUCTION, p, (count - i) * INSTRUCTION);
  count++;
  store<i32>(p, op);
  store<i32>(p, a, 4);
  store<i32>(p, b, 8);
}
export function setOperand(i: i32, a: i32): void {
  store<i32>(code + i * INSTRUCTION, a, 4);
}
export function repeatCode(from: i32, n: i32): void {
  if (count + n > MAX_CODE) {
    problem();
    return;
  }
  memory.copy(code + count * INSTRUCTION, code + from * INSTRUCTION, n * INSTRUCTION);
  count += n;
}
// @ts-ignore: decorator
@inline
export function more(): bool {
  return at < end && !bad;
}
export function next(): u32 {
  const c = decodeChar(at, end);
  at += charWidth(at, end);
  return c;
}
/** The byte `ahead` of the reader, 0 behind the end. */
export function byteAt(ahead: i32): i32 {
  return at + ahead < end ? <i32>load<u8>(at + ahead) : 0;
}
export function skip(n: i32): void {
  at += n;
}
/** Takes the byte when it is next. */
export function take(c: i32): bool {
  if (byteAt(0) != c) return false;
  at++;
  return true;
}
/** Digits as a number, -1 when there is none. */
export function readNumber(): i32 {
  let v = -1;
  while (at < end && load<u8>(at) >= 48 && load<u8>(at) <= 57) {
    if (v < 0) v = 0;
    if (v < 10000) v = v * 10 + load<u8>(at) - 48;
    at++;
  }
  return v;
}

// A kept program: u32 next, pattern bytes, kind, instructions, groups and traits, set bytes, u64 firsts, two of them; pattern,
// padding, code, sets.
const KEPT_HEADER: i32 = 40;
const BACKTRACKS: i32 = 0x10000;
const HAS_REFS: i32 = 0x20000;

/** Makes a kept program of the pattern the current one; false when there is none. */
export function useKept(ctx: i32, pattern: i64, kind: i32): bool {
  const n = strLen(pattern);
  for (let p = load<i32>(ctx, REGEX_PROGRAMS); p != 0; p = load<i32>(p)) {
    if (load<i32>(p, 4) != n || load<i32>(p, 8) != kind || !bytesEqual(p + KEPT_HEADER, strPtr(pattern), n)) continue;
    count = load<i32>(p, 12);
    const traits = load<i32>(p, 16);
    groups = traits & 0xffff;
    backtracks = (traits & BACKTRACKS) != 0;
    hasRefs = (traits & HAS_REFS) != 0;
    setFirsts(load<i64>(p, 24), load<i64>(p, 32));
    code = p + KEPT_HEADER + ((load<i32>(p, 4) + 7) & ~7);
    programSets = code + count * INSTRUCTION;
    return true;
  }
  return false;
}
/** Keeps the current program, whose sets have `setBytes`, while there is room. */
export function keepProgram(ctx: i32, pattern: i64, kind: i32, setBytes: i32): void {
  let kept = 0;
  for (let p = load<i32>(ctx, REGEX_PROGRAMS); p != 0; p = load<i32>(p)) kept++;
  const n = strLen(pattern);
  const text = (n + 7) & ~7;
  const bytes = KEPT_HEADER + text + count * INSTRUCTION + setBytes;
  if (bytes > PROGRAM_BYTES_MAX || kept >= PROGRAMS_MAX) return;
  const p = alloc_lasting(ctx, bytes);
  if (p == 0) return;
  store<i32>(p, load<i32>(ctx, REGEX_PROGRAMS));
  store<i32>(p, n, 4);
  store<i32>(p, kind, 8);
  store<i32>(p, count, 12);
  store<i32>(p, groups | (backtracks ? BACKTRACKS : 0) | (hasRefs ? HAS_REFS : 0), 16);
  store<i32>(p, setBytes, 20);
  store<i64>(p, firstsLow, 24);
  store<i64>(p, firstsHigh, 32);
  memory.copy(p + KEPT_HEADER, strPtr(pattern), n);
  memory.copy(p + KEPT_HEADER + text, code, count * INSTRUCTION);
  memory.copy(p + KEPT_HEADER + text + count * INSTRUCTION, programSets, setBytes);
  store<i32>(ctx, p, REGEX_PROGRAMS);
}
