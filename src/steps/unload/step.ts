/**
 * The unload step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { OUTPUT } from '../return/emit.ts';
import { designWideRow } from '../wide-row.ts';
import { emitUnload } from './emit.ts';
import type { UnloadSpec } from './spec.ts';

export const unload: SinkStep<UnloadSpec> = {
  view: () => viewOf('unload'),
  design: (code, spec) => {
    code.output = code.allocate(OUTPUT.BYTES);
    const wide = designWideRow(
      code,
      spec.columns.map((c) => c.expr),
    );
    return { emit: (env, { rows, step }) => emitUnload(env, spec, wide, rows, step) };
  },
};
