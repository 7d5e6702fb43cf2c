/**
 * The scan's stage. It takes the next BATCH_ROWS rows of the row group the host has pinned, decodes the columns the
 * first filter needs, selects, and decodes the rest only when a row is left.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { compileCondition } from '../../expressions/compile.ts';
import { emitFilter } from '../filter/emit.ts';
import { emitScanFilter, pushIsOn, type ScanFilter } from '../hjoin/lookup.ts';
import { emitRangeSelection } from './range-filter.ts';
import { forBatch } from '../row-loop.ts';
import { STATE, type ColumnAccess, type RowSet, type StageEnv } from '../segment-code.ts';
import { takeBatch } from '../source-code.ts';

export interface ScanVector {
  readonly access: Extract<ColumnAccess, { kind: 'vector' }>;
  readonly rowAddress: boolean;
}

function decode(env: StageEnv, v: ScanVector, position: number, n: number): void {
  const { fb } = env;
  const { access } = v;
  if (v.rowAddress) return rowAddresses(env, access.values, position, n);
  fb.get(env.ctx);
  fb.mem('i32_load', env.code.chunkFields + access.scanIndex * 4);
  fb.get(position);
  fb.get(n);
  fb.get(env.ctx);
  fb.i32_const(access.values);
  fb.do('i32_add');
  fb.get(env.ctx);
  fb.i32_const(access.nulls);
  fb.do('i32_add');
  fb.call(env.kernel('chunk_decode', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32']));
  if (env.fast) return fb.drop();
  fb.do('i32_eqz');
  fb.if_(() => {
    fb.get(env.ctx);
    fb.i32_const(access.nulls);
    fb.do('i32_add');
    fb.i32_const(0);
    fb.get(n);
    fb.memory_fill();
  });
}

/** Rows of a batch are decoded one by one when fewer than one in this many is selected. */
const SPARSE = 8;

/** Decodes columns for the selected rows: only these when they are few, the whole batch otherwise. */
function decodeSelected(
  env: StageEnv,
  rows: RowSet,
  vectors: readonly ScanVector[],
  position: number,
  n: number,
): void {
  const { fb } = env;
  if (vectors.length === 0) return;
  const whole = (): void => {
    for (const v of vectors) decode(env, v, position, n);
  };
  env.getState(rows.count);
  fb.i32_const(SPARSE);
  fb.do('i32_mul');
  fb.get(n);
  fb.do('i32_lt_u');
  fb.if_(() => {
    for (const v of vectors) {
      if (v.rowAddress) {
        decode(env, v, position, n);
        continue;
      }
      fb.get(env.ctx);
      fb.mem('i32_load', env.code.chunkFields + v.access.scanIndex * 4);
      fb.get(position);
      fb.get(n);
      fb.get(env.ctx);
      fb.i32_const(rows.selection);
      fb.do('i32_add');
      env.getState(rows.count);
      fb.get(env.ctx);
      fb.i32_const(v.access.values);
      fb.do('i32_add');
      fb.call(env.kernel('chunk_decode_rows', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []));
    }
  }, whole);
}

/** values[i] = GROUP_ID + position + i. */
function rowAddresses(env: StageEnv, values: number, position: number, n: number): void {
  const { fb } = env;
  forBatch(env, n, (i) => {
    fb.get(env.ctx);
    fb.get(i);
    fb.i32_const(3);
    fb.do('i32_shl', 'i32_add');
    fb.get(env.ctx);
    fb.mem('i64_load', STATE.GROUP_ID);
    fb.get(position);
    fb.get(i);
    fb.do('i32_add', 'i64_extend_i32_u', 'i64_add');
    fb.mem('i64_store', values);
  });
}

/** The scan's batch: fills `rows.selection` with the visible rows that pass `condition`. */
export function emitTableScan(
  env: StageEnv,
  rows: RowSet,
  early: readonly ScanVector[],
  late: LateColumns,
  condition: BoundExpr | undefined,
  preFilterStep: number,
): void {
  const { fb } = env;
  const position = fb.local('i32');
  const n = fb.local('i32');
  takeBatch(env, position, n);
  env.count(preFilterStep, () => fb.get(n));
  for (const v of early) decode(env, v, position, n);
  const kept = fb.local('i32');
  const mask = fb.local('i32');
  const pass = fb.local('i32');
  env.getState(STATE.INVISIBLE);
  fb.set(mask);
  fb.i32_const(0);
  fb.set(kept);
  const floor = env.scratchMark();
  forBatch(env, n, (i) => {
    env.beginRow(i, []);
    env.element(kept);
    fb.get(i);
    fb.mem('i32_store', rows.selection);
    fb.i32_const(1);
    fb.set(pass);
    fb.get(mask);
    fb.if_(() => {
      // A set byte hides the row: its values may not fail a condition either.
      fb.get(mask);
      fb.get(position);
      fb.get(i);
      fb.do('i32_add', 'i32_add');
      fb.mem('i32_load8_u', 0);
      fb.do('i32_eqz');
      fb.set(pass);
    });
    if (condition) {
      fb.get(pass);
      env.when(() =>
        env.givingBack(floor, () => {
          compileCondition(env, condition);
          fb.set(pass);
        }),
      );
    }
    fb.get(kept);
    fb.get(pass);
    fb.do('i32_add');
    fb.set(kept);
  });
  env.setState(rows.count, () => fb.get(kept));
  env.setState(rows.cursor, () => fb.i32_const(0));
  emitLate(env, rows, late, position, n);
}

/** What is read of the rows that the scan's own condition keeps, and joins that may drop more of them before. */
export interface LateColumns {
  readonly vectors: readonly ScanVector[];
  readonly filters: readonly { readonly filter: ScanFilter; readonly access: ColumnAccess }[];
}
/** Asks the filters, each as soon as its key is read, then reads the other columns of what is left. */
function emitLate(env: StageEnv, rows: RowSet, late: LateColumns, position: number, n: number): void {
  const { fb } = env;
  let open = late.vectors;
  const read = (vectors: readonly ScanVector[]): void => {
    if (env.fast) decodeSelected(env, rows, vectors, position, n);
    else for (const v of vectors) decode(env, v, position, n);
  };
  const ifAny = (body: () => void): void => {
    env.getState(rows.count);
    fb.if_(body);
  };
  for (const { filter, access } of late.filters) {
    const key = open.filter((v) => v.access === access);
    open = open.filter((v) => v.access !== access);
    ifAny(() => {
      read(key);
      pushIsOn(env, filter);
      fb.if_(() => emitScanFilter(env, rows, filter));
    });
  }
  if (open.length > 0) ifAny(() => read(open));
}

/**
 * The batch of the fast variant when ranges select: no column is decoded for them. `early` are the columns the rest of
 * the condition reads, `late` what later steps read; both only when a row is left.
 */
export function emitRangeScan(
  env: StageEnv,
  rows: RowSet,
  mask: number,
  ranges: Parameters<typeof emitRangeSelection>[3],
  early: readonly ScanVector[],
  late: LateColumns,
  rest: BoundExpr | undefined,
  preFilterStep: number,
): void {
  const { fb } = env;
  const position = fb.local('i32');
  const n = fb.local('i32');
  takeBatch(env, position, n);
  env.count(preFilterStep, () => fb.get(n));
  const kept = emitRangeSelection(env, rows, mask, ranges, position, n);
  env.setState(rows.count, () => fb.get(kept));
  env.setState(rows.cursor, () => fb.i32_const(0));
  fb.get(kept);
  fb.if_(() => {
    decodeSelected(env, rows, early, position, n);
    if (rest) emitFilter(env, rows, rest);
    emitLate(env, rows, late, position, n);
  });
}
