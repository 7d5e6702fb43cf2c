/**
 * Bump allocation in the context's scratch and arena regions. Addresses are 8-byte aligned; 0 means failure, with
 * ctx+ERROR_CODE set by the host's env.grow. There is no free; a kernel that needs temporary space saves SCRATCH_CUR
 * with `mark` and puts it back with `release` (only valid when no grow happened in between, which release checks).
 */
import { ARENA_CUR, ARENA_END, SCRATCH_CUR, SCRATCH_END } from './layout.ts';

// @ts-ignore: decorator
@external("env", "grow")
declare function grow(ctx: i32, which: i32, bytes: i32): i32;

export function alloc_scratch(ctx: i32, bytes: i32): i32 {
  let at = (load<u32>(ctx, SCRATCH_CUR) + 7) & ~7;
  let end = <u64>at + <u64><u32>bytes;
  if (end > <u64>load<u32>(ctx, SCRATCH_END)) {
    if (!grow(ctx, 0, bytes + 16)) return 0;
    at = (load<u32>(ctx, SCRATCH_CUR) + 7) & ~7;
    end = <u64>at + <u64><u32>bytes;
    if (end > <u64>load<u32>(ctx, SCRATCH_END)) return 0;
  }
  store<u32>(ctx, <u32>end, SCRATCH_CUR);
  return <i32>at;
}
export function alloc_arena(ctx: i32, bytes: i32): i32 {
  let at = (load<u32>(ctx, ARENA_CUR) + 7) & ~7;
  let end = <u64>at + <u64><u32>bytes;
  if (end > <u64>load<u32>(ctx, ARENA_END)) {
    if (!grow(ctx, 1, bytes + 16)) return 0;
    at = (load<u32>(ctx, ARENA_CUR) + 7) & ~7;
    end = <u64>at + <u64><u32>bytes;
    if (end > <u64>load<u32>(ctx, ARENA_END)) return 0;
  }
  store<u32>(ctx, <u32>end, ARENA_CUR);
  return <i32>at;
}
/** Gives back everything above `end` of the latest scratch allocation. */
export function shrink_scratch(ctx: i32, end: i32): void {
  store<i32>(ctx, end, SCRATCH_CUR);
}
export function mark(ctx: i32): i32 {
  return load<i32>(ctx, SCRATCH_CUR);
}
/** `first` is the first allocation after the mark; when it is not right behind the mark a new region was installed. */
export function release(ctx: i32, marked: i32, first: i32): void {
  if (((marked + 7) & ~7) == first) store<i32>(ctx, marked, SCRATCH_CUR);
}
export function copy_bytes(from: i32, to: i32, n: i32): void {
  memory.copy(to, from, n);
}
