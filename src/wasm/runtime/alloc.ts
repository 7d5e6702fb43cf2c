/**
 * The memory discipline of kernels. Scratch is a stack over a chain of regions (src/wasm/region-chain.ts): `mark` takes
 * the whole position (SCRATCH_CUR low, SCRATCH_END high), `release` puts it back whatever was allocated in between,
 * also when a new region was entered. The arena only grows. Addresses are 8-byte aligned; 0 means failure, with
 * ctx+ERROR_CODE set. Sizes are i64, so that the sum of any lengths can be asked for: what is negative or above
 * ALLOCATION_MAX is Out Of Memory, never a wrapped size.
 *
 * A kernel that returns anything but a text gives all its scratch back; one that returns a text may leave some, which
 * goes at the end of the row. alloc-checked.ts is the same with canaries and poison, for tests.
 */
import { fail, OUT_OF_MEMORY } from './errors.ts';
import {
  ALLOCATION_MAX, ARENA_CUR, ARENA_END, ARENA_LAST, ERROR_CODE, SCRATCH_CUR, SCRATCH_END, SCRATCH_LAST,
} from './layout.ts';

// @ts-ignore: decorator
@external("env", "grow")
declare function grow(ctx: i32, which: i32, bytes: i32): i32;

/** For what a segment remembers from row to row (compiled patterns, zones): it lives as long as the segment. */
export function alloc_lasting(ctx: i32, bytes: i64): i32 {
  if (<u64>bytes <= ALLOCATION_MAX) return grow(ctx, 2, <i32>bytes);
  fail(ctx, OUT_OF_MEMORY);
  return 0;
}
export function alloc_scratch(ctx: i32, bytes: i64): i32 {
  let at = (load<u32>(ctx, SCRATCH_CUR) + 7) & ~7;
  if (<u64>bytes > <u64>(<i64>load<u32>(ctx, SCRATCH_END) - <i64>at)) {
    if (!larger(ctx, 0, bytes)) return 0;
    at = load<u32>(ctx, SCRATCH_CUR);
  }
  store<u32>(ctx, at + <u32>bytes, SCRATCH_CUR);
  store<u32>(ctx, at, SCRATCH_LAST);
  return <i32>at;
}
export function alloc_arena(ctx: i32, bytes: i64): i32 {
  let at = (load<u32>(ctx, ARENA_CUR) + 7) & ~7;
  if (<u64>bytes > <u64>(<i64>load<u32>(ctx, ARENA_END) - <i64>at)) {
    if (!larger(ctx, 1, bytes)) return 0;
    at = load<u32>(ctx, ARENA_CUR);
  }
  store<u32>(ctx, at + <u32>bytes, ARENA_CUR);
  store<u32>(ctx, at, ARENA_LAST);
  return <i32>at;
}
function larger(ctx: i32, which: i32, bytes: i64): bool {
  if (<u64>bytes > ALLOCATION_MAX) {
    fail(ctx, OUT_OF_MEMORY);
    return false;
  }
  return grow(ctx, which, <i32>bytes) != 0;
}
/** Keeps the first `used` bytes of the newest scratch allocation, which starts at `start`; an older one stays as it is. */
export function shrink_scratch(ctx: i32, start: i32, used: i32): void {
  if (load<i32>(ctx, SCRATCH_LAST) == start) store<i32>(ctx, start + used, SCRATCH_CUR);
}
export function shrink_arena(ctx: i32, start: i32, used: i32): void {
  if (load<i32>(ctx, ARENA_LAST) == start) store<i32>(ctx, start + used, ARENA_CUR);
}
export function mark(ctx: i32): i64 {
  return load<i64>(ctx, SCRATCH_CUR);
}
/** After an error nothing is given back: its argument may lie there. */
export function release(ctx: i32, marked: i64): void {
  if (load<i32>(ctx, ERROR_CODE) != 0) return;
  store<i64>(ctx, marked, SCRATCH_CUR);
  store<i32>(ctx, 0, SCRATCH_LAST);
}
/** Looks at every canary; here there are none. */
export function check_memory(ctx: i32): void {}
export function copy_bytes(from: i32, to: i32, n: i32): void {
  memory.copy(to, from, n);
}
