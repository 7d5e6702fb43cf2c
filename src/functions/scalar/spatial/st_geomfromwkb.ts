/**
 * A GEOMETRY of WKB, in hexadecimal digits or as VARBYTE; a negative SRID gives NULL.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geomfromwkb',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A GEOMETRY of WKB, in hexadecimal digits or as VARBYTE; a negative SRID gives NULL.',
  signatures: [
    { args: ['varchar', 'int4'], optional: 1, returns: GEOMETRY },
    { args: ['varbyte', 'int4'], optional: 1, returns: GEOMETRY },
  ],
  examples: [
    ["st_asewkt(st_geomfromwkb('0101000000000000000000F03F0000000000000040', 4326))", 'SRID=4326;POINT(1 2)'],
    ['st_astext(st_geomfromwkb(st_asbinary(st_point(1, 2))))', 'POINT(1 2)'],
    ["st_geomfromwkb('xy')", 'ERROR: Compass I/O exception: Invalid hexadecimal character(s) found'],
  ],
  spatial: 'st_geomfromwkb',
});
