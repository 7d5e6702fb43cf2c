/**
 * Parts of a text that to_char writes: numbers, names, Roman numerals, ordinals. All give the new end.
 */
import { put8 } from './layout.ts';
import { putDigits, putI64 } from './text-out.ts';

export function setCase(p: i32, n: i32, how: i32): void {
  for (let i = 0; i < n; i++) {
    const c = load<u8>(p + i);
    if (c < 65 || c == 46) continue;
    const upper = how == 2 || (how == 1 && i == 0);
    store<u8>(p + i, upper ? c & 0xdf : c | 0x20);
  }
}
export function putNumber(o: i32, v: i64, digits: i32, fm: bool): i32 {
  if (v < 0) {
    store<u8>(o++, 45);
    v = -v;
  }
  if (fm) return putI64(o, v);
  let need = 1;
  for (let t = v; t >= 10; t /= 10) need++;
  return putDigits(o, v, max(need, digits));
}
/** A name of up to nine letters padded with blanks unless FM. */
export function putName(o: i32, word: u64, tail: u64, padTo: i32, fm: bool, how: i32): i32 {
  put8(put8(o, word, 8), tail, 8);
  let n = 0;
  while (n < 16 && load<u8>(o + n) != 0) n++;
  setCase(o, n, how);
  while (n < padTo && !fm) store<u8>(o + n++, 32);
  return o + n;
}
export function putRoman(o: i32, v: i32): i32 {
  while (v >= 1000) {
    store<u8>(o++, 77);
    v -= 1000;
  }
  o = romanDigit(o, v / 100, 67, 68, 77);
  o = romanDigit(o, (v / 10) % 10, 88, 76, 67);
  return romanDigit(o, v % 10, 73, 86, 88);
}
function romanDigit(o: i32, d: i32, one: u8, five: u8, ten: u8): i32 {
  if (d == 9 || d == 4) {
    store<u8>(o++, one);
    store<u8>(o++, d == 9 ? ten : five);
    return o;
  }
  if (d >= 5) {
    store<u8>(o++, five);
    d -= 5;
  }
  while (d-- > 0) store<u8>(o++, one);
  return o;
}
/** st, nd, rd, th for the number whose last two digits are given. */
export function putOrdinal(o: i32, lastTwo: i32, upper: bool): i32 {
  const d = lastTwo % 10;
  const teen = lastTwo / 10 == 1;
  const w = teen || d > 3 || d == 0 ? WORD("th") : d == 1 ? WORD("st") : d == 2 ? WORD("nd") : WORD("rd");
  put8(o, w, 2);
  if (upper) setCase(o, 2, 2);
  return o + 2;
}
