/**
 * The centre of an H3 cell.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_center',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The centre of an H3 cell.',
  signatures: [
    { args: ['int8'], returns: GEOMETRY },
    { args: ['varchar'], returns: GEOMETRY },
  ],
  examples: [
    ['h3_center(577129255373111295)', '010100000070707A550B605940AEE9D70B327E4640'],
    ["st_geometrytype(h3_center('85283473fffffff'))", 'ST_Point'],
  ],
  spatial: 'h3_center',
});
