/**
 * One segment to one module. `emitSegment` lays out the state, emits every stage in its variants and the driver
 * `run(state, budget)`. The result depends on the segment's shape only: literals have been replaced by parameter slots
 * (normalise.ts), so equal shapes share modules.
 */
import { assert } from '../common/assert.ts';
import { BATCH_ROWS } from '../common/limits.ts';
import type { ColId } from '../common/ids.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import { columnsIn } from '../expressions/columns-in.ts';
import type { ScalarFunction } from '../functions/define.ts';
import { BOOL, INT4, PHYS_BYTES, physOf } from '../types/sql-type.ts';
import type { FunctionRef } from '../wasm/assembler.ts';
import { CTX } from '../wasm/memory-map.ts';
import { layoutTuple, type TupleLayout } from '../types/tuple-layout.ts';
import { emitAggr } from './aggr/emit.ts';
import { DIST_STATE, emitDist } from './dist/emit.ts';
import { designEvaluate, emitEvaluate, type EvaluateCode } from './evaluate/emit.ts';
import { emitHash, emitSave, emitSort } from './hash/emit.ts';
import { emitDrain, emitProbe, marksInner, type JoinCode } from './hjoin/emit.ts';
import { deleteBytes, emitDelete, emitInsert } from './insert/emit.ts';
import { emitFilter, emitLimit } from './limit/emit.ts';
import { emitReturn, OUTPUT } from './return/emit.ts';
import { CONTINUE, emitRangeScan, emitTableScan, emitTupleSource, type ScanVector } from './scan/emit.ts';
import { splitCondition } from './scan/range-filter.ts';
import {
  SegmentCode,
  STATE,
  STATUS,
  StageEnv,
  type ColumnAccess,
  type RowSet,
  type SegmentLayout,
} from './segment-code.ts';
import type { SegmentSpec, TransformSpec } from './spec.ts';
import { emitParsed, PARSE } from './parse/emit.ts';
import { emitUnload } from './unload/emit.ts';

export interface SegmentModule {
  readonly bytes: Uint8Array;
  readonly layout: SegmentLayout;
  /** Extra stores the code needs (distinct sets): negative ids and their tuple layouts. */
  readonly distinctStores: readonly { readonly store: number; readonly layout: TupleLayout }[];
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

interface Join {
  readonly code: JoinCode;
  readonly after: readonly PostOp[];
  readonly columns: ReadonlyMap<ColId, ColumnAccess>;
  readonly outerStores: readonly number[];
}
type PostOp =
  | { readonly kind: 'filter'; readonly condition: BoundExpr; readonly columns: ReadonlyMap<ColId, ColumnAccess> }
  | {
      readonly kind: 'limit';
      readonly limits: number;
      readonly step: number;
      readonly columns: ReadonlyMap<ColId, ColumnAccess>;
    }
  | {
      readonly kind: 'delete';
      readonly rowId: ColId;
      readonly singleMatch: boolean;
      readonly addresses: number;
      readonly step: number;
      readonly columns: ReadonlyMap<ColId, ColumnAccess>;
    }
  | {
      readonly kind: 'evaluate';
      readonly code: EvaluateCode;
      readonly columns: ReadonlyMap<ColId, ColumnAccess>;
    };

/** Everything both variants share: state offsets and the order of stages. */
interface Design {
  readonly source: RowSet;
  readonly vectors: readonly ScanVector[];
  readonly sourceColumns: ReadonlyMap<ColId, ColumnAccess>;
  readonly sourceOps: readonly PostOp[];
  readonly joins: readonly Join[];
  readonly last: RowSet;
  readonly columns: ReadonlyMap<ColId, ColumnAccess>;
  readonly distinct: readonly ({ readonly store: number; readonly layout: TupleLayout } | undefined)[];
  /** Scans: state offset of the selection mask, -1 otherwise. */
  readonly mask: number;
}

export function emitSegment(
  input: EmitInput,
  functions: (name: string) => ScalarFunction | undefined,
): SegmentModule {
  const { spec } = input;
  const code = new SegmentCode(input.parameterCount, spec.transforms.length + 3, functions);
  const design = designSegment(code, spec);
  const hasFast = spec.source.kind === 'scan' && !design.joins.some((j) => marksInner(j.code));
  const variants: FunctionRef[][] = [];
  for (const fast of hasFast ? [false, true] : [false]) variants.push(emitStages(code, input, design, fast));
  const drains = design.joins.map((j, i) => (marksInner(j.code) ? emitDrainStage(code, input, j, i) : undefined));
  emitDriver(code, design, variants, drains);
  return {
    bytes: code.mb.finish(),
    layout: code.layout(),
    distinctStores: design.distinct.filter((d) => d !== undefined),
    hasFast,
  };
}

function designSegment(code: SegmentCode, spec: SegmentSpec): Design {
  const columns = new Map<ColId, ColumnAccess>();
  const vectors: ScanVector[] = [];
  let source: RowSet;
  const { source: s } = spec;
  const mask = s.kind === 'scan' ? code.allocate(BATCH_ROWS + 64, 16) : -1;
  if (s.kind === 'scan' || s.kind === 'parse') {
    source = code.rowSet(true, 0);
    code.chunkFields = s.kind === 'parse' ? code.allocate(PARSE.BYTES, 8) : code.allocate(s.columns.length * 4, 4);
    for (const [scanIndex, c] of s.columns.entries()) {
      const phys = physOf(c.type);
      const access: ColumnAccess = {
        kind: 'vector',
        type: c.type,
        phys,
        scanIndex,
        nullable: c.nullable,
        values: code.allocate((BATCH_ROWS + 17) * PHYS_BYTES[phys], 16),
        nulls: code.allocate(BATCH_ROWS + 24),
      };
      columns.set(c.id, access);
      code.nullRows.push(access.nulls + BATCH_ROWS);
      vectors.push({ access, rowAddress: c.attnum === -1 });
    }
  } else {
    source = code.rowSet(false, 1);
    for (const field of s.shape.layout.fields)
      columns.set(field.id, { kind: 'tuple', slot: 0, field, alwaysNullable: false });
  }
  const flow: Flow = {
    code,
    columns,
    rows: source,
    sourceOps: [],
    joins: [],
    stores: s.kind === 'worktable' ? [s.store] : [],
  };
  for (const [i, t] of spec.transforms.entries()) designTransform(flow, t, i + 1);
  if (spec.sink.kind === 'dist') code.staging = code.allocate(DIST_STATE.BYTES);
  if (spec.sink.kind === 'return' || spec.sink.kind === 'unload') code.output = code.allocate(OUTPUT.BYTES);
  if (spec.sink.kind === 'insert') {
    code.vectors = spec.sink.columns.map((c) => ({
      values: code.allocate(BATCH_ROWS * PHYS_BYTES[physOf(c.type)], 16),
      nulls: code.allocate(BATCH_ROWS),
    }));
  }
  return {
    source,
    vectors,
    sourceColumns: new Map(columns),
    sourceOps: flow.sourceOps,
    joins: flow.joins,
    last: flow.rows,
    columns: flow.columns,
    distinct: distinctSets(spec),
    mask,
  };
}

interface Flow {
  readonly code: SegmentCode;
  columns: Map<ColId, ColumnAccess>;
  rows: RowSet;
  sourceOps: PostOp[];
  joins: Join[];
  /** Store behind each tuple slot, for NULL tuples; -1 when the slot never needs one. */
  stores: number[];
}

function designTransform(flow: Flow, t: TransformSpec, step: number): void {
  const { code } = flow;
  const ops = (): PostOp[] =>
    flow.joins.length === 0 ? flow.sourceOps : (flow.joins[flow.joins.length - 1]!.after as PostOp[]);
  switch (t.kind) {
    case 'filter':
      if (t.conditions.length === 0) return;
      ops().push({ kind: 'filter', condition: all(t.conditions), columns: new Map(flow.columns) });
      return;
    case 'project':
      flow.columns = project(flow.columns, t.columns);
      return;
    case 'evaluate': {
      const { evaluate, fields } = designEvaluate(code, flow.rows, t);
      ops().push({ kind: 'evaluate', code: evaluate, columns: new Map(flow.columns) });
      for (const field of fields)
        flow.columns.set(field.id, { kind: 'tuple', slot: evaluate.slot, field, alwaysNullable: false });
      flow.stores.push(-1);
      return;
    }
    case 'limit': {
      const limits = code.allocate(16);
      code.limits.push(limits);
      ops().push({ kind: 'limit', limits, step, columns: new Map(flow.columns) });
      return;
    }
    case 'delete':
      code.deletes = code.allocate(deleteBytes);
      ops().push({
        kind: 'delete',
        rowId: t.rowId,
        singleMatch: t.singleMatch === true,
        addresses: code.deletes,
        step,
        columns: new Map(flow.columns),
      });
      return;
    case 'hjoin':
    case 'nloop': {
      const slot = flow.rows.tuples.length;
      const keepsInner = !['semi', 'anti', 'anti-null-aware'].includes(t.joinType);
      const output = code.rowSet(flow.rows.selection >= 0, slot + (keepsInner ? 1 : 0));
      const columns = new Map(flow.columns);
      for (const field of t.shape.layout.fields)
        columns.set(field.id, { kind: 'tuple', slot, field, alwaysNullable: false });
      const joinCode: JoinCode = {
        store: t.store,
        joinType: t.joinType,
        shape: t.shape,
        outerKeys: t.kind === 'hjoin' ? t.outerKeys : [],
        keyFields:
          t.kind === 'hjoin'
            ? t.innerKeys.map((k) =>
                keyField(
                  k,
                  t.shape.fields.map((f) => f.id),
                ),
              )
            : [],
        residual: t.kind === 'hjoin' ? t.residual : t.condition,
        input: flow.rows,
        output,
        outerSlots: slot,
        resume: code.allocate(4, 4),
        chain: code.allocate(4, 4),
        matched: code.allocate(4, 4),
        step,
      };
      flow.joins.push({ code: joinCode, after: [], columns, outerStores: [...flow.stores] });
      if (keepsInner) flow.stores.push(t.store);
      flow.columns = keepsInner ? columns : new Map(flow.columns);
      flow.rows = output;
    }
  }
}

/** A plain column under a new name is read where it lies; everything else is evaluated where it is used. */
function project(
  before: ReadonlyMap<ColId, ColumnAccess>,
  columns: readonly { readonly id: ColId; readonly expr: BoundExpr }[],
): Map<ColId, ColumnAccess> {
  const after = new Map(before);
  for (const c of columns) {
    const plain = c.expr.kind === 'column' ? before.get(c.expr.id) : undefined;
    after.set(c.id, plain ?? { kind: 'expr', expr: c.expr });
  }
  return after;
}

/** The compiler puts every inner key into the tuple as a column of its own. */
function keyField(key: BoundExpr, ids: readonly ColId[]): number {
  assert(key.kind === 'column', 'inner join keys are columns of the build shape');
  const index = ids.indexOf(key.id);
  assert(index >= 0, `join key ${key.id} is not in the build shape`);
  return index;
}

function distinctSets(spec: SegmentSpec): Design['distinct'] {
  if (spec.sink.kind !== 'aggr') return [];
  return spec.sink.aggregates.map((a, i) =>
    a.distinct && a.arg
      ? {
          store: -1 - i,
          layout: layoutTuple([
            { id: 1, type: INT4, nullable: false },
            { id: 2, type: a.arg.type, nullable: false },
          ]),
        }
      : undefined,
  );
}

const all = (conditions: readonly BoundExpr[]): BoundExpr =>
  conditions.length === 1 ? conditions[0]! : { kind: 'and', type: BOOL, args: conditions };

function usedColumns(spec: SegmentSpec): Set<ColId> {
  const used = new Set<ColId>();
  columnsIn({ t: spec.transforms, s: spec.sink }, used);
  // Fields a tuple sink copies by id.
  if ('shape' in spec.sink) for (const f of spec.sink.shape.fields) used.add(f.id);
  for (const t of spec.transforms) if (t.kind === 'delete') used.add(t.rowId);
  return used;
}

/** Columns a condition needs, through projections. */
function needed(condition: BoundExpr, columns: ReadonlyMap<ColId, ColumnAccess>): Set<ColId> {
  const out = new Set<ColId>();
  const visit = (e: BoundExpr): void => {
    const direct = new Set<ColId>();
    columnsIn(e, direct);
    for (const id of direct) {
      if (out.has(id)) continue;
      out.add(id);
      const access = columns.get(id);
      if (access?.kind === 'expr') visit(access.expr);
    }
  };
  visit(condition);
  return out;
}

function emitStages(code: SegmentCode, input: EmitInput, design: Design, fast: boolean): FunctionRef[] {
  const stages: FunctionRef[] = [];
  const begin = (name: string, columns: ReadonlyMap<ColId, ColumnAccess>): StageEnv => {
    const env = new StageEnv(code, name, fast, columns, fast && input.narrow !== false);
    env.literalCount = input.literalCount;
    stages.push(env.fb.ref);
    return env;
  };
  const done = (env: StageEnv): void => {
    env.fb.i32_const(CONTINUE);
    // The function's result.
  };
  const source = begin('source', design.sourceColumns);
  emitSource(source, input.spec, design);
  done(source);
  for (const [i, join] of design.joins.entries()) {
    const env = begin(`join${i}`, join.columns);
    emitProbe(env, join.code);
    postOps(env, join.code.output, join.after);
    done(env);
  }
  const sink = begin('sink', design.columns);
  emitSink(sink, input, design);
  done(sink);
  return stages;
}

function emitSource(env: StageEnv, spec: SegmentSpec, design: Design): void {
  const { source } = spec;
  let ops = design.sourceOps;
  if (source.kind === 'scan') {
    const first = ops[0];
    const filter = first?.kind === 'filter' ? first : undefined;
    if (filter) {
      ops = ops.slice(1);
      env.withColumns(filter.columns);
    }
    emitScan(env, spec, design, filter);
    env.count(0, () => env.getState(design.source.count));
  } else if (source.kind === 'parse') {
    emitParsed(
      env,
      design.source,
      source,
      design.vectors.map((v) => v.access),
    );
  } else {
    emitTupleSource(env, design.source, source.shape, source.kind === 'receive');
    env.count(0, () => env.getState(design.source.count));
  }
  postOps(env, design.source, ops);
}

/** A table scan with the filter right behind it; by ranges on the encoded chunks where that can be. */
function emitScan(
  env: StageEnv,
  spec: SegmentSpec,
  design: Design,
  filter: Extract<PostOp, { kind: 'filter' }> | undefined,
): void {
  const counter = spec.transforms.length + 2;
  const reads = (condition: BoundExpr): ScanVector[] => {
    const read = new Set([...needed(condition, filter!.columns)].map((id) => filter!.columns.get(id)));
    return design.vectors.filter((v) => read.has(v.access));
  };
  const vectors = new Map<ColumnAccess, ScanVector>(design.vectors.map((v) => [v.access, v]));
  if (env.fast && filter && design.mask >= 0) {
    const base = [...filter.columns]
      .filter(([, a]) => vectors.has(a) && !vectors.get(a)!.rowAddress)
      .map(([id]) => id);
    const split = splitCondition(filter.condition, new Set(base));
    if (split.ranges.length > 0) {
      const rest = split.rest.length > 0 ? all(split.rest) : undefined;
      const early = rest ? reads(rest) : [];
      const later = usedColumns({ ...spec, transforms: spec.transforms.filter((t) => t !== firstFilter(spec)) });
      const accesses = new Set([...later].flatMap((id) => [filter.columns.get(id), design.sourceColumns.get(id)]));
      const late = design.vectors.filter((v) => !early.includes(v) && accesses.has(v.access));
      const ranges = split.ranges.map((range) => ({ range, vector: vectors.get(filter.columns.get(range.id)!)! }));
      emitRangeScan(env, design.source, design.mask, ranges, early, late, rest, counter);
      return;
    }
  }
  const early = filter ? reads(filter.condition) : [];
  const late = design.vectors.filter((v) => !early.includes(v));
  emitTableScan(env, design.source, early, late, filter?.condition, counter);
}
const firstFilter = (spec: SegmentSpec): TransformSpec | undefined =>
  spec.transforms.find((t) => t.kind === 'filter' && t.conditions.length > 0);

function postOps(env: StageEnv, rows: RowSet, ops: readonly PostOp[]): void {
  for (const op of ops) {
    env.withColumns(op.columns);
    if (op.kind === 'filter') emitFilter(env, rows, op.condition);
    else if (op.kind === 'evaluate') emitEvaluate(env, rows, op.code);
    else if (op.kind === 'limit') emitLimit(env, rows, op.limits, op.step);
    else emitDelete(env, rows, op);
  }
}

function emitSink(env: StageEnv, input: EmitInput, design: Design): void {
  const { sink, transforms } = input.spec;
  const step = transforms.length + 1;
  const rows = design.last;
  switch (sink.kind) {
    case 'hash':
      return emitHash(env, rows, sink.store, sink.keys, sink.shape, sink.keepNullKeys, step);
    case 'save':
      return emitSave(env, rows, sink.store, sink.shape, step);
    case 'sort':
      return emitSort(env, rows, sink.store, sink.keys, sink.shape, step);
    case 'aggr':
      return emitAggr(env, { ...sink, distinct: design.distinct, input: rows, step });
    case 'dist':
      return emitDist(env, {
        mode: sink.mode,
        keys: sink.keys,
        shape: sink.shape,
        input: rows,
        step,
        staging: env.code.staging,
      });
    case 'return':
      return emitReturn(env, sink, rows, step);
    case 'unload':
      return emitUnload(env, sink, rows, step);
    case 'insert':
      return emitInsert(env, sink, rows, input.nameSlots, step);
    case 'discard':
      env.count(step, () => {
        env.getState(rows.count);
        env.getState(rows.cursor);
        env.fb.do('i32_sub');
      });
      env.setState(rows.cursor, () => env.getState(rows.count));
  }
}

function emitDrainStage(code: SegmentCode, input: EmitInput, join: Join, index: number): FunctionRef {
  const env = new StageEnv(code, `drain${index}`, false, join.columns);
  env.literalCount = input.literalCount;
  emitDrain(env, join.code, join.outerStores);
  postOps(env, join.code.output, join.after);
  env.fb.i32_const(1);
  return env.fb.ref;
}

/** run(state, budget): budget counts stage calls; 0 left gives YIELD. */
function emitDriver(
  code: SegmentCode,
  design: Design,
  variants: readonly FunctionRef[][],
  drains: readonly (FunctionRef | undefined)[],
): void {
  const fb = code.mb.function('run', ['i32', 'i32'], ['i32'], true);
  const status = fb.local('i32');
  const inputs = [...design.joins.map((j) => j.code.input), design.last];
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
  fb.loop((again) => {
    // An error that nobody looked at ends the segment here; then the stack is emptied for the next stage.
    state(CTX.ERROR_CODE);
    fb.if_(() => (fb.i32_const(STATUS.ERROR), fb.return_()));
    fb.get(0);
    fb.get(0);
    fb.mem('i64_load', STATE.SCRATCH_EMPTY);
    fb.call(code.mb.import('kernel', 'release', ['i32', 'i64'], []));
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
