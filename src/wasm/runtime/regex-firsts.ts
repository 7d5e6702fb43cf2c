/**
 * Which ASCII characters a match can start with, so that a search passes over the others without the machine. Asked once
 * for each program, with case and without: what either takes is in.
 */
import { alloc_scratch } from './alloc.ts';
import {
  backtracks, code, count, INSTRUCTION, OP_JUMP, OP_MATCH, OP_SAVE, OP_SPLIT, setFirsts,
} from './regex-program.ts';
import { accepts, isAssertion, startText } from './regex-text.ts';

/** Follows what takes no character from the program's start; false with an error set when memory is short. */
export function findFirsts(ctx: i32): bool {
  if (backtracks) return true;
  const seen = alloc_scratch(ctx, count + count * 8 + 8);
  if (seen == 0) return false;
  memory.fill(seen, 0, count);
  const stack = seen + count;
  let top = 0;
  let low: i64 = 0;
  let high: i64 = 0;
  store<i32>(stack, 0);
  top = 1;
  while (top > 0) {
    const pc = load<i32>(stack + --top * 4);
    if (load<u8>(seen + pc) != 0) continue;
    store<u8>(seen + pc, 1);
    const i = code + pc * INSTRUCTION;
    const op = load<i32>(i);
    if (op == OP_MATCH) return true;
    if (op == OP_JUMP) store<i32>(stack + top++ * 4, pc + load<i32>(i, 4));
    else if (op == OP_SPLIT) {
      store<i32>(stack + top++ * 4, pc + load<i32>(i, 4));
      store<i32>(stack + top++ * 4, pc + load<i32>(i, 8));
    } else if (op == OP_SAVE || isAssertion(op)) store<i32>(stack + top++ * 4, pc + 1);
    else {
      for (let c = 0; c < 128; c++) {
        startText(0, 0, false);
        let hit = accepts(i, c);
        startText(0, 0, true);
        hit = hit || accepts(i, c);
        if (!hit) continue;
        if (c < 64) low |= <i64>1 << <i64>c;
        else high |= <i64>1 << <i64>(c - 64);
      }
    }
  }
  setFirsts(low, high);
  return true;
}
