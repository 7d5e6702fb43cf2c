/**
 * The limit step's definition: LIMIT and OFFSET, two counters of the state that limit/run.ts sets.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { viewOf, type TransformStep } from '../definition.ts';
import { emitLimit } from './emit.ts';

export interface LimitSpec {
  readonly kind: 'limit';
  readonly limit: BoundExpr | undefined;
  readonly offset: BoundExpr | undefined;
}

export const limit: TransformStep<LimitSpec> = {
  view: () => viewOf('limit'),
  design: (flow, spec, step) => {
    const limits = flow.code.allocate(16);
    flow.code.limits.push(limits);
    flow.operations.push({
      spec,
      columns: new Map(flow.columns),
      emit: (env, rows) => emitLimit(env, rows, limits, step),
    });
  },
};
