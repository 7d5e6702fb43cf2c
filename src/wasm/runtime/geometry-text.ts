/**
 * GEOMETRY and GEOGRAPHY values as clients see them: their EWKB in upper-case hexadecimal digits. A value begins with a byte, 1
 * where a bounding box of 32 bytes stands before the EWKB (spatial/ewkb.ts).
 */
import { alloc_scratch } from './alloc.ts';
import { makeStr, strLen, strPtr } from './layout.ts';

// @ts-ignore: decorator
@inline
function digit(v: u32): u8 {
  return <u8>(v < 10 ? 0x30 + v : 0x37 + v);
}
/** Bytes from `at` to `end` as digits at `out`; gives the end. */
function putUpper(out: i32, at: i32, end: i32): i32 {
  for (; at < end; at++) {
    const v = <u32>load<u8>(at);
    store<u8>(out, digit(v >> 4));
    store<u8>(out, digit(v & 15), 1);
    out += 2;
  }
  return out;
}
/** A VARBYTE that is a geometry's WKB. */
export function fmt_varbyte_upper(ctx: i32, out: i32, s: i64): i32 {
  return putUpper(out, strPtr(s), strPtr(s) + strLen(s));
}
export function geometry_text(ctx: i32, s: i64): i64 {
  const p = strPtr(s);
  const end = p + strLen(s);
  const start = p + (load<u8>(p) == 1 ? 33 : 1);
  const out = alloc_scratch(ctx, <i64>(end - start) * 2);
  if (out == 0) return 0;
  return makeStr(out, putUpper(out, start, end) - out);
}
