/**
 * Text to REAL and DOUBLE PRECISION for loads, correctly rounded. Short numbers take the exact fast path (mantissa
 * below 2^53, power of ten up to 22); all others go through decimal digits shifted by powers of two, which is exact.
 * The digits lie in scratch: byte 0.. are digit values, `point` is the position of the decimal point.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { load_fail, REASON_DIGIT, REASON_OVERFLOW } from './csv-load.ts';

const DIGITS_MAX: i32 = 800;
/** Room kept in front of the digits for those that a left shift adds. */
const FRONT: i32 = 1200;

export function load_float8(ctx: usize, s: i64, err: usize): f64 {
  return load_float(ctx, s, err, 52, 1023);
}
export function load_float4(ctx: usize, s: i64, err: usize): f32 {
  return <f32>load_float(ctx, s, err, 23, 127);
}

function load_float(ctx: usize, s: i64, err: usize, mantissaBits: i32, bias: i32): f64 {
  const start = <usize>(<u32>s);
  let end = start + <usize>(s >>> 32);
  let p = start;
  while (p < end && load<u8>(p) <= 32) p++;
  while (end > p && load<u8>(end - 1) <= 32) end--;
  let negative = false;
  if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) negative = load<u8>(p++) == 45;
  const first = p;
  let point = -1;
  let seen = 0;
  let mantissa: u64 = 0;
  let kept = 0;
  let dropped = 0;
  let exponent = 0;
  for (; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (c - 48 <= 9) {
      seen++;
      if (kept < 19) {
        mantissa = mantissa * 10 + (c - 48);
        if (mantissa != 0) kept++;
      } else dropped++;
      if (point >= 0) point++;
    } else if (c == 46 && point < 0) point = 0;
    else break;
  }
  const stop = p;
  if (seen == 0) return special(first, end, start, err, negative);
  if (p < end && (load<u8>(p) | 32) == 101) {
    p++;
    let sign = 1;
    if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) sign = load<u8>(p++) == 45 ? -1 : 1;
    const from = p;
    for (; p < end && <u32>load<u8>(p) - 48 <= 9; p++) if (exponent < 10000) exponent = exponent * 10 + (load<u8>(p) - 48);
    if (from == p) p = from - 1;
    exponent *= sign;
  }
  if (p < end) {
    load_fail(err, 1207, REASON_DIGIT, <i32>(p - start));
    return 0;
  }
  const power = exponent + dropped - (point > 0 ? point : 0);
  let value: f64 = 0;
  if (mantissa != 0) {
    if (dropped == 0 && mantissa < 0x20000000000000 && power >= -22 && power <= 22 && mantissaBits == 52) {
      value = <f64>mantissa;
      let ten: f64 = 1;
      for (let i = power < 0 ? -power : power; i > 0; i--) ten *= 10;
      value = power < 0 ? value / ten : value * ten;
    } else {
      const m = mark(<i32>ctx);
      value = exact(ctx, first, stop, exponent, mantissaBits, bias);
      release(<i32>ctx, m);
      if (value == Infinity || value == 0) {
        load_fail(err, 1204, REASON_OVERFLOW, 0);
        return 0;
      }
    }
  }
  return negative ? -value : value;
}

/** NaN, inf, infinity. */
function special(p: usize, end: usize, start: usize, err: usize, negative: bool): f64 {
  const n = <i32>(end - p);
  let word: u32 = 0;
  if (n == 3 || n == 8) word = (<u32>load<u8>(p) | (<u32>load<u8>(p + 1) << 8) | (<u32>load<u8>(p + 2) << 16)) | 0x202020;
  if (n == 3 && word == 0x6e616e) return NaN;
  if (word == 0x666e69 && (n == 3 || (load<u64>(p) | 0x2020202020202020) == 0x7974696e69666e69)) {
    return negative ? -Infinity : Infinity;
  }
  load_fail(err, 1207, REASON_DIGIT, <i32>(p < end ? p - start : p > start ? p - start - 1 : 0));
  return 0;
}

/** Correct rounding of the digits in [p, stop) times 10^exponent to a float of that shape; Infinity on overflow. */
function exact(ctx: usize, p: usize, stop: usize, exponent: i32, mantissaBits: i32, bias: i32): f64 {
  const area = <usize>alloc_scratch(<i32>ctx, FRONT + DIGITS_MAX + 64);
  if (area == 0) return 0;
  let d = area + FRONT;
  let n = 0;
  let point = 0;
  let seenPoint = false;
  let started = false;
  for (; p < stop; p++) {
    const c = load<u8>(p);
    if (c == 46) {
      seenPoint = true;
      continue;
    }
    if (c != 48) started = true;
    if (!started) {
      if (seenPoint) point--;
      continue;
    }
    if (!seenPoint) point++;
    if (n < DIGITS_MAX) store<u8>(d + n++, c - 48);
    else if (c != 48) store<u8>(d + DIGITS_MAX - 1, load<u8>(d + DIGITS_MAX - 1) | 1);
  }
  point += exponent;
  if (n == 0 || point < -330) return 0;
  if (point > 310) return Infinity;
  let exp = 0;
  // Scale to [1/2, 1): every step shifts the decimal digits by up to 27 bits.
  while (point > 0) {
    const k = point >= 9 ? 27 : point == 1 ? 1 : point * 3;
    n = shift_right(d, n, k, point);
    point = load<i32>(area);
    exp += k;
  }
  while (point < 0 || (point == 0 && load<u8>(d) < 5)) {
    const k = point < -8 ? 27 : point < 0 ? -point * 3 : 1;
    const added = shift_left(d, n, k);
    d -= added;
    n += added;
    point += added;
    while (n > 0 && load<u8>(d) == 0) {
      d++;
      n--;
      point--;
    }
    exp -= k;
    if (d < area + 64) {
      memory.copy(area + FRONT, d, n < DIGITS_MAX ? n : DIGITS_MAX);
      d = area + FRONT;
    }
    if (n > DIGITS_MAX) n = DIGITS_MAX;
  }
  exp--;
  let denormal = 0;
  if (exp < 1 - bias) denormal = 1 - bias - exp;
  if (denormal > mantissaBits + 1) return 0;
  // mantissaBits + 1 bits before the binary point (fewer for a denormal), then round half to even by the digits.
  let k = mantissaBits + 1 - denormal;
  while (k > 0) {
    const step = k > 27 ? 27 : k;
    const added = shift_left(d, n, step);
    d -= added;
    n += added;
    point += added;
    k -= step;
  }
  const value = rounded(d, n, point);
  if (exp > bias || (exp == bias && value >> (mantissaBits + 1) != 0)) return Infinity;
  return scale(value, exp - mantissaBits + denormal);
}

/** The digits as an integer, rounded half to even at the decimal point. */
function rounded(d: usize, n: i32, point: i32): u64 {
  let value: u64 = 0;
  for (let i = 0; i < point; i++) value = value * 10 + (i < n ? <u64>load<u8>(d + i) : 0);
  if (point >= 0 && point < n) {
    const next = load<u8>(d + point);
    let rest = false;
    for (let i = point + 1; i < n; i++) if (load<u8>(d + i) != 0) rest = true;
    if (next > 5 || (next == 5 && (rest || value & 1))) value++;
  }
  return value;
}

/** value * 2^e without double rounding (value has at most 54 bits, exact unless it overflows). */
function scale(value: u64, e: i32): f64 {
  let v = <f64>value;
  while (e > 1000) {
    v *= reinterpret<f64>(<u64>(1000 + 1023) << 52);
    e -= 1000;
  }
  if (e < -1022) {
    // The product is exact: the value was cut to the bits that a denormal has.
    v *= reinterpret<f64>(<u64>(1023 - 1000) << 52);
    e += 1000;
    return v * reinterpret<f64>(<u64>(1023 + e) << 52);
  }
  return v * reinterpret<f64>(<u64>(1023 + e) << 52);
}

/** Digits / 2^k in place. Returns the digit count; the new point is stored in the word before the area's digits. */
function shift_right(d: usize, n: i32, k: i32, point: i32): i32 {
  let r = 0;
  let acc: u64 = 0;
  for (; acc >> k == 0; r++) {
    if (r >= n) {
      if (acc == 0) return 0;
      while (acc >> k == 0) {
        acc *= 10;
        r++;
      }
      break;
    }
    acc = acc * 10 + load<u8>(d + r);
  }
  point -= r - 1;
  const mask = (<u64>1 << k) - 1;
  let w = 0;
  for (; r < n; r++) {
    const digit = <u8>(acc >> k);
    acc = (acc & mask) * 10 + load<u8>(d + r);
    store<u8>(d + w++, digit);
  }
  while (acc > 0) {
    const digit = <u8>(acc >> k);
    acc = (acc & mask) * 10;
    if (w < DIGITS_MAX) store<u8>(d + w++, digit);
    else if (digit > 0) store<u8>(d + DIGITS_MAX - 1, load<u8>(d + DIGITS_MAX - 1) | 1);
  }
  store<i32>(d - FRONT, point);
  return w;
}

/** Digits * 2^k in place, growing to the front; returns how many digits were added there. */
function shift_left(d: usize, n: i32, k: i32): i32 {
  let carry: u64 = 0;
  for (let i = n - 1; i >= 0; i--) {
    const v = (<u64>load<u8>(d + i) << k) + carry;
    carry = v / 10;
    store<u8>(d + i, <u8>(v - carry * 10));
  }
  let added = 0;
  while (carry > 0) {
    const q = carry / 10;
    added++;
    store<u8>(d - added, <u8>(carry - q * 10));
    carry = q;
  }
  return added;
}
