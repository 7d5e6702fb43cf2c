/**
 * The binary form of arrays in results (array_send): from the text that arrays are held as, `{a,"b c",NULL}`, or the blanks
 * between the items of int2vector and oidvector. One dimension; every item is converted where its text was copied to, so the
 * output is at most four times the text and twenty bytes.
 */
import { fail, failStr, failText, INVALID_ARRAY, INVALID_INTEGER } from './errors.ts';
import { text_to_float4 } from './float-text.ts';
import { makeStr, strLen, strPtr } from './layout.ts';

const INT2: i32 = 21;
const INT4: i32 = 23;
const OID: i32 = 26;
const FLOAT4: i32 = 700;
const HEADER: i32 = 20;

function put32(p: i32, v: i32): void {
  store<u32>(p, bswap<u32>(<u32>v));
}
function blanks(p: i32, end: i32): i32 {
  while (p < end && load<u8>(p) <= 32) p++;
  return p;
}
function isNull(p: i32, end: i32): bool {
  return end - p == 4 && (load<u32>(p) | 0x20202020) == <u32>WORD("null");
}
/** A decimal integer of 32 bits; anything else is an error. */
function integer(ctx: i32, p: i32, end: i32): i32 {
  const start = p;
  const negative = p < end && load<u8>(p) == 45;
  if (negative) p++;
  let v: i64 = 0;
  if (p == end || end - p > 10) fail(ctx, INVALID_INTEGER);
  for (; p < end; p++) {
    const d = <i32>load<u8>(p) - 48;
    if (d < 0 || d > 9) {
      failText(ctx, INVALID_INTEGER, start, end - start);
      return 0;
    }
    v = v * 10 + d;
  }
  return <i32>(negative ? -v : v);
}
/** The item whose text stands at p + 4, with its length before it; gives the end. */
function putItem(ctx: i32, p: i32, end: i32, oid: i32): i32 {
  const text = p + 4;
  if (oid == INT2) {
    const v = integer(ctx, text, end);
    put32(p, 2);
    store<u16>(text, bswap<u16>(<u16>v));
    return text + 2;
  }
  if (oid == INT4 || oid == OID) {
    const v = integer(ctx, text, end);
    put32(p, 4);
    put32(text, v);
    return text + 4;
  }
  if (oid == FLOAT4) {
    const v = text_to_float4(ctx, makeStr(text, end - text));
    put32(p, 4);
    put32(text, reinterpret<i32>(v));
    return text + 4;
  }
  put32(p, end - text);
  return end;
}

/** `vector`: int2vector or oidvector, whose items are separated by blanks and counted from 0. */
export function fmt_array_binary(ctx: i32, out: i32, s: i64, oid: i32, vector: i32): i32 {
  const limit = strPtr(s) + strLen(s);
  let p = blanks(strPtr(s), limit);
  let q = out + HEADER;
  let count = 0;
  let nulls = 0;
  if (vector == 0) {
    if (p == limit || load<u8>(p) != 123) {
      failStr(ctx, INVALID_ARRAY, s);
      return out;
    }
    p++;
  }
  for (;;) {
    p = blanks(p, limit);
    if (p >= limit || (vector == 0 && load<u8>(p) == 125)) break;
    let to = q + 4;
    let quoted = false;
    let inside = false;
    for (; p < limit; p++) {
      let c = load<u8>(p);
      if (vector != 0 ? c == 32 : !inside && (c == 44 || c == 125)) break;
      if (c == 34) {
        quoted = true;
        inside = !inside;
        continue;
      }
      if (c == 123 && !inside) {
        failStr(ctx, INVALID_ARRAY, s);
        return out;
      }
      if (c == 92 && p + 1 < limit) c = load<u8>(++p);
      store<u8>(to++, c);
    }
    if (!quoted) while (to > q + 4 && load<u8>(to - 1) <= 32) to--;
    if (!quoted && vector == 0 && isNull(q + 4, to)) {
      nulls = 1;
      put32(q, -1);
      q += 4;
    } else q = putItem(ctx, q, to, oid);
    count++;
    if (vector == 0 && p < limit && load<u8>(p) == 44) p++;
  }
  put32(out + 4, nulls);
  put32(out + 8, oid);
  put32(out, count == 0 && vector == 0 ? 0 : 1);
  if (count == 0 && vector == 0) return out + 12;
  put32(out + 12, count);
  put32(out + 16, vector != 0 ? 0 : 1);
  return q;
}
