/**
 * The hash step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { emitHash } from './emit.ts';
import type { HashSpec } from './spec.ts';

export const hash: SinkStep<HashSpec> = {
  view: (spec) => viewOf('hash', spec.label),
  design: (_code, spec) => ({
    emit: (env, { rows, step }) => emitHash(env, rows, spec.store, spec.keys, spec.shape, spec.keepNullKeys, step),
  }),
};
