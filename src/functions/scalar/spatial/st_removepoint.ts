/**
 * The linestring without the point at an index from 0.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_removepoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The linestring without the point at an index from 0.',
  signatures: [{ args: ['geometry', 'int4'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_removepoint(st_geomfromtext('LINESTRING(0 0,3 4,9 9)'), 1))", 'LINESTRING(0 0,9 9)'],
    ["st_removepoint(st_geomfromtext('LINESTRING(0 0,3 4)'), 2)", 'ERROR: index 2 is out of range'],
  ],
  spatial: 'st_removepoint',
});
