/**
 * Argument reduction of sine and cosine: x = n * pi/2 + (reducedHi + reducedLo), n mod 4. Small arguments subtract
 * multiples of pi/2 held in four pieces, exact up to 10^6. Beyond, the binary digits of 2/pi that still matter for this exponent are
 * multiplied with the 53-bit mantissa (Payne and Hanek), so that every double has its correctly reduced angle.
 */
import { mulWide, R1 } from './wide.ts';

export let reducedHi: f64 = 0;
export let reducedLo: f64 = 0;

/** Binary digits of 2/pi behind the point, 64 a word. */
function twoOverPi(word: i32): u64 {
  switch (word) {
    case 0: return 0xa2f9836e4e441529;
    case 1: return 0xfc2757d1f534ddc0;
    case 2: return 0xdb6295993c439041;
    case 3: return 0xfe5163abdebbc561;
    case 4: return 0xb7246e3a424dd2e0;
    case 5: return 0x06492eea09d1921c;
    case 6: return 0xfe1deb1cb129a73e;
    case 7: return 0xe88235f52ebb4484;
    case 8: return 0xe99c7026b45f7e41;
    case 9: return 0x3991d639835339f4;
    case 10: return 0x9c845f8bbdf9283b;
    case 11: return 0x1ff897ffde05980f;
    case 12: return 0xef2f118b5a0a6d1f;
    case 13: return 0x6d367ecf27cb09b7;
    case 14: return 0x4f463f669e5fea2d;
    case 15: return 0x7527bac7ebe5f17b;
    case 16: return 0x3d0739f78a5292ea;
    case 17: return 0x6bfb5fb11f8d5d08;
    case 18: return 0x56033046fc7b6bab;
    default: return 0xf0cfbc209af4361d;
  }
}
/** 64 digits of 2/pi from digit `at` (0 = the first behind the point). */
function digitsAt(at: i32): u64 {
  const word = at >> 6;
  const shift = at & 63;
  const first = twoOverPi(word) << shift;
  return shift == 0 ? first : first | (twoOverPi(word + 1) >>> (64 - shift));
}

/** What the rounded product p of a and b lacks (Dekker). */
function productRest(a: f64, b: f64, p: f64): f64 {
  const ca = a * 134217729.0;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = b * 134217729.0;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
}

export function reduceAngle(x: f64): i32 {
  if (abs(x) > 1e6) return reduceLarge(x);
  const n = nearest(x * 0.6366197723675814);
  const p1 = reinterpret<f64>(0x3ff921fb54400000);
  const p2 = reinterpret<f64>(0x3dd0b4611a600000);
  const p3 = reinterpret<f64>(0x3ba3198a2e000000);
  const p4 = reinterpret<f64>(0x397b839a252049c1);
  const a = x - n * p1;
  let w = n * p2;
  const b = a - w;
  let err = a - b - w;
  w = n * p3;
  const c = b - w;
  err += b - c - w;
  err -= n * p4;
  reducedHi = c + err;
  reducedLo = c - reducedHi + err;
  return <i32>(<i64>n & 3);
}

/** x = m * 2^e with e > -34: 192 digits of 2/pi from the one whose product with m weighs 4 and less. */
function reduceLarge(x: f64): i32 {
  const bits = reinterpret<u64>(x);
  const m = (bits & 0x000fffffffffffff) | 0x0010000000000000;
  const e = <i32>((bits >>> 52) & 0x7ff) - 1075;
  // Digits before `start` give multiples of 8 quadrants; `point` digits of the product stand behind the point.
  const start = e > 3 ? e - 3 : 0;
  const point = start + 192 - e;
  const w0 = digitsAt(start);
  const w1 = digitsAt(start + 64);
  const w2 = digitsAt(start + 128);
  // top:p0:p1:p2 = m * (w0:w1:w2)
  const p2 = mulWide(m, w2);
  let carry = R1;
  const p1 = mulWide(m, w1) + carry;
  carry = R1 + (p1 < carry ? 1 : 0);
  const p0 = mulWide(m, w0) + carry;
  const top = R1 + (p0 < carry ? 1 : 0);
  // Quadrants before the point, 128 digits of the fraction behind it.
  const up = <u64>(192 - point);
  let whole = top;
  let f0 = p0;
  let f1 = p1;
  if (point < 192) {
    whole = (top << up) | (p0 >>> (64 - up));
    f0 = (p0 << up) | (p1 >>> (64 - up));
    f1 = (p1 << up) | (p2 >>> (64 - up));
  } else if (point > 192) {
    const down = <u64>(point - 192);
    whole = top >>> down;
    f0 = (top << (64 - down)) | (p0 >>> down);
    f1 = (p0 << (64 - down)) | (p1 >>> down);
  }
  let n = <i32>(whole & 3);
  let sign = 1.0;
  if (<i64>f0 < 0) {
    // Half a quadrant and more: count from the next one.
    n++;
    sign = -1.0;
    f0 = ~f0;
    f1 = ~f1;
  }
  // The fraction's first 106 significant bits as two doubles.
  let scale = 5.421010862427522e-20; // 2^-64
  let shift: u64 = 0;
  if (f0 == 0) {
    f0 = f1;
    f1 = 0;
    scale *= 5.421010862427522e-20;
  }
  if (f0 != 0) shift = clz<u64>(f0);
  if (shift != 0) {
    f0 = (f0 << shift) | (f1 >>> (64 - shift));
    f1 <<= shift;
  }
  const leading = f0 & 0xfffffffffffff800;
  const rest = ((f0 & 0x7ff) << 53) | (f1 >>> 11);
  const down = scale / <f64>(<u64>1 << shift);
  const hi = <f64>leading * down;
  const lo = <f64>rest * down * 1.1102230246251565e-16; // 2^-53
  const halfPiHi = reinterpret<f64>(0x3ff921fb54442d18);
  const halfPiLo = reinterpret<f64>(0x3c91a62633145c07);
  const r = hi * halfPiHi;
  const tail = productRest(hi, halfPiHi, r) + hi * halfPiLo + lo * halfPiHi;
  reducedHi = (r + tail) * sign;
  reducedLo = (r - (r + tail) + tail) * sign;
  if (x < 0) {
    reducedHi = -reducedHi;
    reducedLo = -reducedLo;
    n = -n;
  }
  return n & 3;
}
