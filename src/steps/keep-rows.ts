/**
 * What steps share that keep rows: counting those a sink takes, writing a row's columns into a tuple of a store, keeping
 * some rows of a set in place.
 */
import type { RowSet, StageEnv } from './segment-code.ts';
import type { TypedValue } from '../expressions/code-env.ts';
import { mayBeLong } from '../types/sql-type.ts';
import type { TupleField } from '../types/tuple-layout.ts';
import { persist } from './tuple-code.ts';
import { emitInRuns } from './wide-row.ts';

/** Counts the rows a sink is about to take. */
export function countInput(env: StageEnv, input: RowSet, step: number): void {
  const { fb } = env;
  env.count(step, () => {
    env.getState(input.count);
    env.getState(input.cursor);
    fb.do('i32_sub');
  });
}

/** Writes the row's columns (field id = ColId) into the tuple. */
export function storeFields(env: StageEnv, tuple: number, fields: readonly TupleField[]): void {
  emitInRuns(env, fields, [tuple], undefined, (inner, run, [t]) => {
    for (const field of run) inner.storeField(t!, field, persist(inner, keptFor(inner, field), field.type));
  });
}

/** The column that goes into a field, a long value as the row has it. */
export const keptFor = (env: StageEnv, { id, type }: TupleField): TypedValue =>
  mayBeLong(type) ? env.kept(id) : env.column(id);

/** The row at hand becomes row `kept` (a local) of its own row set, which is being made smaller. */
export function keepRow(env: StageEnv, rows: RowSet, kept: number): void {
  const { fb } = env;
  if (rows.selection >= 0) {
    env.element(kept);
    fb.get(env.row);
    fb.mem('i32_store', rows.selection);
  }
  for (const [s, offset] of rows.tuples.entries()) {
    env.element(kept);
    fb.get(env.tupleLocal(s));
    fb.mem('i32_store', offset);
  }
}
