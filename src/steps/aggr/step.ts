/**
 * The aggr step's definition. Every distinct aggregate has a set of (group, value) of its own: a store with a negative id.
 */
import { INT4 } from '../../types/sql-type.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import { viewOf, type MergeDesign, type SinkStep, type SourcePlace } from '../definition.ts';
import type { SegmentCode } from '../segment-code.ts';
import { designTupleSource } from '../source-code.ts';
import { designWideRow } from '../wide-row.ts';
import { emitAggr, groupFields, mergingAggr, type AggrCode } from './emit.ts';
import type { AggrSpec } from './spec.ts';

export const aggr: SinkStep<AggrSpec> = {
  view: (spec) => viewOf('aggr', spec.label),
  design: (code, spec) => {
    const distinct = distinctSets(spec);
    const wideKeys = designWideRow(
      code,
      spec.groups.map((g) => g.expr),
    );
    return {
      ...(spec.groups.length > 0 ? { merge: designMerge(code, spec) } : {}),
      distinctStores: distinct.filter((d) => d !== undefined),
      emit: (env, { rows, step }) => emitAggr(env, { ...spec, wideKeys, distinct, input: rows, step }),
    };
  },
};

/** Groups that were set aside are rows of the table's own shape. */
function designMerge(code: SegmentCode, spec: AggrSpec): MergeDesign {
  const source = designTupleSource(code, spec.shape, [], false, false);
  const wideKeys = designWideRow(code, groupFields(spec.shape).slice(0, spec.groups.length));
  return {
    rows: source.rows,
    columns: source.columns,
    emitSource: (env) => void source.emit(env, NO_OPERATIONS),
    emit: (env) => emitAggr(env, mergingAggr({ ...spec, wideKeys }, source.rows)),
  };
}
const NO_OPERATIONS: SourcePlace = { operations: [], scanFilters: [], preFilterStep: 0, readBehind: () => new Set() };

const distinctSets = (spec: AggrSpec): AggrCode['distinct'] =>
  spec.aggregates.map((a, i) =>
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
