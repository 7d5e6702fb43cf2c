/**
 * States of an aggregate that are strings in the arena which grow. Lists of values (kernels: percentile.ts), and HyperLogLog:
 * approx_distinct counts by the distribution hash
 * (kernels: hyperloglog.ts); the others are the sketches behind HLLSKETCH, whose hash and form are fixed (kernels: sketch.ts).
 */
import { intervalSpan } from '../../expressions/compile-compare.ts';
import { typedValue, widen128, type CodeValue, type TypedValue } from '../../expressions/code-env.ts';
import { identityOf } from '../../types/identity.ts';
import { FLOAT8, type SqlType } from '../../types/sql-type.ts';
import type { StageEnv } from '../segment-code.ts';
import { hashValue } from '../value-code.ts';

interface SketchCell {
  get(): TypedValue;
  set(value: CodeValue): void;
}

/** The state (none: 0) and what `push` leaves go into a kernel, which gives the new state. */
function intoState(env: StageEnv, cell: SketchCell, kernel: keyof typeof TAKES, push: () => void): void {
  const { fb } = env;
  const state = env.variable('str', false);
  const old = cell.get();
  fb.get(env.ctx);
  fb.i64_const(0n);
  old.push();
  old.pushNull!();
  fb.select();
  push();
  fb.call(env.kernel(kernel, ['i32', 'i64', TAKES[kernel]], ['i64']));
  fb.set(state.low);
  env.checkError();
  cell.set(state);
}

const TAKES = {
  hll_add: 'i32',
  hll_merge: 'i64',
  sketch_add: 'i32',
  sketch_merge: 'i64',
  sketch_combine: 'i64',
  values_i64: 'i64',
  values_f64: 'f64',
  values_merge: 'i64',
} as const;

/** A value, or a list of them, goes to the end of the list. */
export function gather(env: StageEnv, prim: 'values' | 'values_merge', cell: SketchCell, arg: TypedValue): void {
  if (prim === 'values_merge') return intoState(env, cell, prim, () => arg.push());
  const isFloat = arg.phys === 'f64';
  intoState(env, cell, isFloat ? 'values_f64' : 'values_i64', () => env.pushAs(arg, isFloat ? 'f64' : 'i64'));
}

/** approx_distinct; `merges`: the argument is a sketch. */
export function approximate(env: StageEnv, merges: boolean, cell: SketchCell, arg: TypedValue): void {
  if (merges) return intoState(env, cell, 'hll_merge', () => arg.push());
  const hash = hashValue(env, arg);
  intoState(env, cell, 'hll_add', () => env.fb.get(hash));
}

export function sketch(
  env: StageEnv,
  prim: 'sketch' | 'sketch_merge' | 'sketch_combine',
  cell: SketchCell,
  arg: TypedValue,
): void {
  if (prim !== 'sketch') return intoState(env, cell, prim, () => arg.push());
  const coupon = env.fb.local('i32');
  pushCoupon(env, arg);
  env.fb.set(coupon);
  env.checkError();
  intoState(env, cell, 'sketch_add', () => env.fb.get(coupon));
}

const WORD_TYPES: readonly SqlType['name'][] = ['int8', 'time', 'timestamp', 'timestamptz'];
/** An integer counts by the bytes of its type (a smallint as an integer), a decimal by its digits' sixteen, a text by its own (folded ones under case_insensitive). */
function pushCoupon(env: StageEnv, v: TypedValue): void {
  const { fb } = env;
  const wide = (value: CodeValue): void => {
    const exact = widen128(env, value);
    fb.get(env.ctx);
    exact.push();
    exact.pushHi!();
    fb.call(env.kernel('coupon_i128', ['i32', 'i64', 'i64'], ['i32']));
  };
  switch (identityOf(v.type)) {
    case 'integer':
      if (!WORD_TYPES.includes(v.type.name) && v.phys === 'i32') {
        v.push();
        return fb.call(env.kernel('coupon_i32', ['i32'], ['i32']));
      }
      env.pushAs(v, 'i64');
      return fb.call(env.kernel('coupon_i64', ['i64'], ['i32']));
    case 'numeric':
      return wide(v);
    case 'interval':
      return wide(intervalSpan(env, v));
    case 'float':
      typedValue(env, FLOAT8, v).push();
      return fb.call(env.kernel('coupon_f64', ['f64'], ['i32']));
    case 'folded':
      fb.get(env.ctx);
      v.push();
      fb.call(env.kernel('str_fold', ['i32', 'i64'], ['i64']));
      return fb.call(env.kernel('coupon_str', ['i64'], ['i32']));
    case 'string':
      v.push();
      return fb.call(env.kernel('coupon_str', ['i64'], ['i32']));
  }
}
