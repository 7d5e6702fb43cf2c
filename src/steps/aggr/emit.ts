/**
 * The aggr step: groups are tuples of a store (group keys, then one field per primitive aggregate). With groups each
 * row finds or makes its tuple; without groups the states live in locals during a batch. DISTINCT lists have a store
 * each besides (distinct.ts).
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import {
  typedValue,
  widen128,
  type CodeValue,
  type CodeVariable,
  type TypedValue,
} from '../../expressions/code-env.ts';
import { isTooMuch, weightOf } from '../../expressions/code-size.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { floatResult } from '../../expressions/compile-arith.ts';
import { pushCompare } from '../../expressions/compile-compare.ts';
import { identityOf } from '../../types/identity.ts';
import { FLOAT8, mayBeLong } from '../../types/sql-type.ts';
import type { TupleField } from '../../types/tuple-layout.ts';
import type { PrimitiveAggregate } from '../../functions/define.ts';
import { forRows } from '../row-loop.ts';
import { keptAs, STATUS, type RowSet, type StageEnv } from '../segment-code.ts';
import type { RowShape } from '../spec.ts';
import { findOrInsert, groupKeys, leaveForHelp, pushKept, STORE, storeLocal } from '../tuple-code.ts';
import { emitInRuns, type WideRow } from '../wide-row.ts';
import { wideGroupKeys } from './wide-keys.ts';
import { countInput } from '../keep-rows.ts';
import { MOMENTS_BYTES } from '../../functions/aggregate-lowering.ts';
import { emitCollected, emitDistinct, openList, unlessNull, type DistinctList, type Group } from './distinct.ts';
import { approximate, gather, sketch } from './sketches.ts';
import type { AggregateSpec } from './spec.ts';

export interface AggrCode {
  readonly store: number;
  readonly phase: 'partial' | 'final' | 'complete';
  readonly groups: readonly { readonly expr: BoundExpr }[];
  /** Each row is grouped by all of these. */
  readonly sets?: readonly (readonly BoundExpr[])[] | undefined;
  readonly aggregates: readonly AggregateSpec[];
  readonly shape: RowShape;
  readonly distinct: readonly DistinctList[];
  readonly input: RowSet;
  readonly step: number;
  /** Group keys that are too many for locals. */
  readonly wideKeys: WideRow | undefined;
}

/** One aggregate's state: where it is read from and written to. A text may be a reference to a long one. */
export interface Cell {
  readonly field: TupleField;
  get(): TypedValue;
  set(value: CodeValue): void;
  /** i128: low word alone, low word and null flag, high word alone. */
  getLow(): CodeValue;
  setLow(value: CodeValue): void;
  setHigh(push: () => void): void;
}

export function emitAggr(env: StageEnv, a: AggrCode): void {
  const store = storeLocal(env, a.store);
  if (a.step >= 0) countInput(env, a.input, a.step);
  if (a.groups.length === 0) return emitPlain(env, a, store);
  const stores = [store, ...a.distinct.map((list) => storeLocal(env, list.store))];
  forRows(env, a.input, (loop) => {
    for (const local of stores) leaveForHelp(env, local, loop, a.step);
    if (a.sets === undefined) return updateTuple(env, a, findGroup(env, a, store));
    for (const keys of a.sets) {
      const groups = keys.map((expr) => ({ expr }));
      updateTuple(env, a, findGroup(env, { ...a, groups, wideKeys: undefined }, store));
    }
  });
}
const stateFields = (a: Pick<AggrCode, 'groups' | 'shape'>): readonly TupleField[] =>
  a.shape.layout.fields.slice(a.groups.length);

function findGroup(env: StageEnv, a: AggrCode, store: number): Group {
  const { layout } = a.shape;
  const { keys, hash } = a.wideKeys
    ? wideGroupKeys(env, a.wideKeys, layout)
    : groupKeys(
        env,
        a.groups.map((g) => env.settle(compileExpr(env, g.expr))),
        layout,
      );
  const tuple = findOrInsert(env, store, layout, keys, hash, (t) => initStates(env, t, a.aggregates, stateFields(a)));
  return { tuple, hash, shape: a.shape };
}
function singleGroup(env: StageEnv, a: AggrCode, store: number): Group {
  const { fb } = env;
  const tuple = fb.local('i32');
  fb.get(store);
  fb.mem('i32_load', STORE.SINGLE);
  fb.set(tuple);
  return { tuple, hash: undefined, shape: a.shape };
}

/** An aggregate's update, and its argument. */
const AGGREGATE_WEIGHT = 12;
const aggregateWeight = ({ arg }: AggregateSpec): number => AGGREGATE_WEIGHT + (arg ? weightOf(arg) : 0);

/** What a row changes at a time: an aggregate, by its index, or all that have a DISTINCT list in common. */
type Unit = number | DistinctList;
function unitsOf(a: AggrCode): readonly Unit[] {
  const inLists = new Set(a.distinct.flatMap((list) => list.aggregates));
  return [...[...a.aggregates.keys()].filter((i) => !inLists.has(i)), ...a.distinct];
}
const unitWeight =
  (a: AggrCode) =>
  (unit: Unit): number =>
    (typeof unit === 'number' ? [unit] : unit.aggregates).reduce((n, i) => n + aggregateWeight(a.aggregates[i]!), 0);

/** Updates the states of a group where they lie. */
function updateTuple(env: StageEnv, a: AggrCode, group: Group): void {
  const fields = stateFields(a);
  const locals = group.hash === undefined ? [group.tuple] : [group.tuple, group.hash];
  emitInRuns(
    env,
    unitsOf(a),
    locals,
    undefined,
    (at, run, [tuple, hash]) => {
      const inner = { ...group, tuple: tuple!, hash };
      for (const unit of run) updateUnit(at, a, unit, inner, (i) => tupleCell(at, inner.tuple, fields[i]!));
    },
    unitWeight(a),
  );
}
/** NULL arguments change nothing. */
function updateUnit(env: StageEnv, a: AggrCode, unit: Unit, group: Group, cell: (aggregate: number) => Cell): void {
  if (typeof unit !== 'number') {
    emitDistinct(env, openList(env, unit), group, (i, value) =>
      update(env, a.phase, a.aggregates[i]!, cell(i), value),
    );
    return;
  }
  const spec = a.aggregates[unit]!;
  if (!spec.arg) return update(env, a.phase, spec, cell(unit), undefined);
  const { arg: expr } = spec;
  const arg = env.settle(
    spec.prim === 'count' && expr.kind === 'column' ? env.kept(expr.id) : compileExpr(env, expr),
  );
  unlessNull(env, arg, () => update(env, a.phase, spec, cell(unit), { ...arg, pushNull: undefined }));
}

/** Values that a list had put aside, rows of its set's layout, go into the states of their groups. */
export function emitApply(env: StageEnv, a: AggrCode, list: DistinctList): void {
  const store = storeLocal(env, a.store);
  const open = openList(env, list);
  const fields = stateFields(a);
  const single = a.groups.length === 0 ? singleGroup(env, a, store) : undefined;
  forRows(env, a.input, (loop) => {
    for (const local of [store, open.store]) leaveForHelp(env, local, loop, a.step);
    const group = single ?? findGroup(env, a, store);
    emitCollected(env, open, group, (i, value) =>
      update(env, a.phase, a.aggregates[i]!, tupleCell(env, group.tuple, fields[i]!), value),
    );
  });
}

/** A state in its tuple. */
export function tupleCell(env: StageEnv, t: number, field: TupleField): Cell {
  const { fb } = env;
  return {
    field,
    get: () => env.keptField(t, field),
    getLow: () => env.keptField(t, { ...field, phys: 'i64', nullOffset: -1 }),
    set: (v) => env.storeField(t, field, v),
    setLow: (v) => env.storeField(t, { ...field, phys: 'i64' }, { ...v, phys: 'i64' }),
    setHigh: (push) => {
      fb.get(t);
      push();
      fb.mem('i64_store', field.offset + 8);
    },
  };
}

/** How states of a primitive that were set aside are merged into others. */
export const MERGED: { readonly [P in PrimitiveAggregate]: PrimitiveAggregate } = {
  count_star: 'sum_i64',
  count: 'sum_i64',
  sum_i64: 'sum_i64',
  sum_i128: 'sum_i128',
  sum_f64: 'sum_f64',
  sum_super: 'sum_super',
  min: 'min',
  max: 'max',
  any: 'any',
  bool_and: 'bool_and',
  bool_or: 'bool_or',
  bit_and: 'bit_and',
  bit_or: 'bit_or',
  concat: 'concat',
  values: 'values_merge',
  values_merge: 'values_merge',
  approx_distinct: 'approx_distinct',
  sketch: 'sketch_merge',
  sketch_merge: 'sketch_merge',
  sketch_combine: 'sketch_merge',
  moments: 'moments_merge',
  moments_merge: 'moments_merge',
};
/** A group table's fields as columns. */
export const groupFields = ({ layout }: RowShape): readonly BoundExpr[] =>
  layout.fields.map(({ id, type }) => ({ kind: 'column', id, type }));

/** The step that takes groups which were set aside (tuples of its own shape) back into the table. */
export function mergingAggr(a: Omit<AggrCode, 'input' | 'step' | 'distinct'>, input: RowSet): AggrCode {
  const columns = groupFields(a.shape);
  return {
    ...a,
    phase: 'final',
    sets: undefined,
    groups: columns.slice(0, a.groups.length).map((expr) => ({ expr })),
    aggregates: a.aggregates.map((spec, i) => ({
      ...spec,
      prim: MERGED[spec.prim],
      arg: columns[a.groups.length + i]!,
      distinct: false,
    })),
    distinct: [],
    input,
    step: -1,
  };
}

/** No groups: one tuple; states in locals while the batch runs, unless they are too many. */
function emitPlain(env: StageEnv, a: AggrCode, store: number): void {
  const { fb } = env;
  const group = singleGroup(env, a, store);
  const fields = stateFields(a);
  const stores = a.distinct.length === 0 ? [] : [store, ...a.distinct.map((list) => storeLocal(env, list.store))];
  const units = unitsOf(a);
  if (isTooMuch(units, unitWeight(a))) {
    return forRows(env, a.input, (loop) => {
      for (const local of stores) leaveForHelp(env, local, loop, a.step);
      updateTuple(env, a, group);
    });
  }
  const locals = fields.map((f) => {
    const v = env.variable(f.phys, f.nullOffset >= 0);
    v.assign(env.keptField(group.tuple, f));
    return v;
  });
  const writeBack = (): void => {
    for (const [i, f] of fields.entries()) env.storeField(group.tuple, f, locals[i]!);
  };
  forRows(env, a.input, (loop) => {
    for (const local of stores) {
      fb.get(local);
      fb.mem('i32_load', STORE.HELP);
      fb.if_(() => {
        writeBack();
        loop.leave(STATUS.HELP, a.step);
      });
    }
    for (const unit of units) updateUnit(env, a, unit, group, (i) => localCell(env, fields[i]!, locals[i]!));
  });
  writeBack();
}
/** A state in locals. */
function localCell(env: StageEnv, field: TupleField, v: CodeVariable): Cell {
  const { fb } = env;
  return {
    field,
    get: () => keptAs(typedValue(env, field.type, v)),
    getLow: () => v,
    set: (value) => assignAs(env, v, value),
    setLow: (value) => {
      value.push();
      fb.set(v.low);
      if (v.nullLocal >= 0) v.setNull(() => fb.i32_const(0));
    },
    setHigh: (push) => {
      push();
      fb.set(v.high);
    },
  };
}

function assignAs(env: StageEnv, v: CodeVariable, value: CodeValue): void {
  const { fb } = env;
  env.pushAs(value, v.phys);
  if (v.phys === 'i128') {
    env.pushHigh(value);
    fb.set(v.high);
  }
  fb.set(v.low);
  if (v.nullLocal >= 0) {
    if (value.pushNull) value.pushNull();
    else fb.i32_const(0);
    fb.set(v.nullLocal);
  }
}

/** Fields of a new group: counts zero, everything else NULL. */
function initStates(
  env: StageEnv,
  tuple: number,
  specs: readonly AggregateSpec[],
  fields: readonly TupleField[],
): void {
  emitInRuns(env, fields.slice(0, specs.length), [tuple], undefined, (at, run, [t]) => {
    for (const f of run) at.storeField(t!, f, at.constant(f.phys, 0, f.nullOffset >= 0));
  });
}

export function update(
  env: StageEnv,
  phase: AggrCode['phase'],
  spec: Pick<AggregateSpec, 'prim'>,
  cell: Cell,
  arg: TypedValue | undefined,
): void {
  const { fb } = env;
  switch (spec.prim) {
    case 'count_star':
    case 'count': {
      const old = cell.get();
      cell.set({ phys: 'i64', pushNull: undefined, push: () => (old.push(), fb.i64_const(1n), fb.do('i64_add')) });
      return;
    }
    case 'sum_i64':
    case 'sum_i128':
    case 'sum_f64':
      return sum(env, spec, cell, arg!);
    case 'sum_super':
      return firstOrNext(
        env,
        cell,
        () => cell.set(textState(env, 'super_sum', undefined, arg!)),
        (old) => cell.set(textState(env, 'super_sum', old, arg!)),
      );
    case 'min':
    case 'max':
    case 'any':
      return extreme(env, spec.prim, cell, arg!);
    case 'bool_and':
    case 'bool_or':
    case 'bit_and':
    case 'bit_or':
      return logical(env, spec.prim, cell, arg!);
    case 'concat':
      return firstOrNext(
        env,
        cell,
        () => cell.set(textState(env, 'text_append', undefined, arg!, cell.field.type.length !== undefined)),
        (old) => cell.set(textState(env, 'text_append', old, arg!, cell.field.type.length !== undefined)),
      );
    case 'values':
    case 'values_merge':
      return gather(env, spec.prim, cell, arg!);
    case 'approx_distinct':
      return approximate(env, phase === 'final', cell, arg!);
    case 'sketch':
    case 'sketch_merge':
    case 'sketch_combine':
      return sketch(env, spec.prim, cell, arg!);
    case 'moments':
    case 'moments_merge':
      return moments(env, spec.prim, cell, arg!);
  }
}

/** Runs `first` when the state is NULL, else `next`. */
function firstOrNext(env: StageEnv, cell: Cell, first: () => void, next: (old: TypedValue) => void): void {
  const old = cell.get();
  if (!old.pushNull) return next(old);
  old.pushNull();
  env.when(first, () => next({ ...old, pushNull: undefined }));
}

function sum(env: StageEnv, spec: Pick<AggregateSpec, 'prim'>, cell: Cell, arg: TypedValue): void {
  const { fb } = env;
  if (spec.prim === 'sum_i128') return sum128(env, cell, arg);
  firstOrNext(
    env,
    cell,
    () => cell.set(arg),
    (old) => {
      if (spec.prim === 'sum_f64') {
        const a = fb.local('f64');
        const b = fb.local('f64');
        const r = fb.local('f64');
        old.push();
        fb.set(a);
        env.pushAs(arg, 'f64');
        fb.set(b);
        floatResult(env, '+', a, b, r);
        cell.set({ phys: 'f64', pushNull: undefined, push: () => fb.get(r) });
        return;
      }
      const a = fb.local('i64');
      const b = fb.local('i64');
      const r = fb.local('i64');
      old.push();
      fb.set(a);
      env.pushAs(arg, 'i64');
      fb.set(b);
      fb.get(a);
      fb.get(b);
      fb.do('i64_add');
      fb.set(r);
      fb.get(a);
      fb.get(r);
      fb.do('i64_xor');
      fb.get(b);
      fb.get(r);
      fb.do('i64_xor', 'i64_and');
      fb.i64_const(0n);
      fb.do('i64_lt_s');
      fb.if_(() => env.raise(4));
      cell.set({ phys: 'i64', pushNull: undefined, push: () => fb.get(r) });
    },
  );
}

/**
 * High words from which on a sum may have more than 38 digits. No sum of two decimals wraps past this: both are below
 * 10^38, so what overflows 128 bits lands beyond the bound on the other side.
 */
const SUM_HIGH_MAX = 10n ** 38n / 2n ** 64n - 1n;

/**
 * 128-bit accumulation: a NULL state holds zero words, and the high word changes seldom enough to be a branch. Arguments
 * of one word are not checked for overflow: 10^19 of the largest would be needed to reach 10^38.
 */
function sum128(env: StageEnv, cell: Cell, arg: TypedValue): void {
  const { fb } = env;
  const wide = arg.phys === 'i128' && !arg.fits64;
  const old = cell.getLow();
  const low = fb.local('i64');
  const add = fb.local('i64');
  const delta = fb.local('i64');
  arg.push();
  if (arg.phys === 'i32') fb.do('i64_extend_i32_s');
  fb.set(add);
  old.push();
  fb.get(add);
  fb.do('i64_add');
  fb.set(low);
  // What the high word gains: the argument's own high word plus the carry.
  if (wide) arg.pushHi!();
  else {
    fb.get(add);
    fb.i64_const(63n);
    fb.do('i64_shr_s');
  }
  fb.get(low);
  fb.get(add);
  fb.do('i64_lt_u', 'i64_extend_i32_u', 'i64_add');
  fb.set(delta);
  cell.setLow({ phys: 'i128', pushNull: undefined, push: () => fb.get(low), pushHi: () => fb.get(delta) });
  const addHigh = (): void => {
    const high = cell.get();
    const sum = fb.local('i64');
    high.pushHi!();
    fb.get(delta);
    fb.do('i64_add');
    fb.set(sum);
    cell.setHigh(() => fb.get(sum));
    if (wide) checkDigits(env, low, sum);
  };
  // The last of 38 digits may be passed in the low word alone.
  if (wide) return addHigh();
  fb.get(delta);
  fb.do('i64_eqz', 'i32_eqz');
  fb.if_(addHigh);
}

/** Raises when the 128-bit number in two locals has more than 38 digits. */
function checkDigits(env: StageEnv, low: number, high: number): void {
  const { fb } = env;
  fb.get(high);
  fb.i64_const(SUM_HIGH_MAX);
  fb.do('i64_add');
  fb.i64_const(2n * SUM_HIGH_MAX);
  fb.do('i64_gt_u');
  fb.if_(() => {
    fb.get(env.ctx);
    fb.get(low);
    fb.get(high);
    fb.i32_const(38);
    fb.call(env.kernel('numeric_check', ['i32', 'i64', 'i64', 'i32'], []));
    env.checkError();
  });
}

function extreme(env: StageEnv, prim: 'min' | 'max' | 'any', cell: Cell, arg: TypedValue): void {
  const isLong = mayBeLong(cell.field.type);
  const kept = isLong ? { ...arg, push: () => pushKept(arg) } : arg;
  const take = (old?: TypedValue): void =>
    cell.set(arg.phys === 'str' ? textState(env, isLong ? 'text_keep' : 'text_replace', old, kept) : arg);
  firstOrNext(env, cell, take, (old) => {
    if (prim === 'any') return;
    pushCompare(env, prim === 'min' ? '<' : '>', arg, env.fetched(old));
    env.when(() => take(old));
  });
}

/** The text an aggregate holds, replaced by, followed by or added to another one; it outlives the batch (kernels: text-state.ts). */
function textState(
  env: StageEnv,
  kernel: 'text_keep' | 'text_replace' | 'text_append' | 'super_sum',
  old: TypedValue | undefined,
  arg: TypedValue,
  listed?: boolean,
): CodeValue {
  const { fb } = env;
  const state = env.variable('str', false);
  fb.get(env.ctx);
  if (old) old.push();
  else fb.i64_const(0n);
  arg.push();
  if (listed === undefined) fb.call(env.kernel(kernel, ['i32', 'i64', 'i64'], ['i64']));
  else {
    fb.i32_const(listed ? 1 : 0);
    fb.call(env.kernel(kernel, ['i32', 'i64', 'i64', 'i32'], ['i64']));
  }
  fb.set(state.low);
  env.checkError();
  return state;
}

function logical(
  env: StageEnv,
  prim: 'bool_and' | 'bool_or' | 'bit_and' | 'bit_or',
  cell: Cell,
  arg: TypedValue,
): void {
  const { fb } = env;
  const { phys } = cell.field;
  const wide = phys === 'i64';
  const op = prim.endsWith('and') ? (wide ? 'i64_and' : 'i32_and') : wide ? 'i64_or' : 'i32_or';
  firstOrNext(
    env,
    cell,
    () => cell.set(arg),
    (old) =>
      cell.set({
        phys,
        pushNull: undefined,
        push: () => (old.push(), env.pushAs(arg, phys), fb.do(op)),
      }),
  );
}

/** A state that is a string of `bytes` bytes in the arena: what is there, or zeros made now. */
function stateBytes(env: StageEnv, cell: Cell, bytes: number): CodeValue {
  const { fb } = env;
  const v = env.variable('str', false);
  const old = cell.get();
  old.pushNull!();
  fb.if_(
    () => {
      const at = fb.local('i32');
      fb.get(env.ctx);
      fb.i64_const(BigInt(bytes));
      fb.call(env.kernel('alloc_arena', ['i32', 'i64'], ['i32']));
      fb.tee(at);
      fb.do('i32_eqz');
      fb.if_(() => env.leaveWithError());
      fb.get(at);
      fb.i32_const(0);
      fb.i32_const(bytes);
      fb.memory_fill();
      fb.get(at);
      fb.do('i64_extend_i32_u');
      fb.i64_const(BigInt(bytes) << 32n);
      fb.do('i64_or');
      fb.set(v.low);
      cell.set(v);
    },
    () => {
      old.push();
      fb.set(v.low);
    },
  );
  return v;
}

/** Count, mean and spread, updated in place by a method that does not cancel (kernels: aggregate-finals.ts). */
function moments(env: StageEnv, prim: 'moments' | 'moments_merge', cell: Cell, arg: TypedValue): void {
  const { fb } = env;
  const state = stateBytes(env, cell, MOMENTS_BYTES);
  state.push();
  if (prim === 'moments_merge') {
    arg.push();
    return fb.call(env.kernel('moments_merge', ['i64', 'i64'], []));
  }
  if (identityOf(arg.type) === 'float') {
    typedValue(env, FLOAT8, arg).push();
    return fb.call(env.kernel('moments_add_f64', ['i64', 'f64'], []));
  }
  const exact = widen128(env, arg);
  exact.push();
  exact.pushHi!();
  fb.call(env.kernel('moments_add_i128', ['i64', 'i64', 'i64'], []));
}
