/**
 * The hjoin step's definition.
 */
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { viewOf, type TransformStep } from '../definition.ts';
import { designJoin } from './design.ts';
import { denseKey } from './dense-key.ts';
import { SCAN_FILTER_BYTES } from './lookup.ts';
import type { HjoinSpec } from './spec.ts';

export const hjoin: TransformStep<HjoinSpec> = {
  view: (spec) => viewOf('hjoin', spec.label),
  design: (flow, spec, step) => {
    const ids = spec.shape.fields.map((f) => f.id);
    const keyFields = spec.innerKeys.map((k) => keyField(k, ids));
    const { outerKeys, innerKeys, residual, shape, store, scanKey } = spec;
    const dense = denseKey(shape, innerKeys) !== undefined;
    if (scanKey !== undefined)
      flow.scanFilters.push({ store, key: scanKey, state: flow.code.allocate(SCAN_FILTER_BYTES, 4) });
    designJoin(flow, spec, { outerKeys, keyFields, residual, dense }, step);
  },
};

/** The compiler puts every inner key into the tuple as a column of its own. */
function keyField(key: BoundExpr, ids: readonly ColId[]): number {
  assert(key.kind === 'column', 'inner join keys are columns of the build shape');
  const index = ids.indexOf(key.id);
  assert(index >= 0, `join key ${key.id} is not in the build shape`);
  return index;
}
