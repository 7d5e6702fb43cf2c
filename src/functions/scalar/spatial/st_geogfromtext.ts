/**
 * A GEOGRAPHY of WKT or EWKT, of SRID 4326 unless it says otherwise.
 */
import { GEOGRAPHY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geogfromtext',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A GEOGRAPHY of WKT or EWKT, of SRID 4326 unless it says otherwise.',
  signatures: [{ args: ['varchar'], returns: GEOGRAPHY }],
  examples: [
    ["st_asewkt(st_geogfromtext('POINT(1 2)'))", 'SRID=4326;POINT(1 2)'],
    ["st_geogfromtext('POINT(a b)')", 'ERROR: Compass I/O exception: Invalid WKT'],
  ],
  spatial: 'st_geogfromtext',
});
