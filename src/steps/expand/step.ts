/**
 * The expand step: every row once for each of `count` grouping sets, with the set's number as a column. A stage of its own,
 * as a join has one: the number stands where a join has the inner tuple's address.
 */
import type { ColId } from '../../common/ids.ts';
import { viewOf, type Operation, type TransformStep } from '../definition.ts';
import type { ColumnAccess } from '../segment-code.ts';
import { emitExpand } from './emit.ts';

export interface ExpandSpec {
  readonly kind: 'expand';
  /** The column that numbers a row's copies from 0: int4, never NULL. */
  readonly column: ColId;
  readonly count: number;
}

export const expand: TransformStep<ExpandSpec> = {
  view: () => viewOf('project'),
  design: (flow, spec, step) => {
    const { code, rows } = flow;
    const slot = rows.tuples.length;
    const output = code.rowSet(rows.selection >= 0, slot + 1);
    const columns = new Map<ColId, ColumnAccess>(flow.columns);
    columns.set(spec.column, { kind: 'slot', slot });
    const next = code.allocate(4, 4);
    const operations: Operation[] = [];
    flow.stages.push({
      input: rows,
      output,
      columns,
      operations,
      emit: (env) => emitExpand(env, { input: rows, output, slot, count: spec.count, next, step }),
      drain: undefined,
    });
    flow.operations = operations;
    flow.stores.push(-1);
    flow.columns = columns;
    flow.rows = output;
  },
};
