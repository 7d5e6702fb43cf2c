/**
 * Code that leaves holes (output-buffer.ts) in a row where long values belong.
 */
import { ALLOCATION_BYTES_MAX } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { mayBeLong, type SqlType } from '../../types/sql-type.ts';
import { CTX } from '../../wasm/memory-map.ts';
import type { RowLoop } from '../row-loop.ts';
import { pushIsReference, STATUS, type StageEnv } from '../segment-code.ts';
import { referred } from '../tuple-code.ts';
import { CELL_FORM } from './late-cell.ts';
import { HOLE, OUTPUT } from './output-buffer.ts';

const OUT_OF_MEMORY = 17;

interface Outgoing {
  readonly columns: readonly { readonly expr: BoundExpr }[];
  readonly ordered: boolean;
}
export const mayHaveHoles = ({ columns, ordered }: Outgoing): boolean =>
  ordered || columns.some((c) => mayBeLong(c.expr.type));
/** What the state has for the buffer's fields and the holes of one row. */
export const outputBytes = (row: Outgoing): number =>
  OUTPUT.BYTES + (mayHaveHoles(row) ? (row.columns.length + 1) * HOLE.BYTES : 0);

/** The value of a column that leaves: a long one is a reference, and what making it took is given back. */
export function cellValue(env: StageEnv, expr: BoundExpr, make?: (value: TypedValue) => TypedValue): TypedValue {
  if (!mayBeLong(expr.type)) return compileExpr(env, expr);
  if (expr.kind === 'column' && make === undefined) return referred(env, env.kept(expr.id));
  const floor = env.scratchMark();
  const wasInPair = env.inPair;
  env.inPair = true;
  // What is known of other values inside must not be used outside.
  env.enter();
  const value = env.settle(compileExpr(env, expr));
  env.leave();
  env.inPair = wasInPair;
  return referred(env, { ...value, pushKept: value.push }, make, () => {
    env.releaseScratch(() => env.fb.get(floor));
    env.endLong(CTX.LONG_PAIR);
  });
}

export function orHole(env: StageEnv, v: TypedValue, body: () => void, hole: () => void): void {
  if (!v.mayRefer) return body();
  v.push();
  pushIsReference(env.fb);
  env.fb.if_(hole, body);
}
export const hexForm = (type: SqlType): number => (type.digits === 'upper' ? CELL_FORM.upperHex : CELL_FORM.hex);

/** Pushes how many bytes a value has there, as i32. */
export function pushLongBytes(env: StageEnv, v: TypedValue, form: number): void {
  const { fb } = env;
  v.push();
  fb.i64_const(form === CELL_FORM.bytes ? 32n : 31n);
  fb.do('i64_shr_u', 'i32_wrap_i64');
  if (form === CELL_FORM.bytes) return;
  fb.i32_const(-2);
  fb.do('i32_and');
}
/** The bytes of a value belong where `out` stands. */
export function addHole(env: StageEnv, out: number, v: TypedValue, form: number): void {
  const { fb } = env;
  const { output } = env.code;
  const hole = fb.local('i32');
  fb.get(env.ctx);
  env.getState(output + OUTPUT.HOLES);
  fb.i32_const(HOLE.BYTES);
  fb.do('i32_mul', 'i32_add');
  fb.i32_const(output + OUTPUT.BYTES);
  fb.do('i32_add');
  fb.set(hole);
  fb.get(hole);
  fb.get(out);
  fb.mem('i32_store', HOLE.AT);
  fb.get(hole);
  fb.i32_const(form);
  fb.mem('i32_store', HOLE.FORM);
  fb.get(hole);
  v.push();
  fb.mem('i64_store', HOLE.VALUE);
  env.count32(output + OUTPUT.HOLES, () => fb.i32_const(1));
}
/** Its bytes count to the length of the message. */
export function countHole(env: StageEnv, v: TypedValue, form: number): void {
  const { fb } = env;
  const at = env.code.output + OUTPUT.HOLE_BYTES;
  fb.get(env.ctx);
  fb.get(env.ctx);
  fb.mem('i64_load', at);
  pushLongBytes(env, v, form);
  fb.do('i64_extend_i32_u', 'i64_add');
  fb.mem('i64_store', at);
}
/** Adds the bytes in the holes to the i32 on the stack. */
export function pushHoleBytes(env: StageEnv): void {
  env.getState(env.code.output + OUTPUT.HOLE_BYTES);
  env.fb.do('i32_add');
}
/** A row with holes is the buffer's last, and not too long. */
export function endLongRow(env: StageEnv, entry: number): void {
  const { fb } = env;
  const { output } = env.code;
  env.getState(output + OUTPUT.HOLES);
  fb.if_(() => {
    fb.get(env.ctx);
    fb.mem('i64_load', output + OUTPUT.HOLE_BYTES);
    fb.i64_const(BigInt(ALLOCATION_BYTES_MAX));
    fb.do('i64_gt_u');
    fb.if_(() => env.raise(OUT_OF_MEMORY));
    env.setState(output + OUTPUT.LONG_ROW, () => fb.get(entry));
    env.setState(output + OUTPUT.PENDING, () => fb.i32_const(1));
  });
}
/** Leaves before the row while the buffer has to go: what making a long value took is not to be done at every turn. */
export function leaveWhilePending(env: StageEnv, loop: RowLoop, step: number): void {
  env.getState(env.code.output + OUTPUT.PENDING);
  env.fb.if_(() => flushOutput(env, () => env.fb.i32_const(0), loop, step));
}
/** Sends the buffer on and makes room for so many bytes, or leaves. */
export function flushOutput(env: StageEnv, pushNeed: () => void, loop: RowLoop, step: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  pushNeed();
  fb.call(env.mb.import('env', 'output_flush', ['i32', 'i32'], ['i32']));
  fb.do('i32_eqz');
  fb.if_(() => {
    env.checkError();
    loop.leave(STATUS.OUTPUT_FULL, step);
  });
}
