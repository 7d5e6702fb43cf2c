/**
 * The hash step keeps the build side of a join: tuples go to the segment's store, strings to the arena. Each row's key
 * hash is stored with it; the host links the buckets when the segment has ended (hash-breaker.ts), because only then the
 * table's size is known.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { anyNull } from '../../expressions/compile-literal.ts';
import { TUPLE_HASH } from '../../types/tuple-layout.ts';
import { countInput, storeFields } from '../keep-rows.ts';
import { forRows } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import type { RowShape } from '../spec.ts';
import { leaveForHelp, newTuple, STORE, storeLocal } from '../tuple-code.ts';
import { localHash } from '../value-code.ts';

/** keepNullKeys: right and full joins still have to show rows whose key is NULL. */
export function emitHash(
  env: StageEnv,
  input: RowSet,
  storeId: number,
  keys: readonly BoundExpr[],
  shape: RowShape,
  keepNullKeys: boolean,
  step: number,
): void {
  const { fb } = env;
  const store = storeLocal(env, storeId);
  countInput(env, input, step);
  forRows(env, input, (loop) => {
    leaveForHelp(env, store, loop, step);
    const values = keys.map((k) => env.settle(compileExpr(env, k)));
    const isNull = anyNull(env, values);
    if (isNull) {
      isNull();
      fb.if_(() => {
        fb.get(store);
        fb.i32_const(1);
        fb.mem('i32_store', STORE.NULL_KEYS);
        if (!keepNullKeys) loop.next();
      });
    }
    const h = localHash(env, values);
    const t = newTuple(env, store, shape.layout);
    fb.get(t);
    fb.get(h);
    fb.mem('i32_store', TUPLE_HASH);
    storeFields(env, t, shape.layout.fields);
  });
}
