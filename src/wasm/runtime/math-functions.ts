/**
 * Float mathematics, rounding of floats and decimals, integer bits. exp, log, pow and the inverse functions come from
 * the compiler's library in its table-free form; sine, cosine and tangent are here because the library's argument
 * reduction needs a table in static data.
 */
import { alloc_scratch } from './alloc.ts';
import {
  BIGINT_RANGE, DIVISION_BY_ZERO, fail, failText, FLOAT_RANGE, FLOAT_UNDERFLOW, INVALID_PARAMETER, LOG_DOMAIN, NEGATIVE_SQRT,
  NUMERIC_OVERFLOW, SMALLINT_RANGE,
} from './errors.ts';
import { fitsPrecision } from './numeric.ts';
import { IDENTITY, put8, setRetHi } from './layout.ts';
import { magHi, magLo, signed128 } from './int128.ts';
import { reduceAngle, reducedHi, reducedLo } from './reduce-angle.ts';
import { pow10, R1, scaleDown, mulWide, pow10Wide, mul128, W0, W1 } from './wide.ts';

/** A result of finite operands is finite. */
function checked(ctx: i32, v: f64, a: f64, b: f64): f64 {
  if (abs(v) == Infinity && abs(a) != Infinity && abs(b) != Infinity) fail(ctx, FLOAT_RANGE);
  return v;
}
/** Nor is it zero where only rounding makes it that. */
function nonZero(ctx: i32, v: f64, a: f64, b: f64): f64 {
  if (v == 0 && abs(a) != Infinity && abs(b) != Infinity) fail(ctx, FLOAT_UNDERFLOW);
  return checked(ctx, v, a, b);
}
/** What an operation on doubles may not give, looked at where its result is suspicious (expressions/compile-arith.ts). */
export function float_sum_range(ctx: i32, a: f64, b: f64, v: f64): void {
  checked(ctx, v, a, b);
}
export function float_product_range(ctx: i32, a: f64, b: f64, v: f64): void {
  checked(ctx, v, a, b);
  if (v == 0 && a != 0 && b != 0) fail(ctx, FLOAT_UNDERFLOW);
}
export function float_quotient_range(ctx: i32, a: f64, b: f64, v: f64): void {
  checked(ctx, v, a, b);
  if (v == 0 && a != 0 && abs(b) != Infinity) fail(ctx, FLOAT_UNDERFLOW);
}
export function math_sqrt(ctx: i32, v: f64): f64 {
  if (v < 0) fail(ctx, NEGATIVE_SQRT);
  return sqrt(v);
}
export function math_cbrt(ctx: i32, v: f64): f64 {
  return NativeMath.cbrt(v);
}
export function math_exp(ctx: i32, v: f64): f64 {
  return nonZero(ctx, NativeMath.exp(v), v, 0);
}
function logDomain(ctx: i32, v: f64): void {
  if (v > 0 || v != v) return;
  const t = alloc_scratch(ctx, 64);
  if (t == 0) return;
  const e = v == 0 ? PUT(t, "cannot take logarithm of zero") : PUT(t, "cannot take logarithm of a negative number");
  failText(ctx, LOG_DOMAIN, t, e - t);
}
export function math_ln(ctx: i32, v: f64): f64 {
  logDomain(ctx, v);
  return NativeMath.log(v);
}
export function math_log10(ctx: i32, v: f64): f64 {
  logDomain(ctx, v);
  return NativeMath.log10(v);
}
export function math_log_base(ctx: i32, base: f64, v: f64): f64 {
  logDomain(ctx, v);
  logDomain(ctx, base);
  return NativeMath.log(v) / NativeMath.log(base);
}
export function math_power(ctx: i32, a: f64, b: f64): f64 {
  if (a < 0 && b != trunc(b)) domainOfPower(ctx);
  const v = NativeMath.pow(a, b);
  return a == 0 ? checked(ctx, v, a, b) : nonZero(ctx, v, a, b);
}
function domainOfPower(ctx: i32): void {
  const t = alloc_scratch(ctx, 80);
  if (t == 0) return;
  const e = PUT(t, "a negative number raised to a non-integer power yields a complex result");
  failText(ctx, INVALID_PARAMETER, t, e - t);
}
function domain(ctx: i32, v: f64): void {
  if (v >= -1 && v <= 1 || v != v) return;
  const t = alloc_scratch(ctx, 32);
  if (t == 0) return;
  const e = PUT(t, "input is out of range");
  failText(ctx, INVALID_PARAMETER, t, e - t);
}
export function math_asin(ctx: i32, v: f64): f64 {
  domain(ctx, v);
  return NativeMath.asin(v);
}
export function math_acos(ctx: i32, v: f64): f64 {
  domain(ctx, v);
  return NativeMath.acos(v);
}
export function math_atan(ctx: i32, v: f64): f64 {
  return NativeMath.atan(v);
}
export function math_atan2(ctx: i32, y: f64, x: f64): f64 {
  return NativeMath.atan2(y, x);
}

// ---- sine and cosine ----
function sinKernel(x: f64, y: f64): f64 {
  const z = x * x;
  const r = 8.33333333332248946124e-3 + z * (-1.98412698298579493134e-4 + z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  const v = z * x;
  return x - (z * (0.5 * y - v * r) - y - v * -1.66666666666666324348e-1);
}
function cosKernel(x: f64, y: f64): f64 {
  const z = x * x;
  const r = z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * (2.48015872894767294178e-5 + z * (-2.75573143513906633035e-7 + z * (2.08757232129817482790e-9 + z * -1.13596475577881948265e-11)))));
  const hz = 0.5 * z;
  const w = 1.0 - hz;
  return w + (1.0 - w - hz + (z * r - x * y));
}
function notFinite(ctx: i32, v: f64): bool {
  if (abs(v) != Infinity) return v != v;
  domain(ctx, v);
  return true;
}
export function math_sin(ctx: i32, v: f64): f64 {
  if (notFinite(ctx, v)) return NaN;
  const n = reduceAngle(v);
  const r = (n & 1) == 0 ? sinKernel(reducedHi, reducedLo) : cosKernel(reducedHi, reducedLo);
  return (n & 2) == 0 ? r : -r;
}
export function math_cos(ctx: i32, v: f64): f64 {
  if (notFinite(ctx, v)) return NaN;
  const n = reduceAngle(v) + 1;
  const r = (n & 1) == 0 ? sinKernel(reducedHi, reducedLo) : cosKernel(reducedHi, reducedLo);
  return (n & 2) == 0 ? r : -r;
}
export function math_tan(ctx: i32, v: f64): f64 {
  return math_sin(ctx, v) / math_cos(ctx, v);
}
export function math_cot(ctx: i32, v: f64): f64 {
  const s = math_sin(ctx, v);
  if (s == 0) fail(ctx, DIVISION_BY_ZERO);
  return math_cos(ctx, v) / s;
}
export function math_degrees(ctx: i32, v: f64): f64 {
  return checked(ctx, v * 57.295779513082320877, v, 0);
}
export function math_radians(ctx: i32, v: f64): f64 {
  return v == 0 ? v : nonZero(ctx, v * 0.017453292519943295769, v, 0);
}
export function math_pi(ctx: i32): f64 {
  return 3.14159265358979323846;
}

// ---- rounding ----
export function float8_ceil(ctx: i32, v: f64): f64 {
  return ceil(v);
}
export function float8_floor(ctx: i32, v: f64): f64 {
  return floor(v);
}
export function float8_trunc(ctx: i32, v: f64): f64 {
  return trunc(v);
}
/** Half away from zero. */
export function float8_round(ctx: i32, v: f64): f64 {
  const r = trunc(v);
  return abs(v - r) >= 0.5 ? r + (v < 0 ? -1.0 : 1.0) : r;
}
function power10(n: i32): f64 {
  return n <= 19 ? <f64>pow10(n) : NativeMath.pow(10, <f64>n);
}
export function float8_round_digits(ctx: i32, v: f64, digits: i32): f64 {
  if (digits > 340 || v != v || abs(v) == Infinity) return v;
  if (digits < -308) return 0;
  if (digits >= 0) {
    const up = min(digits, 308);
    const scaled = v * power10(up) * power10(digits - up);
    // From 2^53 on a double has no digits behind the point to round.
    if (!(abs(scaled) < 9007199254740992.0)) return v;
    return float8_round(ctx, scaled) / power10(up) / power10(digits - up);
  }
  const p = power10(-digits);
  return checked(ctx, float8_round(ctx, v / p) * p, v, p);
}
export function float8_trunc_digits(ctx: i32, v: f64, digits: i32): f64 {
  if (digits > 340 || v != v || abs(v) == Infinity) return v;
  if (digits < -308) return 0;
  if (digits >= 0) {
    const up = min(digits, 308);
    const scaled = v * power10(up) * power10(digits - up);
    if (!(abs(scaled) < 9007199254740992.0)) return v;
    return trunc(scaled) / power10(up) / power10(digits - up);
  }
  const p = power10(-digits);
  return trunc(v / p) * p;
}
export function float8_abs(ctx: i32, v: f64): f64 {
  return abs(v);
}
export function float8_sign(ctx: i32, v: f64): f64 {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}
/** Drops `cut` decimal digits of an unscaled value. mode: 0 half away, 1 truncate, 2 up, 3 down. Scale shrinks by cut. */
export function numeric_cut(ctx: i32, lo: i64, hi: i64, cut: i32, mode: i32): i64 {
  if (cut <= 0) {
    setRetHi(ctx, hi);
    return lo;
  }
  const negative = hi < 0;
  const ml = magLo(lo, hi);
  const mh = magHi(lo, hi);
  let q = scaleDown(ml, mh, cut, mode != 0);
  let qh = R1;
  if (mode >= 2 && negative == (mode == 3)) {
    // away from zero when anything was cut
    const plo = pow10Wide(min(cut, 38));
    mul128(q, qh, plo, R1);
    if (cut > 38 ? (ml | mh) != 0 : W0 != ml || W1 != mh) {
      q++;
      if (q == 0) qh++;
    }
  }
  return signed128(ctx, q, qh, negative);
}
/**
 * round / trunc of a decimal at `digits` places (negative: left of the point) with the scale kept: digits below are 0.
 */
export function numeric_round_at(ctx: i32, lo: i64, hi: i64, scale: i32, digits: i32, mode: i32): i64 {
  if (digits >= scale) {
    setRetHi(ctx, hi);
    return lo;
  }
  // digits may be as low as an int4 goes
  if (digits < scale - 38) {
    setRetHi(ctx, 0);
    return 0;
  }
  const cut = scale - digits;
  const negative = hi < 0;
  const q = scaleDown(magLo(lo, hi), magHi(lo, hi), cut, mode != 0);
  const qh = R1;
  const plo = pow10Wide(cut);
  mul128(q, qh, plo, R1);
  const low = W0;
  const high = W1;
  // rounding up may reach 10^38
  if (!fitsPrecision(<i64>low, <i64>high, 38)) fail(ctx, NUMERIC_OVERFLOW);
  return signed128(ctx, low, high, negative);
}
export function numeric_sign(ctx: i32, lo: i64, hi: i64): i32 {
  return hi < 0 ? -1 : (lo | hi) == 0 ? 0 : 1;
}

// ---- integers ----
export function int2_abs(ctx: i32, v: i32): i32 {
  if (v == -32768) fail(ctx, SMALLINT_RANGE);
  return v < 0 ? -v : v;
}
export function int4_abs(ctx: i32, v: i32): i32 {
  if (v == i32.MIN_VALUE) fail(ctx, 3);
  return v < 0 ? -v : v;
}
export function int8_abs(ctx: i32, v: i64): i64 {
  if (v == i64.MIN_VALUE) fail(ctx, 4);
  return v < 0 ? -v : v;
}
export function int4_sign(ctx: i32, v: i32): i32 {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}
export function int8_sign(ctx: i32, v: i64): i64 {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}
export function int4_mod(ctx: i32, a: i32, b: i32): i32 {
  if (b == 0) {
    fail(ctx, DIVISION_BY_ZERO);
    return 0;
  }
  return b == -1 ? 0 : a % b;
}
export function int8_mod(ctx: i32, a: i64, b: i64): i64 {
  if (b == 0) {
    fail(ctx, DIVISION_BY_ZERO);
    return 0;
  }
  return b == -1 ? 0 : a % b;
}
/** Rounds an integer at 10^-digits (digits < 0); mode 0 half away, 1 truncate. Rounding away may leave bigint. */
export function int8_round_at(ctx: i32, v: i64, digits: i32, mode: i32): i64 {
  if (digits >= 0) return v;
  if (digits < -19) return 0;
  const p = pow10(-digits);
  const m = v < 0 ? <u64>-v : <u64>v;
  const q = m / p;
  const r = m - q * p;
  let whole = q * p;
  if (mode == 0 && r >= p - r) {
    whole += p;
    if (whole > 0x7fffffffffffffff && !(v < 0 && whole == 0x8000000000000000)) fail(ctx, BIGINT_RANGE);
  }
  return v < 0 ? -<i64>whole : <i64>whole;
}
export function int4_and(ctx: i32, a: i32, b: i32): i32 {
  return a & b;
}
export function int4_or(ctx: i32, a: i32, b: i32): i32 {
  return a | b;
}
export function int4_xor(ctx: i32, a: i32, b: i32): i32 {
  return a ^ b;
}
export function int4_not(ctx: i32, a: i32): i32 {
  return ~a;
}
export function int2_shl(ctx: i32, a: i32, n: i32): i32 {
  return <u32>n > 15 ? 0 : (a << (n + 16)) >> 16;
}
export function int4_shl(ctx: i32, a: i32, n: i32): i32 {
  return <u32>n > 31 ? 0 : a << n;
}
export function int4_shr(ctx: i32, a: i32, n: i32): i32 {
  return <u32>n > 31 ? a >> 31 : a >> n;
}
export function int8_and(ctx: i32, a: i64, b: i64): i64 {
  return a & b;
}
export function int8_or(ctx: i32, a: i64, b: i64): i64 {
  return a | b;
}
export function int8_xor(ctx: i32, a: i64, b: i64): i64 {
  return a ^ b;
}
export function int8_not(ctx: i32, a: i64): i64 {
  return ~a;
}
export function int8_shl(ctx: i32, a: i64, n: i32): i64 {
  return <u32>n > 63 ? 0 : a << n;
}
export function int8_shr(ctx: i32, a: i64, n: i32): i64 {
  return <u32>n > 63 ? a >> 63 : a >> n;
}
export function bool_and2(ctx: i32, a: i32, b: i32): i32 {
  return a & b;
}
/** The next value of an identity column for this segment on this slice; a column without an entry has none to give. */
export function identity_next(ctx: i32, table: i32, column: i32): i64 {
  let entry = load<i32>(ctx, IDENTITY);
  while (entry != 0 && load<i32>(entry) != column) entry = load<i32>(entry) == 0 ? 0 : entry + 32;
  if (entry == 0) {
    const t = alloc_scratch(ctx, 32);
    if (t == 0) return 0;
    const e = PUT(t, "no identity column");
    failText(ctx, INVALID_PARAMETER, t, e - t);
    return 0;
  }
  const left = load<i64>(entry, 24);
  if (left == 0) {
    fail(ctx, load<i32>(entry, 4));
    return 0;
  }
  const value = load<i64>(entry, 8);
  store<i64>(entry, value + load<i64>(entry, 16), 8);
  store<i64>(entry, left - 1, 24);
  return value;
}
