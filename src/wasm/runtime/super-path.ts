/**
 * Navigation: one path from a value to a part of it, reading directories only. A path is a text made by the analyser:
 * `.`, length, `:` and name for an attribute, `[`, number, `]` for an item. What is not there, or no object or array, is
 * NULL; with `strict` (navigate_super_null_on_error off) an error.
 */
import { fail, SUPER_PATH } from './errors.ts';
import { makeStr, retNull, strLen, strPtr } from './layout.ts';
import { bytesEqual } from './strings-core.ts';
import { partOf } from './super-build.ts';
import { ARRAY, countOf, dictOf, DOCUMENT_HEAD, itemEnd, itemStart, keyAt, keyEnd, keyStart, OBJECT, rootOf, tagOf } from './super-form.ts';

function nothing(ctx: i32, strict: i32): i64 {
  if (strict != 0) fail(ctx, SUPER_PATH);
  else retNull(ctx);
  return 0;
}
/** Index of the item with this key, -1 when there is none. */
export function findItem(end: i32, dict: i32, name: i32, n: i32): i32 {
  const count = countOf(end);
  // An object without attributes may be a value without names.
  if (count == 0) return -1;
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
/** Where the last walk ended: the part and its end. */
let PART: i32 = 0;
let PART_END: i32 = 0;
/** Goes along a path; false when it leads nowhere. */
function walk(s: i64, path: i64): bool {
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
    if (tagOf(p) != (isName ? OBJECT : ARRAY)) return false;
    let i = n;
    if (isName) {
      i = findItem(end, dict, at, n);
      at += n;
    }
    if (i < 0 || i >= countOf(end)) return false;
    const from = itemStart(p, end, i);
    end = itemEnd(p, end, i);
    p = from;
  }
  PART = p;
  PART_END = end;
  return true;
}
export function super_path(ctx: i32, s: i64, path: i64, strict: i32): i64 {
  return walk(s, path) ? partOf(ctx, PART, PART_END, dictOf(strPtr(s))) : nothing(ctx, strict);
}
/** Item by a number that is no constant. */
export function super_item(ctx: i32, s: i64, index: i64, strict: i32): i64 {
  const p = rootOf(strPtr(s));
  const end = strPtr(s) + strLen(s);
  if (tagOf(p) != ARRAY || index < 0 || index >= <i64>countOf(end)) return nothing(ctx, strict);
  return partOf(ctx, itemStart(p, end, <i32>index), itemEnd(p, end, <i32>index), dictOf(strPtr(s)));
}

/** How many rows unnesting gives: items of the array, or attributes of the object, that the path leads to. */
export function super_rows(ctx: i32, s: i64, path: i64, isObject: i32): i32 {
  if (!walk(s, path) || tagOf(PART) != (isObject != 0 ? OBJECT : ARRAY)) return 0;
  return countOf(PART_END);
}
/** What stands there at this number. */
export function super_row(ctx: i32, s: i64, path: i64, number: i64, isObject: i32): i64 {
  if (number >= <i64>super_rows(ctx, s, path, isObject)) return nothing(ctx, 0);
  const i = <i32>number;
  return partOf(ctx, itemStart(PART, PART_END, i), itemEnd(PART, PART_END, i), dictOf(strPtr(s)));
}
/** The attribute's name. */
export function super_row_name(ctx: i32, s: i64, path: i64, number: i64): i64 {
  if (number >= <i64>super_rows(ctx, s, path, 1)) return nothing(ctx, 0);
  const dict = dictOf(strPtr(s));
  const key = keyAt(PART_END, <i32>number);
  const from = keyStart(dict, key);
  return makeStr(from, keyEnd(dict, key) - from);
}
