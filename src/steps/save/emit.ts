/**
 * The save step keeps rows as they are: tuples in the segment's store, strings in the arena.
 */
import { countInput, storeFields } from '../keep-rows.ts';
import { forRows } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import type { RowShape } from '../spec.ts';
import { leaveForHelp, newTuple, storeLocal } from '../tuple-code.ts';

export function emitSave(env: StageEnv, input: RowSet, storeId: number, shape: RowShape, step: number): void {
  const store = storeLocal(env, storeId);
  countInput(env, input, step);
  forRows(env, input, (loop) => {
    leaveForHelp(env, store, loop, step);
    const t = newTuple(env, store, shape.layout);
    storeFields(env, t, shape.layout.fields);
  });
}
