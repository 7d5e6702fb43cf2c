/**
 * Bytewise order of two strings without trailing blanks: -1, 0, 1.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'bpcharcmp',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytewise order of two strings without trailing blanks: -1, 0, 1.',
  signatures: [{ args: ['string', 'string'], returns: INT4, kernel: 'str_bpcharcmp' }],
  examples: [
    ["bpcharcmp('Rafael', 'Taylor')", '-1'],
    ["bpcharcmp('a', 'a ')", '0'],
  ],
});
