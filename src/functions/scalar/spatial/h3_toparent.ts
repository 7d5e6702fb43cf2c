/**
 * The cell of a coarser resolution that an H3 cell lies in.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_toparent',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The cell of a coarser resolution that an H3 cell lies in.',
  signatures: [
    { args: ['int8', 'int4'], returns: INT8 },
    { args: ['varchar', 'int4'], returns: INT8 },
  ],
  examples: [
    ["h3_toparent('85283473fffffff', 0)", '577199624117288959'],
    ['h3_toparent(577129255373111295, 1)', "ERROR: the resolution is finer than the cell's own"],
  ],
  spatial: 'h3_toparent',
});
