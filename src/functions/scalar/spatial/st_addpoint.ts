/**
 * The linestring with a point more: in front of the one at an index from 0, or at the end.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_addpoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The linestring with a point more: in front of the one at an index from 0, or at the end.',
  signatures: [{ args: ['geometry', 'geometry', 'int4'], optional: 1, returns: GEOMETRY }],
  examples: [
    ["st_astext(st_addpoint(st_geomfromtext('LINESTRING(0 0,3 4)'), st_point(9, 9)))", 'LINESTRING(0 0,3 4,9 9)'],
    ["st_astext(st_addpoint(st_geomfromtext('LINESTRING(0 0,3 4)'), st_point(9, 9), 0))", 'LINESTRING(9 9,0 0,3 4)'],
    ["st_addpoint(st_geomfromtext('LINESTRING(0 0,3 4)'), st_point(9, 9), 3)", 'ERROR: index 3 is out of range'],
  ],
  spatial: 'st_addpoint',
});
