/**
 * One segment to one module. `emitSegment` lays out the state, emits every stage in its variants and the driver
 * `run(state, budget)`. What a step reserves and emits stands in its folder (registry.ts). The result depends on the
 * segment's shape only: literals have been replaced by parameter slots (normalise.ts), so equal shapes share modules.
 */
import { atOnce, type Steps } from '../common/steps.ts';
import type { ColId } from '../common/ids.ts';
import { columnsIn } from '../expressions/columns-in.ts';
import type { ScalarFunction } from '../functions/define.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';
import type { FunctionRef } from '../wasm/assembler.ts';
import { CTX } from '../wasm/memory-map.ts';
import type { Flow, MergeDesign, Operation, SinkDesign, SourceDesign, Stage } from './definition.ts';
import { sinkStep, sourceStep, transformStep } from './registry.ts';
import {
  CONTINUE,
  SegmentCode,
  STATE,
  STATUS,
  StageEnv,
  type ColumnAccess,
  type RowSet,
  type SegmentLayout,
} from './segment-code.ts';
import type { SegmentSpec, TransformSpec } from './spec.ts';

export interface SegmentModule {
  readonly bytes: Uint8Array;
  readonly layout: SegmentLayout;
  /** Extra stores the code needs (distinct sets): -1 is the first of them. */
  readonly distinctStores: readonly TupleLayout[];
  readonly hasFast: boolean;
}

/** What a normalised segment needs besides its spec. */
export interface EmitInput {
  readonly spec: SegmentSpec;
  readonly literalCount: number;
  readonly parameterCount: number;
  /** insert: slots of the column names. */
  readonly nameSlots: readonly number[];
  /** False: the fast variant computes wide decimals as the general one does (forced-paths.ts). */
  readonly narrow?: boolean;
}

/** Everything both variants share: state offsets and the order of stages. */
interface Design {
  readonly source: SourceDesign;
  /** Behind the source. */
  readonly operations: readonly Operation[];
  readonly stages: readonly Stage[];
  readonly scanFilters: Flow['scanFilters'];
  readonly sink: SinkDesign;
  /** What the sink gets. */
  readonly rows: RowSet;
  readonly columns: ReadonlyMap<ColId, ColumnAccess>;
}

/** At once, for those who wait for nothing else. */
export const emitSegment = (
  input: EmitInput,
  functions: (name: string) => ScalarFunction | undefined,
): SegmentModule => atOnce(emittedSegment(input, functions));

/** The module in steps: one per stage, and one per function that stages leave for later. */
export function* emittedSegment(
  input: EmitInput,
  functions: (name: string) => ScalarFunction | undefined,
): Steps<SegmentModule> {
  const { spec } = input;
  const code = new SegmentCode(input.parameterCount, spec.transforms.length + 3, functions);
  code.callsSpatial = spec.source.kind !== 'parse' && callsSpatial(spec, functions);
  const design = designSegment(code, spec);
  const hasFast = design.source.hasFast && design.stages.every((s) => s.drain === undefined);
  const variants: FunctionRef[][] = [];
  for (const fast of hasFast ? [false, true] : [false]) variants.push(yield* emitStages(code, input, design, fast));
  const drains = design.stages.map((s, i) => emitDrainStage(code, input, s, i));
  const inputs = [...design.stages.map((s) => s.input), design.rows];
  emitDriver(code, 'run', inputs, variants, drains, spec.source.kind === 'parse');
  if (design.sink.merge) emitMerge(code, input, 'merge', design.sink.merge);
  for (const [i, apply] of (design.sink.apply ?? []).entries()) emitMerge(code, input, `apply${i}`, apply);
  yield* code.emitLater();
  return {
    bytes: code.mb.finish(),
    layout: code.layout(),
    distinctStores: design.sink.distinctStores ?? [],
    hasFast,
  };
}

/** Whether an expression in it calls a function of src/spatial. */
function callsSpatial(value: unknown, functions: (name: string) => ScalarFunction | undefined): boolean {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.some((item) => callsSpatial(item, functions));
  const node = value as Readonly<Record<string, unknown>>;
  if (node['kind'] === 'call' && functions(node['name'] as string)?.spatial !== undefined) return true;
  return Object.values(node).some((inner) => callsSpatial(inner, functions));
}

function designSegment(code: SegmentCode, spec: SegmentSpec): Design {
  const source = sourceStep(spec.source).design(code, spec.source);
  const operations: Operation[] = [];
  const flow: Flow = {
    code,
    columns: new Map(source.columns),
    rows: source.rows,
    operations,
    stages: [],
    scanFilters: [],
    stores: [...source.stores],
  };
  for (const [i, t] of spec.transforms.entries()) transformStep(t).design(flow, t, i + 1);
  const sink = sinkStep(spec.sink).design(code, spec.sink);
  const { stages, scanFilters } = flow;
  return { source, operations, stages, scanFilters, sink, rows: flow.rows, columns: flow.columns };
}

/** Columns that transforms and sink read. */
function usedColumns(transforms: readonly TransformSpec[], sink: SegmentSpec['sink']): Set<ColId> {
  const used = new Set<ColId>();
  columnsIn({ t: transforms, s: sink }, used);
  // Fields a tuple sink copies by id.
  if ('shape' in sink) for (const f of sink.shape.fields) used.add(f.id);
  for (const t of transforms) for (const id of transformStep(t).reads?.(t) ?? []) used.add(id);
  return used;
}

function* emitStages(code: SegmentCode, input: EmitInput, design: Design, fast: boolean): Steps<FunctionRef[]> {
  const stages: FunctionRef[] = [];
  const { spec, nameSlots } = input;
  const begin = (name: string, columns: ReadonlyMap<ColId, ColumnAccess>): StageEnv => {
    const env = new StageEnv(code, name, fast, columns, fast && input.narrow !== false);
    env.literalCount = input.literalCount;
    stages.push(env.fb.ref);
    return env;
  };
  /** The function's result. */
  const done = (env: StageEnv): void => env.fb.i32_const(CONTINUE);
  const source = begin('source', design.source.columns);
  const rest = design.source.emit(source, {
    operations: design.operations,
    scanFilters: design.scanFilters,
    preFilterStep: spec.transforms.length + 2,
    readBehind: ({ spec: one }) =>
      usedColumns(
        spec.transforms.filter((t) => t !== one),
        spec.sink,
      ),
  });
  emitOperations(source, design.source.rows, rest);
  done(source);
  yield;
  yield* code.emitLater();
  for (const [i, stage] of design.stages.entries()) {
    const env = begin(`join${i}`, stage.columns);
    stage.emit(env);
    emitOperations(env, stage.output, stage.operations);
    done(env);
    yield;
    yield* code.emitLater();
  }
  const sink = begin('sink', design.columns);
  design.sink.emit(sink, { rows: design.rows, step: spec.transforms.length + 1, nameSlots });
  done(sink);
  yield;
  return stages;
}

function emitOperations(env: StageEnv, rows: RowSet, operations: readonly Operation[]): void {
  for (const o of operations) {
    env.withColumns(o.columns);
    o.emit(env, rows);
  }
}

function emitDrainStage(code: SegmentCode, input: EmitInput, stage: Stage, index: number): FunctionRef | undefined {
  if (!stage.drain) return undefined;
  const env = new StageEnv(code, `drain${index}`, false, stage.columns);
  env.literalCount = input.literalCount;
  stage.drain(env);
  emitOperations(env, stage.output, stage.operations);
  env.fb.i32_const(1);
  return env.fb.ref;
}

/** merge(state, budget), apply0 ...: the input goes back into what the sink keeps. */
function emitMerge(code: SegmentCode, input: EmitInput, name: string, merge: MergeDesign): void {
  const stage = (part: string, emit: (env: StageEnv) => void): FunctionRef => {
    const env = new StageEnv(code, part, false, merge.columns);
    env.literalCount = input.literalCount;
    emit(env);
    env.fb.i32_const(CONTINUE);
    return env.fb.ref;
  };
  const stages = [
    stage(`${name}_source`, (env) => merge.emitSource(env)),
    stage(`${name}_into`, (env) => merge.emit(env)),
  ];
  emitDriver(code, name, [merge.rows], [stages], []);
}

/**
 * run(state, budget): budget counts stage calls; 0 left gives YIELD. `valuesLie`: the source leaves values of its rows in scratch, which
 * is emptied when it is called again, else in front of every stage.
 */
function emitDriver(
  code: SegmentCode,
  name: string,
  inputs: readonly RowSet[],
  variants: readonly FunctionRef[][],
  drains: readonly (FunctionRef | undefined)[],
  valuesLie = false,
): void {
  const fb = code.mb.function(name, ['i32', 'i32'], ['i32'], true);
  const status = fb.local('i32');
  const state = (offset: number): void => {
    fb.get(0);
    fb.mem('i32_load', offset);
  };
  const call = (stage: number): void => {
    const [general, fast] = [variants[0]![stage]!, variants[1]?.[stage]];
    if (!fast) {
      fb.get(0);
      fb.call(general);
      return;
    }
    state(STATE.VARIANT);
    fb.if_(
      () => (fb.get(0), fb.call(fast), fb.set(status)),
      () => (fb.get(0), fb.call(general), fb.set(status)),
    );
    fb.get(status);
  };
  const leaveUnlessContinue = (): void => {
    fb.set(status);
    fb.get(status);
    fb.i32_const(CONTINUE);
    fb.do('i32_ne');
    fb.if_(() => (fb.get(status), fb.return_()));
  };
  const emptyScratch = (): void => {
    fb.get(0);
    fb.get(0);
    fb.mem('i64_load', STATE.SCRATCH_EMPTY);
    fb.call(code.mb.import('kernel', 'release', ['i32', 'i64'], []));
  };
  fb.loop((again) => {
    // An error that nobody looked at ends the segment here; then the stack is emptied for the next stage.
    state(CTX.ERROR_CODE);
    fb.if_(() => (fb.i32_const(STATUS.ERROR), fb.return_()));
    if (!valuesLie) emptyScratch();
    fb.get(1);
    fb.i32_const(0);
    fb.do('i32_le_s');
    fb.if_(() => (fb.i32_const(STATUS.YIELD), fb.return_()));
    fb.get(1);
    fb.i32_const(1);
    fb.do('i32_sub');
    fb.set(1);
    for (let k = inputs.length - 1; k >= 0; k--) {
      state(inputs[k]!.cursor);
      state(inputs[k]!.count);
      fb.do('i32_lt_u');
      fb.if_(() => {
        call(k + 1);
        leaveUnlessContinue();
        fb.br(again);
      });
    }
    state(STATE.STOP);
    fb.if_(() => (fb.i32_const(STATUS.DONE), fb.return_()));
    if (valuesLie) emptyScratch();
    call(0);
    fb.set(status);
    fb.get(status);
    fb.i32_const(CONTINUE);
    fb.do('i32_eq');
    fb.br_if(again);
    // The source has ended: outer joins give their unmatched inner rows, first join first.
    fb.get(status);
    fb.i32_const(STATUS.DONE);
    fb.do('i32_ne');
    fb.if_(() => (fb.get(status), fb.return_()));
    for (const d of drains) {
      if (!d) continue;
      fb.get(0);
      fb.call(d);
      fb.br_if(again);
    }
  });
  fb.i32_const(STATUS.DONE);
}
