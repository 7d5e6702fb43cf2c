/**
 * The dist step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { designWideRow } from '../wide-row.ts';
import { DIST_STATE, emitDist } from './emit.ts';
import type { DistMode, DistSpec } from './spec.ts';

/** What Redshift calls a step that sends rows in this way. */
const NAMES: Readonly<Record<DistMode, string>> = {
  hash: 'dist',
  even: 'dist',
  single: 'dist',
  broadcast: 'bcast',
  owners: 'bcast',
  leader: 'return',
};

export const dist: SinkStep<DistSpec> = {
  view: (spec) => viewOf(NAMES[spec.mode]),
  design: (code, spec) => {
    code.staging = code.allocate(DIST_STATE.BYTES);
    const { mode, keys, shape } = spec;
    const { staging } = code;
    const wide = designWideRow(
      code,
      shape.layout.fields.map(({ id, type }) => ({ kind: 'column', id, type })),
    );
    return { emit: (env, { rows, step }) => emitDist(env, { mode, keys, shape, wide, input: rows, step, staging }) };
  },
};
