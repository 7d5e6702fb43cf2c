/**
 * The filter: not a step of its own in Redshift's views but part of the one before it.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { TransformStep } from '../definition.ts';
import { all, emitFilter } from './emit.ts';

export interface FilterSpec {
  readonly kind: 'filter';
  readonly conditions: readonly BoundExpr[];
}

export const filter: TransformStep<FilterSpec> = {
  view: () => undefined,
  design: (flow, spec) => {
    if (spec.conditions.length === 0) return;
    const condition = all(spec.conditions);
    flow.operations.push({
      spec,
      columns: new Map(flow.columns),
      condition,
      emit: (env, rows) => emitFilter(env, rows, condition),
    });
  },
};
