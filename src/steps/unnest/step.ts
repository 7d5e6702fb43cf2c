/**
 * The unnest step's definition: every row as often as `count` says, with a number from 0 for each time. What a row has at
 * that number (an item of its array, an attribute of its object) are expressions over the row, made where they are read.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import { INT8 } from '../../types/sql-type.ts';
import { viewOf, type Operation, type TransformStep } from '../definition.ts';
import { emitUnnest, type UnnestCode } from './emit.ts';
import { BATCH_ROWS } from '../../common/limits.ts';

export interface UnnestSpec {
  readonly kind: 'unnest';
  /** int4; NULL is none. */
  readonly count: BoundExpr;
  /** A row without any comes once, with a NULL. */
  readonly outer: boolean;
  /** Numbers that it does not hold for do not come; of an outer one only. */
  readonly on?: BoundExpr;
  /** Column of the number, a bigint. */
  readonly ordinal: ColId;
  readonly label: string;
}

export const unnest: TransformStep<UnnestSpec> = {
  view: (spec) => viewOf('unnest', spec.label),
  design: (flow, spec, step) => {
    const { code } = flow;
    const slot = flow.rows.tuples.length;
    const layout = layoutTuple([{ id: spec.ordinal, type: INT8, nullable: spec.outer }]);
    const design: UnnestCode = {
      count: spec.count,
      outer: spec.outer,
      on: spec.on,
      found: spec.on === undefined ? -1 : code.allocate(4, 4),
      layout,
      input: flow.rows,
      output: code.rowSet(flow.rows.selection >= 0, slot + 1),
      slot,
      next: code.allocate(4, 4),
      buffer: code.allocate(layout.size * BATCH_ROWS, 16),
      step,
    };
    const columns = new Map(flow.columns);
    columns.set(spec.ordinal, { kind: 'tuple', slot, field: layout.fields[0]!, alwaysNullable: false });
    const operations: Operation[] = [];
    flow.stages.push({
      input: flow.rows,
      output: design.output,
      columns,
      operations,
      emit: (env) => {
        // The condition reads the number.
        env.withColumns(columns);
        emitUnnest(env, design);
      },
      drain: undefined,
    });
    flow.operations = operations;
    flow.stores.push(-1);
    flow.columns = columns;
    flow.rows = design.output;
  },
};
