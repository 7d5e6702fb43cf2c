/**
 * Code of a series: row i of the input has the value VALUE + i * STEP and the ordinal ORDINAL + i. The host writes the
 * three for each input.
 */
import { PHYS_BYTES, STORE } from '../../types/sql-type.ts';
import type { VectorAccess } from '../base-vectors.ts';
import { forBatch } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import { takeBatch } from '../source-code.ts';

export const SERIES = {
  VALUE: 0, // i64
  STEP: 8, // i64
  ORDINAL: 16, // i64
  BYTES: 24,
} as const;

export function emitSeries(
  env: StageEnv,
  rows: RowSet,
  columns: readonly { readonly vector: VectorAccess; readonly isOrdinal: boolean }[],
): void {
  const { fb } = env;
  const position = fb.local('i32');
  const n = fb.local('i32');
  takeBatch(env, position, n);
  const field = (offset: number): void => {
    fb.get(env.ctx);
    fb.mem('i64_load', env.code.chunkFields + offset);
  };
  const at = fb.local('i64');
  const step = fb.local('i64');
  field(SERIES.STEP);
  fb.set(step);
  forBatch(env, n, (i) => {
    fb.get(position);
    fb.get(i);
    fb.do('i32_add', 'i64_extend_i32_u');
    fb.set(at);
    for (const { vector, isOrdinal } of columns) {
      fb.get(env.ctx);
      fb.get(i);
      fb.i32_const(Math.log2(PHYS_BYTES[vector.phys]));
      fb.do('i32_shl', 'i32_add');
      field(isOrdinal ? SERIES.ORDINAL : SERIES.VALUE);
      fb.get(at);
      if (!isOrdinal) {
        fb.get(step);
        fb.do('i64_mul');
      }
      fb.do('i64_add');
      if (vector.phys === 'i32') fb.do('i32_wrap_i64');
      fb.mem(STORE[vector.phys], vector.values);
    }
    env.element(i);
    fb.get(i);
    fb.mem('i32_store', rows.selection);
  });
  env.setState(rows.count, () => fb.get(n));
  env.setState(rows.cursor, () => fb.i32_const(0));
  env.count(0, () => fb.get(n));
}
