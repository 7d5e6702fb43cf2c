/**
 * Arrays as collections of values: search, distinct values, difference, intersection, order. Values are the same when their
 * keys are (super-key.ts), so 1 is 1.0 and a null is a null. What is no array gives NULL.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { failed, makeStr, retNull, strLen, strPtr } from './layout.ts';
import { bytesCompare, bytesEqual } from './strings-core.ts';
import { beginArray, endOf, finishArray, isArray, nothing, putItems } from './super-array.ts';
import { item, putInteger } from './super-build.ts';
import { countOf, dictOf, NULL, itemStart, rootOf, tagOf } from './super-form.ts';
import { itemKeys, super_key } from './super-key.ts';

function keyOrder(keys: i32, a: i32, b: i32): i32 {
  return keyPair(load<i64>(keys + a * 8), load<i64>(keys + b * 8));
}
function keyPair(x: i64, y: i64): i32 {
  return bytesCompare(strPtr(x), strLen(x), strPtr(y), strLen(y));
}
/** Indices of `count` keys in their order, equal ones as they come; 0 after an error. Bottom-up merge sort. */
function sorted(ctx: i32, keys: i32, count: i32): i32 {
  let from = alloc_scratch(ctx, <i64>count * 8 + 8);
  if (from == 0) return 0;
  let to = from + count * 4;
  for (let i = 0; i < count; i++) store<i32>(from + i * 4, i);
  for (let run = 1; run < count; run *= 2) {
    for (let low = 0; low < count; low += run * 2) {
      let a = low;
      let b = min(low + run, count);
      const middle = b;
      const high = min(low + run * 2, count);
      for (let at = low; at < high; at++) {
        const takeA =
          b >= high || (a < middle && keyOrder(keys, load<i32>(from + a * 4), load<i32>(from + b * 4)) <= 0);
        store<i32>(to + at * 4, load<i32>(from + (takeA ? a++ : b++) * 4));
      }
    }
    const other = from;
    from = to;
    to = other;
  }
  return from;
}
/** End of the run of equal keys that begins at place `i` of `order`. */
function runEnd(keys: i32, order: i32, i: i32, count: i32): i32 {
  let j = i + 1;
  while (j < count && keyOrder(keys, load<i32>(order + i * 4), load<i32>(order + j * 4)) == 0) j++;
  return j;
}
/** The items of an array whose flags are set, in their order. */
function kept(ctx: i32, s: i64, flags: i32): i64 {
  const count = countOf(endOf(s));
  if (!beginArray(ctx, strLen(s))) return 0;
  for (let i = 0; i < count; i++) if (load<u8>(flags + i) != 0 && !putItems(ctx, s, i, i + 1)) return 0;
  return finishArray(ctx);
}
function keysOf(ctx: i32, s: i64): i32 {
  return itemKeys(ctx, rootOf(strPtr(s)), endOf(s), dictOf(strPtr(s)));
}
export function super_distinct(ctx: i32, s: i64): i64 {
  if (!isArray(s)) return nothing(ctx);
  const count = countOf(endOf(s));
  const keys = keysOf(ctx, s);
  const order = keys == 0 ? 0 : sorted(ctx, keys, count);
  const flags = order == 0 ? 0 : alloc_scratch(ctx, count);
  if (flags == 0) return 0;
  memory.fill(flags, 0, count);
  for (let i = 0; i < count; i = runEnd(keys, order, i, count)) store<u8>(flags + load<i32>(order + i * 4), 1);
  return kept(ctx, s, flags);
}
/**
 * Flags of the items of `a`: mode 0 those that remain when `b` takes away one for each of its own, 1 those that find a
 * partner in `b`. `distinct`: one of equal items, which in mode 0 has no equal in `b` at all.
 */
function against(ctx: i32, a: i64, b: i64, mode: i32, distinct: bool): i32 {
  const na = countOf(endOf(a));
  const nb = countOf(endOf(b));
  const ka = keysOf(ctx, a);
  const kb = ka == 0 ? 0 : keysOf(ctx, b);
  const oa = kb == 0 ? 0 : sorted(ctx, ka, na);
  const ob = oa == 0 ? 0 : sorted(ctx, kb, nb);
  const flags = ob == 0 ? 0 : alloc_scratch(ctx, <i64>na + 1);
  if (flags == 0) return 0;
  memory.fill(flags, 0, na + 1);
  let j = 0;
  for (let i = 0; i < na;) {
    const end = runEnd(ka, oa, i, na);
    const key = load<i64>(ka + load<i32>(oa + i * 4) * 8);
    while (j < nb && keyPair(load<i64>(kb + load<i32>(ob + j * 4) * 8), key) < 0) j++;
    const jEnd = j < nb && keyPair(load<i64>(kb + load<i32>(ob + j * 4) * 8), key) == 0 ? runEnd(kb, ob, j, nb) : j;
    const partners = min(end - i, jEnd - j);
    let from = mode == 0 ? i + partners : i;
    let to = mode == 0 ? end : i + partners;
    if (distinct) {
      if (mode == 0 && partners > 0) from = to;
      to = min(to, from + 1);
    }
    for (let k = from; k < to; k++) store<u8>(flags + load<i32>(oa + k * 4), 1);
    i = end;
    j = jEnd;
  }
  return flags;
}
export function super_except(ctx: i32, a: i64, b: i64, distinct: i32): i64 {
  if (!isArray(a) || !isArray(b)) return nothing(ctx);
  const flags = against(ctx, a, b, 0, distinct != 0);
  return flags == 0 ? 0 : kept(ctx, a, flags);
}
export function super_intersection(ctx: i32, a: i64, b: i64, distinct: i32): i64 {
  if (!isArray(a) || !isArray(b)) return nothing(ctx);
  const flags = against(ctx, a, b, 1, distinct != 0);
  return flags == 0 ? 0 : kept(ctx, a, flags);
}
export function super_overlap(ctx: i32, a: i64, b: i64): i32 {
  if (!isArray(a) || !isArray(b)) return <i32>nothing(ctx);
  const m = mark(ctx);
  const flags = against(ctx, a, b, 1, true);
  const count = flags == 0 ? 0 : countOf(endOf(a));
  let found = 0;
  for (let i = 0; i < count; i++) if (load<u8>(flags + i) != 0) found = 1;
  release(ctx, m);
  return found;
}
/** ARRAY_SORT: nulls stand at one end. */
export function super_sort(ctx: i32, s: i64, ascending: i32, nullsFirst: i32): i64 {
  if (!isArray(s)) return nothing(ctx);
  const count = countOf(endOf(s));
  const keys = keysOf(ctx, s);
  const order = keys == 0 ? 0 : sorted(ctx, keys, count);
  if (order == 0 || !beginArray(ctx, strLen(s))) return 0;
  // Nulls are the greatest keys.
  let values = count;
  while (values > 0 && tagOf(itemStart(rootOf(strPtr(s)), endOf(s), load<i32>(order + (values - 1) * 4))) == NULL) values--;
  for (let pass = 0; pass < 2; pass++) {
    const nulls = (pass == 0) == (nullsFirst != 0);
    const from = nulls ? values : 0;
    const to = nulls ? count : values;
    for (let k = from; k < to; k++) {
      const i = load<i32>(order + (ascending != 0 || nulls ? k : to - 1 - (k - from)) * 4);
      if (!putItems(ctx, s, i, i + 1)) return 0;
    }
  }
  return finishArray(ctx);
}

/** What a search found, and whether it passed a null. */
let NULL_SEEN: bool = false;
/** First index from `from` on with this key, -1 = none. */
function nextMatch(keys: i32, count: i32, from: i32, key: i64): i32 {
  for (let i = from; i < count; i++) {
    const k = load<i64>(keys + i * 8);
    if (load<u8>(strPtr(k)) == 0x60) NULL_SEEN = true;
    if (strLen(k) == strLen(key) && bytesEqual(strPtr(k), strPtr(key), strLen(k))) return i;
  }
  return -1;
}
function isNullValue(v: i64, isNull: i32): bool {
  return isNull != 0 || tagOf(strPtr(v)) == NULL;
}
function searchKey(ctx: i32, v: i64, isNull: bool): i64 {
  if (!isNull) return super_key(ctx, v);
  const p = alloc_scratch(ctx, 8);
  if (p == 0) return 0;
  store<u8>(p, 0x60);
  return makeStr(p, 1);
}
/**
 * ARRAY_POSITION: index of the first equal item, -1 = none. Without `nullMatch` a null is unknown: searching for one is
 * NULL, and so is finding nothing among nulls.
 */
export function super_position(
  ctx: i32, s: i64, sNull: i32, v: i64, vNull: i32, nullMatch: i32, nullMatchNull: i32,
): i32 {
  if (sNull != 0 || nullMatchNull != 0 || !isArray(s)) return <i32>nothing(ctx);
  const isNull = isNullValue(v, vNull);
  if (isNull && nullMatch == 0) return <i32>nothing(ctx);
  const m = mark(ctx);
  const keys = keysOf(ctx, s);
  const key = keys == 0 ? 0 : searchKey(ctx, v, isNull);
  NULL_SEEN = false;
  const at = key == 0 ? -1 : nextMatch(keys, countOf(endOf(s)), 0, key);
  release(ctx, m);
  if (at < 0 && nullMatch == 0 && NULL_SEEN) retNull(ctx);
  return at;
}
export function super_contains(
  ctx: i32, s: i64, sNull: i32, v: i64, vNull: i32, nullMatch: i32, nullMatchNull: i32,
): i32 {
  return super_position(ctx, s, sNull, v, vNull, nullMatch, nullMatchNull) >= 0 && !failed(ctx) ? 1 : 0;
}
export function super_positions(
  ctx: i32, s: i64, sNull: i32, v: i64, vNull: i32, nullMatch: i32, nullMatchNull: i32,
): i64 {
  if (sNull != 0 || nullMatchNull != 0 || !isArray(s)) return nothing(ctx);
  const isNull = isNullValue(v, vNull);
  if (isNull && nullMatch == 0) return nothing(ctx);
  const keys = keysOf(ctx, s);
  const key = keys == 0 ? 0 : searchKey(ctx, v, isNull);
  if (key == 0 || !beginArray(ctx, 64)) return 0;
  const count = countOf(endOf(s));
  for (let i = nextMatch(keys, count, 0, key); i >= 0; i = nextMatch(keys, count, i + 1, key))
    if (!putInteger(ctx, <i64>i) || !item(ctx, 0)) return 0;
  return finishArray(ctx);
}
