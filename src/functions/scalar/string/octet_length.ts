/**
 * Bytes of a string.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'octet_length',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytes of a string.',
  signatures: [{ args: ['string'], returns: INT4, kernel: 'str_octet_length' }],
  examples: [
    ["octet_length('français')", '9'],
    ["octet_length('')", '0'],
  ],
});
