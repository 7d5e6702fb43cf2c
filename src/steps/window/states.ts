/**
 * States of the aggregates over one frame, in a tuple; the state behind variances lies in the tuple itself. A text is the
 * text of the row it came from, never a copy: whoever holds it keeps that row in memory.
 */
import { typedValue, type TypedValue } from '../../expressions/code-env.ts';
import { pushCompare } from '../../expressions/compile-compare.ts';
import { MOMENTS_BYTES } from '../../functions/aggregate-lowering.ts';
import { layoutTuple, type TupleField } from '../../types/tuple-layout.ts';
import { INT8, physOf, varchar } from '../../types/sql-type.ts';
import { unlessNull } from '../aggr/distinct.ts';
import { MERGED, tupleCell, update, type Cell } from '../aggr/emit.ts';
import { CTX } from '../../wasm/memory-map.ts';
import type { StageEnv } from '../segment-code.ts';
import type { WindowedCall } from './spec.ts';
import type { WindowCode } from './window-code.ts';

export type AggregateCall = Extract<WindowedCall, { kind: 'aggregate' }>;
interface Slot {
  readonly call: AggregateCall;
  readonly field: TupleField;
  /** Of the state behind a variance; -1: another state. */
  readonly block: number;
}
export interface States {
  readonly slots: readonly Slot[];
  /** Rows that a sum took, where rows go out again. */
  readonly counts: readonly TupleField[];
  readonly size: number;
}

/** The state is a text of some row, or holds one. */
export const holdsText = ({ prim, type }: AggregateCall): boolean => physOf(type) === 'str' && prim !== 'moments';
const isCount = ({ prim }: AggregateCall): boolean => prim === 'count' || prim === 'count_star';

/** `counted`: sums count their rows. */
export function layoutStates(calls: readonly AggregateCall[], counted: boolean): States {
  const states = calls.map((call, id) => ({
    id,
    type: call.type,
    nullable: !isCount(call) && call.prim !== 'moments',
  }));
  const counts = counted ? calls.map((_, i) => ({ id: calls.length + i, type: INT8, nullable: false })) : [];
  const { size, fields } = layoutTuple([...states, ...counts]);
  let end = size;
  const slots = calls.map((call, i): Slot => {
    if (call.prim !== 'moments') return { call, field: fields[i]!, block: -1 };
    end += MOMENTS_BYTES;
    return { call, field: fields[i]!, block: end - MOMENTS_BYTES };
  });
  return { slots, counts: fields.slice(calls.length), size: Math.ceil(end / 8) * 8 };
}

/** Counts 0, everything else NULL. */
export function emptyStates(env: StageEnv, at: number, states: States): void {
  const { fb } = env;
  fb.get(at);
  fb.i32_const(0);
  fb.i32_const(states.size);
  fb.memory_fill();
  for (const { field } of states.slots) {
    if (field.nullOffset < 0) continue;
    fb.get(at);
    fb.i32_const(1);
    fb.mem('i32_store8', field.nullOffset);
  }
}
const momentsType = varchar(MOMENTS_BYTES);
function momentsAt(env: StageEnv, at: number, block: number): TypedValue {
  const { fb } = env;
  const push = (): void => {
    fb.get(at);
    fb.i32_const(block);
    fb.do('i32_add', 'i64_extend_i32_u');
    fb.i64_const(BigInt(MOMENTS_BYTES) << 32n);
    fb.do('i64_or');
  };
  return typedValue(env, momentsType, { phys: 'str', push, pushNull: () => fb.i32_const(0) });
}
function cellOf(env: StageEnv, at: number, slot: Slot): Cell {
  const cell = tupleCell(env, at, slot.field);
  return slot.block < 0 ? cell : { ...cell, get: () => momentsAt(env, at, slot.block), set: () => undefined };
}

/** Takes one more value, or state, in. */
function takeIn(
  env: StageEnv,
  at: number,
  slot: Slot,
  prim: AggregateCall['prim'],
  arg: TypedValue | undefined,
): void {
  const cell = cellOf(env, at, slot);
  const present = arg && { ...arg, pushNull: undefined };
  if (slot.field.phys !== 'str' || slot.block >= 0) {
    const looksInto = present !== undefined && !isCount(slot.call);
    return update(env, 'complete', { prim }, cell, looksInto ? env.fetched(present) : present);
  }
  const old = cell.get();
  const take = (): void => cell.set(present!);
  old.pushNull!();
  env.when(take, () => {
    if (prim !== 'min' && prim !== 'max') return;
    pushCompare(env, prim === 'min' ? '<' : '>', env.fetched(present!), env.fetched({ ...old, pushNull: undefined }));
    env.when(take);
    env.endLong(CTX.LONG_ROW);
  });
}
/** The row's values into the states; sums count them. */
export function addRow(env: StageEnv, w: WindowCode, states: States, at: number, row: number): void {
  for (const [i, slot] of states.slots.entries()) {
    const { prim, arg } = slot.call;
    if (arg === undefined) {
      takeIn(env, at, slot, prim, undefined);
      continue;
    }
    const value = env.keptField(row, w.column(arg));
    unlessNull(env, value, () => {
      takeIn(env, at, slot, prim, value);
      if (states.counts.length > 0) addInt(env, at, states.counts[i]!, 1n);
    });
  }
}
/** Merges the states at `from`, of rows behind those at `at`, into these. */
export function mergeStates(env: StageEnv, states: States, at: number, from: number): void {
  for (const slot of states.slots) {
    const value = cellOf(env, from, slot).get();
    const prim = MERGED[slot.call.prim];
    unlessNull(env, value, () => takeIn(env, at, slot, prim, value));
  }
}

function addInt(env: StageEnv, at: number, { offset }: TupleField, by: bigint): void {
  const { fb } = env;
  fb.get(at);
  fb.get(at);
  fb.mem('i64_load', offset);
  fb.i64_const(by);
  fb.do('i64_add');
  fb.mem('i64_store', offset);
}
/** Takes a row's values out again: counts, and sums of whole numbers and decimals, which are NULL once no value is left. */
export function removeRow(env: StageEnv, w: WindowCode, states: States, at: number, row: number): void {
  for (const [i, slot] of states.slots.entries()) {
    const { arg } = slot.call;
    if (isCount(slot.call)) {
      const out = (): void => addInt(env, at, slot.field, -1n);
      if (arg === undefined) out();
      else unlessNull(env, env.keptField(row, w.column(arg)), out);
      continue;
    }
    const value = env.field(row, w.column(arg!));
    unlessNull(env, value, () => {
      subtract(env, at, slot.field, value);
      addInt(env, at, states.counts[i]!, -1n);
      nullWithout(env, at, slot.field, states.counts[i]!);
    });
  }
}
function subtract(env: StageEnv, at: number, { offset, phys }: TupleField, value: TypedValue): void {
  const { fb } = env;
  const [old, low] = [fb.local('i64'), fb.local('i64')];
  fb.get(at);
  fb.mem('i64_load', offset);
  fb.set(old);
  value.push();
  if (value.phys === 'i32') fb.do('i64_extend_i32_s');
  fb.set(low);
  fb.get(at);
  fb.get(old);
  fb.get(low);
  fb.do('i64_sub');
  fb.mem('i64_store', offset);
  if (phys !== 'i128') return;
  fb.get(at);
  fb.get(at);
  fb.mem('i64_load', offset + 8);
  if (value.phys === 'i128') value.pushHi!();
  else {
    fb.get(low);
    fb.i64_const(63n);
    fb.do('i64_shr_s');
  }
  fb.do('i64_sub');
  fb.get(old);
  fb.get(low);
  fb.do('i64_lt_u', 'i64_extend_i32_u', 'i64_sub');
  fb.mem('i64_store', offset + 8);
}
function nullWithout(env: StageEnv, at: number, field: TupleField, count: TupleField): void {
  const { fb } = env;
  fb.get(at);
  fb.get(at);
  fb.mem('i64_load', count.offset);
  fb.do('i64_eqz');
  fb.mem('i32_store8', field.nullOffset);
}

/** Writes the states as results of the row; `block`: a local with the address for the states behind variances. */
export function storeStates(
  env: StageEnv,
  states: States,
  at: number,
  result: number,
  fieldOf: (call: AggregateCall) => TupleField,
  blockOf: (call: AggregateCall) => number,
): void {
  const { fb } = env;
  for (const slot of states.slots) {
    if (slot.block < 0) {
      env.storeField(result, fieldOf(slot.call), env.keptField(at, slot.field));
      continue;
    }
    const copy = blockOf(slot.call);
    fb.get(copy);
    fb.get(at);
    fb.i32_const(slot.block);
    fb.do('i32_add');
    fb.i32_const(MOMENTS_BYTES);
    fb.memory_copy();
    env.storeField(result, fieldOf(slot.call), momentsAt(env, copy, 0));
  }
}

/** The result is NULL unless it is stored behind. */
export function storeNull(env: StageEnv, result: number, field: TupleField): void {
  env.storeField(result, field, env.constant(field.phys, 0, true));
}
