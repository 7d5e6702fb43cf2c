/**
 * Whether a number or hexadecimal text is an H3 index.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_isvalid',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a number or hexadecimal text is an H3 index.',
  signatures: [
    { args: ['int8'], returns: BOOL },
    { args: ['varchar'], returns: BOOL },
  ],
  examples: [
    ['h3_isvalid(577129255373111295)', 't'],
    ["h3_isvalid('')", 'f'],
  ],
  spatial: 'h3_isvalid',
});
