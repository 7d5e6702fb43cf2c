/**
 * The least rectangle around it; a point or linestring where that has no area.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_envelope',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The least rectangle around it; a point or linestring where that has no area.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_envelope(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))')))", 'POLYGON((0 0,0 10,10 10,10 0,0 0))'],
    ["st_astext(st_envelope(st_geomfromtext('LINESTRING(0 0,5 0,2 0)')))", 'LINESTRING(0 0,5 0)'],
  ],
  spatial: 'st_envelope',
});
