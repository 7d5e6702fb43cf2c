/**
 * The value at a share of the ordered values, between two of them where it falls there.
 */
import { aggregate } from '../define.ts';
import { betweenSignatures, percentileCont, percentileContOfList, percentileContOver } from '../percentiles.ts';

export default aggregate({
  name: 'percentile_cont',
  runsOn: 'compute',
  doc: 'The value at a share of the ordered values, between two of them where it falls there. NULLs are left out. Integers and decimals give a decimal that also has the places of the percentile, of which a median has one.',
  signatures: betweenSignatures(['numeric']),
  examples: [
    ['percentile_cont(0.25) within group (order by 7)', '7.00'],
    ['percentile_cont(0.5) within group (order by null::float8)', 'NULL'],
  ],
  withinGroup: 'required',
  lower: ([percentile, value], type, place) => percentileCont(percentile!, value!, type, place),
  lowerList: ([percentile, value], type, order) => percentileContOfList(percentile!, value!, type, order),
  lowerWindow: ([percentile, value], type) => percentileContOver(percentile!, value!, type),
});
