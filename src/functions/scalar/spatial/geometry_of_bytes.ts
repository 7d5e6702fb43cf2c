/**
 * The bytes of a VARBYTE, (E)WKB, as a GEOMETRY.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'geometry_of_bytes',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The bytes of a VARBYTE, (E)WKB, as a GEOMETRY.',
  signatures: [{ args: ['varbyte'], returns: GEOMETRY }],
  examples: [
    ["st_astext(from_hex('0101000000000000000000f03f0000000000000040')::geometry)", 'POINT(1 2)'],
    ["from_hex('01')::geometry", 'ERROR: Invalid WKB: unexpected end'],
  ],
  spatial: 'geometry_of_bytes',
});
