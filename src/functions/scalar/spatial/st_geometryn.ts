/**
 * A part by its number, from 1.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geometryn',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A part by its number, from 1.',
  signatures: [{ args: ['geometry', 'int4'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_geometryn(st_geomfromtext('MULTIPOINT(1 2,3 4)'), 2))", 'POINT(3 4)'],
    ['st_geometryn(st_point(1, 2), 2) is null', 't'],
    ["st_geometryn(st_geomfromtext('MULTIPOINT(1 2,3 4)'), 3)", 'ERROR: index 3 is out of range'],
  ],
  spatial: 'st_geometryn',
});
