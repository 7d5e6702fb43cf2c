/**
 * MurmurHash3 x86_32; integers count as eight bytes.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'murmur3_32_hash',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'MurmurHash3 x86_32; integers count as eight bytes.',
  signatures: [
    { args: ['string'], returns: INT4, kernel: 'murmur_str' },
    { args: ['int8'], returns: INT4, kernel: 'murmur_int8' },
    { args: ['string', 'int4'], returns: INT4, kernel: 'murmur_str_seed' },
    { args: ['int8', 'int4'], returns: INT4, kernel: 'murmur_int8_seed' },
  ],
  examples: [
    ['murmur3_32_hash(1)', '1392991556'],
    ["murmur3_32_hash('')", '0'],
  ],
});
