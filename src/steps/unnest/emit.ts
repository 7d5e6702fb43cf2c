/**
 * Code of the unnest step: each row comes so many times (../copies.ts), each with a tuple that holds the number. The tuple
 * of row i of the output lies at place i of a buffer in the state, which is free again when the output is filled anew.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { compileCondition, compileExpr } from '../../expressions/compile.ts';
import { typedValue } from '../../expressions/code-env.ts';
import { INT8 } from '../../types/sql-type.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { emitCopies, type Copies } from '../copies.ts';
import type { StageEnv } from '../segment-code.ts';
import { whenNotNull } from '../value-code.ts';

export interface UnnestCode extends Copies {
  readonly count: BoundExpr;
  readonly outer: boolean;
  readonly on: BoundExpr | undefined;
  /** State offset (i32) of whether the condition held for a number of the row at hand; -1 without one. */
  readonly found: number;
  /** A tuple of one field, the number. */
  readonly layout: TupleLayout;
  /** State offset of BATCH_ROWS tuples. */
  readonly buffer: number;
}

export function emitUnnest(env: StageEnv, u: UnnestCode): void {
  const { fb } = env;
  const present = fb.local('i32');
  const times = fb.local('i32');
  emitCopies(env, u, {
    begin: () => countInto(env, u, present, times),
    pushTimes: () => fb.get(times),
    value: (out, copy) => numberTuple(env, u, out, copy, present),
    ...(u.on === undefined ? {} : { keeps: (tuple, copy) => keepsNumber(env, u, tuple, copy, present) }),
  });
}

/**
 * Whether the number comes (i32): the condition holds for it, or it is the one behind all others and the condition held for none.
 * The copies of a row come one behind the other, over several batches perhaps.
 */
function keepsNumber(env: StageEnv, u: UnnestCode, tuple: number, copy: number, present: number): void {
  const { fb } = env;
  const keeps = fb.local('i32');
  fb.get(copy);
  fb.do('i32_eqz');
  fb.if_(() => env.setState(u.found, () => fb.i32_const(0)));
  fb.get(copy);
  fb.get(present);
  fb.do('i32_lt_s');
  env.when(
    () => {
      env.addTuple(tuple);
      env.givingBack(env.scratchMark(), () => {
        compileCondition(env, u.on!);
        fb.set(keeps);
      });
      env.setState(u.found, () => {
        env.getState(u.found);
        fb.get(keeps);
        fb.do('i32_or');
      });
    },
    () => {
      env.getState(u.found);
      fb.do('i32_eqz');
      fb.set(keeps);
    },
  );
  fb.get(keeps);
}

/**
 * Locals of how many the row has, and how often it may come: an outer one once at least, and with a condition, which may hold
 * for none, once more than it has.
 */
function countInto(env: StageEnv, u: UnnestCode, present: number, times: number): void {
  const { fb } = env;
  const count = env.settle(compileExpr(env, u.count));
  fb.i32_const(0);
  fb.set(present);
  whenNotNull(env, count, () => {
    count.push();
    fb.set(present);
  });
  fb.get(present);
  if (u.on !== undefined) {
    fb.i32_const(1);
    fb.do('i32_add');
  } else if (u.outer) {
    fb.i32_const(1);
    fb.get(present);
    fb.i32_const(1);
    fb.do('i32_gt_s');
    fb.select();
  }
  fb.set(times);
}

/** The tuple at place `out` with the number, NULL behind what the row has. */
function numberTuple(env: StageEnv, u: UnnestCode, out: number, at: number, present: number): number {
  const { fb } = env;
  const tuple = fb.local('i32');
  fb.get(env.ctx);
  fb.i32_const(u.buffer);
  fb.get(out);
  fb.i32_const(u.layout.size);
  fb.do('i32_mul', 'i32_add', 'i32_add');
  fb.set(tuple);
  const number = env.variable('i64', u.outer);
  fb.get(at);
  fb.do('i64_extend_i32_s');
  fb.set(number.low);
  if (u.outer) {
    fb.get(at);
    fb.get(present);
    fb.do('i32_ge_s');
    fb.set(number.nullLocal);
  }
  env.storeField(tuple, u.layout.fields[0]!, typedValue(env, INT8, number));
  return tuple;
}
