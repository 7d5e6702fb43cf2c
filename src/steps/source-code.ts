/**
 * What source stages share: taking the next batch of the input, and sources whose rows are tuples already (worktables,
 * received frames, rows from the host), which only write addresses.
 */
import { BATCH_ROWS } from '../common/limits.ts';
import type { ColId } from '../common/ids.ts';
import type { SourceDesign } from './definition.ts';
import { forBatch } from './row-loop.ts';
import { STATE, STATUS, type ColumnAccess, type RowSet, type SegmentCode, type StageEnv } from './segment-code.ts';
import type { RowShape } from './spec.ts';
import { mayBeLong } from '../types/sql-type.ts';
import type { TupleField } from '../types/tuple-layout.ts';

/** Leaves when the input is used up: DONE when the host said so, else NEED_INPUT. Otherwise n = rows of this batch. */
export function takeBatch(env: StageEnv, position: number, n: number): void {
  const { fb } = env;
  env.getState(STATE.INPUT_POSITION);
  fb.set(position);
  env.getState(STATE.INPUT_ROWS);
  fb.get(position);
  fb.do('i32_sub');
  fb.tee(n);
  fb.do('i32_eqz');
  fb.if_(() => {
    fb.i32_const(STATUS.DONE);
    fb.i32_const(STATUS.NEED_INPUT);
    env.getState(STATE.SOURCE_DONE);
    fb.select();
    fb.return_();
  });
  fb.get(n);
  pushRowsMax(env, BATCH_ROWS);
  fb.get(n);
  pushRowsMax(env, BATCH_ROWS);
  fb.do('i32_lt_u');
  fb.select();
  fb.set(n);
  env.setState(STATE.INPUT_POSITION, () => {
    fb.get(position);
    fb.get(n);
    fb.do('i32_add');
  });
}

/** How many rows a stage may take before it lets others in: `most`, fewer where rows take long. */
export function pushRowsMax(env: StageEnv, most: number): void {
  if (env.code.callsSpatial) env.getState(STATE.BATCH_LIMIT);
  else env.fb.i32_const(most);
}

/** A source of tuples; `stores`: the store behind them, `relocate`: they are in a frame, `counts`: they are the step's rows. */
export function designTupleSource(
  code: SegmentCode,
  shape: RowShape,
  stores: readonly number[],
  relocate: boolean,
  counts = true,
): SourceDesign {
  const rows = code.rowSet(false, 1);
  const columns = new Map<ColId, ColumnAccess>();
  for (const field of shape.layout.fields)
    columns.set(field.id, { kind: 'tuple', slot: 0, field, alwaysNullable: false });
  return {
    rows,
    columns,
    stores,
    hasFast: false,
    emit: (env, { operations }) => {
      emitTupleSource(env, rows, shape, relocate);
      if (counts) env.count(0, () => env.getState(rows.count));
      return operations;
    },
  };
}

/** Tuple sources: INPUT_ADDRESS is the first tuple of a run, or an array of addresses when INPUT_POINTERS is set. */
function emitTupleSource(env: StageEnv, rows: RowSet, shape: RowShape, relocate: boolean): void {
  const { fb } = env;
  const position = fb.local('i32');
  const n = fb.local('i32');
  takeBatch(env, position, n);
  const address = fb.local('i32');
  const strings = shape.layout.fields.filter((f) => f.phys === 'str');
  forBatch(env, n, (i) => {
    env.getState(STATE.INPUT_ADDRESS);
    fb.get(position);
    fb.get(i);
    fb.do('i32_add');
    fb.i32_const(shape.layout.size);
    fb.i32_const(4);
    env.getState(STATE.INPUT_POINTERS);
    fb.do('i32_eqz');
    fb.select();
    fb.do('i32_mul', 'i32_add');
    fb.set(address);
    env.getState(STATE.INPUT_POINTERS);
    fb.if_(() => {
      fb.get(address);
      fb.mem('i32_load', 0);
      fb.set(address);
    });
    if (relocate) for (const f of strings) relocateString(env, address, f);
    env.element(i);
    fb.get(address);
    fb.mem('i32_store', rows.tuples[0]!);
  });
  env.setState(rows.count, () => fb.get(n));
  env.setState(rows.cursor, () => fb.i32_const(0));
}

/** A frame's string field holds (distance from the frame's end, length); make it an address. References stay. */
function relocateString(env: StageEnv, tuple: number, { offset, type }: TupleField): void {
  const { fb } = env;
  const relocated = (): void => {
    fb.get(tuple);
    env.getState(STATE.INPUT_END);
    fb.get(tuple);
    fb.mem('i32_load', offset);
    fb.do('i32_sub');
    fb.mem('i32_store', offset);
  };
  if (!mayBeLong(type)) return relocated();
  fb.get(tuple);
  fb.mem('i32_load', offset);
  fb.i32_const(0);
  fb.do('i32_ge_s');
  fb.if_(relocated);
}
