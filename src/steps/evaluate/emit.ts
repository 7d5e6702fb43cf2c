/**
 * The evaluate step: values of volatile expressions, made once for every row of a row set and kept in a tuple of the
 * segment's state beside it, so that whatever reads them later (filters, joins, a sort, two columns) reads the same value.
 * The tuple of row i of the batch lies at place i; the row set gets one more tuple slot that points there. The buffer is
 * free again when the row set is filled anew, which is after all later stages have used the batch.
 *
 * With `content` the random stream is set anew for every row from the values it holds and the number of rows before it
 * that held the same: the copies of an ALL table keep their rows in orders of their own, and an UPDATE or DELETE must do
 * the same to each.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { CodeValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { layoutTuple, type TupleField, type TupleLayout } from '../../types/tuple-layout.ts';
import { forRows } from '../row-loop.ts';
import type { RowSet, SegmentCode, StageEnv } from '../segment-code.ts';
import type { EvaluateSpec } from './spec.ts';

export interface EvaluateCode {
  readonly exprs: readonly BoundExpr[];
  readonly content: readonly BoundExpr[] | undefined;
  readonly layout: TupleLayout;
  readonly slot: number;
  /** State offset: BATCH_ROWS tuples. */
  readonly buffer: number;
  /** State offset: how often each content came (kernel random_by_content). */
  readonly counts: number;
}

const COUNTS_BYTES = 16;

/** Reserves the buffer and the row set's new slot. */
export function designEvaluate(
  code: SegmentCode,
  rows: RowSet,
  t: EvaluateSpec,
): { readonly evaluate: EvaluateCode; readonly fields: readonly TupleField[] } {
  const layout = layoutTuple(t.columns.map((c) => ({ id: c.id, type: c.expr.type, nullable: c.nullable })));
  const slot = rows.tuples.length;
  code.addSlot(rows);
  const buffer = code.allocate(layout.size * BATCH_ROWS, 16);
  const counts = t.content === undefined ? -1 : code.allocate(COUNTS_BYTES, 8);
  const evaluate = { exprs: t.columns.map((c) => c.expr), content: t.content, layout, slot, buffer, counts };
  return { evaluate, fields: layout.fields };
}

export function emitEvaluate(env: StageEnv, rows: RowSet, e: EvaluateCode): void {
  const { fb } = env;
  const first = fb.local('i32');
  env.getState(rows.cursor);
  fb.set(first);
  forRows(env, rows, ({ index }) => {
    const tuple = fb.local('i32');
    fb.get(env.ctx);
    fb.i32_const(e.buffer);
    fb.get(index);
    fb.i32_const(e.layout.size);
    fb.do('i32_mul', 'i32_add', 'i32_add');
    fb.set(tuple);
    if (e.content) seedByContent(env, e.content, e.counts);
    for (const [i, expr] of e.exprs.entries())
      env.storeField(tuple, e.layout.fields[i]!, env.settle(compileExpr(env, expr)));
    env.element(index);
    fb.get(tuple);
    fb.mem('i32_store', rows.tuples[e.slot]!);
  });
  // The rows are still to be used.
  env.setState(rows.cursor, () => fb.get(first));
}

/** Rows are told apart by their content, and rows of equal content by their number, which is alike on every node. */
function seedByContent(env: StageEnv, content: readonly BoundExpr[], counts: number): void {
  const { fb } = env;
  const hash = fb.local('i64');
  fb.i64_const(0n);
  fb.set(hash);
  const mix = (push: () => void): void => {
    fb.get(hash);
    push();
    fb.call(env.kernel('random_mix', ['i64', 'i64'], ['i64']));
    fb.set(hash);
  };
  for (const expr of content) {
    const v = env.settle(compileExpr(env, expr));
    const present = (): void => {
      for (const word of words(env, v)) mix(word);
    };
    if (v.pushNull === undefined) {
      present();
      continue;
    }
    v.pushNull();
    fb.if_(() => mix(() => fb.i64_const(-1n)), present);
  }
  fb.get(env.ctx);
  fb.get(env.ctx);
  fb.i32_const(counts);
  fb.do('i32_add');
  fb.get(hash);
  fb.call(env.kernel('random_by_content', ['i32', 'i32', 'i64'], []));
  env.checkError();
}

/** A value as i64 words. */
function words(env: StageEnv, v: CodeValue): readonly (() => void)[] {
  const { fb } = env;
  switch (v.phys) {
    case 'i32':
      return [() => (v.push(), fb.do('i64_extend_i32_s'))];
    case 'i64':
      return [v.push];
    case 'i128':
      return [v.push, () => env.pushHigh(v)];
    case 'f32':
      return [() => (v.push(), fb.do('f64_promote_f32', 'i64_reinterpret_f64'))];
    case 'f64':
      return [() => (v.push(), fb.do('i64_reinterpret_f64'))];
    case 'str': {
      return [
        () => {
          fb.get(env.ctx);
          v.push();
          fb.call(env.kernel('fnv_str', ['i32', 'i64'], ['i64']));
        },
      ];
    }
  }
}
