/**
 * JSON text to a SUPER value, in one pass from front to back. Numbers stay exact: whole numbers are integers or decimals of
 * scale 0, those with a point decimals; with an exponent, or with more digits than a decimal holds, they are doubles.
 * Text that is no JSON fails with INVALID_JSON and the text from where it is wrong.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { fail, failText, FLOAT8_TEXT, INVALID_JSON, SUPER_DUPLICATE_KEY, SUPER_NESTING, SUPER_TOO_LARGE } from './errors.ts';
import { failLongString, stringMax } from './string-functions.ts';
import { load_fail, REASON_JSON } from './csv-load.ts';
import { utf8_length } from './csv-utf8.ts';
import { parseFloatText } from './float-text.ts';
import { jsonEscape } from './json-escape.ts';
import { ERROR_CODE, failed, makeStr, retNull, strLen, strPtr } from './layout.ts';
import {
  beginBuild, close, dropItem, finishBuild, internKey, item, itemKey, items, open, putBool, putDecimal, putFloat8,
  putNull, putString, repeatedKey, written,
} from './super-build.ts';
import { NESTING_MAX } from './super-form.ts';
import { encodeChar } from './utf8.ts';
import { mulWide, R1 } from './wide.ts';

/** Where the reader is, where the text ends, how deep it is, and what is made up for (DEDUP, TRUNCATE). */
let P: i32 = 0;
let END: i32 = 0;
let DEPTH: i32 = 0;
let FLAGS: i32 = 0;
/** The string just read. */
let TEXT: i32 = 0;
let TEXT_BYTES: i32 = 0;

/** The last of several equal keys stays; a string that is too long is cut. */
const DEDUP: i32 = 1;
const TRUNCATE: i32 = 2;
/** What a message shows of the text. */
const SHOWN: i32 = 64;

/** A number that is out of range is no value either. */
function isNoJson(code: i32): bool {
  return code == INVALID_JSON || code == FLOAT8_TEXT;
}
/** JSON_PARSE of text or of its bytes. `lax` 1 gives NULL for what is no JSON; flags: DEDUP, TRUNCATE. */
export function super_parse(ctx: i32, s: i64, lax: i32, flags: i32): i64 {
  const parsed = parseJson(ctx, s, flags);
  if (lax != 0 && isNoJson(load<i32>(ctx, ERROR_CODE))) {
    store<i32>(ctx, 0, ERROR_CODE);
    retNull(ctx);
    return 0;
  }
  return parsed;
}
/** CAN_JSON_PARSE: whether super_parse with these flags gives a value. */
export function super_can_parse(ctx: i32, s: i64, flags: i32): i32 {
  const m = mark(ctx);
  parseJson(ctx, s, flags);
  const code = load<i32>(ctx, ERROR_CODE);
  if (isNoJson(code) || (code >= SUPER_DUPLICATE_KEY && code <= SUPER_TOO_LARGE)) store<i32>(ctx, 0, ERROR_CODE);
  release(ctx, m);
  return code == 0 ? 1 : 0;
}
/** COPY into a SUPER column: the text as it is, which the insert parses; a failure skips the row. */
export function load_super(ctx: i32, s: i64, err: i32): i64 {
  if (super_can_parse(ctx, s, 0) == 0) load_fail(<usize>err, 1224, REASON_JSON, 0);
  return s;
}
export function parseJson(ctx: i32, s: i64, flags: i32): i64 {
  P = strPtr(s);
  END = P + strLen(s);
  DEPTH = 0;
  FLAGS = flags;
  if (!beginBuild(ctx, strLen(s) + 32) || !value(ctx)) return 0;
  skipSpace();
  if (P != END) {
    invalid(ctx);
    return 0;
  }
  return finishBuild(ctx);
}
function invalid(ctx: i32): bool {
  let n = min(END - P, SHOWN);
  while (n > 0 && P + n < END && (load<u8>(P + n) & 0xc0) == 0x80) n--;
  failText(ctx, INVALID_JSON, P, n);
  return false;
}
function skipSpace(): void {
  while (P < END) {
    const c = <i32>load<u8>(P);
    if (c != 32 && c != 10 && c != 13 && c != 9) return;
    P++;
  }
}
function value(ctx: i32): bool {
  skipSpace();
  if (P >= END) return invalid(ctx);
  const c = <i32>load<u8>(P);
  switch (c) {
    case 0x7b: return container(ctx, true);
    case 0x5b: return container(ctx, false);
    case 0x22: return text(ctx) && putString(ctx, TEXT, TEXT_BYTES);
    case 0x74: return word(ctx, WORD("true"), 4) && putBool(ctx, true);
    case 0x66: return word(ctx, WORD("false"), 5) && putBool(ctx, false);
    case 0x6e: return word(ctx, WORD("null"), 4) && putNull(ctx);
    default: return number(ctx);
  }
}
function word(ctx: i32, w: u64, n: i32): bool {
  if (END - P < n) return invalid(ctx);
  for (let i = 0; i < n; i++) if (<u64>load<u8>(P + i) != ((w >>> (<u64>i * 8)) & 0xff)) return invalid(ctx);
  P += n;
  return true;
}
function container(ctx: i32, isObject: bool): bool {
  if (++DEPTH > NESTING_MAX) {
    fail(ctx, SUPER_NESTING);
    return false;
  }
  const start = written();
  const base = items();
  const closing = isObject ? 0x7d : 0x5d;
  P++;
  if (!open(ctx, isObject)) return false;
  skipSpace();
  if (P < END && load<u8>(P) == closing) P++;
  else if (!content(ctx, isObject, closing)) return false;
  DEPTH--;
  return (!isObject || keysOnce(ctx, start, base)) && close(ctx, start, base, isObject);
}
function content(ctx: i32, isObject: bool, closing: i32): bool {
  let c = 0x2c;
  while (c != closing) {
    let key = 0;
    if (isObject) {
      key = name(ctx);
      if (key < 0) return false;
    }
    if (!value(ctx) || !item(ctx, key)) return false;
    skipSpace();
    if (P >= END) return invalid(ctx);
    c = <i32>load<u8>(P);
    if (c != 0x2c && c != closing) return invalid(ctx);
    P++;
  }
  return true;
}
/** Number of the key at hand, behind which its colon is passed; -1 after an error. */
function name(ctx: i32): i32 {
  skipSpace();
  if (P >= END || load<u8>(P) != 0x22) {
    invalid(ctx);
    return -1;
  }
  if (!text(ctx)) return -1;
  const key = internKey(ctx, TEXT, TEXT_BYTES);
  if (key < 0) return -1;
  skipSpace();
  if (P >= END || load<u8>(P) != 0x3a) {
    invalid(ctx);
    return -1;
  }
  P++;
  return key;
}
function keysOnce(ctx: i32, start: i32, base: i32): bool {
  for (let again = repeatedKey(base); again >= 0; again = repeatedKey(base)) {
    if ((FLAGS & DEDUP) == 0) {
      fail(ctx, SUPER_DUPLICATE_KEY);
      return false;
    }
    dropItem(start, base, itemKey(again));
  }
  return true;
}

/** The string that begins at P goes to TEXT: in the text itself when nothing is escaped. */
function text(ctx: i32): bool {
  const from = ++P;
  for (;;) {
    if (P >= END) return invalid(ctx);
    const c = <i32>load<u8>(P);
    if (c == 0x22) break;
    if (c == 0x5c) return escaped(ctx, from);
    if (!character(ctx, c)) return false;
  }
  TEXT = from;
  TEXT_BYTES = P++ - from;
  return fits(ctx);
}
/** Passes one character that is none of `"` and `\`. */
function character(ctx: i32, c: i32): bool {
  if (c < 0x20) return invalid(ctx);
  if (c < 0x80) {
    P++;
    return true;
  }
  const n = utf8_length(<usize>P, END - P);
  if (n < 0) return invalid(ctx);
  P += n;
  return true;
}
function fits(ctx: i32): bool {
  const most = stringMax(ctx);
  if (TEXT_BYTES <= most) return true;
  if ((FLAGS & TRUNCATE) != 0) {
    TEXT_BYTES = most;
    while ((load<u8>(TEXT + TEXT_BYTES) & 0xc0) == 0x80) TEXT_BYTES--;
    return true;
  }
  failLongString(ctx);
  return false;
}
/** The same with escapes, from the first of them on: a copy, which is never longer. */
function escaped(ctx: i32, from: i32): bool {
  let end = P;
  while (end < END && load<u8>(end) != 0x22) end += load<u8>(end) == 0x5c ? 2 : 1;
  if (end >= END) {
    P = END;
    return invalid(ctx);
  }
  const to = alloc_scratch(ctx, <i64>(end - from) + 8);
  if (to == 0) return false;
  let at = to + (P - from);
  memory.copy(to, from, P - from);
  while (load<u8>(P) != 0x22) {
    const c = <i32>load<u8>(P);
    if (c == 0x5c) {
      at = escape(ctx, at);
      if (at == 0) return false;
      continue;
    }
    const start = P;
    if (!character(ctx, c)) return false;
    memory.copy(at, start, P - start);
    at += P - start;
  }
  P++;
  TEXT = to;
  TEXT_BYTES = at - to;
  return fits(ctx);
}
/** Writes what the escape at P stands for and returns the new end; 0 after an error. */
function escape(ctx: i32, at: i32): i32 {
  const e = jsonEscape(P + 1, END);
  if (e < 0) {
    invalid(ctx);
    return 0;
  }
  P += 1 + <i32>(e >> 32);
  return encodeChar(at, <u32>e);
}
function number(ctx: i32): bool {
  const from = P;
  const negative = load<u8>(P) == 0x2d;
  if (negative) P++;
  const whole = digits();
  // JSON has no leading zeros.
  if (whole == 0 || (whole > 1 && load<u8>(P - whole) == 0x30)) return invalid(ctx);
  let scale = 0;
  if (P < END && load<u8>(P) == 0x2e) {
    P++;
    scale = digits();
    if (scale == 0) return invalid(ctx);
  }
  const mantissa = P;
  const exponent = P < END && (load<u8>(P) | 0x20) == 0x65;
  if (exponent) {
    P++;
    if (P < END && (load<u8>(P) == 0x2b || load<u8>(P) == 0x2d)) P++;
    if (digits() == 0) return invalid(ctx);
  }
  if (exponent || scale > 37) return double(ctx, from);
  return exactNumber(ctx, from + (negative ? 1 : 0), mantissa, scale, negative) || (!failed(ctx) && double(ctx, from));
}
function digits(): i32 {
  const from = P;
  while (P < END && load<u8>(P) >= 48 && load<u8>(P) <= 57) P++;
  return P - from;
}
function double(ctx: i32, from: i32): bool {
  const v = parseFloatText(ctx, makeStr(from, P - from), 53);
  return !failed(ctx) && putFloat8(ctx, v);
}
/** False with no error for more than 38 digits. */
function exactNumber(ctx: i32, from: i32, to: i32, scale: i32, negative: bool): bool {
  let lo: u64 = 0;
  let hi: u64 = 0;
  let count = 0;
  for (let p = from; p < to; p++) {
    const c = <u64>load<u8>(p);
    if (c == 0x2e) continue;
    if (count > 0 || c != 48) count++;
    if (count > 38) return false;
    if (count <= 18) {
      lo = lo * 10 + (c - 48);
      continue;
    }
    const l = mulWide(lo, 10);
    hi = hi * 10 + R1;
    lo = l + (c - 48);
    if (lo < l) hi++;
  }
  if (negative) {
    lo = ~lo + 1;
    hi = ~hi + (lo == 0 ? 1 : 0);
  }
  return putDecimal(ctx, <i64>lo, <i64>hi, scale);
}
