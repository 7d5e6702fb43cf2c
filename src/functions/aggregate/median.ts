/**
 * The middle value, or what lies half way between the two in the middle.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { numeric } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { betweenSignatures, percentileCont, percentileContOfList, percentileContOver } from '../percentiles.ts';

const HALF: BoundExpr = { kind: 'const', type: numeric(2, 1), value: 5n };

export default aggregate({
  name: 'median',
  runsOn: 'compute',
  doc: 'The middle value, or what lies half way between the two in the middle: PERCENTILE_CONT(0.5). Integers and decimals give a decimal that also has the places of the percentile, of which a median has one.',
  signatures: betweenSignatures([]),
  examples: [
    ['median(7)', '7.0'],
    ['median(null::int)', 'NULL'],
  ],
  withinGroup: 'own',
  lower: ([value], type, place) => percentileCont(HALF, value!, type, place),
  lowerList: ([value], type, order) => percentileContOfList(HALF, value!, type, order),
  lowerWindow: ([value], type) => percentileContOver(HALF, value!, type),
});
