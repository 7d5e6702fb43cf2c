/**
 * DISTINCT lists of an aggr step: a set for each argument, of tuples (group, value), in which a row's value is looked for;
 * when it is new, every aggregate over the argument takes it. What a set had to put aside is counted by `emitCollected`
 * (distinct-set.ts says when).
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { exprKey } from '../../expressions/walk.ts';
import { INT4 } from '../../types/sql-type.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import type { StageEnv } from '../segment-code.ts';
import { DISTINCT_ID, type RowField, type RowShape } from '../spec.ts';
import { findOrInsert, plainKeys, STORE, storeLocal } from '../tuple-code.ts';
import { emitInRuns } from '../wide-row.ts';
import { hashValue } from '../value-code.ts';
import type { AggrSpec } from './spec.ts';

export interface DistinctList {
  readonly store: number;
  readonly shape: RowShape;
  readonly arg: BoundExpr;
  /** Indices of the aggregates over it. */
  readonly aggregates: readonly number[];
}

export function distinctLists(spec: Pick<AggrSpec, 'aggregates' | 'groups' | 'shape'>): readonly DistinctList[] {
  const byArgument = new Map<string, { readonly arg: BoundExpr; readonly aggregates: number[] }>();
  for (const [i, { arg, distinct }] of spec.aggregates.entries()) {
    if (!distinct || arg === undefined) continue;
    const list = byArgument.get(exprKey(arg)) ?? { arg, aggregates: [] };
    list.aggregates.push(i);
    byArgument.set(exprKey(arg), list);
  }
  const keys = spec.shape.fields.slice(0, spec.groups.length);
  return [...byArgument.values()].map(({ arg, aggregates }, i): DistinctList => {
    const fields: RowField[] = [
      { id: DISTINCT_ID.owner, type: INT4, nullable: false },
      { id: DISTINCT_ID.value, type: arg.type, nullable: false },
      { id: DISTINCT_ID.counted, type: INT4, nullable: false },
      ...keys.map((key, k) => ({ ...key, id: DISTINCT_ID.keys + k })),
    ];
    return { store: -1 - i, shape: { fields, layout: layoutTuple(fields) }, arg, aggregates };
  });
}
/** A group's keys as a set keeps them. */
export const keysOf = ({ shape }: DistinctList): readonly BoundExpr[] =>
  shape.fields.slice(DISTINCT_FIELDS).map(({ id, type }) => ({ kind: 'column', id, type }));
const COUNTED = 2;
const DISTINCT_FIELDS = 3;

/** A list in code: where its set is, and whether values are only collected. */
export interface OpenList {
  readonly list: DistinctList;
  readonly store: number;
  readonly deferred: number;
}
export function openList(env: StageEnv, list: DistinctList): OpenList {
  const { fb } = env;
  const open = { list, store: storeLocal(env, list.store), deferred: fb.local('i32') };
  fb.prologue(() => {
    fb.get(open.store);
    fb.mem('i32_load', STORE.DEFERRED);
    fb.set(open.deferred);
  });
  return open;
}

/** The group a row belongs to: locals with its tuple and the hash of its keys (none without groups). */
export interface Group {
  readonly tuple: number;
  readonly hash: number | undefined;
  readonly shape: RowShape;
}
export type Take = (aggregate: number, value: TypedValue) => void;

/** A row's value: NULL is none, one met before changes nothing. */
export function emitDistinct(env: StageEnv, open: OpenList, group: Group, take: Take): void {
  const { fb } = env;
  const value = env.settle(compileExpr(env, open.list.arg));
  const counted = (): void => {
    fb.get(open.deferred);
    fb.do('i32_eqz');
  };
  unlessNull(env, value, () => takeNew(env, open, group, { ...value, pushNull: undefined }, counted, take));
}

export function unlessNull(env: StageEnv, value: TypedValue, body: () => void): void {
  if (!value.pushNull) return body();
  value.pushNull();
  env.fb.do('i32_eqz');
  env.when(body);
}

function takeNew(
  env: StageEnv,
  { list, store, deferred }: OpenList,
  group: Group,
  value: TypedValue,
  pushCounted: () => void,
  take: Take,
  isDue?: () => void,
): void {
  const { fb } = env;
  const h = hashValue(env, value);
  if (group.hash !== undefined) {
    fb.get(h);
    fb.get(group.hash);
    fb.call(env.kernel('hash_combine', ['i32', 'i32'], ['i32']));
    fb.set(h);
  }
  const isNew = fb.local('i32');
  fb.i32_const(0);
  fb.set(isNew);
  const owner: TypedValue = { type: INT4, phys: 'i32', push: () => fb.get(group.tuple), pushNull: undefined };
  const { layout } = list.shape;
  findOrInsert(env, store, layout, plainKeys(env, [owner, value], layout, h), h, (tuple) => {
    fb.i32_const(1);
    fb.set(isNew);
    env.storeField(tuple, layout.fields[COUNTED]!, { phys: 'i32', push: pushCounted, pushNull: undefined });
    // The group's own keys: their texts are in the arena.
    const keys = [...layout.fields.slice(DISTINCT_FIELDS).entries()];
    emitInRuns(env, keys, [tuple, group.tuple], undefined, (at, run, [to, from]) => {
      for (const [k, field] of run) at.storeField(to!, field, at.keptField(from!, group.shape.layout.fields[k]!));
    });
  });
  fb.get(isNew);
  fb.get(deferred);
  fb.do('i32_eqz', 'i32_and');
  if (isDue) {
    isDue();
    fb.do('i32_and');
  }
  env.when(() => {
    for (const i of list.aggregates) take(i, value);
  });
}

/** Values that were put aside, at hand as columns; those counted before come first. */
export function emitCollected(env: StageEnv, open: OpenList, group: Group, take: Take): void {
  const { fb } = env;
  const counted = env.column(DISTINCT_ID.counted);
  const pushCounted = (): void => {
    fb.i32_const(1);
    counted.push();
    fb.get(open.deferred);
    fb.do('i32_eqz');
    fb.select();
  };
  takeNew(env, open, group, env.column(DISTINCT_ID.value), pushCounted, take, () => {
    counted.push();
    fb.do('i32_eqz');
  });
}
