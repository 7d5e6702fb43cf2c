/**
 * A text as a GEOMETRY: hexadecimal (E)WKB or (E)WKT.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'geometry_of_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A text as a GEOMETRY: hexadecimal (E)WKB or (E)WKT.',
  signatures: [{ args: ['varchar'], returns: GEOMETRY }],
  examples: [
    ["'POINT(1 2)'::geometry", '0101000000000000000000F03F0000000000000040'],
    ["'POINT(1'::geometry", 'ERROR: Compass I/O exception: Invalid WKT: unexpected input at position 7'],
  ],
  spatial: 'geometry_of_text',
});
