/**
 * The aggr step's definition. Every distinct aggregate has a set of (group, value) of its own: a store with a negative id.
 */
import { INT4 } from '../../types/sql-type.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import { viewOf, type SinkStep } from '../definition.ts';
import { emitAggr, type AggrCode } from './emit.ts';
import type { AggrSpec } from './spec.ts';

export const aggr: SinkStep<AggrSpec> = {
  view: (spec) => viewOf('aggr', spec.label),
  design: (_code, spec) => {
    const distinct = distinctSets(spec);
    return {
      distinctStores: distinct.filter((d) => d !== undefined),
      emit: (env, { rows, step }) => emitAggr(env, { ...spec, distinct, input: rows, step }),
    };
  },
};

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
