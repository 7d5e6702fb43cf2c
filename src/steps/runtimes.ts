/**
 * Every step by the kind of its value: its runtime on a participant. Apart from registry.ts, because a slice's thread
 * loads no code generation. A transform whose code needs nothing of its own from the host has no runtime.
 */
import { aggrRuntime } from './aggr/run.ts';
import { deleteRuntime } from './delete/run.ts';
import { discardRuntime } from './discard/run.ts';
import { distRuntime } from './dist/run.ts';
import { hashRuntime } from './hash/run.ts';
import type { SinkRuntime, SourceRuntime, TransformRuntime } from './host.ts';
import { insertRuntime } from './insert/run.ts';
import { limitRuntime } from './limit/run.ts';
import { mscanRuntime } from './mjoin/run.ts';
import { parseRuntime } from './parse/run.ts';
import { receiveRuntime } from './receive/run.ts';
import { returnRuntime } from './return/run.ts';
import { rowsRuntime } from './rows/run.ts';
import { saveRuntime } from './save/run.ts';
import { scanRuntime } from './scan/run.ts';
import { seriesRuntime } from './series/run.ts';
import { sortRuntime } from './sort/run.ts';
import type { SinkSpec, SourceSpec, TransformSpec } from './spec.ts';
import { unloadRuntime } from './unload/run.ts';
import { windowedRuntime, windowRuntime } from './window/run.ts';
import { worktableRuntime } from './worktable/run.ts';

const SOURCES: { readonly [K in SourceSpec['kind']]: SourceRuntime<Extract<SourceSpec, { kind: K }>> } = {
  scan: scanRuntime,
  worktable: worktableRuntime,
  windowed: windowedRuntime,
  receive: receiveRuntime,
  rows: rowsRuntime,
  series: seriesRuntime,
  parse: parseRuntime,
};
const TRANSFORMS: {
  readonly [K in TransformSpec['kind']]: TransformRuntime<Extract<TransformSpec, { kind: K }>> | undefined;
} = {
  filter: undefined,
  project: undefined,
  evaluate: undefined,
  hjoin: undefined,
  mscan: mscanRuntime,
  mjoin: undefined,
  nloop: undefined,
  unnest: undefined,
  expand: undefined,
  limit: limitRuntime,
  delete: deleteRuntime,
};
const SINKS: { readonly [K in SinkSpec['kind']]: SinkRuntime<Extract<SinkSpec, { kind: K }>> } = {
  hash: hashRuntime,
  aggr: aggrRuntime,
  sort: sortRuntime,
  window: windowRuntime,
  save: saveRuntime,
  dist: distRuntime,
  return: returnRuntime,
  insert: insertRuntime,
  unload: unloadRuntime,
  discard: discardRuntime,
};

export const sourceRuntime = (spec: SourceSpec): SourceRuntime<SourceSpec> => SOURCES[spec.kind];
export const transformRuntime = (spec: TransformSpec): TransformRuntime<TransformSpec> | undefined =>
  TRANSFORMS[spec.kind];
export const sinkRuntime = (spec: SinkSpec): SinkRuntime<SinkSpec> => SINKS[spec.kind];
