/**
 * The inner side's code: a function that decodes a cursor's next batch and selects its rows. It is general in both variants
 * of the segment, since a variant is chosen by the outer group alone.
 */
import type { ColId } from '../../common/ids.ts';
import { BATCH_ROWS } from '../../common/limits.ts';
import { columnsIn } from '../../expressions/columns-in.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { pushCompare } from '../../expressions/compile-compare.ts';
import { compileCondition, compileExpr } from '../../expressions/compile.ts';
import { PHYS_BYTES, type Phys, type SqlType } from '../../types/sql-type.ts';
import type { FunctionRef } from '../../wasm/assembler.ts';
import { emitHelper } from '../helper-code.ts';
import { forBatch } from '../row-loop.ts';
import type { ColumnAccess, SegmentCode, StageEnv } from '../segment-code.ts';
import { CURSOR, selectionAt, type MergeLayout } from './state.ts';

export interface InnerColumn {
  readonly id: ColId;
  /** Its place among the scan's columns. */
  readonly index: number;
  readonly access: {
    readonly type: SqlType;
    readonly phys: Phys;
    readonly values: number;
    readonly nulls: number;
    readonly nullable: boolean;
  };
}
/** The inner side as its scan has designed it. */
export interface InnerSide {
  readonly columns: readonly InnerColumn[];
  readonly conditions: readonly BoundExpr[];
  readonly layout: MergeLayout;
  readonly step: number;
}
/** The functions of the inner side, for a stage that calls them. */
export interface InnerCode {
  /** (state, cursor, first row of its vectors): decodes and selects the next batch. */
  refill(env: StageEnv): FunctionRef;
  /** The same arguments: decodes the batch's other columns for good. */
  complete(env: StageEnv): FunctionRef;
  /** Columns that only the rows given need. */
  readonly late: readonly InnerColumn[];
}

/** i32 field of a cursor whose address is in the local `base`. */
export function getField(env: StageEnv, base: number, field: number): void {
  env.fb.get(base);
  env.fb.mem('i32_load', field);
}
export function setField(env: StageEnv, base: number, field: number, push: () => void): void {
  env.fb.get(base);
  push();
  env.fb.mem('i32_store', field);
}

/** Made when they are first asked for: their code needs the number of literals, which the stage knows that calls it. */
export function innerCode(
  code: SegmentCode,
  inner: InnerSide,
  key: BoundExpr,
  residual: readonly BoundExpr[],
): InnerCode {
  const read = new Set<ColId>();
  columnsIn([key, inner.conditions, residual], read);
  const late = inner.columns.filter((c) => !read.has(c.id));
  const early = inner.columns.filter((c) => read.has(c.id));
  const columns = new Map<ColId, ColumnAccess>(
    inner.columns.map(({ id, index, access }) => [id, { kind: 'vector', scanIndex: index, ...access }]),
  );
  const once = (name: string, emit: (env: StageEnv, base: number, first: number) => void) => {
    let ref: FunctionRef | undefined;
    return ({ literalCount }: StageEnv): FunctionRef =>
      (ref ??= emitHelper(code, name, columns, 2, literalCount, (env, [base, first]) => emit(env, base!, first!)));
  };
  return {
    late,
    refill: once('inner', (env, base, first) => emitRefill(env, inner, early, key, base, first)),
    complete: once('complete', (env, base, first) => emitComplete(env, late, base, first)),
  };
}

function emitRefill(
  env: StageEnv,
  inner: InnerSide,
  early: readonly InnerColumn[],
  key: BoundExpr,
  base: number,
  first: number,
): void {
  const { fb } = env;
  const [position, n, kept, row, pass, mask, end] = Array.from({ length: 7 }, () => fb.local('i32')) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const selection = selectionAt(inner.layout);
  getField(env, base, CURSOR.POSITION);
  fb.set(position);
  setField(env, base, CURSOR.START, () => fb.get(position));
  setField(env, base, CURSOR.PENDING, () => fb.i32_const(1));
  batchRows(env, base, position, n);
  for (const c of early) decode(env, c, base, first, position, n);
  fb.i32_const(0);
  fb.set(kept);
  getField(env, base, CURSOR.INVISIBLE);
  fb.set(mask);
  const select = (): void => selectRows(env, inner, key, { base, first, position, n, kept, row, pass, mask });
  if (inner.conditions.length > 0) select();
  else {
    fb.get(mask);
    getField(env, base, CURSOR.HAS_NULLS);
    fb.do('i32_or');
    fb.if_(select, () => {
      forBatch(env, n, (i) => {
        element(env, base, i);
        fb.get(i);
        fb.mem('i32_store', selection);
      });
      fb.get(n);
      fb.set(kept);
    });
  }
  fb.get(position);
  fb.get(n);
  fb.do('i32_add');
  fb.set(end);
  cutRun(env, { base, first, kept, end, position, row, selection }, key);
  setField(env, base, CURSOR.POSITION, () => fb.get(end));
  setField(env, base, CURSOR.COUNT, () => fb.get(kept));
  for (const field of [CURSOR.RUN, CURSOR.AT]) setField(env, base, field, () => fb.i32_const(0));
  fb.get(kept);
  fb.if_(() => {
    countOnce(env, inner.step, base, kept, end);
  });
}

/** n = rows of the batch that begins at `position`. */
function batchRows(env: StageEnv, base: number, position: number, n: number): void {
  const { fb } = env;
  getField(env, base, CURSOR.GROUP_ROWS);
  fb.get(position);
  fb.do('i32_sub');
  fb.tee(n);
  fb.i32_const(BATCH_ROWS);
  fb.get(n);
  fb.i32_const(BATCH_ROWS);
  fb.do('i32_lt_u');
  fb.select();
  fb.set(n);
}

interface Selecting extends Batch {
  readonly row: number;
  readonly pass: number;
  readonly mask: number;
}
function selectRows(
  env: StageEnv,
  inner: InnerSide,
  key: BoundExpr,
  { base, first, position, n, kept, row, pass, mask }: Selecting,
): void {
  const { fb } = env;
  const selection = selectionAt(inner.layout);
  const floor = env.scratchMark();
  forBatch(env, n, (i) => {
    fb.get(first);
    fb.get(i);
    fb.do('i32_add');
    fb.set(row);
    env.beginRow(row, []);
    element(env, base, kept);
    fb.get(i);
    fb.mem('i32_store', selection);
    env.givingBack(floor, () => {
      const value = env.settle(compileExpr(env, key));
      if (value.pushNull) {
        value.pushNull();
        fb.do('i32_eqz');
      } else fb.i32_const(1);
      fb.set(pass);
      // What is hidden may not fail either.
      fb.get(mask);
      fb.if_(() => {
        fb.get(pass);
        fb.get(mask);
        fb.get(position);
        fb.get(i);
        fb.do('i32_add', 'i32_add');
        fb.mem('i32_load8_u', 0);
        fb.do('i32_eqz', 'i32_and');
        fb.set(pass);
      });
      for (const condition of inner.conditions) {
        fb.get(pass);
        env.when(() => {
          compileCondition(env, condition);
          fb.set(pass);
        });
      }
    });
    fb.get(kept);
    fb.get(pass);
    fb.do('i32_add');
    fb.set(kept);
  });
}

function emitComplete(env: StageEnv, late: readonly InnerColumn[], base: number, first: number): void {
  const { fb } = env;
  const [position, n] = [fb.local('i32'), fb.local('i32')];
  setField(env, base, CURSOR.PENDING, () => fb.i32_const(0));
  getField(env, base, CURSOR.START);
  fb.set(position);
  batchRows(env, base, position, n);
  for (const c of late) decode(env, c, base, first, position, n);
}
/** The late columns of the rows whose numbers stand in the list at `rows`, `count` of them: of the first cursor, without NULLs. */
export function decodeGiven(
  env: StageEnv,
  late: readonly InnerColumn[],
  base: number,
  pushRows: () => void,
  count: number,
): void {
  const { fb } = env;
  const [position, n] = [fb.local('i32'), fb.local('i32')];
  getField(env, base, CURSOR.START);
  fb.set(position);
  batchRows(env, base, position, n);
  for (const { index, access } of late) {
    getField(env, base, CURSOR.CHUNKS + index * 4);
    fb.get(position);
    fb.get(n);
    pushRows();
    fb.get(count);
    fb.get(env.ctx);
    fb.i32_const(access.values);
    fb.do('i32_add');
    fb.call(env.kernel('chunk_decode_rows', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []));
    if (!access.nullable) continue;
    fb.get(env.ctx);
    fb.i32_const(access.nulls);
    fb.do('i32_add');
    fb.i32_const(0);
    fb.get(n);
    fb.memory_fill();
  }
}

function element(env: StageEnv, base: number, index: number): void {
  env.fb.get(base);
  env.fb.get(index);
  env.fb.i32_const(2);
  env.fb.do('i32_shl', 'i32_add');
}
/** Pushes the address of the column's value (or null byte) of row `first`. */
function pushVector(env: StageEnv, at: number, first: number, width: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.i32_const(at);
  fb.get(first);
  if (width > 1) {
    fb.i32_const(Math.log2(width));
    fb.do('i32_shl');
  }
  fb.do('i32_add', 'i32_add');
}
function decode(
  env: StageEnv,
  { index, access }: InnerColumn,
  base: number,
  first: number,
  position: number,
  n: number,
): void {
  const { fb } = env;
  getField(env, base, CURSOR.CHUNKS + index * 4);
  fb.get(position);
  fb.get(n);
  pushVector(env, access.values, first, PHYS_BYTES[access.phys]);
  pushVector(env, access.nulls, first, 1);
  fb.call(env.kernel('chunk_decode', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32']));
  fb.do('i32_eqz');
  fb.if_(() => noNulls(env, access.nulls, first, n));
}
function noNulls(env: StageEnv, nulls: number, first: number, n: number): void {
  pushVector(env, nulls, first, 1);
  env.fb.i32_const(0);
  env.fb.get(n);
  env.fb.memory_fill();
}
interface Batch {
  readonly base: number;
  readonly first: number;
  readonly position: number;
  readonly n: number;
  readonly kept: number;
}

/** The last run of equal keys goes to the next batch, where it is whole, unless the batch is all of it or the group ends. */
function cutRun(
  env: StageEnv,
  b: {
    readonly base: number;
    readonly first: number;
    readonly kept: number;
    readonly end: number;
    readonly position: number;
    readonly row: number;
    readonly selection: number;
  },
  key: BoundExpr,
): void {
  const { fb } = env;
  const m = fb.local('i32');
  const keyAt = (push: () => void) => {
    fb.get(b.first);
    push();
    fb.mem('i32_load', b.selection);
    fb.do('i32_add');
    fb.set(b.row);
    env.beginRow(b.row, []);
    const value = env.settle(compileExpr(env, key));
    return { ...value, pushNull: undefined };
  };
  setField(env, b.base, CURSOR.COMPLETE, () => fb.i32_const(0));
  fb.get(b.kept);
  fb.if_(() => {
    fb.get(b.end);
    getField(env, b.base, CURSOR.GROUP_ROWS);
    fb.do('i32_ge_u');
    fb.if_(
      () => setField(env, b.base, CURSOR.COMPLETE, () => getField(env, b.base, CURSOR.IS_LAST)),
      () => {
        fb.get(b.kept);
        fb.i32_const(1);
        fb.do('i32_sub');
        fb.set(m);
        const last = keyAt(() => element(env, b.base, m));
        fb.block((done) =>
          fb.loop((again) => {
            fb.get(m);
            fb.do('i32_eqz');
            fb.br_if(done);
            const before = keyAt(() => {
              element(env, b.base, m);
              fb.i32_const(4);
              fb.do('i32_sub');
            });
            pushCompare(env, '=', before, last);
            fb.do('i32_eqz');
            fb.br_if(done);
            fb.get(m);
            fb.i32_const(1);
            fb.do('i32_sub');
            fb.set(m);
            fb.br(again);
          }),
        );
        fb.get(m);
        fb.if_(() => {
          fb.get(m);
          fb.set(b.kept);
          fb.get(b.position);
          element(env, b.base, m);
          fb.mem('i32_load', b.selection);
          fb.do('i32_add');
          fb.set(b.end);
          setField(env, b.base, CURSOR.COMPLETE, () => fb.i32_const(1));
        });
      },
    );
  });
}

/** The scan counts a row when it is first selected, not when the cursor comes back to it. */
function countOnce(env: StageEnv, step: number, base: number, kept: number, end: number): void {
  const { fb } = env;
  getField(env, base, CURSOR.GROUP);
  getField(env, base, CURSOR.COUNTED_GROUP);
  fb.do('i32_gt_u');
  getField(env, base, CURSOR.GROUP);
  getField(env, base, CURSOR.COUNTED_GROUP);
  fb.do('i32_eq');
  getField(env, base, CURSOR.START);
  getField(env, base, CURSOR.COUNTED_POSITION);
  fb.do('i32_ge_u', 'i32_and', 'i32_or');
  fb.if_(() => {
    env.count(step, () => fb.get(kept));
    setField(env, base, CURSOR.COUNTED_GROUP, () => getField(env, base, CURSOR.GROUP));
    setField(env, base, CURSOR.COUNTED_POSITION, () => fb.get(end));
  });
}
