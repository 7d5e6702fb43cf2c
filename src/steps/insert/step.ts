/**
 * The insert step's definition: its state is a vector of BATCH_ROWS values and one of null bytes per column.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { PHYS_BYTES, physOf } from '../../types/sql-type.ts';
import type { SinkStep } from '../definition.ts';
import { emitInsert } from './emit.ts';
import type { InsertSpec } from './spec.ts';

export const insert: SinkStep<InsertSpec> = {
  // A sample is looked at and not stored.
  view: (spec) =>
    spec.sample === true
      ? undefined
      : { kind: 'insert', label: spec.label, tableId: spec.table.tableId, tableName: spec.table.name },
  names: (spec) => spec.columns.map((c) => c.name),
  design: (code, spec) => {
    code.vectors = spec.columns.map((c) => ({
      values: code.allocate(BATCH_ROWS * PHYS_BYTES[physOf(c.type)], 16),
      nulls: code.allocate(BATCH_ROWS),
    }));
    return { emit: (env, { rows, step, nameSlots }) => emitInsert(env, spec, rows, nameSlots, step) };
  },
};
