/**
 * Points that are not empty.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_npoints',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Points that are not empty.',
  signatures: [
    { args: ['geometry'], returns: INT4 },
    { args: ['geography'], returns: INT4 },
  ],
  examples: [
    ["st_npoints(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))'))", '4'],
    ["st_npoints(st_geomfromtext('MULTIPOINT(1 2,EMPTY)'))", '1'],
  ],
  spatial: 'st_npoints',
});
