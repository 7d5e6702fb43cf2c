/**
 * What kind of value a SUPER value is: JSON_TYPEOF, the IS_... functions, order and truth of NULL, SIZE.
 */
import { alloc_scratch } from './alloc.ts';
import { makeStr, put8, retNull, strLen, strPtr } from './layout.ts';
import { kindOf, super_cmp } from './super-key.ts';
import { isWhole } from './super-number.ts';
import {
  ARRAY, countOf, dictOf, FALSE, isExact, isNumber, itemEnd, itemStart, keyAt, keyEnd, keyStart, NULL, OBJECT, rootOf, STRING, tagOf, TRUE,
} from './super-form.ts';
import { isAscii } from './utf8.ts';

/** JSON_TYPEOF. */
export function super_typeof(ctx: i32, s: i64): i64 {
  const out = alloc_scratch(ctx, 16);
  if (out == 0) return 0;
  switch (kindOf(tagOf(rootOf(strPtr(s))))) {
    case 1: return makeStr(out, PUT(out, "boolean") - out);
    case 2: return makeStr(out, PUT(out, "number") - out);
    case 3: return makeStr(out, PUT(out, "string") - out);
    case 4: return makeStr(out, PUT(out, "array") - out);
    case 5: return makeStr(out, PUT(out, "object") - out);
    default: return makeStr(out, PUT(out, "null") - out);
  }
}
/** IS_...: 0 array, 1 object, 2 scalar, 3 boolean, 4 varchar, 5 char, 6 decimal, 7 float, 16/32/64 a whole number of so many bits. */
export function super_is(ctx: i32, s: i64, isNull: i32, what: i32, whatNull: i32): i32 {
  if (isNull != 0) return 0;
  const p = rootOf(strPtr(s));
  const end = strPtr(s) + strLen(s);
  const tag = tagOf(p);
  let yes = false;
  switch (what) {
    case 0: yes = tag == ARRAY; break;
    case 1: yes = tag == OBJECT; break;
    case 2: yes = tag != ARRAY && tag != OBJECT && tag != NULL; break;
    case 3: yes = tag == TRUE || tag == FALSE; break;
    case 4: yes = tag == STRING; break;
    case 5: yes = tag == STRING && isAscii(p + 1, end - p - 1); break;
    case 6: yes = isExact(tag); break;
    case 7: yes = isNumber(tag) && !isExact(tag); break;
    default: yes = isWhole(p, end, what);
  }
  return yes ? 1 : 0;
}
/** IS NULL: a JSON null is a null too. */
export function super_is_null(ctx: i32, s: i64, isNull: i32): i32 {
  return isNull != 0 || tagOf(strPtr(s)) == NULL ? 1 : 0;
}
/** op: 0 <, 1 <=, 2 >, 3 >=. Values of two kinds have no order: NULL. */
export function super_before(ctx: i32, a: i64, b: i64, op: i32): i32 {
  const x = kindOf(tagOf(rootOf(strPtr(a))));
  const y = kindOf(tagOf(rootOf(strPtr(b))));
  if (x != y || x == 6) {
    retNull(ctx);
    return 0;
  }
  const c = super_cmp(ctx, a, b);
  return (op == 0 ? c < 0 : op == 1 ? c <= 0 : op == 2 ? c > 0 : c >= 0) ? 1 : 0;
}
/** SIZE: 4 bytes a scalar and those of a string's text, 7 and 8 an array and an object, 6 and its text a name. */
export function super_size(ctx: i32, s: i64, isNull: i32): i32 {
  if (isNull != 0) return 4;
  const p = strPtr(s);
  return sizeOf(rootOf(p), p + strLen(s), dictOf(p));
}
function sizeOf(p: i32, end: i32, dict: i32): i32 {
  const tag = tagOf(p);
  if (tag == STRING) return 4 + (end - p - 1);
  if (isNumber(tag)) return max(4, end - p);
  if (tag != ARRAY && tag != OBJECT) return 4;
  let size = tag == ARRAY ? 7 : 8;
  const count = countOf(end);
  for (let i = 0; i < count; i++) {
    size += sizeOf(itemStart(p, end, i), itemEnd(p, end, i), dict);
    if (tag == OBJECT) size += 6 + keyEnd(dict, keyAt(end, i)) - keyStart(dict, keyAt(end, i));
  }
  return size;
}
