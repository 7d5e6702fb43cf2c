/**
 * Parts of a collection; 1 of anything else, 0 if it is empty.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_numgeometries',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Parts of a collection; 1 of anything else, 0 if it is empty.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ["st_numgeometries(st_geomfromtext('MULTIPOINT(1 2,3 4)'))", '2'],
    ["st_numgeometries(st_geomfromtext('POINT EMPTY'))", '0'],
  ],
  spatial: 'st_numgeometries',
});
