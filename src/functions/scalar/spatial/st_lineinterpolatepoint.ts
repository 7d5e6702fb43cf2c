/**
 * The point at a share of a linestring, from 0 to 1.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_lineinterpolatepoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The point at a share of a linestring, from 0 to 1.',
  signatures: [{ args: ['geometry', 'float8'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_lineinterpolatepoint(st_geomfromtext('LINESTRING(0 0,3 4)'), 0.5))", 'POINT(1.5 2)'],
    [
      "st_lineinterpolatepoint(st_geomfromtext('LINESTRING(0 0,3 4)'), 2)",
      'ERROR: the fraction must be between 0 and 1',
    ],
  ],
  spatial: 'st_lineinterpolatepoint',
});
