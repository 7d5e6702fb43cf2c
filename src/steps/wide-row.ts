/**
 * Rows of so many columns that one function cannot hold the code for all: their values go into a tuple in the segment's
 * state, and what is done with them goes column by column from there, both in runs of columns with a function for each.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { inRuns, isTooMuch, weightOf } from '../expressions/code-size.ts';
import type { TypedValue } from '../expressions/code-env.ts';
import { compileExpr } from '../expressions/compile.ts';
import { layoutTuple, type TupleLayout } from '../types/tuple-layout.ts';
import { pushRowBytes } from './row-bytes.ts';
import type { SegmentCode, StageEnv } from './segment-code.ts';

/** Of what is done with one column, whatever its expression weighs. */
export const COLUMN_WEIGHT = 8;

export interface WideRow {
  readonly exprs: readonly BoundExpr[];
  readonly layout: TupleLayout;
  /** State offset. */
  readonly tuple: number;
}

/** Reserves the tuple of a wide row; undefined when the row is not wide. */
export function designWideRow(code: SegmentCode, exprs: readonly BoundExpr[]): WideRow | undefined {
  if (!isTooMuch(exprs, columnWeight)) return undefined;
  const layout = layoutTuple(exprs.map((e, id) => ({ id, type: e.type, nullable: true })));
  return { exprs, layout, tuple: code.allocate(layout.size) };
}
const columnWeight = (e: BoundExpr): number => COLUMN_WEIGHT + weightOf(e);

/** Evaluates the row: the tuple's address, and an i64 local with the bytes of its texts (times `factor`). */
export function emitWideRow(
  env: StageEnv,
  row: WideRow,
  factor: number,
  evaluate: (env: StageEnv, expr: BoundExpr, index: number) => TypedValue = compileExpr,
): { readonly tuple: number; readonly bytes: number } {
  const { fb } = env;
  const [tuple, bytes] = [fb.local('i32'), fb.local('i64')];
  fb.get(env.ctx);
  fb.i32_const(row.tuple);
  fb.do('i32_add');
  fb.set(tuple);
  fb.i64_const(0n);
  fb.set(bytes);
  for (const run of inRuns([...row.exprs.entries()], ([, e]) => columnWeight(e))) {
    env.apartLater([tuple], ['i64'], (inner, [t]) => {
      const values = run.map(([i, expr]) => {
        const value = inner.settle(evaluate(inner, expr, i));
        inner.storeField(t!, row.layout.fields[i]!, value);
        return value;
      });
      pushRowBytes(inner, 0, values, factor);
    });
    fb.get(bytes);
    fb.do('i64_add');
    fb.set(bytes);
  }
  return { tuple, bytes };
}

/** Emits `body` for runs of items; the locals are its arguments, and `changed`, one of them, is what each run makes of it. */
export function emitInRuns<T>(
  env: StageEnv,
  items: readonly T[],
  locals: readonly number[],
  changed: number | undefined,
  body: (env: StageEnv, items: readonly T[], locals: readonly number[]) => void,
  weight: (item: T) => number = () => COLUMN_WEIGHT,
): void {
  if (!isTooMuch(items, weight)) return body(env, items, locals);
  for (const run of inRuns(items, weight)) {
    env.apartLater(locals, changed === undefined ? [] : ['i32'], (inner, given) => {
      body(inner, run, given);
      if (changed !== undefined) inner.fb.get(given[locals.indexOf(changed)]!);
    });
    if (changed !== undefined) env.fb.set(changed);
  }
}
