/**
 * The first of the ordered values behind a share of them.
 */
import { aggregate } from '../define.ts';
import { percentileDisc, percentileDiscOfList, percentileDiscOver } from '../percentiles.ts';

export default aggregate({
  name: 'percentile_disc',
  runsOn: 'compute',
  doc: 'The first of the ordered values behind a share of them. NULLs are left out. As an aggregate it needs APPROXIMATE; the answer is exact.',
  signatures: [{ args: ['numeric', 'any'], returns: (args) => args[1]! }],
  examples: [
    ["approximate percentile_disc(0.5) within group (order by 'a')", 'a'],
    ['approximate percentile_disc(0.5) within group (order by null::int)', 'NULL'],
  ],
  withinGroup: 'required',
  lower: ([percentile, value], _type, place) => percentileDisc(percentile!, value!, place),
  lowerList: ([percentile, value], _type, order) => percentileDiscOfList(percentile!, value!, order),
  lowerWindow: ([percentile, value]) => percentileDiscOver(percentile!, value!),
});
