/**
 * Functions that make and cut arrays. What is no array gives NULL.
 */
import { findBytes } from './utf8.ts';
import { retNull, strLen, strPtr } from './layout.ts';
import { beginBuild, close, finishBuild, item, items, open, putCopy, putNull, putString } from './super-build.ts';
import { ARRAY, countOf, dictOf, itemEnd, itemStart, rootOf, tagOf } from './super-form.ts';

export function nothing(ctx: i32): i64 {
  retNull(ctx);
  return 0;
}
export function isArray(s: i64): bool {
  return tagOf(rootOf(strPtr(s))) == ARRAY;
}
export function endOf(s: i64): i32 {
  return strPtr(s) + strLen(s);
}
/** Items `from` to `to` of a container become items of the one that is open. */
export function putItems(ctx: i32, s: i64, from: i32, to: i32): bool {
  const p = rootOf(strPtr(s));
  const end = endOf(s);
  const dict = dictOf(strPtr(s));
  for (let i = from; i < to; i++)
    if (!putCopy(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict) || !item(ctx, 0)) return false;
  return true;
}
export function finishArray(ctx: i32): i64 {
  return close(ctx, 0, 0, false) ? finishBuild(ctx) : 0;
}
export function beginArray(ctx: i32, bytes: i32): bool {
  return beginBuild(ctx, bytes + 64) && open(ctx, false);
}
export function super_array0(ctx: i32): i64 {
  return beginArray(ctx, 0) ? finishArray(ctx) : 0;
}
export function super_array1(ctx: i32, s: i64, isNull: i32): i64 {
  if (!beginArray(ctx, isNull != 0 ? 0 : strLen(s))) return 0;
  const put = isNull != 0 ? putNull(ctx) : putCopy(ctx, strPtr(s), endOf(s), 0);
  return put && item(ctx, 0) ? finishArray(ctx) : 0;
}
export function super_concat(ctx: i32, a: i64, b: i64): i64 {
  if (!isArray(a) || !isArray(b)) return nothing(ctx);
  if (!beginArray(ctx, strLen(a) + strLen(b))) return 0;
  return putItems(ctx, a, 0, countOf(endOf(a))) && putItems(ctx, b, 0, countOf(endOf(b))) ? finishArray(ctx) : 0;
}
export function super_flatten(ctx: i32, s: i64): i64 {
  if (!isArray(s)) return nothing(ctx);
  if (!beginArray(ctx, strLen(s))) return 0;
  return flatten(ctx, rootOf(strPtr(s)), endOf(s), dictOf(strPtr(s))) ? finishArray(ctx) : 0;
}
function flatten(ctx: i32, p: i32, end: i32, dict: i32): bool {
  const count = countOf(end);
  for (let i = 0; i < count; i++) {
    const from = itemStart(p, end, i);
    const to = itemEnd(p, end, i);
    if (tagOf(from) == ARRAY) {
      if (!flatten(ctx, from, to, dict)) return false;
    } else if (!putCopy(ctx, from, to, dict) || !item(ctx, 0)) return false;
  }
  return true;
}
export function super_length(ctx: i32, s: i64): i64 {
  return isArray(s) ? <i64>countOf(endOf(s)) : nothing(ctx);
}
/** SUBARRAY: a negative start counts from the end. */
export function super_subarray(ctx: i32, s: i64, start: i32, length: i32): i64 {
  if (!isArray(s) || length < 0) return nothing(ctx);
  const count = countOf(endOf(s));
  const from = start < 0 ? max(0, count + start) : min(start, count);
  const to = <i32>min<i64>(<i64>from + length, <i64>count);
  return beginArray(ctx, strLen(s)) && putItems(ctx, s, from, to) ? finishArray(ctx) : 0;
}
/** SPLIT_TO_ARRAY. */
export function super_split(ctx: i32, s: i64, delimiter: i64): i64 {
  let p = strPtr(s);
  const end = p + strLen(s);
  const n = strLen(delimiter);
  if (!beginArray(ctx, strLen(s) * 2)) return 0;
  let found = 0;
  while (found >= 0) {
    found = n == 0 || p >= end ? -1 : findBytes(p, end, strPtr(delimiter), n);
    const to = found < 0 ? end : found;
    if (!putString(ctx, p, to - p) || !item(ctx, 0)) return 0;
    p = to + n;
  }
  return finishArray(ctx);
}
