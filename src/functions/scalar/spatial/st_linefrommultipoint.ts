/**
 * A linestring of the points of a multipoint.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_linefrommultipoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A linestring of the points of a multipoint.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_linefrommultipoint(st_geomfromtext('MULTIPOINT(0 0,1 1)')))", 'LINESTRING(0 0,1 1)'],
    ['st_linefrommultipoint(st_point(1, 2))', 'ERROR: a MULTIPOINT is expected'],
  ],
  spatial: 'st_linefrommultipoint',
});
