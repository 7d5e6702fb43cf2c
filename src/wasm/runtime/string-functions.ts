/**
 * SQL string functions. Positions and lengths count characters; results live in scratch or point into an argument.
 * NULL arguments never reach a kernel.
 */
import { alloc_scratch, mark, release, shrink_scratch } from './alloc.ts';
import { fail, failText, INVALID_PARAMETER, NEGATIVE_LENGTH, SUPER_STRING_TOO_LONG, VALUE_TOO_LONG } from './errors.ts';
import { makeStr, put8, retNull, STRING_MAX, strLen, strPtr } from './layout.ts';
import { toLower, toUpper } from './letter-case.ts';
import { bytesCompare, trimmedLen } from './strings-core.ts';
import { putI64 } from './text-out.ts';
import { charWidth, countChars, decodeChar, encodeChar, findBytes, isAscii, skipChars } from './utf8.ts';

/** common/limits.ts: LARGE_STRING_BYTES_MAX. */
export const LARGE_MAX: i32 = 16000000;
/** Bytes of the longest text there may be. */
export function stringMax(ctx: i32): i32 {
  const max = load<i32>(ctx, STRING_MAX);
  return max == 0 ? LARGE_MAX : max;
}
/** True, with the error set, for a text that is longer. */
export function refusesLong(ctx: i32, bytes: i64): bool {
  return refusesLonger(ctx, bytes, stringMax(ctx));
}
export function refusesLonger(ctx: i32, bytes: i64, max: i32): bool {
  if (bytes <= max) return false;
  const t = alloc_scratch(ctx, 48);
  if (t == 0) return true;
  const e = putI64(PUT(t, "character varying("), max);
  store<u8>(e, 41);
  failText(ctx, VALUE_TOO_LONG, t, e + 1 - t);
  return true;
}
/** A string in a SUPER value that is longer than any text. */
export function failLongString(ctx: i32): void {
  const t = alloc_scratch(ctx, 24);
  if (t != 0) failText(ctx, SUPER_STRING_TOO_LONG, t, putI64(t, stringMax(ctx)) - t);
}
/** Room for a text of so many bytes. */
function room(ctx: i32, bytes: i64): i32 {
  return refusesLong(ctx, bytes) ? 0 : alloc_scratch(ctx, bytes + 8);
}
/** Room for a text that has at most so many. */
function roomUpTo(ctx: i32, bytes: i64): i32 {
  return alloc_scratch(ctx, bytes + 8);
}
function finish(ctx: i32, p: i32, end: i32): i64 {
  if (refusesLong(ctx, end - p)) return 0;
  shrink_scratch(ctx, p, end - p);
  return makeStr(p, end - p);
}
export function str_length(ctx: i32, s: i64): i32 {
  return countChars(strPtr(s), strLen(s));
}
export function str_octet_length(ctx: i32, s: i64): i32 {
  return strLen(s);
}
function mapCase(ctx: i32, s: i64, upper: bool): i64 {
  const p = strPtr(s);
  const n = strLen(s);
  const out = roomUpTo(ctx, <i64>n * 2);
  if (out == 0) return 0;
  if (isAscii(p, n)) {
    const from = upper ? 97 : 65;
    const lo = i8x16.splat(<i8>(from - 1));
    const hi = i8x16.splat(<i8>(from + 26));
    const bit = i8x16.splat(0x20);
    let i = 0;
    for (; i + 16 <= n; i += 16) {
      const v = v128.load(p + i);
      const m = v128.and(v128.and(i8x16.gt_s(v, lo), i8x16.lt_s(v, hi)), bit);
      v128.store(out + i, v128.xor(v, m));
    }
    for (; i < n; i++) {
      const c = load<u8>(p + i);
      store<u8>(out + i, <u32>c - from < 26 ? c ^ 0x20 : c);
    }
    return finish(ctx, out, out + n);
  }
  let o = out;
  const end = p + n;
  for (let at = p; at < end; at += charWidth(at, end)) {
    const c = decodeChar(at, end);
    if (c >= 0x80 && charWidth(at, end) == 1) store<u8>(o++, <u8>c);
    else o = encodeChar(o, upper ? toUpper(c) : toLower(c));
  }
  return finish(ctx, out, o);
}
export function str_upper(ctx: i32, s: i64): i64 {
  return mapCase(ctx, s, true);
}
export function str_lower(ctx: i32, s: i64): i64 {
  return mapCase(ctx, s, false);
}
function startsWord(c: u32): bool {
  return c <= 32 || (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
}
export function str_initcap(ctx: i32, s: i64): i64 {
  const p = strPtr(s);
  const end = p + strLen(s);
  const out = roomUpTo(ctx, <i64>strLen(s) * 2);
  if (out == 0) return 0;
  let o = out;
  let first = true;
  for (let at = p; at < end; at += charWidth(at, end)) {
    const c = decodeChar(at, end);
    o = encodeChar(o, first ? toUpper(c) : toLower(c));
    first = startsWord(c);
  }
  return finish(ctx, out, o);
}
export function str_substring(ctx: i32, s: i64, start: i32): i64 {
  const p = strPtr(s);
  const end = p + strLen(s);
  const from = start > 1 ? skipChars(p, end, start - 1) : p;
  return makeStr(from, end - from);
}
/** Start may be below 1: the characters before the string count toward the length. */
export function str_substring_len(ctx: i32, s: i64, start: i32, length: i32): i64 {
  if (length < 0) {
    fail(ctx, NEGATIVE_LENGTH);
    return 0;
  }
  const p = strPtr(s);
  const end = p + strLen(s);
  let to = <i64>start + length;
  let from = <i64>start;
  if (from < 1) from = 1;
  if (to <= from) return makeStr(p, 0);
  const a = skipChars(p, end, <i32>(from - 1));
  const count = to - from;
  const b = skipChars(a, end, count > 0x7fffffff ? 0x7fffffff : <i32>count);
  return makeStr(a, b - a);
}
export function str_left(ctx: i32, s: i64, n: i32): i64 {
  const p = strPtr(s);
  if (n <= 0) return makeStr(p, 0);
  return makeStr(p, skipChars(p, p + strLen(s), n) - p);
}
export function str_right(ctx: i32, s: i64, n: i32): i64 {
  const p = strPtr(s);
  const end = p + strLen(s);
  if (n <= 0) return makeStr(p, 0);
  let at = end;
  while (at > p && n > 0) {
    at--;
    if ((load<u8>(at) & 0xc0) != 0x80) n--;
  }
  return makeStr(at, end - at);
}
function pad(ctx: i32, s: i64, n: i32, fillPtr: i32, fillLen: i32, leftSide: bool): i64 {
  const p = strPtr(s);
  if (n <= 0) return makeStr(p, 0);
  const have = countChars(p, strLen(s));
  if (have >= n) return str_left(ctx, s, n);
  if (fillLen == 0) return s;
  const missing = n - have;
  if (refusesLong(ctx, <i64>strLen(s) + missing)) return 0;
  const out = roomUpTo(ctx, <i64>strLen(s) + <i64>missing * 4);
  if (out == 0) return 0;
  let o = out;
  if (!leftSide) {
    memory.copy(o, p, strLen(s));
    o += strLen(s);
  }
  const fillEnd = fillPtr + fillLen;
  let f = fillPtr;
  for (let i = 0; i < missing; i++) {
    const w = charWidth(f, fillEnd);
    memory.copy(o, f, w);
    o += w;
    f += w;
    if (f >= fillEnd) f = fillPtr;
  }
  if (leftSide) {
    memory.copy(o, p, strLen(s));
    o += strLen(s);
  }
  return finish(ctx, out, o);
}
function blank(ctx: i32): i32 {
  const p = alloc_scratch(ctx, 8);
  if (p != 0) store<u8>(p, 32);
  return p;
}
export function str_lpad(ctx: i32, s: i64, n: i32): i64 {
  return pad(ctx, s, n, blank(ctx), 1, true);
}
export function str_rpad(ctx: i32, s: i64, n: i32): i64 {
  return pad(ctx, s, n, blank(ctx), 1, false);
}
export function str_lpad_fill(ctx: i32, s: i64, n: i32, fill: i64): i64 {
  return pad(ctx, s, n, strPtr(fill), strLen(fill), true);
}
export function str_rpad_fill(ctx: i32, s: i64, n: i32, fill: i64): i64 {
  return pad(ctx, s, n, strPtr(fill), strLen(fill), false);
}
/** Whether the character at p (width w) is one of the set. */
function inSet(p: i32, w: i32, set: i64): bool {
  let q = strPtr(set);
  const end = q + strLen(set);
  while (q < end) {
    const v = charWidth(q, end);
    if (v == w) {
      let i = 0;
      while (i < w && load<u8>(p + i) == load<u8>(q + i)) i++;
      if (i == w) return true;
    }
    q += v;
  }
  return false;
}
function trimSet(s: i64, set: i64, left: bool, right: bool): i64 {
  let p = strPtr(s);
  let end = p + strLen(s);
  if (left) {
    while (p < end) {
      const w = charWidth(p, end);
      if (!inSet(p, w, set)) break;
      p += w;
    }
  }
  if (right) {
    while (end > p) {
      let q = end - 1;
      while (q > p && (load<u8>(q) & 0xc0) == 0x80) q--;
      if (!inSet(q, end - q, set)) break;
      end = q;
    }
  }
  return makeStr(p, end - p);
}
export function str_btrim(ctx: i32, s: i64): i64 {
  return str_rtrim(ctx, str_ltrim(ctx, s));
}
export function str_ltrim(ctx: i32, s: i64): i64 {
  let p = strPtr(s);
  const end = p + strLen(s);
  while (p < end && load<u8>(p) == 32) p++;
  return makeStr(p, end - p);
}
export function str_rtrim(ctx: i32, s: i64): i64 {
  return makeStr(strPtr(s), trimmedLen(strPtr(s), strLen(s)));
}
export function str_btrim_set(ctx: i32, s: i64, set: i64): i64 {
  return trimSet(s, set, true, true);
}
export function str_ltrim_set(ctx: i32, s: i64, set: i64): i64 {
  return trimSet(s, set, true, false);
}
export function str_rtrim_set(ctx: i32, s: i64, set: i64): i64 {
  return trimSet(s, set, false, true);
}
export function str_replace(ctx: i32, s: i64, from: i64, to: i64): i64 {
  const p = strPtr(s);
  const n = strLen(s);
  const fn = strLen(from);
  if (fn == 0 || fn > n) return s;
  const end = p + n;
  const fp = strPtr(from);
  let count = 0;
  for (let at = findBytes(p, end, fp, fn); at >= 0; at = findBytes(at + fn, end, fp, fn)) count++;
  if (count == 0) return s;
  const tn = strLen(to);
  const out = room(ctx, <i64>n + <i64>count * (tn - fn));
  if (out == 0) return 0;
  let o = out;
  let rest = p;
  for (let at = findBytes(p, end, fp, fn); at >= 0; at = findBytes(rest, end, fp, fn)) {
    memory.copy(o, rest, at - rest);
    o += at - rest;
    memory.copy(o, strPtr(to), tn);
    o += tn;
    rest = at + fn;
  }
  memory.copy(o, rest, end - rest);
  return finish(ctx, out, o + end - rest);
}
export function str_split_part(ctx: i32, s: i64, delimiter: i64, part: i32): i64 {
  const p = strPtr(s);
  if (part <= 0) {
    const t = alloc_scratch(ctx, 64);
    if (t == 0) return 0;
    const e = PUT(t, "field position must be greater than zero");
    failText(ctx, INVALID_PARAMETER, t, e - t);
    return 0;
  }
  const end = p + strLen(s);
  const dn = strLen(delimiter);
  if (dn == 0) return part == 1 ? s : makeStr(p, 0);
  let from = p;
  while (true) {
    const at = findBytes(from, end, strPtr(delimiter), dn);
    if (part == 1) return makeStr(from, (at < 0 ? end : at) - from);
    if (at < 0) return makeStr(p, 0);
    from = at + dn;
    part--;
  }
}
export function str_strpos(ctx: i32, s: i64, sub: i64): i32 {
  if (strLen(sub) == 0) return 1;
  const p = strPtr(s);
  const at = findBytes(p, p + strLen(s), strPtr(sub), strLen(sub));
  return at < 0 ? 0 : countChars(p, at - p) + 1;
}
export function str_charindex(ctx: i32, sub: i64, s: i64): i32 {
  return str_strpos(ctx, s, sub);
}
export function str_octetindex(ctx: i32, sub: i64, s: i64): i32 {
  if (strLen(sub) == 0) return 1;
  const p = strPtr(s);
  const at = findBytes(p, p + strLen(s), strPtr(sub), strLen(sub));
  return at < 0 ? 0 : at - p + 1;
}
export function str_reverse(ctx: i32, s: i64): i64 {
  const p = strPtr(s);
  const n = strLen(s);
  const out = room(ctx, n);
  if (out == 0) return 0;
  let o = out + n;
  const end = p + n;
  for (let at = p; at < end; ) {
    const w = charWidth(at, end);
    o -= w;
    memory.copy(o, at, w);
    at += w;
  }
  return finish(ctx, out, out + n);
}
export function str_repeat(ctx: i32, s: i64, times: i32): i64 {
  const n = strLen(s);
  if (times <= 0 || n == 0) return makeStr(strPtr(s), 0);
  const out = room(ctx, <i64>n * times);
  if (out == 0) return 0;
  for (let i = 0; i < times; i++) memory.copy(out + i * n, strPtr(s), n);
  return finish(ctx, out, out + n * times);
}
export function str_translate(ctx: i32, s: i64, from: i64, to: i64): i64 {
  const p = strPtr(s);
  const end = p + strLen(s);
  const out = roomUpTo(ctx, <i64>strLen(s) * 4);
  if (out == 0) return 0;
  let o = out;
  const fEnd = strPtr(from) + strLen(from);
  const tEnd = strPtr(to) + strLen(to);
  for (let at = p; at < end; ) {
    const w = charWidth(at, end);
    const c = decodeChar(at, end);
    let index = 0;
    let f = strPtr(from);
    while (f < fEnd && decodeChar(f, fEnd) != c) {
      f += charWidth(f, fEnd);
      index++;
    }
    let source = at;
    let width = w;
    if (f < fEnd) {
      source = skipChars(strPtr(to), tEnd, index);
      width = source < tEnd ? charWidth(source, tEnd) : 0;
    }
    memory.copy(o, source, width);
    o += width;
    at += w;
  }
  return finish(ctx, out, o);
}
export function str_concat(ctx: i32, a: i64, b: i64): i64 {
  const na = strLen(a);
  const nb = strLen(b);
  const out = room(ctx, <i64>na + nb);
  if (out == 0) return 0;
  memory.copy(out, strPtr(a), na);
  memory.copy(out + na, strPtr(b), nb);
  return finish(ctx, out, out + na + nb);
}
export function str_ascii(ctx: i32, s: i64): i32 {
  const p = strPtr(s);
  return strLen(s) == 0 ? 0 : <i32>decodeChar(p, p + strLen(s));
}
export function str_chr(ctx: i32, code: i32): i64 {
  if (code <= 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    retNull(ctx);
    return 0;
  }
  const out = alloc_scratch(ctx, 8);
  return out == 0 ? 0 : makeStr(out, encodeChar(out, code) - out);
}
function plainIdentifier(p: i32, n: i32): bool {
  if (n == 0) return false;
  for (let i = 0; i < n; i++) {
    const c = load<u8>(p + i);
    if ((c >= 97 && c <= 122) || c == 95) continue;
    if (i > 0 && c >= 48 && c <= 57) continue;
    return false;
  }
  return true;
}
export function str_quote_ident(ctx: i32, s: i64): i64 {
  const p = strPtr(s);
  const n = strLen(s);
  if (plainIdentifier(p, n)) return s;
  return quoted(ctx, p, n, 34, false);
}
export function str_quote_literal(ctx: i32, s: i64): i64 {
  return quoted(ctx, strPtr(s), strLen(s), 39, true);
}
function quoted(ctx: i32, p: i32, n: i32, quote: i32, backslashes: bool): i64 {
  const out = roomUpTo(ctx, <i64>n * 2 + 2);
  if (out == 0) return 0;
  let o = out;
  store<u8>(o++, <u8>quote);
  for (let i = 0; i < n; i++) {
    const c = <i32>load<u8>(p + i);
    if (c == quote || (backslashes && c == 92)) store<u8>(o++, <u8>c);
    store<u8>(o++, <u8>c);
  }
  store<u8>(o++, <u8>quote);
  return finish(ctx, out, o);
}
/** Bytewise order, trailing blanks ignored (bpchar) or not. */
export function str_bpcharcmp(ctx: i32, a: i64, b: i64): i32 {
  const na = trimmedLen(strPtr(a), strLen(a));
  return bytesCompare(strPtr(a), na, strPtr(b), trimmedLen(strPtr(b), strLen(b)));
}
export function str_pattern_cmp(ctx: i32, a: i64, b: i64): i32 {
  return bytesCompare(strPtr(a), strLen(a), strPtr(b), strLen(b));
}
function soundexCode(c: u32): i32 {
  switch (toUpper(c)) {
    case 66: case 70: case 80: case 86: return 1;
    case 67: case 71: case 74: case 75: case 81: case 83: case 88: case 90: return 2;
    case 68: case 84: return 3;
    case 76: return 4;
    case 77: case 78: return 5;
    case 82: return 6;
    case 72: case 87: return -1;
    default: return 0;
  }
}
export function str_soundex(ctx: i32, s: i64): i64 {
  const out = alloc_scratch(ctx, 8);
  if (out == 0) return 0;
  const p = strPtr(s);
  const n = strLen(s);
  let count = 0;
  let last = 0;
  for (let i = 0; i < n && count < 4; i++) {
    const c = load<u8>(p + i);
    const u = c & 0xdf;
    if (u < 65 || u > 90 || c >= 128) continue;
    const code = soundexCode(u);
    if (count == 0) store<u8>(out + count++, u);
    else if (code > 0 && code != last) store<u8>(out + count++, <u8>(48 + code));
    if (code >= 0) last = code;
  }
  if (count == 0) return makeStr(out, 0);
  while (count < 4) store<u8>(out + count++, 48);
  return makeStr(out, 4);
}
export function str_difference(ctx: i32, a: i64, b: i64): i32 {
  const m = mark(ctx);
  const same = sameSounds(str_soundex(ctx, a), str_soundex(ctx, b));
  release(ctx, m);
  return same;
}
function sameSounds(x: i64, y: i64): i32 {
  if (strLen(x) == 0 && strLen(y) == 0) return 1;
  if (strLen(x) == 0 || strLen(y) == 0) return 0;
  let same = 0;
  for (let i = 0; i < 4; i++) if (load<u8>(strPtr(x) + i) == load<u8>(strPtr(y) + i)) same++;
  return same;
}
export function str_strtol(ctx: i32, s: i64, base: i32): i64 {
  let p = strPtr(s);
  const end = p + strLen(s);
  if (base < 2 || base > 36) return strtolError(ctx);
  while (p < end && load<u8>(p) == 32) p++;
  let negative = false;
  if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) negative = load<u8>(p++) == 45;
  if (base == 16 && p + 1 < end && load<u8>(p) == 48 && (load<u8>(p + 1) | 32) == 120) p += 2;
  let v: u64 = 0;
  for (; p < end; p++) {
    const c = <i32>load<u8>(p);
    if (c == 0) break;
    const l = c | 32;
    const d = c >= 48 && c <= 57 ? c - 48 : l >= 97 && l <= 122 ? l - 87 : 99;
    if (d >= base || v > (0x8000000000000000 - <u64>d) / base) return strtolError(ctx);
    v = v * base + d;
  }
  if (v > 0x7fffffffffffffff && !negative) return strtolError(ctx);
  return negative ? -<i64>v : <i64>v;
}
function strtolError(ctx: i32): i64 {
  const t = alloc_scratch(ctx, 64);
  if (t == 0) return 0;
  const e = PUT(t, "The input number is not valid for the given base.");
  failText(ctx, INVALID_PARAMETER, t, e - t);
  return 0;
}
export function int_to_hex(ctx: i32, v: i64): i64 {
  const out = alloc_scratch(ctx, 24);
  if (out == 0) return 0;
  let n = v == 0 ? 1 : (67 - <i32>clz<i64>(v)) >> 2;
  for (let i = n - 1; i >= 0; i--) {
    const d = <i32>(v & 15);
    store<u8>(out + i, <u8>(d < 10 ? 48 + d : 87 + d));
    v = <i64>(<u64>v >>> 4);
  }
  return makeStr(out, n);
}
export function int4_to_hex(ctx: i32, v: i32): i64 {
  return int_to_hex(ctx, <i64><u32>v);
}
