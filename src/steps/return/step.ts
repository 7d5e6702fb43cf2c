/**
 * The return step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { designWideRow } from '../wide-row.ts';
import { emitReturn, OUTPUT } from './emit.ts';
import type { ReturnSpec } from './spec.ts';

export const returnStep: SinkStep<ReturnSpec> = {
  view: () => viewOf('return'),
  design: (code, spec) => {
    code.output = code.allocate(OUTPUT.BYTES);
    const wide = designWideRow(
      code,
      spec.columns.map((c) => c.expr),
    );
    return { emit: (env, { rows, step }) => emitReturn(env, spec, wide, rows, step) };
  },
};
