/**
 * The matcher of patterns with look-around, back-references or atomic groups: backtracks over a program of
 * regex-program.ts with a stack of its own. Without back-references it remembers which splits failed at which place of the
 * text, so that no place is tried twice and the time is at most text times program; in any case it takes STEPS_MAX steps a
 * call and no more, and a stack of STACK_BYTES_MAX: beyond them the pattern is too complex.
 *
 * Frames (kind, a, b, c) of 16 bytes: SPLIT (instruction, place): the other way is still to be tried; TRIED (the same):
 * it is being tried, and when it comes back the split has failed; CAPTURE (slot, old value); BARRIER (look instruction,
 * place, the barrier below).
 */
import { alloc_scratch } from './alloc.ts';
import { fail, REGEX_TOO_COMPLEX } from './errors.ts';
import { failed } from './layout.ts';
import { toLower } from './letter-case.ts';
import {
  code, count, hasRefs, INSTRUCTION, LOOK_ATOMIC, LOOK_NEGATIVE, OP_BACK, OP_JUMP, OP_LOOK, OP_LOOK_END, OP_MATCH, OP_REF,
  OP_SAVE, OP_SPLIT,
} from './regex-program.ts';
import { accepts, holds, insensitive, isAssertion, text, textEnd } from './regex-text.ts';
import { charWidth, decodeChar } from './utf8.ts';

const STEPS_MAX: i32 = 2000000;
const STACK_BYTES_MAX: i32 = 0x2000000;
const MARK_BYTES_MAX: i64 = 0x2000000;
const FRAME: i32 = 16;
const SPLIT: i32 = 0;
const TRIED: i32 = 1;
const CAPTURE: i32 = 2;
const BARRIER: i32 = 3;
const SLOTS: i32 = 20;
const IS_OPEN: i32 = 1;
const HAS_FAILED: i32 = 2;

let steps: i32 = 0;
let stack: i32 = 0;
let stackBytes: i32 = 0;
let top: i32 = 0;
/** Frame of the innermost look that is running, -1 for none. */
let barrier: i32 = 0;
/** Two bits for each split and place: being tried, failed. */
let marks: i32 = 0;
/** Number of each split among them, by instruction. */
let splits: i32 = 0;
let captures: i32 = 0;

/** Readies the matcher for the current program and text. */
export function startBacktracking(ctx: i32): bool {
  steps = 0;
  captures = alloc_scratch(ctx, SLOTS * 4);
  splits = alloc_scratch(ctx, count * 4);
  if (captures == 0 || splits == 0) return false;
  let n = 0;
  for (let i = 0; i < count; i++) {
    store<i32>(splits + i * 4, n);
    if (load<i32>(code + i * INSTRUCTION) == OP_SPLIT) n++;
  }
  const bytes = ((<i64>n * (textEnd - text + 1)) >> 2) + 1;
  if (bytes > MARK_BYTES_MAX) {
    fail(ctx, REGEX_TOO_COMPLEX);
    return false;
  }
  marks = alloc_scratch(ctx, bytes);
  if (marks == 0) return false;
  memory.fill(marks, 0, <i32>bytes);
  stackBytes = 4096;
  stack = alloc_scratch(ctx, stackBytes);
  return stack != 0;
}
export function backtrackSlot(i: i32): i32 {
  return load<i32>(captures + i * 4);
}
function markIndex(pc: i32, p: i32): i32 {
  return load<i32>(splits + pc * 4) * (textEnd - text + 1) + (p - text);
}
function marked(pc: i32, p: i32): i32 {
  const i = markIndex(pc, p);
  return (<i32>load<u8>(marks + (i >> 2)) >> ((i & 3) << 1)) & 3;
}
function setMark(pc: i32, p: i32, bits: i32): void {
  const i = markIndex(pc, p);
  const shift = (i & 3) << 1;
  store<u8>(marks + (i >> 2), (<i32>load<u8>(marks + (i >> 2)) & ~(3 << shift)) | (bits << shift));
}
function push(ctx: i32, kind: i32, a: i32, b: i32, c: i32): bool {
  if (top + FRAME > stackBytes) {
    if (stackBytes >= STACK_BYTES_MAX) {
      fail(ctx, REGEX_TOO_COMPLEX);
      return false;
    }
    const larger = alloc_scratch(ctx, stackBytes * 2);
    if (larger == 0) return false;
    memory.copy(larger, stack, top);
    stack = larger;
    stackBytes *= 2;
  }
  const f = stack + top;
  store<i32>(f, kind);
  store<i32>(f, a, 4);
  store<i32>(f, b, 8);
  store<i32>(f, c, 12);
  top += FRAME;
  return true;
}
/** Where to go on after a failure: the instruction in `resumePc` and the place in `resumeAt`; false when nothing is left. */
let resumePc: i32 = 0;
let resumeAt: i32 = 0;
function backtrack(): bool {
  while (top > 0) {
    const f = stack + top - FRAME;
    const kind = load<i32>(f);
    const a = load<i32>(f, 4);
    const b = load<i32>(f, 8);
    if (kind == SPLIT) {
      store<i32>(f, TRIED);
      resumePc = a + load<i32>(code + a * INSTRUCTION, 8);
      resumeAt = b;
      return true;
    }
    top -= FRAME;
    if (kind == TRIED) setMark(a, b, hasRefs ? 0 : HAS_FAILED);
    else if (kind == CAPTURE) store<i32>(captures + a * 4, b);
    else {
      barrier = load<i32>(f, 12);
      const look = code + a * INSTRUCTION;
      if (load<i32>(look, 8) != LOOK_NEGATIVE) continue;
      resumePc = a + load<i32>(look, 4);
      resumeAt = b;
      return true;
    }
  }
  return false;
}
/** Gives up the frames above `from`: splits are open no longer, captures stay to be undone (or are undone now). */
function discard(from: i32, undo: bool): void {
  let to = from;
  if (undo) {
    for (let i = top - FRAME; i >= from; i -= FRAME) {
      if (load<i32>(stack + i) == CAPTURE) store<i32>(captures + load<i32>(stack + i, 4) * 4, load<i32>(stack + i, 8));
    }
  }
  for (let i = from; i < top; i += FRAME) {
    const kind = load<i32>(stack + i);
    if (kind == SPLIT || kind == TRIED) setMark(load<i32>(stack + i, 4), load<i32>(stack + i, 8), 0);
    else if (kind == CAPTURE && !undo) {
      memory.copy(stack + to, stack + i, FRAME);
      to += FRAME;
    }
  }
  top = to;
}
/** The body of the innermost look matched up to p; false when that makes it fail. Sets where to go on. */
function endLook(p: i32): bool {
  const frame = barrier;
  const pc = load<i32>(stack + frame, 4);
  const back = load<i32>(stack + frame, 8);
  barrier = load<i32>(stack + frame, 12);
  const kind = load<i32>(code + pc * INSTRUCTION, 8);
  discard(frame, kind == LOOK_NEGATIVE);
  resumePc = pc + load<i32>(code + pc * INSTRUCTION, 4);
  resumeAt = kind == LOOK_ATOMIC ? p : back;
  return kind != LOOK_NEGATIVE;
}
/** The place n characters in front of p, 0 when there are fewer. */
function stepBack(p: i32, n: i32): i32 {
  while (n > 0) {
    if (p == text) return 0;
    p--;
    while (p > text && (load<u8>(p) & 0xc0) == 0x80) p--;
    n--;
  }
  return p;
}
/** The place behind another occurrence at p of what the group matched, 0 when there is none. */
function reference(i: i32, p: i32): i32 {
  const group = load<i32>(i, 4);
  const from = load<i32>(captures + group * 8);
  const to = load<i32>(captures + group * 8 + 4);
  if (from == 0 || to == 0) return 0;
  const folded = insensitive || load<i32>(i, 8) != 0;
  let q = from;
  while (q < to) {
    if (p >= textEnd) return 0;
    const a = decodeChar(q, to);
    const b = decodeChar(p, textEnd);
    if (a != b && !(folded && toLower(a) == toLower(b))) return 0;
    q += charWidth(q, to);
    p += charWidth(p, textEnd);
  }
  return p;
}
/** Runs the program at one place of the text. */
function run(ctx: i32, start: i32): bool {
  let pc = 0;
  let p = start;
  while (true) {
    if (++steps > STEPS_MAX) {
      fail(ctx, REGEX_TOO_COMPLEX);
      return false;
    }
    const i = code + pc * INSTRUCTION;
    const op = load<i32>(i);
    let goes = true;
    if (op == OP_MATCH) return true;
    if (op == OP_JUMP) pc += load<i32>(i, 4);
    else if (op == OP_SPLIT) {
      // A split open at this place is a loop that took nothing.
      goes = marked(pc, p) == 0;
      if (goes) {
        setMark(pc, p, IS_OPEN);
        if (!push(ctx, SPLIT, pc, p, 0)) return false;
        pc += load<i32>(i, 4);
      }
    } else if (op == OP_SAVE) {
      const slot = load<i32>(i, 4);
      if (slot < SLOTS) {
        if (!push(ctx, CAPTURE, slot, load<i32>(captures + slot * 4), 0)) return false;
        store<i32>(captures + slot * 4, p);
      }
      pc++;
    } else if (op == OP_LOOK) {
      const below = barrier;
      barrier = top;
      if (!push(ctx, BARRIER, pc, p, below)) return false;
      pc++;
    } else if (op == OP_LOOK_END) {
      goes = endLook(p);
      pc = resumePc;
      p = resumeAt;
    } else if (op == OP_BACK) {
      const q = stepBack(p, load<i32>(i, 4));
      goes = q != 0;
      p = q;
      pc++;
    } else if (op == OP_REF) {
      const q = reference(i, p);
      goes = q != 0;
      p = q;
      pc++;
    } else if (isAssertion(op)) {
      goes = holds(op, p);
      pc++;
    } else {
      goes = p < textEnd && accepts(i, decodeChar(p, textEnd));
      if (goes) p += charWidth(p, textEnd);
      pc++;
    }
    if (goes) continue;
    if (!backtrack()) return false;
    pc = resumePc;
    p = resumeAt;
  }
}
/** Finds the first match that starts at `from` or later; its captures are in backtrackSlot. */
export function backtrackSearch(ctx: i32, from: i32): bool {
  let p = from;
  while (true) {
    memory.fill(captures, 0, SLOTS * 4);
    top = 0;
    barrier = -1;
    const found = run(ctx, p);
    discard(0, false);
    if (found || failed(ctx)) return found;
    if (p >= textEnd) return false;
    p += charWidth(p, textEnd);
  }
}
