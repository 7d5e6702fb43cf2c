/**
 * How many bytes a row needs at most where it is going: a fixed part and the lengths of its texts. Summed in 64 bits,
 * because a row of many long texts passes 2^31; above ALLOCATION_BYTES_MAX the row is Out Of Memory.
 */
import { ALLOCATION_BYTES_MAX } from '../common/limits.ts';
import type { CodeValue, TypedValue } from '../expressions/code-env.ts';
import { pushIsReference, type StageEnv } from './segment-code.ts';

const OUT_OF_MEMORY = 17;

/** Pushes the length of a text, times `factor`, as i64; of a reference to a long value 0. */
function pushLength(env: StageEnv, v: CodeValue, factor: number, mayRefer: boolean): void {
  const { fb } = env;
  v.push();
  fb.i64_const(32n);
  fb.do('i64_shr_u');
  if (mayRefer) {
    fb.i64_const(0n);
    v.push();
    pushIsReference(fb);
    fb.do('i32_eqz');
    fb.select();
  }
  if (factor === 1) return;
  fb.i64_const(BigInt(factor));
  fb.do('i64_mul');
}
/** Pushes fixed + factor * lengths as i64. */
export function pushRowBytes(
  env: StageEnv,
  fixed: number,
  values: readonly (CodeValue & Partial<TypedValue>)[],
  factor: number,
): void {
  env.fb.i64_const(BigInt(fixed));
  for (const v of values) {
    if (v.phys !== 'str') continue;
    pushLength(env, v, factor, v.mayRefer === true);
    env.fb.do('i64_add');
  }
}
/** The same in an i32 local; a row that is too long ends the query. */
export function rowBytes(
  env: StageEnv,
  fixed: number,
  values: readonly (CodeValue & Partial<TypedValue>)[],
  factor = 1,
  /** i64 local: bytes of further texts. */
  more?: number,
): number {
  const { fb } = env;
  const bytes = fb.local('i32');
  if (more === undefined && !values.some((v) => v.phys === 'str')) {
    fb.i32_const(fixed);
    fb.set(bytes);
    return bytes;
  }
  const wide = fb.local('i64');
  pushRowBytes(env, fixed, values, factor);
  if (more !== undefined) {
    fb.get(more);
    fb.do('i64_add');
  }
  fb.tee(wide);
  fb.i64_const(BigInt(ALLOCATION_BYTES_MAX));
  fb.do('i64_gt_u');
  fb.if_(() => env.raise(OUT_OF_MEMORY));
  fb.get(wide);
  fb.do('i32_wrap_i64');
  fb.set(bytes);
  return bytes;
}
