/**
 * What sinks share: counting the rows they take, and writing a row's columns into a tuple of a store.
 */
import type { RowSet, StageEnv } from './segment-code.ts';
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
    for (const field of run) inner.storeField(t!, field, persist(inner, inner.column(field.id)));
  });
}
