/**
 * The greatest z coordinate of its points; NULL where there is none.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_zmax',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The greatest z coordinate of its points; NULL where there is none.',
  signatures: [{ args: ['geometry'], returns: FLOAT8 }],
  examples: [
    ["st_zmax(st_geomfromtext('LINESTRING ZM (1 2 3 4,5 6 7 8)'))", '7'],
    ["st_zmax(st_geomfromtext('POINT EMPTY')) is null", 't'],
  ],
  spatial: 'st_zmax',
});
