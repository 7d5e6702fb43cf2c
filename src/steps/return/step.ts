/**
 * The return step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { emitReturn, OUTPUT } from './emit.ts';
import type { ReturnSpec } from './spec.ts';

export const returnStep: SinkStep<ReturnSpec> = {
  view: () => viewOf('return'),
  design: (code, spec) => {
    code.output = code.allocate(OUTPUT.BYTES);
    return { emit: (env, { rows, step }) => emitReturn(env, spec, rows, step) };
  },
};
