/**
 * A GEOGRAPHY of (E)WKB in hexadecimal digits, of SRID 4326 unless it says otherwise.
 */
import { GEOGRAPHY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geogfromwkb',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A GEOGRAPHY of (E)WKB in hexadecimal digits, of SRID 4326 unless it says otherwise.',
  signatures: [
    { args: ['varchar'], returns: GEOGRAPHY },
    { args: ['varbyte'], returns: GEOGRAPHY },
  ],
  examples: [
    ["st_asewkt(st_geogfromwkb('0101000000000000000000F03F0000000000000040'))", 'SRID=4326;POINT(1 2)'],
    ["st_geogfromwkb('0')", 'ERROR: Compass I/O exception: Invalid hexadecimal character(s) found'],
  ],
  spatial: 'st_geogfromwkb',
});
