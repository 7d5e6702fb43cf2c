/**
 * The aggr step's definition. A DISTINCT list has a set of (group, value) of its own: a store with a negative id.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { viewOf, type MergeDesign, type SinkStep, type SourcePlace } from '../definition.ts';
import type { SegmentCode } from '../segment-code.ts';
import { designTupleSource } from '../source-code.ts';
import type { RowShape } from '../spec.ts';
import { designWideRow, type WideRow } from '../wide-row.ts';
import { distinctLists, keysOf, type DistinctList } from './distinct.ts';
import { emitAggr, emitApply, groupFields, mergingAggr, type AggrCode } from './emit.ts';
import type { AggrSpec } from './spec.ts';

export const aggr: SinkStep<AggrSpec> = {
  view: (spec) => viewOf(spec.name, spec.label),
  design: (code, spec) => {
    const distinct = distinctLists(spec);
    const wideKeys = designWideRow(
      code,
      spec.groups.map((g) => g.expr),
    );
    return {
      ...(spec.groups.length > 0 ? { merge: designMerge(code, spec) } : {}),
      apply: distinct.map((list) => designApply(code, spec, list)),
      distinctStores: distinct.map((list) => list.shape.layout),
      emit: (env, { rows, step }) => emitAggr(env, { ...spec, wideKeys, distinct, input: rows, step }),
    };
  },
};

/** Groups that were set aside are rows of the table's own shape. */
function designMerge(code: SegmentCode, spec: AggrSpec): MergeDesign {
  const keys = groupFields(spec.shape).slice(0, spec.groups.length);
  return designBack(code, spec.shape, keys, (env, input, wideKeys) =>
    emitAggr(env, mergingAggr({ ...spec, wideKeys }, input)),
  );
}
/** Values of a list that were set aside have their groups' keys. */
function designApply(code: SegmentCode, spec: AggrSpec, list: DistinctList): MergeDesign {
  const groups = keysOf(list).map((expr) => ({ expr }));
  return designBack(code, list.shape, keysOf(list), (env, input, wideKeys) =>
    emitApply(env, { ...spec, groups, wideKeys, distinct: [list], input, step: -1 }, list),
  );
}
function designBack(
  code: SegmentCode,
  shape: RowShape,
  keys: readonly BoundExpr[],
  emit: (env: Parameters<MergeDesign['emit']>[0], input: AggrCode['input'], wideKeys: WideRow | undefined) => void,
): MergeDesign {
  const source = designTupleSource(code, shape, [], false, false);
  const wideKeys = designWideRow(code, keys);
  return {
    rows: source.rows,
    columns: source.columns,
    emitSource: (env) => void source.emit(env, NO_OPERATIONS),
    emit: (env) => emit(env, source.rows, wideKeys),
  };
}
const NO_OPERATIONS: SourcePlace = { operations: [], scanFilters: [], preFilterStep: 0, readBehind: () => new Set() };
