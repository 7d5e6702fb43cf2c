/**
 * Navigation: one path from a value to a part of it, reading directories only. A path is a text made by the analyser:
 * `.`, length, `:` and name for an attribute, `[`, number, `]` for an item. What is not there, or no object or array, is
 * NULL; with `strict` (navigate_super_null_on_error off) an error.
 */
import { fail, SUPER_PATH } from './errors.ts';
import { makeStr, retNull, strLen, strPtr } from './layout.ts';
import { bytesEqual } from './strings-core.ts';
import { partOf } from './super-build.ts';
import { ARRAY, countOf, dictOf, DOCUMENT_HEAD, itemEnd, itemStart, keyAt, OBJECT, rootOf, tagOf } from './super-form.ts';

function nothing(ctx: i32, strict: i32): i64 {
  if (strict != 0) fail(ctx, SUPER_PATH);
  else retNull(ctx);
  return 0;
}
/** Index of the item with this key, -1 when there is none. */
export function findItem(end: i32, dict: i32, name: i32, n: i32): i32 {
  const count = countOf(end);
  const root = rootOf(dict);
  const keys = load<i32>(root - 4);
  const ends = root - 4 - keys * 4;
  for (let i = 0; i < count; i++) {
    const key = keyAt(end, i);
    const to = load<i32>(ends + key * 4);
    const from = key == 0 ? DOCUMENT_HEAD : load<i32>(ends + key * 4 - 4);
    if (to - from == n && bytesEqual(dict + from, name, n)) return i;
  }
  return -1;
}
export function super_path(ctx: i32, s: i64, path: i64, strict: i32): i64 {
  let p = rootOf(strPtr(s));
  let end = strPtr(s) + strLen(s);
  const dict = dictOf(strPtr(s));
  let at = strPtr(path);
  const last = at + strLen(path);
  while (at < last) {
    const isName = load<u8>(at++) == 0x2e;
    let n = 0;
    for (; load<u8>(at) >= 48 && load<u8>(at) <= 57; at++) n = n * 10 + <i32>load<u8>(at) - 48;
    at++;
    if (tagOf(p) != (isName ? OBJECT : ARRAY)) return nothing(ctx, strict);
    let i = n;
    if (isName) {
      i = findItem(end, dict, at, n);
      at += n;
    }
    if (i < 0 || i >= countOf(end)) return nothing(ctx, strict);
    const from = itemStart(p, end, i);
    end = itemEnd(p, end, i);
    p = from;
  }
  return partOf(ctx, p, end, dict);
}
/** Item by a number that is no constant. */
export function super_item(ctx: i32, s: i64, index: i64, strict: i32): i64 {
  const p = rootOf(strPtr(s));
  const end = strPtr(s) + strLen(s);
  if (tagOf(p) != ARRAY || index < 0 || index >= <i64>countOf(end)) return nothing(ctx, strict);
  return partOf(ctx, itemStart(p, end, <i32>index), itemEnd(p, end, <i32>index), dictOf(strPtr(s)));
}

/** How many rows unnesting gives: an array's items, or an object's attributes (UNPIVOT); any other value has none. */
export function super_items(s: i64, isObject: i32): i32 {
  const p = rootOf(strPtr(s));
  const tag = tagOf(p);
  if (isObject != 0) return tag == OBJECT ? countOf(strPtr(s) + strLen(s)) : 0;
  return tag == ARRAY ? countOf(strPtr(s) + strLen(s)) : 0;
}
/** Item `i` of those. */
export function super_item_at(ctx: i32, s: i64, i: i32): i64 {
  const p = rootOf(strPtr(s));
  const end = strPtr(s) + strLen(s);
  return partOf(ctx, itemStart(p, end, i), itemEnd(p, end, i), dictOf(strPtr(s)));
}
/** Name of attribute `i` of an object. */
export function super_name_at(s: i64, i: i32): i64 {
  const dict = strPtr(s);
  const root = rootOf(dict);
  const keys = load<i32>(root - 4);
  const ends = root - 4 - keys * 4;
  const key = keyAt(strPtr(s) + strLen(s), i);
  const from = key == 0 ? DOCUMENT_HEAD : load<i32>(ends + key * 4 - 4);
  return makeStr(dict + from, load<i32>(ends + key * 4) - from);
}
