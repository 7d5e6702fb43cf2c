/**
 * VARBYTE values: their hexadecimal, binary and UTF-8 texts both ways, integers as big-endian bytes, order, bits and bitwise
 * operators. A value is its bytes; blanks at the end count.
 */
import { alloc_scratch } from './alloc.ts';
import { utf8_bad } from './csv-utf8.ts';
import { fail, failText, BIGINT_RANGE, INTEGER_RANGE, INVALID_PARAMETER, INVALID_UTF8, NEGATIVE_LENGTH, SMALLINT_RANGE, VALUE_TOO_LONG } from './errors.ts';
import { hexText, hexValue, putHex } from './hex.ts';
import { makeStr, put8, strLen, strPtr } from './layout.ts';
import { bytesCompare, bytesEqual, hash_bytes64 } from './strings-core.ts';
import { refusesLong } from './string-functions.ts';
import { nameHash } from './text-hash.ts';
import { putU64 } from './text-out.ts';

/** common/limits.ts: VARBYTE_BYTES_MAX. */
const VARBYTE_MAX: i32 = 16777216;

export function bytes_eq(a: i64, b: i64): i32 {
  return strLen(a) == strLen(b) && bytesEqual(strPtr(a), strPtr(b), strLen(a)) ? 1 : 0;
}
export function bytes_cmp(a: i64, b: i64): i32 {
  return bytesCompare(strPtr(a), strLen(a), strPtr(b), strLen(b));
}
export function hash_varbyte(s: i64): i32 {
  return <i32>hash_bytes64(strPtr(s), strLen(s), 0x2545f4914f6cdd1d);
}
// ---- hexadecimal ----
/** The output form, two digits a byte, at `out`; gives the end. */
export function fmt_varbyte(ctx: i32, out: i32, s: i64): i32 {
  return putHex(out, strPtr(s), strLen(s));
}
/** UNLOAD's field, of any length. */
export function varbyte_to_hex(ctx: i32, s: i64): i64 {
  const p = alloc_scratch(ctx, <i64>strLen(s) * 2);
  return p == 0 ? 0 : hexText(p, strPtr(s), strLen(s));
}
/** Reads `n` digits at `p` into bytes at `out`, a leading 0 for an odd number; false at what is no digit. */
export function readHex(p: i32, n: i32, out: i32): bool {
  let high = n & 1 ? 0 : -1;
  for (let i = 0; i < n; i++) {
    const v = hexValue(<i32>load<u8>(p + i));
    if (v < 0) return false;
    if (high < 0) high = v;
    else {
      store<u8>(out++, <u8>((high << 4) | v));
      high = -1;
    }
  }
  return true;
}
function refuse(ctx: i32, kind: i32): i64 {
  const t = alloc_scratch(ctx, 64);
  if (t == 0) return 0;
  const e = kind == 0 ? PUT(t, "invalid hexadecimal digit in the text of a varbyte") : kind == 1 ? PUT(t, "invalid binary digit in the text of a varbyte") : PUT(t, "format must be hex, binary, utf8 or utf-8");
  failText(ctx, INVALID_PARAMETER, t, e - t);
  return 0;
}
export function hex_to_varbyte(ctx: i32, s: i64): i64 {
  const n = (strLen(s) + 1) >> 1;
  const p = alloc_scratch(ctx, n);
  if (p == 0) return 0;
  return readHex(strPtr(s), strLen(s), p) ? makeStr(p, n) : refuse(ctx, 0);
}

// ---- binary digits and formats ----
function binary_to_varbyte(ctx: i32, s: i64): i64 {
  const digits = strLen(s);
  const n = (digits + 7) >> 3;
  const p = alloc_scratch(ctx, n);
  if (p == 0) return 0;
  memory.fill(p, 0, n);
  for (let i = 0; i < digits; i++) {
    const c = <i32>load<u8>(strPtr(s) + digits - 1 - i);
    if (c != 48 && c != 49) return refuse(ctx, 1);
    const at = p + n - 1 - (i >> 3);
    store<u8>(at, <u8>(<i32>load<u8>(at) | ((c - 48) << (i & 7))));
  }
  return makeStr(p, n);
}
function varbyte_to_binary(ctx: i32, s: i64): i64 {
  const n = strLen(s);
  const p = refusesLong(ctx, <i64>n * 8) ? 0 : alloc_scratch(ctx, <i64>n * 8);
  if (p == 0) return 0;
  for (let i = 0; i < n * 8; i++) store<u8>(p + i, <u8>(48 + ((<i32>load<u8>(strPtr(s) + (i >> 3)) >> (7 - (i & 7))) & 1)));
  return makeStr(p, n * 8);
}
/** 1 hex, 2 binary, 3 UTF-8, 0 anything else. */
function formatOf(s: i64): i32 {
  const h = nameHash(strPtr(s), strLen(s));
  if (h == HASH("hex")) return 1;
  if (h == HASH("binary")) return 2;
  return h == HASH("utf8") || h == HASH("utf-8") ? 3 : 0;
}
export function to_varbyte(ctx: i32, s: i64, format: i64): i64 {
  switch (formatOf(format)) {
    case 1: return hex_to_varbyte(ctx, s);
    case 2: return binary_to_varbyte(ctx, s);
    case 3: return s;
    default: return refuse(ctx, 2);
  }
}
/** TO_HEX: the digits, within what a text holds. */
export function to_hex_varbyte(ctx: i32, s: i64): i64 {
  return refusesLong(ctx, <i64>strLen(s) * 2) ? 0 : varbyte_to_hex(ctx, s);
}
export function from_varbyte(ctx: i32, s: i64, format: i64): i64 {
  switch (formatOf(format)) {
    case 1: return to_hex_varbyte(ctx, s);
    case 2: return varbyte_to_binary(ctx, s);
    case 3: return refusesLong(ctx, strLen(s)) ? 0 : varbyte_to_text(ctx, s);
    default: return refuse(ctx, 2);
  }
}

// ---- casts ----
/** The bytes as text: they must be UTF-8. */
export function varbyte_to_text(ctx: i32, s: i64): i64 {
  const bad = utf8_bad(strPtr(s), strLen(s));
  if (bad < 0) return refusesLong(ctx, strLen(s)) ? 0 : s;
  const at = bad & 0xffffff;
  const t = alloc_scratch(ctx, 8);
  if (t == 0) return 0;
  store<u8>(t, 48);
  store<u8>(t + 1, 120);
  putHex(t + 2, strPtr(s) + at, 1);
  failText(ctx, INVALID_UTF8, t, 4);
  return 0;
}
function bigEndian(ctx: i32, v: i64, n: i32): i64 {
  const p = alloc_scratch(ctx, 8);
  if (p == 0) return 0;
  for (let i = 0; i < n; i++) store<u8>(p + i, <u8>(v >> ((n - 1 - i) * 8)));
  return makeStr(p, n);
}
export function int2_to_varbyte(ctx: i32, v: i32): i64 {
  return bigEndian(ctx, v, 2);
}
export function int4_to_varbyte(ctx: i32, v: i32): i64 {
  return bigEndian(ctx, v, 4);
}
export function int8_to_varbyte(ctx: i32, v: i64): i64 {
  return bigEndian(ctx, v, 8);
}
/** At most `size` bytes as a big-endian number; of that many bytes the first bit is the sign. */
function fromBigEndian(ctx: i32, s: i64, size: i32, error: i32): i64 {
  const n = strLen(s);
  if (n > size) {
    fail(ctx, error);
    return 0;
  }
  let v: u64 = 0;
  for (let i = 0; i < n; i++) v = (v << 8) | <u64>load<u8>(strPtr(s) + i);
  return <i64>v;
}
export function varbyte_to_int2(ctx: i32, s: i64): i32 {
  return <i32><i16>fromBigEndian(ctx, s, 2, SMALLINT_RANGE);
}
export function varbyte_to_int4(ctx: i32, s: i64): i32 {
  return <i32>fromBigEndian(ctx, s, 4, INTEGER_RANGE);
}
export function varbyte_to_int8(ctx: i32, s: i64): i64 {
  return fromBigEndian(ctx, s, 8, BIGINT_RANGE);
}
/** Explicit cast to varbyte(bytes): what is behind is cut. */
export function cast_varbyte_trunc(ctx: i32, s: i64, bytes: i32): i64 {
  return strLen(s) <= bytes ? s : makeStr(strPtr(s), bytes);
}
/** Assignment to varbyte(bytes): a longer value fails with 22001. */
export function check_varbyte_length(ctx: i32, s: i64, bytes: i32): i64 {
  return strLen(s) <= bytes ? s : tooLong(ctx, bytes);
}
function tooLong(ctx: i32, bytes: i32): i64 {
  const t = alloc_scratch(ctx, 48);
  if (t == 0) return 0;
  const e = putU64(PUT(t, "binary varying("), bytes);
  store<u8>(e, 41);
  failText(ctx, VALUE_TOO_LONG, t, e + 1 - t);
  return 0;
}

// ---- functions ----
export function varbyte_concat(ctx: i32, a: i64, b: i64): i64 {
  const n = strLen(a);
  const m = strLen(b);
  if (n + m > VARBYTE_MAX) return tooLong(ctx, VARBYTE_MAX);
  const p = alloc_scratch(ctx, <i64>n + m);
  if (p == 0) return 0;
  memory.copy(p, strPtr(a), n);
  memory.copy(p + n, strPtr(b), m);
  return makeStr(p, n + m);
}
export function varbyte_length(ctx: i32, s: i64): i32 {
  return strLen(s);
}
/** Bytes from `start` (from 1; places before the value count), `n` of them. */
export function varbyte_substring_len(ctx: i32, s: i64, start: i32, n: i32): i64 {
  if (n < 0) {
    fail(ctx, NEGATIVE_LENGTH);
    return 0;
  }
  const size = <i64>strLen(s);
  const from = max<i64>(<i64>start - 1, 0);
  const to = min<i64>(max<i64>(<i64>start - 1 + n, 0), size);
  return from >= to ? 0 : makeStr(strPtr(s) + <i32>from, <i32>(to - from));
}
export function varbyte_substring(ctx: i32, s: i64, start: i32): i64 {
  return varbyte_substring_len(ctx, s, max(start, 1), i32.MAX_VALUE);
}
/** Place of a bit counted from the last of the value; fails outside. */
function bitPlace(ctx: i32, s: i64, index: i32): i32 {
  const byte = index >> 3;
  if (index >= 0 && byte < strLen(s)) return strPtr(s) + strLen(s) - 1 - byte;
  const t = alloc_scratch(ctx, 64);
  if (t == 0) return 0;
  let e = PUT(t, "bit index is outside of the value");
  failText(ctx, INVALID_PARAMETER, t, e - t);
  return 0;
}
export function varbyte_getbit(ctx: i32, s: i64, index: i32): i32 {
  const at = bitPlace(ctx, s, index);
  return at == 0 ? 0 : (<i32>load<u8>(at) >> (index & 7)) & 1;
}
/** Byte `i` counted from the end; 0 before the first. */
function fromEnd(s: i64, i: i32): i32 {
  const n = strLen(s);
  return i < n ? <i32>load<u8>(strPtr(s) + n - 1 - i) : 0;
}
/** 0 and, 1 or, 2 xor; the shorter value is extended with zeros in front. */
function bitwise(ctx: i32, a: i64, b: i64, op: i32): i64 {
  const n = max(strLen(a), strLen(b));
  const p = alloc_scratch(ctx, n);
  if (p == 0) return 0;
  for (let i = 0; i < n; i++) {
    const x = fromEnd(a, i);
    const y = fromEnd(b, i);
    store<u8>(p + n - 1 - i, <u8>(op == 0 ? x & y : op == 1 ? x | y : x ^ y));
  }
  return makeStr(p, n);
}
export function varbyte_and(ctx: i32, a: i64, b: i64): i64 {
  return bitwise(ctx, a, b, 0);
}
export function varbyte_or(ctx: i32, a: i64, b: i64): i64 {
  return bitwise(ctx, a, b, 1);
}
export function varbyte_xor(ctx: i32, a: i64, b: i64): i64 {
  return bitwise(ctx, a, b, 2);
}
export function varbyte_not(ctx: i32, s: i64): i64 {
  const n = strLen(s);
  const p = alloc_scratch(ctx, n);
  if (p == 0) return 0;
  for (let i = 0; i < n; i++) store<u8>(p + i, <u8>~load<u8>(strPtr(s) + i));
  return makeStr(p, n);
}
