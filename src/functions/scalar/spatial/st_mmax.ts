/**
 * The greatest m coordinate of its points; NULL where there is none.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_mmax',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The greatest m coordinate of its points; NULL where there is none.',
  signatures: [{ args: ['geometry'], returns: FLOAT8 }],
  examples: [
    ["st_mmax(st_geomfromtext('LINESTRING ZM (1 2 3 4,5 6 7 8)'))", '8'],
    ["st_mmax(st_geomfromtext('POINT EMPTY')) is null", 't'],
  ],
  spatial: 'st_mmax',
});
