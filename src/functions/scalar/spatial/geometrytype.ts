/**
 * The subtype, in capitals; with an M for three dimensions of which the last is a measure.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'geometrytype',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The subtype, in capitals; with an M for three dimensions of which the last is a measure.',
  signatures: [{ args: ['geometry'], returns: VARCHAR }],
  examples: [
    ['geometrytype(st_point(1, 2))', 'POINT'],
    ["geometrytype(st_geomfromtext('LINESTRING M (0 0 1,1 1 2)'))", 'LINESTRINGM'],
  ],
  spatial: 'geometrytype',
});
