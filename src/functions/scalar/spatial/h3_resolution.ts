/**
 * The resolution of an H3 index, 0 to 15.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_resolution',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The resolution of an H3 index, 0 to 15.',
  signatures: [
    { args: ['int8'], returns: INT4 },
    { args: ['varchar'], returns: INT4 },
  ],
  examples: [
    ['h3_resolution(577129255373111295)', '0'],
    ["h3_resolution('85283473fffffff')", '5'],
    ['h3_resolution(0)', 'ERROR: 0 is not a valid H3 index'],
  ],
  spatial: 'h3_resolution',
});
