/**
 * Binary floating point to decimal text and back, correctly rounded, without tables: 10^q is computed as a 128-bit
 * mantissa, and when the result lies too close to a rounding boundary an exact big-integer comparison decides (scratch
 * memory, given back). Output follows %.*g; with extra_float_digits > 0 the fewest digits that read back the same.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { failStr, FLOAT4_TEXT, FLOAT8_TEXT, INVALID_FLOAT } from './errors.ts';
import { FLOAT_DIGITS, makeStr, put8, strLen, strPtr } from './layout.ts';
import { isSpace } from './numeric.ts';
import { digits10, putDigits, putI64 } from './text-out.ts';
import { div256, mul128, mulWide, pow10, R1, W1, W2, W3 } from './wide.ts';

// Return registers: a 128-bit mantissa and its binary exponent.
let MH: u64 = 0;
let ML: u64 = 0;
let ME: i32 = 0;

function mulNormal(ah: u64, al: u64, ae: i32, bh: u64, bl: u64, be: i32): void {
  mul128(al, ah, bl, bh);
  ME = ae + be + 128;
  if (<i64>W3 < 0) {
    MH = W3;
    ML = W2;
  } else {
    MH = (W3 << 1) | (W2 >>> 63);
    ML = (W2 << 1) | (W1 >>> 63);
    ME--;
  }
}
/** MH:ML * 2^ME = 5^q, relative error below 2^-115. */
function pow5Mantissa(q: i32): void {
  let n = q < 0 ? -q : q;
  let rh: u64 = 0x8000000000000000;
  let rl: u64 = 0;
  let re = -127;
  let bh: u64 = 0xa000000000000000;
  let bl: u64 = 0;
  let be = -125;
  while (n > 0) {
    if (n & 1) {
      mulNormal(rh, rl, re, bh, bl, be);
      rh = MH;
      rl = ML;
      re = ME;
    }
    n >>= 1;
    if (n > 0) {
      mulNormal(bh, bl, be, bh, bl, be);
      bh = MH;
      bl = ML;
      be = ME;
    }
  }
  if (q < 0) {
    ML = div256(0x8000000000000000, 0, 0, 0, rh, rl);
    MH = R1;
    ME = -255 - re;
    return;
  }
  MH = rh;
  ML = rl;
  ME = re;
}
/** MH:ML * 2^ME = d * 10^q (d > 0), MH normalised. */
function scaled(d: u64, q: i32): void {
  pow5Mantissa(q);
  const lz = <i32>clz<u64>(d);
  d <<= lz;
  const h0 = mulWide(d, MH);
  let h1 = R1;
  mulWide(d, ML);
  const low = h0 + R1;
  if (low < h0) h1++;
  let e = 64 + ME + q - lz;
  MH = h1;
  ML = low;
  if (<i64>MH >= 0) {
    MH = (MH << 1) | (ML >>> 63);
    ML <<= 1;
    e--;
  }
  ME = e;
}
// Rounding of MH:ML after dropping `drop` (65..128) bits: the kept part, and 0 = below half, 1 = above, 2 = unclear.
let KEPT: u64 = 0;
function cut(drop: i32): i32 {
  const s = drop - 64;
  let rem: u64;
  if (s == 64) {
    KEPT = 0;
    rem = MH;
  } else {
    KEPT = MH >>> s;
    rem = MH & ((<u64>1 << s) - 1);
  }
  const half = <u64>1 << (s - 1);
  if (rem == half && ML <= 0x10000) return 2;
  if (rem == half - 1 && ML >= ~(<u64>0x10000)) return 2;
  return rem >= half ? 1 : 0;
}

// ---- big integers: u32 limbs at p, count returned ----
function bigMul(p: i32, n: i32, f: u32, add: u32): i32 {
  let carry: u64 = add;
  for (let i = 0; i < n; i++) {
    const t = <u64>load<u32>(p + i * 4) * f + carry;
    store<u32>(p + i * 4, <u32>t);
    carry = t >>> 32;
  }
  if (carry != 0) store<u32>(p + n++ * 4, <u32>carry);
  return n;
}
function bigPow5(p: i32, n: i32, e: i32): i32 {
  for (; e >= 13; e -= 13) n = bigMul(p, n, 1220703125, 0);
  let f: u32 = 1;
  for (; e > 0; e--) f *= 5;
  return f == 1 ? n : bigMul(p, n, f, 0);
}
function bigShift(p: i32, n: i32, bits: i32): i32 {
  const words = bits >> 5;
  const r = bits & 31;
  memory.copy(p + words * 4, p, n * 4);
  memory.fill(p, 0, words * 4);
  n += words;
  return r == 0 ? n : bigMul(p, n, <u32>1 << r, 0);
}
function bigSet(p: i32, v: u64): i32 {
  store<u64>(p, v);
  return v > 0xffffffff ? 2 : v == 0 ? 0 : 1;
}
function bigCompare(a: i32, an: i32, b: i32, bn: i32): i32 {
  while (an > 0 && load<u32>(a + an * 4 - 4) == 0) an--;
  while (bn > 0 && load<u32>(b + bn * 4 - 4) == 0) bn--;
  if (an != bn) return an < bn ? -1 : 1;
  for (let i = an - 1; i >= 0; i--) {
    const x = load<u32>(a + i * 4);
    const y = load<u32>(b + i * 4);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}
/**
 * Sign of d * 10^q * 2^b - h * 2^c, exactly; when `digits` is not 0 the d is read from that decimal text instead
 * (`count` digits, a point is skipped).
 */
function compareExact(ctx: i32, d: u64, digits: i32, count: i32, q: i32, b: i32, h: u64, c: i32): i32 {
  const m = mark(ctx);
  const x = alloc_scratch(ctx, 8192);
  if (x == 0) return 0;
  const y = x + 4096;
  let xn = 0;
  if (digits != 0) {
    for (let i = 0; i < count; digits++) {
      const ch = <u32>load<u8>(digits) - 48;
      if (ch > 9) continue;
      xn = bigMul(x, xn, 10, ch);
      i++;
    }
  } else xn = bigSet(x, d);
  let yn = bigSet(y, h);
  if (q > 0) xn = bigPow5(x, xn, q);
  else yn = bigPow5(y, yn, -q);
  const shift = q + b - c;
  if (shift > 0) xn = bigShift(x, xn, shift);
  else yn = bigShift(y, yn, -shift);
  const r = bigCompare(x, xn, y, yn);
  release(ctx, m);
  return r;
}

/**
 * d * 10^q rounded to a binary float of `bits` mantissa bits and minimum exponent `minExp` (-1074 or -149), as f64;
 * infinity on overflow. digits/count: all significant digits when d was cut (0 = d is exact).
 */
function toBinary(ctx: i32, d: u64, q: i32, bits: i32, minExp: i32, digits: i32, count: i32, dropped: i32): f64 {
  if (d == 0) return 0;
  if (q > 400) return Infinity;
  if (q < -420) return 0;
  scaled(d, q);
  let drop = 128 - bits;
  if (ME + drop < minExp) drop = minExp - ME;
  if (drop > 128) return 0;
  let up = cut(drop);
  let kept = KEPT;
  const e = ME + drop;
  if (digits != 0 && up != 2) {
    scaled(d + 1, q);
    let drop2 = 128 - bits;
    if (ME + drop2 < minExp) drop2 = minExp - ME;
    const up2 = cut(drop2);
    if (up2 == 2 || KEPT != kept || up2 != up || ME + drop2 != e) up = 2;
  }
  if (up == 2) {
    const sign = compareExact(ctx, d, digits, count, q - dropped, 0, 2 * kept + 1, e - 1);
    up = sign > 0 || (sign == 0 && (kept & 1) == 1) ? 1 : 0;
  }
  if (up) kept++;
  const maxExp = bits == 53 ? 971 : 104;
  if (kept >>> bits != 0) {
    if (e + 1 > maxExp) return Infinity;
  } else if (e > maxExp) return Infinity;
  // kept * 2^e exactly
  let v = <f64>kept;
  let k = e;
  while (k < -1000) {
    // only subnormals come here: assemble the bits directly
    return reinterpret<f64>(subnormal(kept, k));
  }
  while (k > 900) {
    v *= reinterpret<f64>(<u64>(900 + 1023) << 52);
    k -= 900;
  }
  return v * reinterpret<f64>(<u64>(k + 1023) << 52);
}
/** Bits of kept * 2^e for e in -1074..-1001 and kept < 2^54. */
function subnormal(kept: u64, e: i32): u64 {
  const top = 63 - <i32>clz<u64>(kept);
  const exponent = top + e;
  if (exponent < -1022) return kept << (e + 1074);
  const mantissa = top <= 52 ? kept << (52 - top) : kept >>> (top - 52);
  return (<u64>(exponent + 1023) << 52) | (mantissa & 0xfffffffffffff);
}
export function parseFloatText(ctx: i32, s: i64, bits: i32): f64 {
  let p = strPtr(s);
  let end = p + strLen(s);
  while (p < end && isSpace(load<u8>(p))) p++;
  while (end > p && isSpace(load<u8>(end - 1))) end--;
  let negative = false;
  if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) negative = load<u8>(p++) == 45;
  if (p < end && (load<u8>(p) | 0x20) > 96) {
    const special = specialFloat(p, end - p);
    if (special == 0) failStr(ctx, INVALID_FLOAT, s);
    return negative ? -special : special;
  }
  let d: u64 = 0;
  let seen = 0;
  let used = 0;
  let total = 0;
  let q = 0;
  let point = false;
  let first = 0;
  let tail = false;
  while (p < end) {
    const c = <i32>load<u8>(p);
    if (c == 46 && !point) {
      point = true;
      p++;
      continue;
    }
    const v = c - 48;
    if (v < 0 || v > 9) break;
    seen++;
    if (used == 0 && v == 0) {
      if (point) q--;
    } else {
      if (used == 0) first = p;
      if (used < 19) {
        d = d * 10 + v;
        used++;
        if (point) q--;
      } else {
        if (v != 0) tail = true;
        if (!point) q++;
        if (total < 750) total++;
      }
    }
    p++;
  }
  let bad = seen == 0;
  if (!bad && p < end && (load<u8>(p) | 0x20) == 101) {
    p++;
    let en = false;
    if (p < end && (load<u8>(p) == 45 || load<u8>(p) == 43)) en = load<u8>(p++) == 45;
    if (p >= end) bad = true;
    let e = 0;
    while (p < end) {
      const v = <i32>load<u8>(p) - 48;
      if (v < 0 || v > 9) break;
      if (e < 100000) e = e * 10 + v;
      p++;
    }
    q += en ? -e : e;
  }
  if (bad || p != end) {
    failStr(ctx, INVALID_FLOAT, s);
    return 0;
  }
  let r: f64;
  if (!tail && bits == 53 && d <= 9007199254740992 && q >= -22 && q <= 22) {
    r = q < 0 ? <f64>d / exact10(-q) : <f64>d * exact10(q);
  } else r = toBinary(ctx, d, q, bits, bits == 53 ? -1074 : -149, tail ? first : 0, used + total, tail ? total : 0);
  if (r == Infinity || (r == 0 && d != 0)) failStr(ctx, bits == 53 ? FLOAT8_TEXT : FLOAT4_TEXT, s);
  return negative ? -r : r;
}
/** 10^n exactly, n <= 22. */
function exact10(n: i32): f64 {
  return n <= 19 ? <f64>pow10(n) : <f64>pow10(19) * <f64>pow10(n - 19);
}
/** NaN, Infinity or 0 when the word is neither. */
function specialFloat(p: i32, n: i32): f64 {
  let w: u64 = 0;
  if (n > 8 || n < 3) return 0;
  for (let i = 0; i < n; i++) w |= <u64>(load<u8>(p + i) | 0x20) << (i * 8);
  if (w == WORD("nan")) return NaN;
  if (w == WORD("inf") || w == WORD("infinity")) return Infinity;
  return 0;
}
export function text_to_float8(ctx: i32, s: i64): f64 {
  return parseFloatText(ctx, s, 53);
}
export function text_to_float4(ctx: i32, s: i64): f32 {
  return <f32>parseFloatText(ctx, s, 24);
}

// ---- output ----
let EXP10: i32 = 0;
/** `digits` significant decimal digits of v > 0 as an integer; EXP10 = decimal exponent of the first digit. */
function decimalDigits(ctx: i32, v: f64, digits: i32): u64 {
  const raw = reinterpret<u64>(v);
  let m = raw & 0xfffffffffffff;
  let e = <i32>(raw >>> 52) & 0x7ff;
  if (e == 0) e = -1074;
  else {
    m |= 0x10000000000000;
    e -= 1075;
  }
  const top = 63 - <i32>clz<u64>(m) + e;
  let k = <i32>Math.floor(<f64>top * 0.30102999566398120);
  for (let round = 0; round < 4; round++) {
    const q = digits - 1 - k;
    scaled(m, q);
    const drop = -(ME + e);
    if (drop > 128 || drop < 65) {
      k += drop > 128 ? -1 : 1;
      continue;
    }
    let up = cut(drop);
    let n = KEPT;
    if (up == 2) {
      const sign = compareExact(ctx, m, 0, 0, q, e + 1, 2 * n + 1, 0);
      up = sign > 0 || (sign == 0 && (n & 1) == 1) ? 1 : 0;
    }
    if (up) n++;
    if (n >= pow10(digits)) k++;
    else if (n < pow10(digits - 1)) k--;
    else {
      EXP10 = k;
      return n;
    }
  }
  EXP10 = k;
  return pow10(digits - 1);
}
/** %g layout of `n` (digits digits, exponent EXP10): scientific when exponent < -4 or >= threshold. */
function layoutG(p: i32, n: u64, digits: i32, threshold: i32): i32 {
  const k = EXP10;
  while (digits > 1 && n % 10 == 0) {
    n /= 10;
    digits--;
  }
  if (k < -4 || k >= threshold) {
    putDigits(p + 1, n, digits);
    store<u8>(p, load<u8>(p + 1));
    let end = p + 1;
    if (digits > 1) {
      store<u8>(p + 1, 46);
      end = p + 1 + digits;
    }
    store<u8>(end++, 101);
    store<u8>(end++, k < 0 ? 45 : 43);
    const a = <u64>(k < 0 ? -k : k);
    return putDigits(end, a, a < 100 ? 2 : 3);
  }
  if (k < 0) {
    store<u8>(p, 48);
    store<u8>(p + 1, 46);
    memory.fill(p + 2, 48, -k - 1);
    return putDigits(p + 1 - k, n, digits);
  }
  if (digits <= k + 1) {
    const end = putDigits(p, n, digits);
    memory.fill(end, 48, k + 1 - digits);
    return p + k + 1;
  }
  putDigits(p, n, digits);
  memory.copy(p + k + 2, p + k + 1, digits - k - 1);
  store<u8>(p + k + 1, 46);
  return p + digits + 1;
}
/** So many digits more than normal ones would be more than there are: the fewest that read back. */
const SHORTEST: i32 = 3;

function fmtFloat(ctx: i32, out: i32, v: f64, bits: i32): i32 {
  if (v != v) return put8(out, WORD("NaN"), 3);
  let p = out;
  if (reinterpret<i64>(v) < 0) {
    store<u8>(p++, 45);
    v = -v;
  }
  if (v == Infinity) return put8(p, WORD("Infinity"), 8);
  if (v == 0) {
    store<u8>(p, 48);
    return p + 1;
  }
  const extra = load<i32>(ctx, FLOAT_DIGITS);
  const normal = bits == 53 ? 15 : 6;
  if (v < 1e15 && bits == 53 && extra >= 0 && v == Math.floor(v)) return putI64(p, <i64>v);
  if (extra >= SHORTEST) {
    const most = bits == 53 ? 17 : 9;
    for (let digits = normal; digits <= most; digits++) {
      const n = decimalDigits(ctx, v, digits);
      const k = EXP10;
      if (digits == most || toBinary(ctx, n, k - digits + 1, bits, bits == 53 ? -1074 : -149, 0, 0, 0) == v) {
        EXP10 = k;
        return layoutG(p, n, digits, normal);
      }
    }
  }
  const digits = max(1, normal + extra);
  return layoutG(p, decimalDigits(ctx, v, digits), digits, digits);
}
export function fmt_float8(ctx: i32, out: i32, v: f64): i32 {
  return fmtFloat(ctx, out, v, 53);
}
export function fmt_float4(ctx: i32, out: i32, v: f32): i32 {
  return fmtFloat(ctx, out, <f64>v, 24);
}
export function float8_to_text(ctx: i32, v: f64): i64 {
  const p = alloc_scratch(ctx, 40);
  if (p == 0) return 0;
  const end = fmtFloat(ctx, p, v, 53);
  return makeStr(p, end - p);
}
export function float4_to_text(ctx: i32, v: f32): i64 {
  const p = alloc_scratch(ctx, 40);
  if (p == 0) return 0;
  const end = fmtFloat(ctx, p, <f64>v, 24);
  return makeStr(p, end - p);
}
/** Correctly rounded double of an unscaled integer below 2^64 times 10^-scale. */
export function decimalToFloat(ctx: i32, m: u64, exponent: i32): f64 {
  if (m <= 9007199254740992 && exponent <= 0 && exponent >= -22) return <f64>m / exact10(-exponent);
  return toBinary(ctx, m, exponent, 53, -1074, 0, 0, 0);
}
export function digitCount(v: u64): i32 {
  return digits10(v);
}
/** The 15 significant digits of v > 0 (as float8 to numeric casts use them); EXP10 through lastExponent. */
export function fifteenDigits(ctx: i32, v: f64, digits: i32): u64 {
  return decimalDigits(ctx, v, digits);
}
export function lastExponent(): i32 {
  return EXP10;
}
