/**
 * How a probe finds the first tuple of a key, and how a scan asks whether a key can be in the table at all. A table with a
 * single integer key whose values lie close together is DENSE: the key itself, less the least one, is the index. All others
 * go by the local hash. The filter is a bitmap by the same index, or by the low bits of the hash (it may say yes to a key
 * that is not there).
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { keepRow } from '../keep-rows.ts';
import { forRows } from '../row-loop.ts';
import { STATE, type RowSet, type StageEnv } from '../segment-code.ts';
import { STORE, storeLocal, type TableLocals } from '../tuple-code.ts';
import { localHashValue } from '../value-code.ts';

/** A table's index by the key itself, in locals; `on` is 1 when the table has one, `bits` its filter. */
export interface DenseLocals {
  readonly on: number;
  readonly base: number;
  readonly range: number;
  readonly bits: number;
}
export function denseLocals(env: StageEnv, store: number): DenseLocals {
  const { fb } = env;
  const dense = { on: fb.local('i32'), base: fb.local('i64'), range: fb.local('i64'), bits: fb.local('i32') };
  fb.prologue(() => {
    fb.get(store);
    fb.mem('i32_load', STORE.FILTER);
    fb.set(dense.bits);
    fb.get(store);
    fb.mem('i32_load', STORE.DENSE);
    fb.set(dense.on);
    fb.get(store);
    fb.mem('i64_load', STORE.BASE);
    fb.set(dense.base);
    fb.get(store);
    fb.mem('i64_load32_u', STORE.RANGE);
    fb.set(dense.range);
  });
  return dense;
}
/** Runs `inside` with the key's index in an i32 local, when there is a place for it. */
function withIndex(env: StageEnv, dense: DenseLocals, key: TypedValue, inside: (index: number) => void): void {
  const { fb } = env;
  const offset = fb.local('i64');
  const index = fb.local('i32');
  env.pushAs(key, 'i64');
  fb.get(dense.base);
  fb.do('i64_sub');
  fb.tee(offset);
  fb.get(dense.range);
  fb.do('i64_lt_u');
  fb.if_(() => {
    fb.get(offset);
    fb.do('i32_wrap_i64');
    fb.set(index);
    inside(index);
  });
}
/** p = first tuple with this key, where the table is dense. */
export function findDense(env: StageEnv, table: TableLocals, dense: DenseLocals, key: TypedValue, p: number): void {
  const { fb } = env;
  withIndex(env, dense, key, (index) => {
    fb.get(table.heads);
    fb.get(index);
    fb.i32_const(2);
    fb.do('i32_shl', 'i32_add');
    fb.mem('i32_load', 0);
    fb.set(p);
  });
}

/** Pushes bit `index` of a bitmap, both in locals. */
function pushBit(env: StageEnv, bits: number, index: number): void {
  const { fb } = env;
  fb.get(bits);
  fb.get(index);
  fb.i32_const(3);
  fb.do('i32_shr_u', 'i32_add');
  fb.mem('i32_load8_u', 0);
  fb.get(index);
  fb.i32_const(7);
  fb.do('i32_and', 'i32_shr_u');
  fb.i32_const(1);
  fb.do('i32_and');
}
/** p = 1 when there is a tuple with this key, where the table is a bitmap. */
export function findMember(env: StageEnv, dense: DenseLocals, key: TypedValue, p: number): void {
  withIndex(env, dense, key, (index) => {
    pushBit(env, dense.bits, index);
    env.fb.set(p);
  });
}

/** A join that lets a scan drop rows which it would drop itself. */
export interface ScanFilter {
  readonly store: number;
  /** The join's key, a column of the scan. */
  readonly key: Extract<BoundExpr, { kind: 'column' }>;
  /** State offset of three i32: rows tested, rows passed, 1 = given up. */
  readonly state: number;
}
const TESTED = 0;
const PASSED = 4;
const GIVEN_UP = 8;
export const SCAN_FILTER_BYTES = 12;
/** Rows after which a filter has to have dropped one in four. */
const TRIAL_ROWS = 32 * 1024;

/** Pushes 1 when the filter is worth asking. */
export function pushIsOn(env: StageEnv, filter: ScanFilter): void {
  const { fb } = env;
  fb.get(storeLocal(env, filter.store));
  fb.mem('i32_load', STORE.FILTER);
  fb.i32_const(0);
  fb.do('i32_ne');
  env.getState(filter.state + GIVEN_UP);
  fb.do('i32_eqz', 'i32_and');
}

/** Keeps the rows whose key may be in the table. */
export function emitScanFilter(env: StageEnv, rows: RowSet, filter: ScanFilter): void {
  const { fb } = env;
  const store = storeLocal(env, filter.store);
  const dense = denseLocals(env, store);
  const [mask, kept, bit, pass] = [0, 0, 0, 0].map(() => fb.local('i32')) as [number, number, number, number];
  fb.get(store);
  fb.mem('i32_load', STORE.FILTER_MASK);
  fb.set(mask);
  fb.i32_const(0);
  fb.set(kept);
  const test = (index: number): void => {
    pushBit(env, dense.bits, index);
    fb.set(pass);
  };
  env.setState(STATE.ROW_FILTERED, () => fb.i32_const(1));
  env.count32(filter.state + TESTED, () => env.getState(rows.count));
  forRows(env, rows, () => {
    keepRow(env, rows, kept);
    const key = env.settle(compileExpr(env, filter.key));
    fb.i32_const(0);
    fb.set(pass);
    const look = (): void => {
      fb.get(dense.on);
      fb.if_(
        () => withIndex(env, dense, key, test),
        () => {
          fb.get(localHashValue(env, { ...key, pushNull: undefined }));
          fb.get(mask);
          fb.do('i32_and');
          fb.set(bit);
          test(bit);
        },
      );
    };
    if (!key.pushNull) look();
    else {
      key.pushNull();
      fb.do('i32_eqz');
      fb.if_(look);
    }
    fb.get(kept);
    fb.get(pass);
    fb.do('i32_add');
    fb.set(kept);
  });
  env.setState(rows.count, () => fb.get(kept));
  env.setState(rows.cursor, () => fb.i32_const(0));
  env.count32(filter.state + PASSED, () => fb.get(kept));
  giveUp(env, filter);
}
/** After the trial: a filter that lets nearly everything pass costs more than it saves. */
function giveUp(env: StageEnv, { state }: ScanFilter): void {
  const { fb } = env;
  env.getState(state + TESTED);
  fb.i32_const(TRIAL_ROWS);
  fb.do('i32_gt_u');
  fb.if_(() => {
    env.setState(state + GIVEN_UP, () => {
      env.getState(state + PASSED);
      env.getState(state + TESTED);
      fb.i32_const(2);
      fb.do('i32_shr_u');
      fb.i32_const(3);
      fb.do('i32_mul', 'i32_gt_u');
    });
    for (const field of [TESTED, PASSED]) env.setState(state + field, () => fb.i32_const(0));
  });
}
