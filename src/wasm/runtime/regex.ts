/**
 * The regular-expression machine (Pike): runs a program of regex-compile.ts over a text, all threads in step, so the time
 * is at most text times program. Threads earlier in a list win, which gives the leftmost match and the first
 * alternative. The operators ~ and SIMILAR TO, and what regex-functions.ts needs for the REGEXP_ functions.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { strLen, strPtr } from './layout.ts';
import { loadProgram, PERL, POSIX, SIMILAR } from './regex-compile.ts';
import { backtrackSearch, backtrackSlot, startBacktracking } from './regex-backtrack.ts';
import { backtracks, code, count, firstsHigh, firstsLow, groups, INSTRUCTION, OP_JUMP, OP_MATCH, OP_SAVE, OP_SPLIT } from './regex-program.ts';
import { accepts, holds, isAssertion, startText, text, textEnd } from './regex-text.ts';
import { charWidth, decodeChar } from './utf8.ts';

// ---- the machine ----
const SLOTS: i32 = 20;
let slots: i32 = 2;
let marks: i32 = 0;
let stamp: i32 = 0;
let listA: i32 = 0;
let listB: i32 = 0;
let stack: i32 = 0;
/** Capture slots (addresses, 0 = unset) of the last match. */
let result: i32 = 0;
let work: i32 = 0;

/** Allocates the machine for the compiled program. */
function prepare(ctx: i32, s: i64, folded: bool, captures: bool): bool {
  startText(strPtr(s), strLen(s), folded);
  if (backtracks) return startBacktracking(ctx);
  slots = captures ? min(SLOTS, groups * 2 + 2) : 2;
  const threadBytes = 8 + slots * 4;
  const size = count * 4 + 2 * (count + 1) * threadBytes + (count * 2 + 16) * (8 + slots * 4) + SLOTS * 8;
  const p = alloc_scratch(ctx, size);
  if (p == 0) return false;
  memory.fill(p, 0, count * 4);
  marks = p;
  stamp = 0;
  listA = p + count * 4;
  listB = listA + (count + 1) * threadBytes;
  stack = listB + (count + 1) * threadBytes;
  result = stack + (count * 2 + 16) * (8 + slots * 4);
  work = result + SLOTS * 4;
  return true;
}
/** Follows empty transitions from pc, appending threads to the list (count at list, threads behind). */
function addThread(list: i32, pc0: i32, p: i32): void {
  const bytes = 4 + slots * 4;
  let top = 0;
  store<i32>(stack, pc0);
  memory.copy(stack + 4, work, slots * 4);
  top = 1;
  while (top > 0) {
    top--;
    let pc = load<i32>(stack + top * bytes);
    const caps = stack + top * bytes + 4;
    memory.copy(work, caps, slots * 4);
    while (true) {
      if (load<i32>(marks + pc * 4) == stamp) break;
      store<i32>(marks + pc * 4, stamp);
      const i = code + pc * INSTRUCTION;
      const op = load<i32>(i);
      if (op == OP_JUMP) pc += load<i32>(i, 4);
      else if (op == OP_SPLIT) {
        store<i32>(stack + top * bytes, pc + load<i32>(i, 8));
        memory.copy(stack + top * bytes + 4, work, slots * 4);
        top++;
        pc += load<i32>(i, 4);
      } else if (op == OP_SAVE) {
        const slot = load<i32>(i, 4);
        if (slot < slots) store<i32>(work + slot * 4, p);
        pc++;
      } else if (isAssertion(op)) {
        if (!holds(op, p)) break;
        pc++;
      } else {
        const n = load<i32>(list);
        const t = list + 4 + n * bytes;
        store<i32>(t, pc);
        memory.copy(t + 4, work, slots * 4);
        store<i32>(list, n + 1);
        break;
      }
    }
  }
}
/** The next place at or behind p where a match can start, or the end of the text. */
function nextFirst(p: i32): i32 {
  while (p < textEnd) {
    const c = <i32>load<u8>(p);
    if (c >= 128 || ((c < 64 ? firstsLow : firstsHigh) >> <i64>(c & 63)) & 1) break;
    p++;
  }
  return p;
}
/** Finds the first match that starts at `from` or later (only there when anchored); captures go to `result`. */
function search(from: i32, anchored: bool): bool {
  const bytes = 4 + slots * 4;
  let now = listA;
  let then = listB;
  let found = false;
  store<i32>(now, 0);
  let p = from;
  while (true) {
    if (!found && (!anchored || p == from)) {
      if (load<i32>(now) == 0) {
        stamp++;
        if (!anchored) p = nextFirst(p);
      }
      memory.fill(work, 0, slots * 4);
      addThread(now, 0, p);
    }
    if (load<i32>(now) == 0 && (found || anchored)) break;
    const inside = p < textEnd;
    const c = inside ? decodeChar(p, textEnd) : 0;
    const after = inside ? p + charWidth(p, textEnd) : p;
    store<i32>(then, 0);
    stamp++;
    const n = load<i32>(now);
    for (let t = 0; t < n; t++) {
      const thread = now + 4 + t * bytes;
      const pc = load<i32>(thread);
      const i = code + pc * INSTRUCTION;
      if (load<i32>(i) == OP_MATCH) {
        memory.copy(result, thread + 4, slots * 4);
        found = true;
        break;
      }
      if (inside && accepts(i, c)) {
        memory.copy(work, thread + 4, slots * 4);
        addThread(then, pc + 1, after);
      }
    }
    const swap = now;
    now = then;
    then = swap;
    if (!inside) break;
    p = after;
  }
  return found;
}
/** Readies the machine for searches in `s`; its memory is above the caller's mark. */
export function regexOpen(ctx: i32, s: i64, pattern: i64, folded: bool, isPerl: bool): bool {
  return loadProgram(ctx, pattern, isPerl ? PERL : POSIX, 92) && prepare(ctx, s, folded, true);
}
export function regexSearch(ctx: i32, from: i32): bool {
  return backtracks ? backtrackSearch(ctx, from) : search(from, false);
}
/** Start (2g) or end (2g+1) address of group g in the last match, 0 = unset. */
export function regexSlot(i: i32): i32 {
  if (backtracks) return backtrackSlot(i);
  return i < slots ? load<i32>(result + i * 4) : 0;
}
export function regexGroups(): i32 {
  return groups;
}
function matches(ctx: i32, s: i64, pattern: i64, isSimilar: bool, escape: u32, folded: bool): i32 {
  const m = mark(ctx);
  let r = 0;
  if (loadProgram(ctx, pattern, isSimilar ? SIMILAR : POSIX, escape) && prepare(ctx, s, folded, false)) r = search(text, isSimilar) ? 1 : 0;
  release(ctx, m);
  return r;
}
export function regex_match(ctx: i32, s: i64, pattern: i64): i32 {
  return matches(ctx, s, pattern, false, 92, false);
}
export function regex_not_match(ctx: i32, s: i64, pattern: i64): i32 {
  return matches(ctx, s, pattern, false, 92, false) ^ 1;
}
export function regex_imatch(ctx: i32, s: i64, pattern: i64): i32 {
  return matches(ctx, s, pattern, false, 92, true);
}
export function regex_not_imatch(ctx: i32, s: i64, pattern: i64): i32 {
  return matches(ctx, s, pattern, false, 92, true) ^ 1;
}
export function similarTo(ctx: i32, s: i64, pattern: i64, escape: u32, folded: bool): i32 {
  return matches(ctx, s, pattern, true, escape, folded);
}
