/**
 * The greatest second coordinate of its points; NULL where there is none.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_ymax',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The greatest second coordinate of its points; NULL where there is none.',
  signatures: [{ args: ['geometry'], returns: FLOAT8 }],
  examples: [
    ["st_ymax(st_geomfromtext('LINESTRING ZM (1 2 3 4,5 6 7 8)'))", '6'],
    ["st_ymax(st_geomfromtext('POINT EMPTY')) is null", 't'],
  ],
  spatial: 'st_ymax',
});
