/**
 * A stage of its own: it reads its input row set and gives every row so many times, each with a tuple that holds the
 * number, until its output row set is full; NEXT in the state brings it back into the middle of a row. The tuple of row i
 * of the output lies at place i of a buffer in the state, which is free again when the output is filled anew.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { typedValue } from '../../expressions/code-env.ts';
import { INT8 } from '../../types/sql-type.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import { forRows, type RowSet, type StageEnv } from '../segment-code.ts';
import { whenNotNull } from '../value-code.ts';

export interface UnnestCode {
  readonly count: BoundExpr;
  readonly outer: boolean;
  /** A tuple of one field, the number. */
  readonly layout: TupleLayout;
  readonly input: RowSet;
  readonly output: RowSet;
  /** Slot of the tuple in the output. */
  readonly slot: number;
  /** State offsets: the number that the row at hand goes on with, and BATCH_ROWS tuples. */
  readonly next: number;
  readonly buffer: number;
  readonly step: number;
}

export function emitUnnest(env: StageEnv, u: UnnestCode): void {
  const { fb } = env;
  const out = fb.local('i32');
  const present = fb.local('i32');
  const times = fb.local('i32');
  const at = fb.local('i32');
  fb.i32_const(0);
  fb.set(out);
  env.getState(u.next);
  fb.set(at);
  env.setState(u.output.cursor, () => fb.i32_const(0));
  fb.block((leave) =>
    forRows(env, u.input, (loop) => {
      countInto(env, u, present, times);
      fb.block((done) =>
        fb.loop((again) => {
          fb.get(at);
          fb.get(times);
          fb.do('i32_ge_s');
          fb.br_if(done);
          fb.get(out);
          fb.i32_const(BATCH_ROWS);
          fb.do('i32_ge_u');
          fb.if_(() => {
            loop.save();
            env.setState(u.next, () => fb.get(at));
            fb.br(leave);
          });
          appendRow(env, u, out, at, present);
          fb.get(at);
          fb.i32_const(1);
          fb.do('i32_add');
          fb.set(at);
          fb.br(again);
        }),
      );
      fb.i32_const(0);
      fb.set(at);
      env.setState(u.next, () => fb.i32_const(0));
    }),
  );
  env.setState(u.output.count, () => fb.get(out));
  env.count(u.step, () => fb.get(out));
}

/** Locals of how many the row has, and how often it comes: an outer one once at least. */
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
  if (u.outer) {
    fb.i32_const(1);
    fb.get(present);
    fb.i32_const(1);
    fb.do('i32_gt_s');
    fb.select();
  }
  fb.set(times);
}

/** output[out++] = this input row and the number, NULL behind what the row has. */
function appendRow(env: StageEnv, u: UnnestCode, out: number, at: number, present: number): void {
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
  if (u.output.selection >= 0) {
    env.element(out);
    fb.get(env.row);
    fb.mem('i32_store', u.output.selection);
  }
  // Slots behind the tuple belong to steps that follow.
  for (const [s, offset] of u.output.tuples.slice(0, u.slot + 1).entries()) {
    env.element(out);
    fb.get(s === u.slot ? tuple : env.tupleLocal(s));
    fb.mem('i32_store', offset);
  }
  fb.get(out);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.set(out);
}
