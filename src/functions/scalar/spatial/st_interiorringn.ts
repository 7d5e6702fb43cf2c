/**
 * A hole of a polygon by its number, from 1, as a linestring; NULL where there is none.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_interiorringn',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A hole of a polygon by its number, from 1, as a linestring; NULL where there is none.',
  signatures: [{ args: ['geometry', 'int4'], returns: GEOMETRY }],
  examples: [
    [
      "st_astext(st_interiorringn(st_geomfromtext('POLYGON((0 0,9 0,9 9,0 0),(6 1,7 1,7 2,6 1))'), 1))",
      'LINESTRING(6 1,7 1,7 2,6 1)',
    ],
    ["st_interiorringn(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))'), 1) is null", 't'],
  ],
  spatial: 'st_interiorringn',
});
