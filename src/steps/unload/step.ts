/**
 * The unload step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { OUTPUT } from '../return/emit.ts';
import { emitUnload } from './emit.ts';
import type { UnloadSpec } from './spec.ts';

export const unload: SinkStep<UnloadSpec> = {
  view: () => viewOf('unload'),
  design: (code, spec) => {
    code.output = code.allocate(OUTPUT.BYTES);
    return { emit: (env, { rows, step }) => emitUnload(env, spec, rows, step) };
  },
};
