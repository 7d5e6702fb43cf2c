/**
 * Arithmetic on integers, numerics and floats with Redshift's result types. Overflow is always checked; where the
 * operands' declared precision already proves that the result fits, no check is emitted. numeric operands keep their
 * own scale and are rescaled here.
 */
import { assert, unreachable } from '../common/assert.ts';
import type { BoundExpr } from './bound.ts';
import type { CodeEnv, CodeValue, CodeVariable } from './code-env.ts';
import type { Compiler } from './compile.ts';
import { isFloat, isInteger, physOf, type SqlType } from '../types/sql-type.ts';
import { anyNull, unlessNull } from './compile-literal.ts';

const ERR = { DIVISION_BY_ZERO: 1, SMALLINT: 2, INTEGER: 3, BIGINT: 4 } as const;
/** Bits of doubles without their sign, shifted to the left: the least normal number's, and infinity's less these. */
const LEAST_NORMAL = 1n << 53n;
const BEYOND_NORMAL = BigInt.asIntN(64, (0x7ffn << 53n) - LEAST_NORMAL);
type Arith = Extract<BoundExpr, { kind: 'arith' }>;

export function compileArith(env: CodeEnv, expr: Arith, compile: Compiler): CodeValue {
  const left = compile(env, expr.left);
  const right = compile(env, expr.right);
  if (isFloat(expr.type)) return floatArith(env, expr, left, right);
  if (expr.type.name === 'numeric') return numericArith(env, expr, left, right);
  if (isInteger(expr.type)) return integerArith(env, expr, left, right);
  throw unreachable(expr.type.name as never, 'arithmetic type');
}

function resultFor(
  env: CodeEnv,
  phys: CodeVariable['phys'],
  left: CodeValue,
  right: CodeValue,
  fits64 = false,
): CodeVariable {
  const result = env.variable(phys, anyNull(env, [left, right]) !== undefined, fits64);
  if (result.nullLocal >= 0) {
    result.assignNull();
    anyNull(env, [left, right])!();
    env.fb.set(result.nullLocal);
  }
  return result;
}

function pushF64(env: CodeEnv, v: CodeValue): void {
  v.push();
  if (v.phys === 'f32') env.fb.do('f64_promote_f32');
}

/** Doubles; the analyser lets no % of them through. */
function floatArith(env: CodeEnv, expr: Arith, left: CodeValue, right: CodeValue): CodeValue {
  const { fb } = env;
  const { op } = expr;
  assert(op !== '%', 'a remainder of floats');
  const result = resultFor(env, 'f64', left, right);
  unlessNull(env, [left, right], () => {
    const a = fb.local('f64');
    const b = fb.local('f64');
    pushF64(env, left);
    fb.set(a);
    pushF64(env, right);
    fb.set(b);
    if (op === '/') {
      fb.get(b);
      fb.f64_const(0);
      fb.do('f64_eq');
      fb.if_(() => env.raise(ERR.DIVISION_BY_ZERO));
    }
    floatResult(env, op, a, b, result.low);
  });
  return result;
}

const FLOAT_OPS = {
  '+': { op: 'f64_add', check: 'float_sum_range' },
  '-': { op: 'f64_sub', check: 'float_sum_range' },
  '*': { op: 'f64_mul', check: 'float_product_range' },
  '/': { op: 'f64_div', check: 'float_quotient_range' },
} as const;
/**
 * result = a op b, which is refused where finite operands give an infinity, or what is not zero is rounded to zero. One test
 * tells a result that needs a closer look: of sums an infinity; of products and quotients zero and the numbers next to it as
 * well, whose bits without the sign, less the least normal number's, are among the greatest.
 */
export function floatResult(env: CodeEnv, op: keyof typeof FLOAT_OPS, a: number, b: number, result: number): void {
  const { fb } = env;
  fb.get(a);
  fb.get(b);
  fb.do(FLOAT_OPS[op].op);
  fb.set(result);
  fb.get(result);
  if (op === '+' || op === '-') {
    fb.do('f64_abs');
    fb.f64_const(Infinity);
    fb.do('f64_eq');
  } else {
    fb.do('i64_reinterpret_f64');
    fb.i64_const(1n);
    fb.do('i64_shl');
    fb.i64_const(LEAST_NORMAL);
    fb.do('i64_sub');
    fb.i64_const(BEYOND_NORMAL);
    fb.do('i64_ge_u');
  }
  fb.if_(() => {
    for (const local of [env.ctx, a, b, result]) fb.get(local);
    fb.call(env.kernel(FLOAT_OPS[op].check, ['i32', 'f64', 'f64', 'f64'], []));
    env.checkError();
  });
}

function pushI64(env: CodeEnv, v: CodeValue): void {
  v.push();
  if (v.phys === 'i32') env.fb.do('i64_extend_i32_s');
}

function integerArith(env: CodeEnv, expr: Arith, left: CodeValue, right: CodeValue): CodeValue {
  const { fb } = env;
  const phys = physOf(expr.type);
  const result = resultFor(env, phys, left, right);
  unlessNull(env, [left, right], () => {
    const r = fb.local('i64');
    if (expr.op === '/' || expr.op === '%') divide(env, expr, left, right, r);
    else if (phys === 'i64') checkedI64(env, expr.op, left, right, r);
    else {
      pushI64(env, left);
      pushI64(env, right);
      fb.do(({ '+': 'i64_add', '-': 'i64_sub', '*': 'i64_mul' } as const)[expr.op]);
      fb.set(r);
    }
    if (phys === 'i32') {
      rangeCheck(env, r, expr.type);
      fb.get(r);
      fb.do('i32_wrap_i64');
    } else fb.get(r);
    fb.set(result.low);
  });
  return result;
}

/** Raises when the i64 in `local` does not fit smallint or integer. */
export function rangeCheck(env: CodeEnv, local: number, type: SqlType): void {
  const { fb } = env;
  const bits = type.name === 'int2' ? 48n : 32n;
  fb.get(local);
  fb.i64_const(bits);
  fb.do('i64_shl');
  fb.i64_const(bits);
  fb.do('i64_shr_s');
  fb.get(local);
  fb.do('i64_ne');
  fb.if_(() => env.raise(type.name === 'int2' ? ERR.SMALLINT : ERR.INTEGER));
}

function divide(env: CodeEnv, expr: Arith, left: CodeValue, right: CodeValue, r: number): void {
  const { fb } = env;
  const b = fb.local('i64');
  pushI64(env, right);
  fb.tee(b);
  fb.do('i64_eqz');
  fb.if_(() => env.raise(ERR.DIVISION_BY_ZERO));
  if (expr.op === '/') {
    // MIN / -1 overflows (and would trap).
    pushI64(env, left);
    fb.i64_const(-0x8000000000000000n);
    fb.do('i64_eq');
    fb.get(b);
    fb.i64_const(-1n);
    fb.do('i64_eq', 'i32_and');
    fb.if_(() => env.raise(ERR.BIGINT));
  }
  pushI64(env, left);
  fb.get(b);
  fb.do(expr.op === '/' ? 'i64_div_s' : 'i64_rem_s');
  fb.set(r);
}

function checkedI64(env: CodeEnv, op: '+' | '-' | '*', left: CodeValue, right: CodeValue, r: number): void {
  const { fb } = env;
  const a = fb.local('i64');
  const b = fb.local('i64');
  pushI64(env, left);
  fb.set(a);
  pushI64(env, right);
  fb.set(b);
  fb.get(a);
  fb.get(b);
  fb.do(op === '+' ? 'i64_add' : op === '-' ? 'i64_sub' : 'i64_mul');
  fb.set(r);
  if (op !== '*') {
    // Overflow when the signs of a and (+: b, -: not b) agree and differ from the result's.
    fb.get(a);
    fb.get(r);
    fb.do('i64_xor');
    fb.get(op === '+' ? b : a);
    fb.get(op === '+' ? r : b);
    fb.do('i64_xor', 'i64_and');
    fb.i64_const(0n);
    fb.do('i64_lt_s');
    fb.if_(() => env.raise(ERR.BIGINT));
    return;
  }
  // Small operands cannot overflow; otherwise divide back.
  for (const [i, x] of [a, b].entries()) {
    fb.get(x);
    fb.get(x);
    fb.do('i32_wrap_i64', 'i64_extend_i32_s', 'i64_ne');
    if (i === 1) fb.do('i32_or');
  }
  fb.if_(() => {
    fb.get(a);
    fb.do('i64_eqz', 'i32_eqz');
    fb.if_(() => {
      fb.get(a);
      fb.i64_const(-1n);
      fb.do('i64_eq');
      fb.get(b);
      fb.i64_const(-0x8000000000000000n);
      fb.do('i64_eq', 'i32_and');
      fb.if_(() => env.raise(ERR.BIGINT));
      fb.get(r);
      fb.get(a);
      fb.do('i64_div_s');
      fb.get(b);
      fb.do('i64_ne');
      fb.if_(() => env.raise(ERR.BIGINT));
    });
  });
}

const scaleOf = (t: SqlType): number => (t.name === 'numeric' ? (t.scale ?? 0) : 0);

/**
 * numeric: one word while the result's precision is at most 18 (no check needed: 10^18 < 2^63) or in the narrow variant,
 * where a result of a wider type is an i128 known to fit one word; otherwise i128 kernels. Only a precision of 38 can
 * have been capped, so only there is the result's size checked.
 */
function numericArith(env: CodeEnv, expr: Arith, left: CodeValue, right: CodeValue): CodeValue {
  const lt = expr.left.type;
  const rt = expr.right.type;
  const p = expr.type.precision ?? 18;
  const s = expr.type.scale ?? 0;
  const oneWord = (v: CodeValue): boolean => v.phys !== 'i128' || v.fits64 === true;
  const inI64 = oneWord(left) && oneWord(right) && expr.op !== '/' && expr.op !== '%' && (p <= 18 || env.narrow);
  const excess = expr.op === '*' ? scaleOf(lt) + scaleOf(rt) - s : 0;
  if (inI64 && excess >= 0 && (excess === 0 || env.narrow)) {
    const { fb } = env;
    const phys = physOf(expr.type);
    const result = resultFor(env, phys, left, right, phys === 'i128');
    const scaled = (v: CodeValue, from: number): void => {
      pushI64(env, v);
      if (expr.op === '*' || from === s) return;
      fb.i64_const(10n ** BigInt(s - from));
      fb.do('i64_mul');
    };
    scaled(left, scaleOf(lt));
    scaled(right, scaleOf(rt));
    fb.do(expr.op === '+' ? 'i64_add' : expr.op === '-' ? 'i64_sub' : 'i64_mul');
    fb.set(result.low);
    if (excess > 0) roundDown(env, result.low, 10n ** BigInt(excess));
    return result;
  }
  return wideArith(env, expr, left, right);
}

/**
 * local = local / divisor, half away from zero. The value is below 2^52 (checked per row group, see steps/narrow.ts), so
 * a float division truncates to the exact quotient; it is several times quicker than the integer one.
 */
function roundDown(env: CodeEnv, local: number, divisor: bigint): void {
  const { fb } = env;
  fb.get(local);
  // Half a divisor with the value's sign.
  fb.get(local);
  fb.i64_const(63n);
  fb.do('i64_shr_s');
  fb.i64_const(1n);
  fb.do('i64_or');
  fb.i64_const(divisor / 2n);
  fb.do('i64_mul', 'i64_add', 'f64_convert_i64_s');
  fb.f64_const(Number(divisor));
  fb.do('f64_div');
  fb.op(0xb0); // i64.trunc_f64_s
  fb.set(local);
}

/** Result in kernels' i128, brought back to i64 when the type says so. */
function wideArith(env: CodeEnv, expr: Arith, left: CodeValue, right: CodeValue): CodeValue {
  const { fb } = env;
  const s = expr.type.scale ?? 0;
  const p = expr.type.precision ?? 18;
  const ls = scaleOf(expr.left.type);
  const rs = scaleOf(expr.right.type);
  const phys = physOf(expr.type);
  const result = resultFor(env, phys, left, right);
  unlessNull(env, [left, right], () => {
    const wide = env.variable('i128', false);
    if (expr.op === '/') {
      fb.get(env.ctx);
      push128(env, left);
      push128(env, right);
      fb.i32_const(s - ls + rs);
      fb.call(env.kernel('numeric_div', ['i32', 'i64', 'i64', 'i64', 'i64', 'i32'], ['i64']));
      takeWide(env, wide);
    } else {
      const common = Math.max(ls, rs);
      const operandScale = expr.op === '*' ? undefined : common;
      const l = operandScale === undefined ? settle128(env, left) : rescale(env, left, operandScale - ls);
      const r = operandScale === undefined ? settle128(env, right) : rescale(env, right, operandScale - rs);
      fb.get(env.ctx);
      push128(env, l);
      push128(env, r);
      const name = ({ '+': 'i128_add', '-': 'i128_sub', '*': 'i128_mul', '%': 'i128_mod' } as const)[expr.op];
      fb.call(env.kernel(name, ['i32', 'i64', 'i64', 'i64', 'i64'], ['i64']));
      takeWide(env, wide);
      const have = expr.op === '*' ? ls + rs : common;
      if (have !== s) wide.assign(rescale(env, wide, s - have));
    }
    if (phys === 'i64') narrowTo64(env, wide, p, result.low);
    else {
      if (p === 38) checkPrecision(env, wide, p);
      fb.get(wide.low);
      fb.set(result.low);
      fb.get(wide.high);
      fb.set(result.high);
    }
  });
  return result;
}

export function push128(env: CodeEnv, v: CodeValue): void {
  const { fb } = env;
  if (v.phys === 'i128') {
    v.push();
    v.pushHi!();
    return;
  }
  pushI64(env, v);
  pushI64(env, v);
  fb.i64_const(63n);
  fb.do('i64_shr_s');
}
function settle128(env: CodeEnv, v: CodeValue): CodeVariable {
  const w = env.variable('i128', false);
  push128(env, v);
  env.fb.set(w.high);
  env.fb.set(w.low);
  return w;
}
/** Low word of a kernel's result on the stack, high word in the context. */
export function takeWide(env: CodeEnv, into: CodeVariable): void {
  const { fb } = env;
  fb.set(into.low);
  fb.get(env.ctx);
  fb.mem('i64_load', 16);
  fb.set(into.high);
  env.checkError();
}
/** v * 10^by; a division rounds half away from zero, or truncates. */
export function rescale(env: CodeEnv, v: CodeValue, by: number, rounds = true): CodeVariable {
  if (by === 0) return settle128(env, v);
  const { fb } = env;
  const w = env.variable('i128', false);
  fb.get(env.ctx);
  push128(env, v);
  fb.i32_const(by);
  fb.call(env.kernel(rounds ? 'numeric_rescale' : 'numeric_truncate', ['i32', 'i64', 'i64', 'i32'], ['i64']));
  takeWide(env, w);
  return w;
}
export function checkPrecision(env: CodeEnv, v: CodeVariable, precision: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  push128(env, v);
  fb.i32_const(precision);
  fb.call(env.kernel('numeric_check', ['i32', 'i64', 'i64', 'i32'], []));
  env.checkError();
}
/** Error unless the i128 fits the precision (at most 18, which fits one word). */
export function narrowTo64(env: CodeEnv, wide: CodeVariable, precision: number, into: number): void {
  const { fb } = env;
  checkPrecision(env, wide, precision);
  fb.get(wide.low);
  fb.set(into);
}

export function compileNegate(env: CodeEnv, expr: Extract<BoundExpr, { kind: 'neg' }>, compile: Compiler): CodeValue {
  const { fb } = env;
  const v = compile(env, expr.arg);
  if (v.phys === 'f64' || v.phys === 'f32') {
    const neg = v.phys === 'f64' ? 'f64_neg' : 'f32_neg';
    return { ...v, push: () => (v.push(), fb.do(neg)) };
  }
  const zero: BoundExpr = { kind: 'const', type: expr.arg.type, value: 0 };
  const arith: Arith = { kind: 'arith', op: '-', type: expr.type, left: zero, right: expr.arg };
  if (expr.type.name === 'numeric') {
    return numericArith(env, { ...arith }, env.constant('i64', 0), v);
  }
  return integerArith(env, arith, env.constant(v.phys, 0), v);
}
