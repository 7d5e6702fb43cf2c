/**
 * Functions of a segment's own beside its stages.
 */
import type { ColId } from '../common/ids.ts';
import { WASM_TYPE } from '../expressions/code-env.ts';
import type { FunctionRef } from '../wasm/assembler.ts';
import { emitPart, StageEnv, type ColumnAccess, type Part, type SegmentCode } from './segment-code.ts';

/**
 * A function of the segment's own that stages call, general in both variants: (state, `given` i32 ...), over columns of its
 * own. The caller looks for its errors.
 */
export function emitHelper(
  code: SegmentCode,
  name: string,
  columns: ReadonlyMap<ColId, ColumnAccess>,
  given: number,
  literalCount: number,
  body: (env: StageEnv, given: readonly number[]) => void,
): FunctionRef {
  const params = Array.from({ length: given + 1 }, () => WASM_TYPE.i32);
  const part: Part = { params, results: [], failed: undefined, fails: false };
  const env = new StageEnv(code, name, false, columns, false, part);
  env.literalCount = literalCount;
  emitPart(part, env, () =>
    body(
      env,
      params.slice(1).map((_, i) => i + 1),
    ),
  );
  return env.fb.ref;
}
