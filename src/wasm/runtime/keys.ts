/**
 * Order-preserving key bytes: the bytes of two keys compare (memcmp) as the values do. Descending keys are inverted.
 * Strings drop trailing blanks, escape byte 0 as 00 01 and end in 00 00. NULL bytes are the caller's.
 */
import { strLen, strPtr } from './layout.ts';
import { trimmedLen } from './strings-core.ts';

export function key_i32(out: i32, v: i32, descending: i32): i32 {
  let w = <u32>v ^ 0x80000000;
  if (descending) w = ~w;
  store<u32>(out, bswap<u32>(w));
  return out + 4;
}
export function key_i64(out: i32, v: i64, descending: i32): i32 {
  let w = <u64>v ^ 0x8000000000000000;
  if (descending) w = ~w;
  store<u64>(out, bswap<u64>(w));
  return out + 8;
}
/** NaN sorts above everything, -0 equals 0. */
export function key_f64(out: i32, v: f64, descending: i32): i32 {
  if (v == 0) v = 0;
  let w = v != v ? 0x7ff8000000000000 : reinterpret<u64>(v);
  w = <i64>w < 0 ? ~w : w ^ 0x8000000000000000;
  if (descending) w = ~w;
  store<u64>(out, bswap<u64>(w));
  return out + 8;
}
export function key_i128(out: i32, lo: i64, hi: i64, descending: i32): i32 {
  let h = <u64>hi ^ 0x8000000000000000;
  let l = <u64>lo;
  if (descending) {
    h = ~h;
    l = ~l;
  }
  store<u64>(out, bswap<u64>(h));
  store<u64>(out, bswap<u64>(l), 8);
  return out + 16;
}
export function key_str(out: i32, s: i64, descending: i32): i32 {
  return keyOfBytes(out, strPtr(s), trimmedLen(strPtr(s), strLen(s)), descending);
}
/** The same of all bytes, blanks at the end too. */
export function key_bytes(out: i32, s: i64, descending: i32): i32 {
  return keyOfBytes(out, strPtr(s), strLen(s), descending);
}
function keyOfBytes(out: i32, p: i32, n: i32, descending: i32): i32 {
  const flip = descending ? 0xff : 0;
  let at = out;
  for (let i = 0; i < n; i++) {
    const c = <i32>load<u8>(p + i);
    store<u8>(at++, <u8>(c ^ flip));
    if (c == 0) store<u8>(at++, <u8>(1 ^ flip));
  }
  store<u8>(at, <u8>flip);
  store<u8>(at + 1, <u8>flip);
  return at + 2;
}
/** Room for the key of n bytes: the double is enough, long ones are counted. */
export function keyRoom(p: i32, n: i32): i32 {
  if (n < COUNTED_MIN) return n * 2 + 2;
  let zeros = 0;
  for (let i = 0; i < n; i++) if (load<u8>(p + i) == 0) zeros++;
  return n + zeros + 2;
}
const COUNTED_MIN: i32 = 4096;
/** Most bytes key_str writes. */
export function key_str_bytes(s: i64): i32 {
  return keyRoom(strPtr(s), strLen(s));
}
