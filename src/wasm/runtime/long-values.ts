/**
 * References to long values (steps/long-values.ts) in place of strings: the address has its highest bit set. The host
 * keeps the values, and reads and compares them; nothing here follows a reference.
 */
import { INLINE_MAX, strLen, strPtr } from './layout.ts';
import { bytesCompare, bytesWord, str_copy_arena } from './strings-core.ts';
import { text_replace } from './text-state.ts';

// @ts-ignore: decorator
@external("env", "long_keep")
declare function long_keep(ctx: i32, s: i64): i64;
// @ts-ignore: decorator
@external("env", "long_first")
declare function long_first(s: i64): i64;
// @ts-ignore: decorator
@external("env", "long_order")
declare function long_order(a: i64, b: i64): i32;
// @ts-ignore: decorator
@external("env", "long_common")
declare function long_common(a: i64, b: i64, n: i32): i32;

// @ts-ignore: decorator
@inline
export function isReference(s: i64): bool {
  return strPtr(s) < 0;
}
// @ts-ignore: decorator
@inline
export function isLong(ctx: i32, s: i64): bool {
  return <u32>strLen(s) > load<u32>(ctx, INLINE_MAX);
}
/** The string as a row keeps it: a copy in the arena, or a reference. */
export function str_keep(ctx: i32, s: i64): i64 {
  if (isReference(s)) return s;
  return isLong(ctx, s) ? long_keep(ctx, s) : str_copy_arena(ctx, s);
}
/** A reference when the string is long, else the string itself. */
export function str_refer(ctx: i32, s: i64): i64 {
  return isReference(s) || !isLong(ctx, s) ? s : long_keep(ctx, s);
}
/** text_replace, of what a row keeps. */
export function text_keep(ctx: i32, old: i64, s: i64): i64 {
  if (isReference(s)) return s;
  return isLong(ctx, s) ? long_keep(ctx, s) : text_replace(ctx, isReference(old) ? 0 : old, s);
}

/** The first eight bytes of a key, big-endian. */
export function keyStart(key: i64): u64 {
  if (isReference(key)) return <u64>long_first(key);
  const p = strPtr(key);
  const n = strLen(key);
  if (n >= 8) return bytesWord(p);
  let v: u64 = 0;
  for (let i = 0; i < n; i++) v |= <u64>load<u8>(p + i) << <u64>(56 - 8 * i);
  return v;
}
/** Order of two keys whose first `same` bytes are alike: negative, 0, positive. */
export function keysOrder(a: i64, b: i64, same: i32): i32 {
  if (isReference(a) || isReference(b)) return long_order(a, b);
  return bytesCompare(strPtr(a) + same, strLen(a) - same, strPtr(b) + same, strLen(b) - same);
}
/** How many bytes two keys begin with alike. */
export function sameBytes(a: i64, b: i64): i32 {
  const n = min(strLen(a), strLen(b));
  if (isReference(a) || isReference(b)) return long_common(a, b, n);
  const p = strPtr(a);
  const q = strPtr(b);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const x = load<u64>(p + i) ^ load<u64>(q + i);
    if (x != 0) return i + <i32>(ctz(x) >> 3);
  }
  while (i < n && load<u8>(p + i) == load<u8>(q + i)) i++;
  return i;
}
