/**
 * A text as a GEOGRAPHY: hexadecimal (E)WKB or (E)WKT, of SRID 4326 unless it says otherwise.
 */
import { GEOGRAPHY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'geography_of_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A text as a GEOGRAPHY: hexadecimal (E)WKB or (E)WKT, of SRID 4326 unless it says otherwise.',
  signatures: [{ args: ['varchar'], returns: GEOGRAPHY }],
  examples: [
    ["'POINT(1 2)'::geography", '0101000020E6100000000000000000F03F0000000000000040'],
    ["'SRID=4326;POINT(1 2)'::geography", '0101000020E6100000000000000000F03F0000000000000040'],
  ],
  spatial: 'geography_of_text',
});
