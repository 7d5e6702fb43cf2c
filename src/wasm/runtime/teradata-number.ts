/**
 * TEXT_TO_INT_ALT and TEXT_TO_NUMERIC_ALT: texts of numbers as Teradata writes them, with a format phrase or without.
 * A phrase is made of 9 and Z, each also with a count in parentheses (I and F: as many as the value has), a radix (. or
 * D), V where the point is not written, S for a last digit that carries the sign ({ A-I positive, } J-R negative), and
 * L, C or N for $, USD or US Dollars. In the text / , : % and a dash between digits say nothing; a sign stands in front
 * or behind; an exponent may follow. A blank text is 0. More digits than the phrase has places for are an error.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { fail, failStr, INVALID_NUMERIC, INVALID_PARAMETER, failText, NUMERIC_FIELD_OVERFLOW } from './errors.ts';
import { put8, setRetHi, strLen, strPtr } from './layout.ts';
import { signed128 } from './int128.ts';
import { isSpace } from './numeric.ts';
import { mulWide, R1 } from './wide.ts';

const UNLIMITED: i32 = 1000000;

// What the phrase of the running call says; readPhrase sets them all.
let wholePlaces: i32 = 0;
let fractionPlaces: i32 = 0;
let hasRadix: bool = false;
let isImplied: bool = false;
let isZoned: bool = false;
let currency: i32 = 0;
// Where the reader of the running call stands.
let at: i32 = 0;
let end: i32 = 0;
let isNegative: bool = false;
let hasSign: bool = false;
let hasCurrency: bool = false;
let digits: i32 = 0;
let digitCount: i32 = 0;
/** Digits in front of the point, -1 while there is none. */
let point: i32 = 0;

/** The count in parentheses behind a 9 or Z at `p`, in `places`; the address behind it, 0 when it is malformed. */
let places: i32 = 0;
function readPlaces(p: i32, phraseEnd: i32): i32 {
  places = 1;
  if (p + 1 >= phraseEnd || load<u8>(p + 1) != 40) return p + 1;
  p += 2;
  if (p >= phraseEnd) return 0;
  if (load<u8>(p) == 73 || load<u8>(p) == 70) {
    places = UNLIMITED;
    p++;
  } else {
    places = 0;
    const first = p;
    while (p < phraseEnd && load<u8>(p) >= 48 && load<u8>(p) <= 57 && places < UNLIMITED) {
      places = places * 10 + load<u8>(p++) - 48;
    }
    if (p == first) return 0;
  }
  return p < phraseEnd && load<u8>(p) == 41 ? p + 1 : 0;
}
function readPhrase(s: i64): bool {
  let p = strPtr(s);
  const phraseEnd = p + strLen(s);
  wholePlaces = 0;
  fractionPlaces = 0;
  hasRadix = false;
  isImplied = false;
  isZoned = false;
  currency = 0;
  let nines = false;
  while (p < phraseEnd) {
    const c = <i32>load<u8>(p);
    if (c == 57 || c == 90) {
      // Z does not follow 9, S stands behind the last place.
      if (isZoned || (c == 90 && nines)) return false;
      nines = nines || c == 57;
      p = readPlaces(p, phraseEnd);
      if (p == 0) return false;
      if (hasRadix || isImplied) fractionPlaces = min(UNLIMITED, fractionPlaces + places);
      else wholePlaces = min(UNLIMITED, wholePlaces + places);
      continue;
    }
    if (c == 46 || c == 68) {
      if (hasRadix || isImplied || isZoned) return false;
      hasRadix = true;
    } else if (c == 86) {
      if (hasRadix || isImplied || isZoned) return false;
      isImplied = true;
    } else if (c == 83) {
      if (hasRadix || isZoned || wholePlaces + fractionPlaces == 0) return false;
      isZoned = true;
    } else if ((c == 76 || c == 67 || c == 78) && currency == 0) currency = c;
    else return false;
    p++;
  }
  return wholePlaces + fractionPlaces > 0;
}
function starts(w: u64, n: i32): bool {
  if (at + n > end) return false;
  for (let i = 0; i < n; i++) if (load<u8>(at + i) != <u8>(w >> (i * 8))) return false;
  return true;
}
/** What stands around the digits: blanks, one sign, the currency. */
function readAround(): void {
  while (at < end) {
    const c = <i32>load<u8>(at);
    if (isSpace(c)) at++;
    else if ((c == 43 || c == 45) && !hasSign) {
      hasSign = true;
      isNegative = c == 45;
      at++;
    } else if (!hasCurrency && currency == 76 && c == 36) {
      hasCurrency = true;
      at++;
    } else if (!hasCurrency && currency == 67 && starts(WORD("USD"), 3)) {
      hasCurrency = true;
      at += 3;
    } else if (!hasCurrency && currency == 78 && starts(WORD("US Dolla"), 8) && at + 10 <= end) {
      if (load<u8>(at + 8) != 114 || load<u8>(at + 9) != 115) return;
      hasCurrency = true;
      at += 10;
    } else return;
  }
}
function isDigitAt(p: i32): bool {
  return p < end && load<u8>(p) >= 48 && load<u8>(p) <= 57;
}
function readDigits(): void {
  while (at < end) {
    const c = <i32>load<u8>(at);
    if (c >= 48 && c <= 57) store<u8>(digits + digitCount++, c - 48);
    else if (c == 46 && hasRadix && point < 0) point = digitCount;
    else if (!(c == 47 || c == 44 || c == 58 || c == 37 || (c == 45 && isDigitAt(at + 1) && digitCount > 0))) break;
    at++;
  }
  if (!isZoned || at >= end) return;
  const c = <i32>load<u8>(at);
  const positive = c == 123 ? 0 : c >= 65 && c <= 73 ? c - 64 : -1;
  const negative = c == 125 ? 0 : c >= 74 && c <= 82 ? c - 73 : -1;
  if (positive < 0 && negative < 0) return;
  if (hasSign) return;
  hasSign = true;
  isNegative = negative >= 0;
  store<u8>(digits + digitCount++, max(positive, negative));
  wholePlaces++;
  at++;
}
function readExponent(): i32 {
  if (at >= end || (load<u8>(at) | 32) != 101) return 0;
  let p = at + 1;
  let sign = 1;
  if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) sign = load<u8>(p++) == 45 ? -1 : 1;
  if (!isDigitAt(p)) return 0;
  let exponent = 0;
  for (; isDigitAt(p); p++) if (exponent < 100000) exponent = exponent * 10 + load<u8>(p) - 48;
  at = p;
  return exponent * sign;
}
/**
 * The digits times ten to `shift`, cut or rounded half to even to an integer below 10^precision: the unscaled value.
 */
function unscaled(ctx: i32, shift: i32, precision: i32, isCut: bool): i64 {
  const kept = digitCount + shift;
  let lo: u64 = 0;
  let hi: u64 = 0;
  let significant = 0;
  for (let i = 0; i < kept; i++) {
    const d = i < digitCount ? <u64>load<u8>(digits + i) : 0;
    if (significant == 0 && d == 0) {
      if (i >= digitCount) break;
      continue;
    }
    if (++significant > precision) {
      fail(ctx, NUMERIC_FIELD_OVERFLOW);
      return 0;
    }
    const l = mulWide(lo, 10);
    hi = hi * 10 + R1;
    lo = l + d;
    if (lo < l) hi++;
  }
  if (!isCut && kept >= 0 && kept < digitCount) {
    const next = <i32>load<u8>(digits + kept);
    let more = false;
    for (let i = kept + 1; i < digitCount && !more; i++) more = load<u8>(digits + i) != 0;
    if (next > 5 || (next == 5 && (more || (lo & 1) == 1))) {
      lo++;
      if (lo == 0) hi++;
      if (significant == precision && isPowerOfTen(kept)) {
        fail(ctx, NUMERIC_FIELD_OVERFLOW);
        return 0;
      }
    }
  }
  return signed128(ctx, lo, hi, isNegative);
}
/** Whether the digits kept were all nines, so that one more has a digit more. */
function isPowerOfTen(kept: i32): bool {
  let seen = false;
  for (let i = 0; i < kept; i++) {
    const d = <i32>load<u8>(digits + i);
    if (d != 9 && (seen || d != 0)) return false;
    if (d == 9) seen = true;
  }
  return seen;
}
function readNumber(ctx: i32, s: i64, precision: i32, scale: i32, isCut: bool): i64 {
  at = strPtr(s);
  end = at + strLen(s);
  isNegative = false;
  hasSign = false;
  hasCurrency = false;
  digitCount = 0;
  point = -1;
  while (at < end && isSpace(load<u8>(at))) at++;
  if (at == end) {
    setRetHi(ctx, 0);
    return 0;
  }
  digits = alloc_scratch(ctx, strLen(s) + 1);
  if (digits == 0) return 0;
  readAround();
  readDigits();
  const exponent = readExponent();
  readAround();
  if (isImplied && fractionPlaces < UNLIMITED) point = digitCount - fractionPlaces;
  const fraction = point < 0 && !isImplied ? 0 : digitCount - point;
  let zeros = 0;
  while (zeros < digitCount - fraction && load<u8>(digits + zeros) == 0) zeros++;
  const isTooLong = digitCount - fraction - zeros > wholePlaces || fraction > fractionPlaces;
  if (at != end || digitCount == 0 || (isTooLong && !isImplied) || digitCount - zeros > wholePlaces + fractionPlaces) {
    failStr(ctx, INVALID_NUMERIC, s);
    return 0;
  }
  return unscaled(ctx, exponent - fraction + scale, precision, isCut);
}
/** A text in Teradata's form at the given scale; an empty phrase is none. */
export function teradata_number(ctx: i32, s: i64, phrase: i64, precision: i32, scale: i32, isCut: i32): i64 {
  if (strLen(phrase) == 0) {
    wholePlaces = UNLIMITED;
    fractionPlaces = UNLIMITED;
    hasRadix = true;
    isImplied = false;
    isZoned = false;
    currency = 0;
  } else if (!readPhrase(phrase)) {
    const t = alloc_scratch(ctx, 64 + strLen(phrase));
    if (t == 0) return 0;
    const e = PUT(t, "invalid format phrase: ");
    memory.copy(e, strPtr(phrase), strLen(phrase));
    failText(ctx, INVALID_PARAMETER, t, e - t + strLen(phrase));
    return 0;
  }
  const m = mark(ctx);
  const v = readNumber(ctx, s, precision, scale, isCut != 0);
  release(ctx, m);
  return v;
}
