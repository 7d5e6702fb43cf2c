/**
 * alloc.ts for tests: the build with `checked` compiles this file in its place. Every allocation stands between canaries
 * and in a list; what is given back must be intact and is poisoned, what is new is poisoned too. A broken canary, a
 * release to a position that is not below, or a shrink of anything but the newest allocation is a trap.
 *
 *   header: +0 u32 allocation before, +4 u32 payload bytes, +8 i64 position before, +16 u64 canary; payload; u64 canary
 */
import { fail, OUT_OF_MEMORY } from './errors.ts';
import {
  ALLOCATION_MAX, ARENA_CUR, ARENA_END, CHECKED_ARENA, CHECKED_SCRATCH, ERROR_CODE, SCRATCH_CUR, SCRATCH_END,
} from './layout.ts';

const HEADER: i32 = 24;
const FRAME: i32 = 40;
const CANARY: u64 = 0x5ca1ab1e0ddba11c;
const POISON: u8 = 0xdb;
/** How many of the newest allocations a mark or an allocation looks at. */
const LOOK: i32 = 8;

// @ts-ignore: decorator
@external("env", "grow")
declare function grow(ctx: i32, which: i32, bytes: i32): i32;

function verify(at: i32): void {
  if (load<u64>(at - 8) != CANARY || load<u64>(at + load<i32>(at - 20)) != CANARY) unreachable();
}
function verifyNewest(at: i32, most: i32): void {
  for (let i = 0; at != 0 && i < most; i++) {
    verify(at);
    at = load<i32>(at - HEADER);
  }
}
function allocate(ctx: i32, which: i32, bytes: i64, cur: usize, list: usize): i32 {
  verifyNewest(load<i32>(<usize>ctx + list), LOOK);
  if (<u64>bytes > ALLOCATION_MAX) {
    fail(ctx, OUT_OF_MEMORY);
    return 0;
  }
  const before = load<i64>(<usize>ctx + cur);
  let at = (load<u32>(<usize>ctx + cur) + 7) & ~7;
  if (<i64>at + bytes + FRAME > <i64>load<u32>(<usize>ctx + cur, 4)) {
    if (!grow(ctx, which, <i32>bytes + FRAME)) return 0;
    at = load<u32>(<usize>ctx + cur);
  }
  const p = <i32>at + HEADER;
  store<i32>(p - 24, load<i32>(<usize>ctx + list));
  store<i32>(p - 20, <i32>bytes);
  store<i64>(p - 16, before);
  store<u64>(p - 8, CANARY);
  memory.fill(p, POISON, <i32>bytes);
  store<u64>(p + <i32>bytes, CANARY);
  store<i32>(<usize>ctx + cur, p + <i32>bytes + 8);
  store<i32>(<usize>ctx + list, p);
  return p;
}
export function alloc_lasting(ctx: i32, bytes: i64): i32 {
  if (<u64>bytes <= ALLOCATION_MAX) return grow(ctx, 2, <i32>bytes);
  fail(ctx, OUT_OF_MEMORY);
  return 0;
}
export function alloc_scratch(ctx: i32, bytes: i64): i32 {
  return allocate(ctx, 0, bytes, SCRATCH_CUR, CHECKED_SCRATCH);
}
export function alloc_arena(ctx: i32, bytes: i64): i32 {
  return allocate(ctx, 1, bytes, ARENA_CUR, CHECKED_ARENA);
}
function shrink(ctx: i32, start: i32, used: i32, cur: usize, list: usize): void {
  if (load<i32>(<usize>ctx + list) != start) unreachable();
  verify(start);
  const bytes = load<i32>(start - 20);
  if (<u32>used > <u32>bytes) unreachable();
  memory.fill(start + used, POISON, bytes - used + 8);
  store<i32>(start - 20, used);
  store<u64>(start + used, CANARY);
  store<i32>(<usize>ctx + cur, start + used + 8);
}
export function shrink_scratch(ctx: i32, start: i32, used: i32): void {
  shrink(ctx, start, used, SCRATCH_CUR, CHECKED_SCRATCH);
}
export function shrink_arena(ctx: i32, start: i32, used: i32): void {
  shrink(ctx, start, used, ARENA_CUR, CHECKED_ARENA);
}
export function mark(ctx: i32): i64 {
  verifyNewest(load<i32>(ctx, CHECKED_SCRATCH), LOOK);
  return load<i64>(ctx, SCRATCH_CUR);
}
export function release(ctx: i32, marked: i64): void {
  if (load<i32>(ctx, ERROR_CODE) != 0) return;
  while (load<i64>(ctx, SCRATCH_CUR) != marked) {
    const at = load<i32>(ctx, CHECKED_SCRATCH);
    if (at == 0) unreachable();
    verify(at);
    const before = load<i64>(at - 16);
    store<i32>(ctx, load<i32>(at - 24), CHECKED_SCRATCH);
    store<i64>(ctx, before, SCRATCH_CUR);
    memory.fill(at - HEADER, POISON, load<i32>(at - 20) + FRAME - 8);
  }
}
/** Looks at every canary of the context. */
export function check_memory(ctx: i32): void {
  verifyNewest(load<i32>(ctx, CHECKED_SCRATCH), 0x7fffffff);
  verifyNewest(load<i32>(ctx, CHECKED_ARENA), 0x7fffffff);
}
export function copy_bytes(from: i32, to: i32, n: i32): void {
  memory.copy(to, from, n);
}
