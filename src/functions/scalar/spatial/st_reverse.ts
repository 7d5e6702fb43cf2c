/**
 * The geometry with its lines and rings in the other direction.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_reverse',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with its lines and rings in the other direction.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_reverse(st_geomfromtext('LINESTRING(0 0,3 4)')))", 'LINESTRING(3 4,0 0)'],
    ["st_astext(st_reverse(st_geomfromtext('MULTIPOINT(1 2,3 4)')))", 'MULTIPOINT((1 2),(3 4))'],
  ],
  spatial: 'st_reverse',
});
