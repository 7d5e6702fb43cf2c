/**
 * CRC-32C in hexadecimal.
 */
import { varchar } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'crc32',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'CRC-32C in hexadecimal.',
  signatures: [{ args: ['string'], returns: varchar(8), kernel: 'hash_crc32' }],
  examples: [
    ["crc32('123456789')", 'e3069283'],
    ["crc32('')", '00000000'],
  ],
});
