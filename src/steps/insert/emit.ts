/**
 * The insert step hands rows to the host (the slice's writer) as column vectors of at most BATCH_ROWS rows, one call per
 * batch, or more when the texts are long.
 */
import { INSERT_TEXT_BYTES_MAX } from '../../common/limits.ts';
import type { CodeValue } from '../../expressions/code-env.ts';
import { inRuns, weightOf } from '../../expressions/code-size.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { STORE, PHYS_BYTES, physOf } from '../../types/sql-type.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { forRows } from '../row-loop.ts';
import { PARAM_BYTES, STATUS, type RowSet, type StageEnv } from '../segment-code.ts';
import { pushRowBytes } from '../row-bytes.ts';
import { countInput } from '../keep-rows.ts';
import { COLUMN_WEIGHT } from '../wide-row.ts';
import type { InsertSpec } from './spec.ts';

/** nameSlots[i]: parameter slot of column i's name, for the NOT NULL error. */
export function emitInsert(
  env: StageEnv,
  spec: InsertSpec,
  input: RowSet,
  nameSlots: readonly number[],
  step: number,
): void {
  const { fb } = env;
  countInput(env, input, step);
  const n = fb.local('i32');
  const bytes = fb.local('i64');
  fb.i32_const(0);
  fb.set(n);
  fb.i64_const(0n);
  fb.set(bytes);
  const answer = fb.local('i32');
  const floor = env.scratchMark();
  forRows(
    env,
    input,
    (loop) => {
      // Rows that were handed on before the batch has ended are written before more come.
      pushHasWork(env, answer);
      fb.if_(() => loop.leave(STATUS.HELP, step));
      const columns = [...spec.columns.entries()];
      const runs = inRuns(columns, ([, c]) => COLUMN_WEIGHT + weightOf(c.expr));
      const rowBytes = fb.local('i64');
      if (runs.length === 1) {
        pushRowBytes(env, 0, writeColumns(env, columns, nameSlots, n), 1);
        fb.set(rowBytes);
      } else {
        fb.i64_const(0n);
        for (const run of runs) {
          env.apart([n], (inner, [row]) => {
            pushRowBytes(inner, 0, writeColumns(inner, run, nameSlots, row!), 1);
            return ['i64'];
          });
          fb.do('i64_add');
        }
        fb.set(rowBytes);
      }
      fb.get(n);
      fb.i32_const(1);
      fb.do('i32_add');
      fb.set(n);
      if (env.usesScratch || env.usesLong)
        handOnLongTexts(env, rowBytes, bytes, () => insertRows(env, n, answer, floor));
    },
    true,
  );
  insertRows(env, n, answer, floor);
  pushHasWork(env, answer);
  fb.if_(() => {
    fb.i32_const(STATUS.HELP);
    fb.return_();
  });
}

/** Writes columns into row `n` of their vectors. */
function writeColumns(
  env: StageEnv,
  columns: readonly (readonly [number, InsertSpec['columns'][number]])[],
  nameSlots: readonly number[],
  n: number,
): readonly CodeValue[] {
  const { fb } = env;
  return columns.map(([i, c]) => {
    const v = env.settle(compileExpr(env, c.expr));
    const vector = env.code.vectors[i]!;
    const phys = physOf(c.type);
    if (c.notNull && v.pushNull) {
      v.pushNull();
      fb.if_(() => raiseNotNull(env, nameSlots[i]!));
    }
    const address = (): void => {
      fb.get(env.ctx);
      fb.get(n);
      fb.i32_const(Math.log2(PHYS_BYTES[phys]));
      fb.do('i32_shl', 'i32_add');
    };
    address();
    env.pushAs(v, phys);
    fb.mem(STORE[phys], vector.values);
    if (phys === 'i128') {
      address();
      env.pushHigh(v);
      fb.mem('i64_store', vector.values + 8);
    }
    fb.get(env.ctx);
    fb.get(n);
    fb.do('i32_add');
    if (v.pushNull) v.pushNull();
    else fb.i32_const(0);
    fb.mem('i32_store8', vector.nulls);
    return v;
  });
}

/** Counts a row's texts; when the rows in the vectors hold many bytes they are handed on before the batch has ended. */
function handOnLongTexts(env: StageEnv, rowBytes: number, bytes: number, insert: () => void): void {
  const { fb } = env;
  fb.get(bytes);
  fb.get(rowBytes);
  fb.do('i64_add');
  fb.tee(bytes);
  fb.i64_const(BigInt(INSERT_TEXT_BYTES_MAX));
  fb.do('i64_gt_u');
  fb.if_(() => {
    insert();
    fb.i64_const(0n);
    fb.set(bytes);
  });
}
/** What the host answers when the rows it took have to be written before more come. */
const INSERTED_HAS_WORK = 2;
function pushHasWork(env: StageEnv, answer: number): void {
  env.fb.get(answer);
  env.fb.i32_const(INSERTED_HAS_WORK);
  env.fb.do('i32_eq');
}

/** Hands the rows in the vectors to the host, which copies them; the local `answer` says whether it has work to do now. */
function insertRows(env: StageEnv, n: number, answer: number, floor: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(n);
  fb.call(env.mb.import('env', 'insert_rows', ['i32', 'i32'], ['i32']));
  fb.tee(answer);
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
  fb.i32_const(0);
  fb.set(n);
  env.releaseScratch(() => fb.get(floor));
  env.endLong(CTX.LONG_ROW);
}

function raiseNotNull(env: StageEnv, slot: number): void {
  const { fb } = env;
  const at = env.code.parameters + slot * PARAM_BYTES;
  env.setState(CTX.ERROR_ARG, () => env.getState(at));
  env.setState(CTX.ERROR_LEN, () => env.getState(at + 4));
  fb.i32_const(0);
  fb.drop();
  env.raise(19);
}
