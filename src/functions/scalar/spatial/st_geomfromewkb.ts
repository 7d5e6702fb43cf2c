/**
 * A GEOMETRY of EWKB in hexadecimal digits.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geomfromewkb',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A GEOMETRY of EWKB in hexadecimal digits.',
  signatures: [
    { args: ['varchar'], returns: GEOMETRY },
    { args: ['varbyte'], returns: GEOMETRY },
  ],
  examples: [
    ["st_asewkt(st_geomfromewkb('0101000020E6100000000000000000F03F0000000000000040'))", 'SRID=4326;POINT(1 2)'],
    ["st_geomfromewkb('01')", 'ERROR: Compass I/O exception: Invalid WKB'],
  ],
  spatial: 'st_geomfromewkb',
});
