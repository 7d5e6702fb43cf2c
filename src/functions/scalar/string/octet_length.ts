/**
 * Bytes of a string or VARBYTE.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'octet_length',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytes of a string or VARBYTE.',
  signatures: [
    { args: ['string'], returns: INT4, kernel: 'str_octet_length' },
    { args: ['varbyte'], returns: INT4, kernel: 'varbyte_length' },
  ],
  examples: [
    ["octet_length('français')", '9'],
    ["octet_length('')", '0'],
  ],
});
