/**
 * Every step by the kind of its value: what the leader knows of it (its place in the views, its state, its code). A step
 * that is missing here, or in runtimes.ts, is a compile error. Participants do not load this: only runtimes.ts.
 */
import { aggr } from './aggr/step.ts';
import type { SinkStep, SourceStep, TransformStep } from './definition.ts';
import { deleteStep } from './delete/step.ts';
import { discard } from './discard/step.ts';
import { dist } from './dist/step.ts';
import { evaluate } from './evaluate/step.ts';
import { expand } from './expand/step.ts';
import { filter } from './filter/step.ts';
import { hash } from './hash/step.ts';
import { hjoin } from './hjoin/step.ts';
import { insert } from './insert/step.ts';
import { limit } from './limit/step.ts';
import { mjoin, mscan } from './mjoin/step.ts';
import { nloop } from './nloop/step.ts';
import { parse } from './parse/step.ts';
import { project } from './project/step.ts';
import { receive } from './receive/step.ts';
import { returnStep } from './return/step.ts';
import { rows } from './rows/step.ts';
import { save } from './save/step.ts';
import { scan } from './scan/step.ts';
import { series } from './series/step.ts';
import { sort } from './sort/step.ts';
import type { SinkSpec, SourceSpec, TransformSpec } from './spec.ts';
import { unnest } from './unnest/step.ts';
import { unload } from './unload/step.ts';
import { windowed, windowStep } from './window/step.ts';
import { worktable } from './worktable/step.ts';

export const SOURCES: { readonly [K in SourceSpec['kind']]: SourceStep<Extract<SourceSpec, { kind: K }>> } = {
  scan,
  worktable,
  windowed,
  receive,
  rows,
  series,
  parse,
};
export const TRANSFORMS: {
  readonly [K in TransformSpec['kind']]: TransformStep<Extract<TransformSpec, { kind: K }>>;
} = {
  filter,
  project,
  evaluate,
  hjoin,
  mscan,
  mjoin,
  nloop,
  unnest,
  expand,
  limit,
  delete: deleteStep,
};
export const SINKS: { readonly [K in SinkSpec['kind']]: SinkStep<Extract<SinkSpec, { kind: K }>> } = {
  hash,
  aggr,
  sort,
  window: windowStep,
  save,
  dist,
  return: returnStep,
  insert,
  unload,
  discard,
};

export const sourceStep = (spec: SourceSpec): SourceStep<SourceSpec> => SOURCES[spec.kind];
export const transformStep = (spec: TransformSpec): TransformStep<TransformSpec> => TRANSFORMS[spec.kind];
export const sinkStep = (spec: SinkSpec): SinkStep<SinkSpec> => SINKS[spec.kind];
