/**
 * dist and bcast: rows become tuples in a staging buffer per receiver; full buffers leave as frames through the
 * interconnect. A staging buffer holds tuples growing from its front and string bytes growing down from its end; a
 * string field stores (distance of the bytes from the end of the frame, length), so a frame can be moved as it is.
 *
 *   buffer header: +0 FRONT  +4 BACK  +8 COUNT  +12 START (first tuple)  +16 END  +20 LONG (references to long values)
 *                  +24 PENDING (1 while its frame is being sent)
 *
 * When a row does not fit, env.dist_flush(ctx, target, need) sends the frame (and makes the buffer large enough for
 * `need` bytes); 0 means the exchange is full: the stage leaves with OUTPUT_FULL and continues with the same row.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { CodeValue, CodeVariable, TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { mayBeLong, physOf } from '../../types/sql-type.ts';
import { TUPLE_HASH, type TupleField } from '../../types/tuple-layout.ts';
import { forRows, type RowLoop } from '../row-loop.ts';
import { pushIsReference, STATUS, type RowSet, type StageEnv } from '../segment-code.ts';
import { rowBytes } from '../row-bytes.ts';
import type { RowShape } from '../spec.ts';
import { hashValues } from '../value-code.ts';
import { countInput, keptFor } from '../keep-rows.ts';
import { referred } from '../tuple-code.ts';
import { emitInRuns, emitWideRow, type WideRow } from '../wide-row.ts';
import type { DistMode } from './spec.ts';

export const STAGING = { FRONT: 0, BACK: 4, COUNT: 8, START: 12, END: 16, LONG: 20, PENDING: 24, BYTES: 32 } as const;

/** A frame with so many long values, or a few more, is sent before it is full. */
const FRAME_LONG_MAX = 8;

export interface DistCode {
  readonly mode: DistMode;
  readonly keys: readonly BoundExpr[];
  readonly shape: RowShape;
  readonly wide: WideRow | undefined;
  readonly input: RowSet;
  readonly step: number;
  /** State offsets: u32 address of the staging header array, i32 number of targets, i32 round-robin counter. */
  readonly staging: number;
}
/** Fields behind `staging`. */
export const DIST_STATE = { HEADERS: 0, TARGETS: 4, ROUND_ROBIN: 8, BYTES: 16 } as const;

export function emitDist(env: StageEnv, d: DistCode): void {
  const { fb } = env;
  countInput(env, d.input, d.step);
  const headers = fb.local('i32');
  const targets = fb.local('i32');
  fb.prologue(() => {
    env.getState(d.staging + DIST_STATE.HEADERS);
    fb.set(headers);
    env.getState(d.staging + DIST_STATE.TARGETS);
    fb.set(targets);
  });
  forRows(env, d.input, (loop) => {
    const target = fb.local('i32');
    const hash = fb.local('i32');
    fb.i32_const(0);
    fb.set(target);
    if (d.mode === 'hash') {
      const h = hashValues(
        env,
        d.keys.map((k) => env.settle(compileExpr(env, k))),
      );
      fb.get(h);
      fb.set(hash);
      // (hash * targets) >> 32
      fb.get(hash);
      fb.do('i64_extend_i32_u');
      fb.get(targets);
      fb.do('i64_extend_i32_u', 'i64_mul');
      fb.i64_const(32n);
      fb.do('i64_shr_u', 'i32_wrap_i64');
      fb.set(target);
    } else if (d.mode === 'even') {
      env.getState(d.staging + DIST_STATE.ROUND_ROBIN);
      fb.get(targets);
      fb.do('i32_rem_u');
      fb.set(target);
    }
    writeRow(env, d, target, headers, hash, loop);
    if (d.mode === 'even') {
      env.setState(d.staging + DIST_STATE.ROUND_ROBIN, () => {
        env.getState(d.staging + DIST_STATE.ROUND_ROBIN);
        fb.i32_const(1);
        fb.do('i32_add');
      });
    }
  });
}

function writeRow(env: StageEnv, d: DistCode, target: number, headers: number, hash: number, loop: RowLoop): void {
  const { fb } = env;
  const { layout } = d.shape;
  const header = fb.local('i32');
  fb.get(headers);
  fb.get(target);
  fb.i32_const(STAGING.BYTES);
  fb.do('i32_mul', 'i32_add');
  fb.set(header);
  const flush = (pushNeed: () => void): void => {
    fb.get(env.ctx);
    fb.get(target);
    pushNeed();
    fb.call(env.mb.import('env', 'dist_flush', ['i32', 'i32', 'i32'], ['i32']));
    fb.do('i32_eqz');
    fb.if_(() => {
      env.checkError();
      loop.leave(STATUS.OUTPUT_FULL, d.step);
    });
  };
  if (layout.fields.some((f) => mayBeLong(f.type))) {
    // What keeping a long value takes is not to be done at every turn.
    fb.get(header);
    fb.mem('i32_load', STAGING.PENDING);
    fb.get(header);
    fb.mem('i32_load', STAGING.LONG);
    fb.i32_const(FRAME_LONG_MAX);
    fb.do('i32_ge_u', 'i32_or');
    fb.if_(() => flush(() => fb.i32_const(0)));
  }
  const row = d.wide && emitWideRow(env, d.wide, 1, referredColumn);
  const values = d.wide ? [] : layout.fields.map((f) => env.settle(referred(env, keptFor(env, f))));
  const need = rowBytes(env, layout.size, values, 1, row?.bytes);
  fb.get(header);
  fb.mem('i32_load', STAGING.BACK);
  fb.get(header);
  fb.mem('i32_load', STAGING.FRONT);
  fb.do('i32_sub');
  fb.get(need);
  fb.do('i32_lt_s');
  fb.if_(() => flush(() => fb.get(need)));
  const t = fb.local('i32');
  fb.get(header);
  fb.mem('i32_load', STAGING.FRONT);
  fb.set(t);
  fb.get(header);
  fb.get(t);
  fb.i32_const(layout.size);
  fb.do('i32_add');
  fb.mem('i32_store', STAGING.FRONT);
  fb.get(header);
  fb.get(header);
  fb.mem('i32_load', STAGING.COUNT);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.mem('i32_store', STAGING.COUNT);
  fb.get(t);
  fb.get(hash);
  fb.mem('i32_store', TUPLE_HASH);
  const store = (at: StageEnv, tuple: number, staging: number, field: TupleField, v: TypedValue): void =>
    at.storeField(tuple, field, physOf(v.type) === 'str' ? stageString(at, staging, v) : v);
  if (!d.wide || !row) {
    for (const [i, field] of layout.fields.entries()) store(env, t, header, field, values[i]!);
    return;
  }
  const from = d.wide.layout.fields;
  emitInRuns(
    env,
    [...layout.fields.entries()],
    [t, header, row.tuple],
    undefined,
    (inner, run, [to, staging, at]) => {
      for (const [i, field] of run) store(inner, to!, staging!, field, inner.keptField(at!, from[i]!));
    },
  );
}

/** A column of a wide row. */
const referredColumn = (env: StageEnv, expr: BoundExpr): TypedValue =>
  referred(env, expr.kind === 'column' ? env.kept(expr.id) : compileExpr(env, expr));

/** Copies the bytes below BACK; the field's value is (END - BACK, length). A reference is staged as it is, and counted. */
function stageString(env: StageEnv, header: number, v: TypedValue): CodeValue {
  const { fb } = env;
  const staged = env.variable('str', v.pushNull !== undefined);
  if (staged.nullLocal >= 0) staged.setNull(v.pushNull!);
  if (!v.mayRefer) {
    stageBytes(env, header, v, staged);
    return staged;
  }
  v.push();
  pushIsReference(fb);
  fb.if_(
    () => {
      v.push();
      fb.set(staged.low);
      fb.get(header);
      fb.get(header);
      fb.mem('i32_load', STAGING.LONG);
      fb.i32_const(1);
      fb.do('i32_add');
      fb.mem('i32_store', STAGING.LONG);
    },
    () => stageBytes(env, header, v, staged),
  );
  return staged;
}
function stageBytes(env: StageEnv, header: number, v: TypedValue, staged: CodeVariable): void {
  const { fb } = env;
  const length = fb.local('i32');
  const back = fb.local('i32');
  v.push();
  fb.i64_const(32n);
  fb.do('i64_shr_u', 'i32_wrap_i64');
  fb.set(length);
  fb.get(header);
  fb.mem('i32_load', STAGING.BACK);
  fb.get(length);
  fb.do('i32_sub');
  fb.set(back);
  fb.get(header);
  fb.get(back);
  fb.mem('i32_store', STAGING.BACK);
  fb.get(back);
  v.push();
  fb.do('i32_wrap_i64');
  fb.get(length);
  fb.call(env.kernel('copy_text', ['i32', 'i32', 'i32'], []));
  fb.get(header);
  fb.mem('i32_load', STAGING.END);
  fb.get(back);
  fb.do('i32_sub', 'i64_extend_i32_u');
  fb.get(length);
  fb.do('i64_extend_i32_u');
  fb.i64_const(32n);
  fb.do('i64_shl', 'i64_or');
  fb.set(staged.low);
}
