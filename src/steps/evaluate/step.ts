/**
 * The evaluate step's definition. Not seen in Redshift's views: part of the step before it.
 */
import type { TransformStep } from '../definition.ts';
import { designEvaluate, emitEvaluate } from './emit.ts';
import type { EvaluateSpec } from './spec.ts';

export const evaluate: TransformStep<EvaluateSpec> = {
  view: () => undefined,
  design: (flow, spec) => {
    const { evaluate: code, fields } = designEvaluate(flow.code, flow.rows, spec);
    flow.operations.push({
      spec,
      columns: new Map(flow.columns),
      emit: (env, rows) => emitEvaluate(env, rows, code),
    });
    for (const field of fields)
      flow.columns.set(field.id, { kind: 'tuple', slot: code.slot, field, alwaysNullable: false });
    flow.stores.push(-1);
  },
};
