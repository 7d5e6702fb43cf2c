/**
 * The boundary of an H3 cell as a polygon.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_boundary',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The boundary of an H3 cell as a polygon.',
  signatures: [
    { args: ['int8'], returns: GEOMETRY },
    { args: ['varchar'], returns: GEOMETRY },
  ],
  examples: [
    ['st_npoints(h3_boundary(577129255373111295))', '7'],
    ["st_contains(h3_boundary('85283473fffffff'), h3_center('85283473fffffff'))", 't'],
  ],
  spatial: 'h3_boundary',
});
