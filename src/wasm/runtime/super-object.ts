/**
 * Functions that make and change objects.
 */
import { fail, SUPER_CASE_CLASH, SUPER_DUPLICATE_KEY, SUPER_NULL_KEY } from './errors.ts';
import { makeStr, strLen, strPtr } from './layout.ts';
import { endOf, nothing } from './super-array.ts';
import {
  beginBuild, close, finishBuild, internKey, item, items, open, putCopy, putNull, putRaw, repeatedKey, written,
} from './super-build.ts';
import { ARRAY, countOf, dictOf, itemEnd, itemStart, keyAt, keyEnd, keyStart, OBJECT, rootOf, tagOf } from './super-form.ts';
import { str_lower, str_upper } from './string-functions.ts';

function beginObject(ctx: i32, bytes: i32): bool {
  return beginBuild(ctx, bytes + 64) && open(ctx, true);
}
function finishObject(ctx: i32): i64 {
  if (repeatedKey(0) >= 0) {
    fail(ctx, SUPER_DUPLICATE_KEY);
    return 0;
  }
  return close(ctx, 0, 0, true) ? finishBuild(ctx) : 0;
}
export function super_object0(ctx: i32): i64 {
  return beginObject(ctx, 0) ? finishObject(ctx) : 0;
}
export function super_object1(ctx: i32, key: i64, keyNull: i32, v: i64, vNull: i32): i64 {
  if (keyNull != 0) {
    fail(ctx, SUPER_NULL_KEY);
    return 0;
  }
  if (!beginObject(ctx, vNull != 0 ? 0 : strLen(v))) return 0;
  const put = vNull != 0 ? putNull(ctx) : putCopy(ctx, strPtr(v), endOf(v), 0);
  const number = put ? internKey(ctx, strPtr(key), strLen(key)) : -1;
  return number >= 0 && item(ctx, number) ? finishObject(ctx) : 0;
}
/** The attributes of both; a name that both have is an error. */
export function super_merge(ctx: i32, a: i64, b: i64): i64 {
  if (!beginObject(ctx, strLen(a) + strLen(b))) return 0;
  return putAttributes(ctx, a) && putAttributes(ctx, b) ? finishObject(ctx) : 0;
}
function putAttributes(ctx: i32, s: i64): bool {
  const p = rootOf(strPtr(s));
  const end = endOf(s);
  const dict = dictOf(strPtr(s));
  const count = countOf(end);
  for (let i = 0; i < count; i++) {
    const key = keyAt(end, i);
    const number = internKey(ctx, keyStart(dict, key), keyEnd(dict, key) - keyStart(dict, key));
    if (number < 0 || !putCopy(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict) || !item(ctx, number)) return false;
  }
  return true;
}
/** GET_NUMBER_ATTRIBUTES. */
export function super_attributes(ctx: i32, s: i64): i32 {
  return tagOf(rootOf(strPtr(s))) == OBJECT ? countOf(endOf(s)) : <i32>nothing(ctx);
}
/** LOWER_ATTRIBUTE_NAMES (upper 0) and UPPER_ATTRIBUTE_NAMES, at every depth. */
export function super_change_names(ctx: i32, s: i64, upper: i32): i64 {
  const p = strPtr(s);
  if (!beginBuild(ctx, strLen(s) + 64) || !changeNames(ctx, rootOf(p), endOf(s), dictOf(p), upper != 0)) return 0;
  return finishBuild(ctx);
}
function changeNames(ctx: i32, p: i32, end: i32, dict: i32, upper: bool): bool {
  const tag = tagOf(p);
  if (tag != OBJECT && tag != ARRAY) return putRaw(ctx, p, end - p);
  const start = written();
  const base = items();
  if (!open(ctx, tag == OBJECT)) return false;
  const count = countOf(end);
  for (let i = 0; i < count; i++) {
    const key = tag == OBJECT ? changedName(ctx, dict, keyAt(end, i), upper) : 0;
    if (key < 0 || !changeNames(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict, upper) || !item(ctx, key)) return false;
  }
  if (tag == OBJECT && repeatedKey(base) >= 0) {
    fail(ctx, SUPER_CASE_CLASH);
    return false;
  }
  return close(ctx, start, base, tag == OBJECT);
}
function changedName(ctx: i32, dict: i32, key: i32, upper: bool): i32 {
  const from = keyStart(dict, key);
  const name = makeStr(from, keyEnd(dict, key) - from);
  const changed = upper ? str_upper(ctx, name) : str_lower(ctx, name);
  return internKey(ctx, strPtr(changed), strLen(changed));
}
