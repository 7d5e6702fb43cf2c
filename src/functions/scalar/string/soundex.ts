/**
 * American Soundex code.
 */
import { varchar } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'soundex',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'American Soundex code.',
  signatures: [{ args: ['string'], returns: varchar(4), kernel: 'str_soundex' }],
  examples: [
    ["soundex('smith')", 'S530'],
    ["soundex('AWS Amazon')", 'A252'],
  ],
});
