/**
 * WKT, coordinates of by default 15 significant digits.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_astext',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'WKT, coordinates of by default 15 significant digits.',
  signatures: [
    { args: ['geometry', 'int4'], optional: 1, returns: VARCHAR },
    { args: ['geography', 'int4'], optional: 1, returns: VARCHAR },
  ],
  examples: [
    ["st_astext(st_geomfromtext('LINESTRING(3.14159265 -6.28,2.718 1)'), 3)", 'LINESTRING(3.14 -6.28,2.72 1)'],
    [
      "st_astext(st_geomfromtext('GEOMETRYCOLLECTION(POINT(1 2),POLYGON EMPTY)'))",
      'GEOMETRYCOLLECTION(POINT(1 2),POLYGON EMPTY)',
    ],
    ['st_astext(st_point(1, 2), 21)', 'ERROR: precision must be between 1 and 20'],
  ],
  spatial: 'st_astext',
});
