/**
 * to_char of numbers (patterns 9 0 . D , G FM PR S SG PL MI L $ V RN TH) and to_number. Values come as unscaled i128 with
 * their scale. A value with more integer digits than the pattern prints as #.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { failed, makeStr, put8, RET_HI, setRetHi, strLen, strPtr } from './layout.ts';
import { INVALID_NUMERIC, failStr } from './errors.ts';
import { magHi, magLo, signed128 } from './int128.ts';
import { numeric_rescale } from './numeric.ts';
import { putU128 } from './text-out.ts';
import { putOrdinal, putRoman } from './text-fields.ts';
import { mulWide, pow10, R1 } from './wide.ts';

let pre: i32 = 0;
let post: i32 = 0;
/** Index of the first digit position written as 0 (counted over integer positions), or a large number. */
let zeroAt: i32 = 0;
let shift: i32 = 0;
let fill: bool = false;
/** 0 default, 1 S in front, 2 S behind, 3 MI / SG, 4 PR, 5 PL, which leaves the sign or its blank where it is. */
let signMode: i32 = 0;
let romanMode: i32 = 0;

function up(p: i32): i32 {
  const c = <i32>load<u8>(p);
  return c >= 97 && c <= 122 ? c - 32 : c;
}
function pair(p: i32, end: i32, a: i32, b: i32): bool {
  return p + 1 < end && up(p) == a && up(p + 1) == b;
}
function scanFormat(p: i32, end: i32): void {
  pre = 0;
  post = 0;
  zeroAt = 1000;
  shift = 0;
  fill = false;
  signMode = 0;
  romanMode = 0;
  let afterPoint = false;
  let afterV = false;
  while (p < end) {
    const c = up(p);
    if (c == 34) {
      p++;
      while (p < end && load<u8>(p) != 34) p++;
    } else if (pair(p, end, 70, 77)) {
      fill = true;
      p++;
    } else if (pair(p, end, 80, 82)) {
      signMode = 4;
      p++;
    } else if (pair(p, end, 83, 71) || pair(p, end, 77, 73) || pair(p, end, 80, 76)) {
      signMode = c == 80 ? 5 : 3;
      p++;
    } else if (pair(p, end, 82, 78)) {
      romanMode = load<u8>(p) >= 97 ? 1 : 2;
      p++;
    } else if (c == 83) signMode = pre + post == 0 ? 1 : 2;
    else if (c == 46 || c == 68) afterPoint = true;
    else if (c == 86) afterV = true;
    else if (c == 57 || c == 48) {
      if (afterPoint) post++;
      else {
        if (c == 48 && zeroAt == 1000) zeroAt = pre;
        pre++;
        if (afterV) shift++;
      }
    }
    p++;
  }
}
function romanText(ctx: i32, lo: i64, hi: i64, lower: bool): i64 {
  const out = alloc_scratch(ctx, 24);
  if (out == 0) return 0;
  memory.fill(out, 32, 15);
  if (hi != 0 || lo < 1 || lo > 3999) {
    memory.fill(out, 35, 15);
    return makeStr(out, 15);
  }
  const t = alloc_scratch(ctx, 24);
  if (t == 0) return 0;
  const n = putRoman(t, <i32>lo) - t;
  for (let i = 0; i < n; i++) store<u8>(t + i, lower ? load<u8>(t + i) | 32 : load<u8>(t + i));
  if (fill) return makeStr(t, n);
  memory.copy(out + 15 - n, t, n);
  return makeStr(out, 15);
}
export function numeric_to_char(ctx: i32, lo: i64, hi: i64, scale: i32, fmt: i64): i64 {
  const fp = strPtr(fmt);
  const end = fp + strLen(fmt);
  scanFormat(fp, end);
  if (romanMode == 0 && wholeDigits(ctx, lo, hi) - scale + shift > pre) return hashes(ctx, fmt, hi < 0);
  const scaledLo = numeric_rescale(ctx, lo, hi, post + shift - scale);
  if (failed(ctx)) return 0;
  const scaledHi = load<i64>(ctx, RET_HI);
  if (romanMode != 0) return romanText(ctx, scaledLo, scaledHi, romanMode == 1);
  const negative = scaledHi < 0;
  const out = alloc_scratch(ctx, <i64>strLen(fmt) * 2 + 64);
  const m = mark(ctx);
  const digits = alloc_scratch(ctx, <i64>post + 64);
  if (digits == 0 || out == 0) return 0;
  let n = putU128(digits, magLo(scaledLo, scaledHi), magHi(scaledLo, scaledHi)) - digits;
  // pad the digits to post + 1
  if (n <= post) {
    const pad = post + 1 - n;
    memory.copy(digits + pad, digits, n);
    memory.fill(digits, 48, pad);
    n += pad;
  }
  let whole = n - post;
  let wholeAt = digits;
  if (whole == 1 && load<u8>(digits) == 48 && (post > 0 || pre == 0)) {
    whole = 0;
    wholeAt = digits + 1;
  }
  const end2 = write(fp, end, out, digits + n - post, wholeAt, whole, negative);
  release(ctx, m);
  return makeStr(out, end2 - out);
}
/** Digits of an unscaled value, none of zero. */
function wholeDigits(ctx: i32, lo: i64, hi: i64): i32 {
  if ((lo | hi) == 0) return 0;
  const m = mark(ctx);
  const t = alloc_scratch(ctx, 48);
  if (t == 0) return 0;
  const n = putU128(t, magLo(lo, hi), magHi(lo, hi)) - t;
  release(ctx, m);
  return n;
}
/** A value with more integer digits than the pattern has places for them, whatever they are; scanFormat has run. */
function hashes(ctx: i32, fmt: i64, negative: bool): i64 {
  const fp = strPtr(fmt);
  const out = alloc_scratch(ctx, <i64>strLen(fmt) * 2 + 64);
  const m = mark(ctx);
  const digits = alloc_scratch(ctx, <i64>pre + post + 8);
  if (digits == 0 || out == 0) return 0;
  memory.fill(digits, 48, pre + post + 8);
  const end = write(fp, fp + strLen(fmt), out, digits + pre + 1, digits, pre + 1, negative);
  release(ctx, m);
  return makeStr(out, end - out);
}
/** Runs the pattern: integer digits at wholeAt (count), fraction at frac. */
function write(p: i32, end: i32, out: i32, frac: i32, wholeAt: i32, whole: i32, negative: bool): i32 {
  const overflow = whole > pre;
  let o = out;
  let index = 0;
  let signed = signMode == 2 || signMode == 3;
  let started = false;
  let fractions = 0;
  let inFraction = false;
  // characters of the last fraction digit that FM keeps
  let keep = post;
  if (fill && !overflow) while (keep > 0 && load<u8>(frac + keep - 1) == 48 && !zeroFraction(p, end, keep)) keep--;
  while (p < end) {
    const c = up(p);
    const raw = load<u8>(p);
    if (c == 34) {
      p++;
      while (p < end && load<u8>(p) != 34) store<u8>(o++, load<u8>(p++));
      p++;
      continue;
    }
    if (pair(p, end, 70, 77)) {
      p += 2;
      continue;
    }
    if (pair(p, end, 80, 82)) {
      if (negative) store<u8>(o++, 62);
      else if (!fill) store<u8>(o++, 32);
      p += 2;
      continue;
    }
    if (pair(p, end, 77, 73) || pair(p, end, 80, 76) || pair(p, end, 83, 71)) {
      const kind = up(p);
      const mark = kind == 77 ? (negative ? 45 : 32) : kind == 80 ? (negative ? 32 : 43) : negative ? 45 : 43;
      if (mark != 32 || !fill) store<u8>(o++, <u8>mark);
      p += 2;
      continue;
    }
    if (pair(p, end, 84, 72)) {
      const a = whole > 0 ? <i32>load<u8>(wholeAt + whole - 1) - 48 : 0;
      const b = whole > 1 ? <i32>load<u8>(wholeAt + whole - 2) - 48 : 0;
      if (!negative) o = putOrdinal(o, b * 10 + a, raw < 97);
      p += 2;
      continue;
    }
    p++;
    if (c == 83) {
      if (signMode == 2) store<u8>(o++, negative ? 45 : 43);
    } else if (c == 76) store<u8>(o++, 36);
    else if (c == 86) continue;
    else if (c == 57 || c == 48) {
      if (inFraction) {
        if (!started && !signed) {
          o = putSign(o, negative);
          signed = true;
        }
        started = true;
        if (fractions < keep) store<u8>(o++, overflow ? 35 : load<u8>(frac + fractions));
        fractions++;
        continue;
      }
      const fromRight = pre - index;
      const shown = overflow || fromRight <= whole || index >= zeroAt;
      if (!shown) {
        if (!fill) store<u8>(o++, 32);
      } else {
        if (!signed) {
          o = putSign(o, negative);
          signed = true;
        }
        started = true;
        store<u8>(o++, overflow ? 35 : fromRight <= whole ? load<u8>(wholeAt + whole - fromRight) : 48);
      }
      index++;
    } else if (c == 44 || c == 71) {
      if (started) store<u8>(o++, 44);
      else if (!fill) store<u8>(o++, 32);
    } else if (c == 46 || c == 68) {
      if (!signed) {
        o = putSign(o, negative);
        signed = true;
      }
      started = true;
      inFraction = true;
      if (fill && keep == 0 && whole == 0 && zeroAt >= pre && pre > 0) store<u8>(o++, 48);
      if (!fill || keep > 0 || post > 0) store<u8>(o++, 46);
    } else store<u8>(o++, raw);
  }
  return o;
}
/** Whether the k-th fraction position is written as 0, which FM keeps. */
function zeroFraction(p: i32, end: i32, k: i32): bool {
  let n = 0;
  let point = false;
  for (; p < end; p++) {
    const c = up(p);
    if (c == 46 || c == 68) point = true;
    else if (point && (c == 57 || c == 48) && ++n == k) return c == 48;
  }
  return false;
}
function putSign(o: i32, negative: bool): i32 {
  if (signMode == 1) store<u8>(o++, negative ? 45 : 43);
  else if (signMode == 4) {
    if (negative) store<u8>(o++, 60);
    else if (!fill) store<u8>(o++, 32);
  } else if (negative) store<u8>(o++, 45);
  else if (!fill) store<u8>(o++, 32);
  return o;
}
export function int8_to_char(ctx: i32, v: i64, fmt: i64): i64 {
  return numeric_to_char(ctx, v, v >> 63, 0, fmt);
}
/** Digits that a double precision number is written with at most. */
const FLOAT_DIGITS: i32 = 15;

/** The integer nearest to v * 10^d, of two as near the even one: exact, as printf has it. v is below 2^127, d at most 15 and 0 from 1e15 on. */
function scaledFloat(ctx: i32, v: f64, d: i32): i64 {
  const bits = reinterpret<u64>(v);
  const power = <i32>((bits >> 52) & 0x7ff);
  const mantissa = (bits & 0xfffffffffffff) | (power == 0 ? 0 : 0x10000000000000);
  const exponent = max(power, 1) - 1075;
  let lo = mulWide(mantissa, pow10(d));
  let hi = R1;
  if (exponent >= 64) {
    hi = lo << (exponent - 64);
    lo = 0;
  } else if (exponent > 0) {
    hi = (hi << exponent) | (lo >> (64 - exponent));
    lo <<= exponent;
  } else if (exponent < 0) {
    const by = -exponent;
    if (by > 127) {
      lo = 0;
      hi = 0;
    } else {
      const half = by > 64 ? (hi >> (by - 65)) & 1 : (lo >> (by - 1)) & 1;
      // What is cut off below the half.
      const rest = by > 64 ? lo | (hi & ((<u64>1 << (by - 65)) - 1)) : lo & ((<u64>1 << (by - 1)) - 1);
      if (by >= 64) {
        lo = hi >> (by - 64);
        hi = 0;
      } else {
        lo = (lo >> by) | (hi << (64 - by));
        hi >>= by;
      }
      if (half != 0 && (rest != 0 || (lo & 1) != 0)) {
        lo++;
        if (lo == 0) hi++;
      }
    }
  }
  setRetHi(ctx, hi);
  return lo;
}
function floatWholeDigits(v: f64): i32 {
  let n = 1;
  for (let bound: f64 = 9.5; v >= bound && n < FLOAT_DIGITS; n++) bound = (bound + 0.5) * 10 - 0.5;
  return n;
}
export function float8_to_char(ctx: i32, v: f64, fmt: i64): i64 {
  const fp = strPtr(fmt);
  scanFormat(fp, fp + strLen(fmt));
  const magnitude = abs(v);
  if (v != v || magnitude >= 1e38) return romanMode != 0 ? romanText(ctx, 0, 0, false) : hashes(ctx, fmt, v < 0);
  const scale = min(post + shift, FLOAT_DIGITS - floatWholeDigits(magnitude));
  const lo = scaledFloat(ctx, magnitude, scale);
  const value = signed128(ctx, lo, load<i64>(ctx, RET_HI), v < 0);
  return numeric_to_char(ctx, value, load<i64>(ctx, RET_HI), scale, fmt);
}
/** Where to_number stands in its text, and what it has read. */
let at: i32 = 0;
let textEnd: i32 = 0;
let hasPoint: bool = false;
let readPoint: bool = false;
let readSign: bool = false;
let negative: bool = false;
let fraction: i32 = 0;
let seen: i32 = 0;
let magnitudeLo: u64 = 0;
let magnitudeHi: u64 = 0;

function isDigit(p: i32): bool {
  return p < textEnd && load<u8>(p) >= 48 && load<u8>(p) <= 57;
}
function takeSign(): bool {
  const c = <i32>load<u8>(at);
  if (c != 45 && c != 43 && !(c == 60 && signMode == 4)) return false;
  negative = c != 43;
  readSign = true;
  return true;
}
function addDigit(d: i32): void {
  const l = mulWide(magnitudeLo, 10);
  magnitudeHi = magnitudeHi * 10 + R1;
  magnitudeLo = l + <u64>d;
  if (magnitudeLo < l) magnitudeHi++;
  if (readPoint) fraction++;
  seen++;
}
/** A place for a digit or the point: takes one character, whatever it is, behind at most one blank and the sign. */
function takePlace(scale: i32): void {
  if (at < textEnd && load<u8>(at) == 32) at++;
  if (at < textEnd && !readSign && seen == 0 && takeSign()) at++;
  if (at >= textEnd) return;
  let isRead = false;
  if (isDigit(at)) {
    isRead = true;
    if (!readPoint || fraction < min(scale, post)) addDigit(<i32>load<u8>(at) - 48);
  } else if (load<u8>(at) == 46 && hasPoint && !readPoint) {
    isRead = true;
    readPoint = true;
  } else if ((signMode == 3 || signMode == 5) && seen > 0 && !readSign) takeSign();
  at++;
  // S stands behind the last digit.
  if (isRead && seen > 0 && !readSign && (signMode == 1 || signMode == 2) && at < textEnd && !isDigit(at)) {
    if (takeSign()) at++;
  }
}
function skipUnlessDigit(): void {
  if (at < textEnd && !isDigit(at) && load<u8>(at) != 45 && load<u8>(at) != 43) at++;
}
/** Walks the pattern, each of its places taking its part of the text. */
function readByPattern(p: i32, end: i32, scale: i32): void {
  for (; p < end && at < textEnd && seen <= 38; p++) {
    const c = up(p);
    if (c == 34) {
      for (p++; p < end && load<u8>(p) != 34; p++) at++;
    } else if (pair(p, end, 70, 77) || pair(p, end, 80, 82)) p++;
    else if (pair(p, end, 83, 71) || pair(p, end, 77, 73) || pair(p, end, 80, 76)) {
      p++;
      if (!readSign && takeSign()) at++;
    } else if (pair(p, end, 84, 72)) {
      p++;
      skipUnlessDigit();
      skipUnlessDigit();
    } else if (c == 83) continue;
    else if (c == 57 || c == 48 || c == 46 || c == 68) takePlace(scale);
    else if (c == 44 || c == 71) {
      if (load<u8>(at) == 44) at++;
    } else if (c == 76 || c == 36) skipUnlessDigit();
    else at++;
  }
}
/**
 * The number in a text written by a pattern, at the given scale. Every place of the pattern takes its character: what
 * the pattern has no place for is not read.
 */
export function text_to_number(ctx: i32, s: i64, fmt: i64, scale: i32): i64 {
  const fp = strPtr(fmt);
  const end = fp + strLen(fmt);
  scanFormat(fp, end);
  hasPoint = false;
  for (let p = fp; p < end; p++) hasPoint = hasPoint || up(p) == 46 || up(p) == 68;
  at = strPtr(s);
  textEnd = at + strLen(s);
  readPoint = false;
  readSign = false;
  negative = false;
  fraction = 0;
  seen = 0;
  magnitudeLo = 0;
  magnitudeHi = 0;
  if (shift == 0 && romanMode == 0) readByPattern(fp, end, scale);
  if (seen == 0 || seen > 38) {
    failStr(ctx, INVALID_NUMERIC, s);
    return 0;
  }
  const v = signed128(ctx, magnitudeLo, magnitudeHi, negative);
  return numeric_rescale(ctx, v, load<i64>(ctx, RET_HI), scale - fraction);
}
