/**
 * Writing decimal integers and fixed-width digits at an address; every function returns the new end. No allocation.
 * Callers leave 8 bytes of slack behind the text.
 */
import { copyShort } from './copy-short.ts';
import { divWide, pow10, R1, R2, udiv128 } from './wide.ts';

export function digits10(v: u64): i32 {
  let n = 1;
  while (n < 20 && v >= pow10(n)) n++;
  return n;
}
/** Exactly `n` digits, zero padded. */
export function putDigits(p: i32, v: u64, n: i32): i32 {
  let at = p + n;
  while (v > 0xffffffff && at > p) {
    const q = v / 10;
    store<u8>(--at, <u8>(v - q * 10 + 48));
    v = q;
  }
  let w = <u32>v;
  while (at > p) {
    const q = w / 10;
    store<u8>(--at, <u8>(w - q * 10 + 48));
    w = q;
  }
  return p + n;
}
export function putU64(p: i32, v: u64): i32 {
  return putDigits(p, v, digits10(v));
}
export function putI64(p: i32, v: i64): i32 {
  if (v < 0) {
    store<u8>(p++, 45);
    return putU64(p, <u64>-v);
  }
  return putU64(p, <u64>v);
}
/** Unsigned 128-bit in decimal. */
export function putU128(p: i32, lo: u64, hi: u64): i32 {
  if (hi == 0) return putU64(p, lo);
  const e19: u64 = 10000000000000000000;
  const qlo = udiv128(lo, hi, e19, 0);
  const qhi = R1;
  const rem = R2;
  if (qhi == 0) return putDigits(putU64(p, qlo), rem, 19);
  const top = divWide(qhi, qlo, e19);
  const mid = R1;
  return putDigits(putDigits(putU64(p, top), mid, 19), rem, 19);
}
export function putBytes(p: i32, from: i32, n: i32): i32 {
  copyShort(<usize><u32>from, <usize><u32>p, <u32>n);
  return p + n;
}
export function putFill(p: i32, byte: i32, n: i32): i32 {
  if (n <= 0) return p;
  memory.fill(p, <u8>byte, n);
  return p + n;
}
