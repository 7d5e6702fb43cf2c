/**
 * The cells of a finer resolution that an H3 cell is made of, as JSON text.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_tochildren_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The cells of a finer resolution that an H3 cell is made of, as JSON text.',
  signatures: [
    { args: ['int8', 'int4'], returns: TEXT },
    { args: ['varchar', 'int4'], returns: TEXT },
  ],
  examples: [
    ['get_array_length(h3_tochildren(577129255373111295, 1))', '7'],
    ['h3_tochildren(577129255373111295, 0)', '[577129255373111295]'],
  ],
  spatial: 'h3_tochildren',
});
