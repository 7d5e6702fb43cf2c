/**
 * A multi geometry of it alone; collections as they are.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_multi',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A multi geometry of it alone; collections as they are.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_multi(st_point(1, 2)))', 'MULTIPOINT((1 2))'],
    ["st_astext(st_multi(st_geomfromtext('MULTIPOINT(1 2,3 4)')))", 'MULTIPOINT((1 2),(3 4))'],
  ],
  spatial: 'st_multi',
});
