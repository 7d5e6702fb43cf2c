/**
 * Sinks that hand rows to the host as column vectors: insert (to the slice's writer), and delete, which marks rows by
 * their addresses and passes them on. Vectors hold at most BATCH_ROWS rows, one call per batch.
 */
import { BATCH_ROWS, INSERT_TEXT_BYTES_MAX } from '../../common/limits.ts';
import type { ColId } from '../../common/ids.ts';
import type { CodeValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { STORE, PHYS_BYTES, physOf } from '../../types/sql-type.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { forRows, PARAM_BYTES, type RowSet, type StageEnv } from '../segment-code.ts';
import { pushRowBytes } from '../row-bytes.ts';
import type { SinkSpec } from '../spec.ts';
import { countInput } from '../hash/emit.ts';

type InsertSpec = Extract<SinkSpec, { kind: 'insert' }>;

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
  const floor = env.scratchMark();
  forRows(
    env,
    input,
    () => {
      const values: CodeValue[] = [];
      for (const [i, c] of spec.columns.entries()) {
        const v = env.settle(compileExpr(env, c.expr));
        values.push(v);
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
      }
      fb.get(n);
      fb.i32_const(1);
      fb.do('i32_add');
      fb.set(n);
      if (env.usesScratch) handOnLongTexts(env, values, bytes, () => insertRows(env, n, floor));
    },
    true,
  );
  insertRows(env, n, floor);
}

/** Counts a row's texts; when the rows in the vectors hold many bytes they are handed on before the batch has ended. */
function handOnLongTexts(env: StageEnv, values: readonly CodeValue[], bytes: number, insert: () => void): void {
  const { fb } = env;
  fb.get(bytes);
  pushRowBytes(env, 0, values, 1);
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
/** Hands the rows in the vectors to the host, which copies them. */
function insertRows(env: StageEnv, n: number, floor: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(n);
  fb.call(env.mb.import('env', 'insert_rows', ['i32', 'i32'], ['i32']));
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
  fb.i32_const(0);
  fb.set(n);
  env.releaseScratch(() => fb.get(floor));
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

/**
 * Hands the row addresses of the row set to the host (env.delete_rows). A target row that a join met several times comes
 * in rows next to each other: the first one stays, the others leave the row set, so that UPDATE writes one new version.
 */
export function emitDelete(
  env: StageEnv,
  rows: RowSet,
  d: {
    readonly rowId: ColId;
    readonly addresses: number;
    readonly step: number;
    /** error_on_nondeterministic_update: more than one match of a row is an error. */
    readonly singleMatch: boolean;
  },
): void {
  const { rowId, addresses, step } = d;
  const { fb } = env;
  const n = fb.local('i32');
  const last = fb.local('i64');
  const address = fb.local('i64');
  const lastAt = addresses + BATCH_ROWS * 8;
  fb.i32_const(0);
  fb.set(n);
  fb.get(env.ctx);
  fb.mem('i64_load', lastAt);
  fb.set(last);
  countInput(env, rows, step);
  forRows(env, rows, () => {
    const v = env.column(rowId);
    v.push();
    fb.set(address);
    if (d.singleMatch) {
      fb.get(address);
      fb.get(last);
      fb.do('i64_eq');
      fb.if_(() => env.raise(60));
    }
    fb.get(env.ctx);
    fb.get(n);
    fb.i32_const(3);
    fb.do('i32_shl', 'i32_add');
    fb.get(address);
    fb.mem('i64_store', addresses);
    if (rows.selection >= 0) {
      env.element(n);
      fb.get(env.row);
      fb.mem('i32_store', rows.selection);
    }
    for (const [s, offset] of rows.tuples.entries()) {
      env.element(n);
      fb.get(env.tupleLocal(s));
      fb.mem('i32_store', offset);
    }
    fb.get(n);
    fb.get(address);
    fb.get(last);
    fb.do('i64_ne', 'i32_add');
    fb.set(n);
    fb.get(address);
    fb.set(last);
  });
  fb.get(env.ctx);
  fb.get(last);
  fb.mem('i64_store', lastAt);
  env.setState(rows.count, () => fb.get(n));
  env.setState(rows.cursor, () => fb.i32_const(0));
  fb.get(env.ctx);
  fb.get(env.ctx);
  fb.i32_const(addresses);
  fb.do('i32_add');
  fb.get(n);
  fb.call(env.mb.import('env', 'delete_rows', ['i32', 'i32', 'i32'], ['i32']));
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
}

/** Row addresses of one batch, and the last one of the batch before. */
export const deleteBytes = BATCH_ROWS * 8 + 8;
