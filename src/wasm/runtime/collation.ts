/**
 * Strings of the collation case_insensitive. What counts of such a string is its folded form: its characters in lower case
 * (toLower, as LOWER has it), one by one and never in more bytes than before; bytes that are no UTF-8 stay as they are.
 * Equality, order, hashes and keys are those of the folded bytes without blanks at the end. Nothing here writes the folded
 * form but str_fold and what makes keys: both sides are folded while they are read, words of ASCII eight bytes at a time.
 */
import { alloc_scratch } from './alloc.ts';
import { makeStr, strLen, strPtr } from './layout.ts';
import { toLower } from './letter-case.ts';
import { trimmedLen } from './strings-core.ts';
import { charWidth, decodeChar } from './utf8.ts';

const HIGH_BITS: u64 = 0x8080808080808080;

/** Eight ASCII bytes in lower case. */
// @ts-ignore: decorator
@inline
function foldWord(w: u64): u64 {
  const fromA = w + 0x3f3f3f3f3f3f3f3f;
  const behindZ = w + 0x2525252525252525;
  return w | (((fromA ^ behindZ) & HIGH_BITS) >> 2);
}
// @ts-ignore: decorator
@inline
function foldByte(c: u32): u32 {
  return c - 65 < 26 ? c + 32 : c;
}
/** The folded bytes of the character at p, lowest first; the upper half is their number (low 16 bits) and those read. */
function foldChar(p: i32, end: i32): u64 {
  const first = <u32>load<u8>(p);
  if (first < 0x80) return <u64>foldByte(first) | 0x0001000100000000;
  const width = charWidth(p, end);
  const c = width == 1 ? first : decodeChar(p, end);
  const lower = width == 1 ? c : toLower(c);
  const read = <u64>width << 48;
  if (lower == c) {
    let bytes: u64 = 0;
    for (let i = 0; i < width; i++) bytes |= <u64>load<u8>(p + i) << <u64>(i << 3);
    return bytes | (<u64>width << 32) | read;
  }
  if (lower < 0x80) return <u64>lower | 0x100000000 | read;
  if (lower < 0x800) return <u64>(0x80c0 | (lower >> 6) | ((lower & 0x3f) << 8)) | 0x200000000 | read;
  if (lower < 0x10000) {
    const bytes = 0x8080e0 | (lower >> 12) | (((lower >> 6) & 0x3f) << 8) | ((lower & 0x3f) << 16);
    return <u64>bytes | 0x300000000 | read;
  }
  const bytes = 0x808080f0 | (lower >> 18) | (((lower >> 12) & 0x3f) << 8) | (((lower >> 6) & 0x3f) << 16) | ((lower & 0x3f) << 24);
  return <u64>bytes | 0x400000000 | read;
}

/** Order of the folded forms: negative, 0, positive. */
export function foldedCompare(a: i32, an: i32, b: i32, bn: i32): i32 {
  const aEnd = a + an;
  const bEnd = b + bn;
  while (a + 8 <= aEnd && b + 8 <= bEnd) {
    const x = load<u64>(a);
    const y = load<u64>(b);
    if (((x | y) & HIGH_BITS) != 0) break;
    const p = foldWord(x);
    const q = foldWord(y);
    if (p != q) return bswap<u64>(p) < bswap<u64>(q) ? -1 : 1;
    a += 8;
    b += 8;
  }
  let aBytes: u32 = 0;
  let bBytes: u32 = 0;
  let aLeft = 0;
  let bLeft = 0;
  while (true) {
    if (aLeft == 0 && a < aEnd) {
      const c = foldChar(a, aEnd);
      aBytes = <u32>c;
      aLeft = <i32>(c >> 32) & 0xffff;
      a += <i32>(c >> 48);
    }
    if (bLeft == 0 && b < bEnd) {
      const c = foldChar(b, bEnd);
      bBytes = <u32>c;
      bLeft = <i32>(c >> 32) & 0xffff;
      b += <i32>(c >> 48);
    }
    if (aLeft == 0 || bLeft == 0) return aLeft == bLeft ? 0 : aLeft == 0 ? -1 : 1;
    const x = aBytes & 0xff;
    const y = bBytes & 0xff;
    if (x != y) return x < y ? -1 : 1;
    aBytes >>= 8;
    bBytes >>= 8;
    aLeft--;
    bLeft--;
  }
}
export function folded_cmp(a: i64, b: i64): i32 {
  const pa = strPtr(a);
  const pb = strPtr(b);
  return foldedCompare(pa, trimmedLen(pa, strLen(a)), pb, trimmedLen(pb, strLen(b)));
}
export function folded_eq(a: i64, b: i64): i32 {
  return folded_cmp(a, b) == 0 ? 1 : 0;
}

// @ts-ignore: decorator
@inline
function mix(h: u64, w: u64): u64 {
  return rotl<u64>((h ^ w) * 0xa0761d6478bd642f, 29);
}
/** Of the folded bytes in words of eight, however they were read. */
export function hash_folded(s: i64): i32 {
  let p = strPtr(s);
  const end = p + trimmedLen(p, strLen(s));
  let h: u64 = 0x8c7f0aac97c4aa2f;
  let bytes: u64 = 0;
  let filled: u64 = 0;
  let length: u64 = 0;
  while (p < end) {
    if (filled == 0 && p + 8 <= end) {
      const w = load<u64>(p);
      if ((w & HIGH_BITS) == 0) {
        h = mix(h, foldWord(w));
        p += 8;
        length += 8;
        continue;
      }
    }
    const c = foldChar(p, end);
    p += <i32>(c >> 48);
    let left = <i32>(c >> 32) & 0xffff;
    let from = <u32>c;
    length += left;
    for (; left > 0; left--, from >>= 8) {
      bytes |= <u64>(from & 0xff) << (filled << 3);
      if (++filled == 8) {
        h = mix(h, bytes);
        bytes = filled = 0;
      }
    }
  }
  if (filled > 0) h = mix(h, bytes);
  h ^= length * 0x9e3779b97f4a7c15;
  h ^= h >>> 33;
  h *= 0xff51afd7ed558ccd;
  h ^= h >>> 33;
  h *= 0xc4ceb9fe1a85ec53;
  return <i32>(h ^ (h >>> 33));
}

/** Key bytes as key_str's (keys.ts), of the folded form, which is never longer: key_str_bytes says how many there may be. */
export function key_folded(out: i32, s: i64, descending: i32): i32 {
  let p = strPtr(s);
  const end = p + trimmedLen(p, strLen(s));
  const flip: u32 = descending ? 0xff : 0;
  let at = out;
  while (p < end) {
    const c = foldChar(p, end);
    p += <i32>(c >> 48);
    let left = <i32>(c >> 32) & 0xffff;
    for (let from = <u32>c; left > 0; left--, from >>= 8) {
      const byte = from & 0xff;
      store<u8>(at++, <u8>(byte ^ flip));
      if (byte == 0) store<u8>(at++, <u8>(1 ^ flip));
    }
  }
  store<u8>(at, <u8>flip);
  store<u8>(at + 1, <u8>flip);
  return at + 2;
}

/** The first eight folded bytes without blanks at the end, big end first, zero filled: grows with the string. */
export function foldedPrefix(s: i64): u64 {
  let p = strPtr(s);
  const end = p + trimmedLen(p, strLen(s));
  let prefix: u64 = 0;
  let room: u64 = 64;
  while (p < end && room > 0) {
    const c = foldChar(p, end);
    p += <i32>(c >> 48);
    let left = <i32>(c >> 32) & 0xffff;
    for (let from = <u32>c; left > 0 && room > 0; left--, from >>= 8) {
      room -= 8;
      prefix |= <u64>(from & 0xff) << room;
    }
  }
  return prefix;
}

/** The folded form, blanks at the end included. */
export function str_fold(ctx: i32, s: i64): i64 {
  let p = strPtr(s);
  const end = p + strLen(s);
  const out = alloc_scratch(ctx, <i64>strLen(s));
  if (out == 0) return 0;
  let at = out;
  while (p < end) {
    if (p + 8 <= end) {
      const w = load<u64>(p);
      if ((w & HIGH_BITS) == 0) {
        store<u64>(at, foldWord(w));
        p += 8;
        at += 8;
        continue;
      }
    }
    const c = foldChar(p, end);
    p += <i32>(c >> 48);
    let left = <i32>(c >> 32) & 0xffff;
    for (let from = <u32>c; left > 0; left--, from >>= 8) store<u8>(at++, <u8>from);
  }
  return makeStr(out, at - out);
}

/** COLLATE(s, name): the type alone changes. */
export function str_collate(ctx: i32, s: i64, name: i64): i64 {
  return s;
}
/** list_has_str (value-list.ts) for a list of folded texts. */
export function list_has_folded(list: i32, value: i64): i32 {
  const p = strPtr(value);
  const n = trimmedLen(p, strLen(value));
  let low = 0;
  let high = load<i32>(list);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = list + 8 + (middle << 3);
    const order = foldedCompare(list + load<i32>(at), load<i32>(at, 4), p, n);
    if (order == 0) return 1;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return 0;
}
