/**
 * The filter on a row set in place: rows for which the condition is not TRUE leave it.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { compileCondition } from '../../expressions/compile.ts';
import { BOOL } from '../../types/sql-type.ts';
import { keepRow } from '../keep-rows.ts';
import { forRows } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';

export const all = (conditions: readonly BoundExpr[]): BoundExpr =>
  conditions.length === 1 ? conditions[0]! : { kind: 'and', type: BOOL, args: conditions };

/** Keeps the rows for which all conditions are TRUE. */
export function emitFilter(env: StageEnv, rows: RowSet, condition: BoundExpr): void {
  const { fb } = env;
  const kept = fb.local('i32');
  fb.i32_const(0);
  fb.set(kept);
  forRows(env, rows, (loop) => {
    keepRow(env, rows, kept);
    fb.get(kept);
    compileCondition(env, condition);
    fb.do('i32_add');
    fb.set(kept);
    void loop;
  });
  env.setState(rows.count, () => fb.get(kept));
  env.setState(rows.cursor, () => fb.i32_const(0));
}
