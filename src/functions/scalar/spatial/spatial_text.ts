/**
 * EWKB of a GEOMETRY or GEOGRAPHY in hexadecimal digits, as it leaves for clients.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'spatial_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'EWKB of a GEOMETRY or GEOGRAPHY in hexadecimal digits, as it leaves for clients.',
  signatures: [
    { args: ['geometry'], returns: TEXT },
    { args: ['geography'], returns: TEXT },
  ],
  examples: [
    ['st_point(1, 2)', '0101000000000000000000F03F0000000000000040'],
    ["st_geogfromtext('POINT(1 2)')", '0101000020E6100000000000000000F03F0000000000000040'],
  ],
  kernel: 'geometry_text',
  mayFail: true,
});
