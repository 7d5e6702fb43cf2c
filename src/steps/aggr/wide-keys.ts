/**
 * Group keys that are too many for the locals of one function: they lie in a wide row, and are hashed, compared and written
 * into a new group in runs.
 */
import { inRuns } from '../../expressions/code-size.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import type { StageEnv } from '../segment-code.ts';
import { compareKeys, groupKey, hashGroupKey, storeKeys, type GroupKey, type KeySet } from '../tuple-code.ts';
import { emitInRuns, emitWideRow, type WideRow } from '../wide-row.ts';

/** Of packing, hashing and comparing one key. */
const KEY_WEIGHT = 16;
const weight = (): number => KEY_WEIGHT;

export function wideGroupKeys(
  env: StageEnv,
  row: WideRow,
  layout: TupleLayout,
): { readonly keys: KeySet; readonly hash: number } {
  const { fb } = env;
  const { tuple } = emitWideRow(env, row, 1);
  const hash = fb.local('i32');
  fb.i32_const(0);
  fb.set(hash);
  const all = row.layout.fields.map((_, i) => i);
  const key = (at: StageEnv, from: number, i: number): GroupKey =>
    groupKey(at, at.settle(at.field(from, row.layout.fields[i]!)), layout, i);
  emitInRuns(
    env,
    all,
    [hash, tuple],
    hash,
    (at, run, [h, from]) => {
      for (const i of run) hashGroupKey(at, h!, key(at, from!, i), i);
    },
    weight,
  );
  const compare = (group: number): void => {
    const same = fb.local('i32');
    fb.block((out) => {
      for (const run of inRuns(all, weight)) {
        env.apart([group, tuple, hash], (at, [g, from, h]) => {
          compareKeys(
            at,
            g!,
            run.map((i) => key(at, from!, i)),
            h!,
          );
          return ['i32'];
        });
        fb.set(same);
        fb.get(same);
        fb.do('i32_eqz');
        fb.br_if(out);
      }
    });
    fb.get(same);
  };
  const store = (group: number): void =>
    emitInRuns(
      env,
      all,
      [group, tuple],
      undefined,
      (at, run, [g, from]) =>
        storeKeys(
          at,
          g!,
          run.map((i) => key(at, from!, i)),
        ),
      weight,
    );
  return { keys: { isPacked: false, compare, store }, hash };
}
