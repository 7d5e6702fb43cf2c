/**
 * What sinks share: counting the rows they take, and writing a row's columns into a tuple of a store.
 */
import type { RowSet, StageEnv } from './segment-code.ts';
import type { RowShape } from './spec.ts';
import { persist } from './tuple-code.ts';

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
export function storeFields(env: StageEnv, tuple: number, shape: RowShape): void {
  for (const field of shape.layout.fields) env.storeField(tuple, field, persist(env, env.column(field.id)));
}
