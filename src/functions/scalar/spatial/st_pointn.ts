/**
 * A point of a linestring by its number, from 1 or, negative, from the end; NULL where there is none.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_pointn',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A point of a linestring by its number, from 1 or, negative, from the end; NULL where there is none.',
  signatures: [{ args: ['geometry', 'int4'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_pointn(st_geomfromtext('LINESTRING(0 0,3 4)'), -1))", 'POINT(3 4)'],
    ["st_pointn(st_geomfromtext('LINESTRING(0 0,3 4)'), 3) is null", 't'],
  ],
  spatial: 'st_pointn',
});
