/**
 * Hexadecimal digits, lower case: of digests and VARBYTE values, and read back from texts.
 */
import { makeStr } from './layout.ts';

/** Value of a digit of either case, -1 for anything else. */
export function hexValue(c: i32): i32 {
  if (c >= 48 && c <= 57) return c - 48;
  const l = c | 32;
  return l >= 97 && l <= 102 ? l - 87 : -1;
}
/** The four digits at `p`, before `end`; -1 when they are none. */
export function hexUnit(p: i32, end: i32): i32 {
  if (p + 4 > end) return -1;
  let v = 0;
  for (let i = 0; i < 4; i++) {
    const d = hexValue(<i32>load<u8>(p + i));
    if (d < 0) return -1;
    v = (v << 4) | d;
  }
  return v;
}
function digit(v: i32): u8 {
  return <u8>(v < 10 ? 48 + v : 87 + v);
}
/** Two digits a byte at `out`; the end. */
export function putHex(out: i32, from: i32, n: i32): i32 {
  for (let i = 0; i < n; i++) {
    const b = <i32>load<u8>(from + i);
    store<u8>(out + i * 2, digit(b >> 4));
    store<u8>(out + i * 2 + 1, digit(b & 15));
  }
  return out + n * 2;
}
/** The bytes as a text at `out`, which holds twice their number. */
export function hexText(out: i32, from: i32, n: i32): i64 {
  return makeStr(out, putHex(out, from, n) - out);
}
