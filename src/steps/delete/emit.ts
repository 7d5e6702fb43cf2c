/**
 * The delete step marks rows by their addresses, one call of the host per batch, and passes them on.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import type { ColId } from '../../common/ids.ts';
import { KNOWN } from './known.ts';
import { keepRow } from '../keep-rows.ts';
import { forRows } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';

/** Row addresses of one batch, and the last one of the batch before. */
export const deleteBytes = BATCH_ROWS * 8 + 8;

/**
 * Hands the row addresses of the row set to the host (env.delete_rows). A target row that a join met several times comes
 * in rows next to each other: the first one stays, the others leave the row set, so that UPDATE writes one new version.
 * Behind a join in blocks it comes again later: the host knows it by then.
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
    readonly comesAgain: boolean;
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
    keepRow(env, rows, n);
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
  const end = (): void => {
    env.setState(rows.count, () => fb.get(n));
    env.setState(rows.cursor, () => fb.i32_const(0));
  };
  end();
  fb.get(env.ctx);
  fb.get(env.ctx);
  fb.i32_const(addresses);
  fb.do('i32_add');
  fb.get(n);
  fb.call(env.mb.import('env', 'delete_rows', ['i32', 'i32', 'i32'], ['i32']));
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
  if (d.comesAgain) dropKnown(env, rows, d, n, end);
  env.count(step, () => fb.get(n));
}

/** Rows whose address the host has taken away were marked in a block before. */
function dropKnown(
  env: StageEnv,
  rows: RowSet,
  d: { readonly addresses: number; readonly singleMatch: boolean },
  n: number,
  end: () => void,
): void {
  const { fb } = env;
  fb.i32_const(0);
  fb.set(n);
  forRows(env, rows, (loop) => {
    fb.get(env.ctx);
    fb.get(loop.index);
    fb.i32_const(3);
    fb.do('i32_shl', 'i32_add');
    fb.mem('i64_load', d.addresses);
    fb.i64_const(KNOWN);
    fb.do('i64_eq');
    fb.if_(() => (d.singleMatch ? env.raise(60) : loop.next()));
    keepRow(env, rows, n);
    fb.get(n);
    fb.i32_const(1);
    fb.do('i32_add');
    fb.set(n);
  });
  end();
}
