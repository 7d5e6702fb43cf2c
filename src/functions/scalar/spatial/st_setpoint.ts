/**
 * The linestring with another point at an index from 0 or, negative, from the end.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_setpoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The linestring with another point at an index from 0 or, negative, from the end.',
  signatures: [{ args: ['geometry', 'int4', 'geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_setpoint(st_geomfromtext('LINESTRING(0 0,3 4)'), -1, st_point(9, 9)))", 'LINESTRING(0 0,9 9)'],
    ["st_setpoint(st_geomfromtext('LINESTRING(0 0,3 4)'), 2, st_point(9, 9))", 'ERROR: index 2 is out of range'],
  ],
  spatial: 'st_setpoint',
});
