/**
 * A GEOMETRY of EWKT.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geomfromewkt',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A GEOMETRY of EWKT.',
  signatures: [{ args: ['varchar'], returns: GEOMETRY }],
  examples: [
    ["st_asewkt(st_geomfromewkt('SRID=4326;POINT Z (1 2 3)'))", 'SRID=4326;POINT Z (1 2 3)'],
    ["st_astext(st_geomfromewkt('POINT EMPTY'))", 'POINT EMPTY'],
  ],
  spatial: 'st_geomfromewkt',
});
