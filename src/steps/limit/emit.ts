/**
 * The limit on a row set in place. It keeps two i64 in the state: rows still to pass and rows still to skip; when none
 * is left to pass it sets STOP, and the source ends.
 */
import { STATE, type RowSet, type StageEnv } from '../segment-code.ts';

/** limits: state offset of {i64 left, i64 skip}; left < 0 means no limit. */
export function emitLimit(env: StageEnv, rows: RowSet, limits: number, step: number): void {
  const { fb } = env;
  const n = fb.local('i32');
  const skip = fb.local('i64');
  const left = fb.local('i64');
  const load = (offset: number, into: number): void => {
    fb.get(env.ctx);
    fb.mem('i64_load', limits + offset);
    fb.set(into);
  };
  const smaller = (a: () => void, b: () => void): void => {
    a();
    b();
    a();
    b();
    fb.do('i64_lt_u');
    fb.select();
  };
  env.getState(rows.count);
  fb.set(n);
  load(8, skip);
  // Skip the first rows by moving the cursor.
  const rowCount = (): void => (fb.get(n), fb.do('i64_extend_i32_u'));
  const skipped = fb.local('i64');
  smaller(rowCount, () => fb.get(skip));
  fb.set(skipped);
  fb.get(env.ctx);
  fb.get(skip);
  fb.get(skipped);
  fb.do('i64_sub');
  fb.mem('i64_store', limits + 8);
  load(0, left);
  fb.get(left);
  fb.i64_const(0n);
  fb.do('i64_ge_s');
  fb.if_(() => {
    const rest = fb.local('i64');
    rowCount();
    fb.get(skipped);
    fb.do('i64_sub');
    fb.set(rest);
    const taken = fb.local('i64');
    smaller(
      () => fb.get(rest),
      () => fb.get(left),
    );
    fb.set(taken);
    fb.get(env.ctx);
    fb.get(left);
    fb.get(taken);
    fb.do('i64_sub');
    fb.mem('i64_store', limits);
    fb.get(skipped);
    fb.get(taken);
    fb.do('i64_add', 'i32_wrap_i64');
    fb.set(n);
    fb.get(left);
    fb.get(taken);
    fb.do('i64_eq');
    fb.if_(() => env.setState(STATE.STOP, () => fb.i32_const(1)));
  });
  env.setState(rows.count, () => fb.get(n));
  env.setState(rows.cursor, () => (fb.get(skipped), fb.do('i32_wrap_i64')));
  env.count(step, () => {
    fb.get(n);
    fb.get(skipped);
    fb.do('i32_wrap_i64', 'i32_sub');
  });
}
