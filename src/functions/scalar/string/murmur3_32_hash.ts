/**
 * MurmurHash3 x86_32; integers count as eight bytes.
 */
import { INT4, TYPE_INFO, type TypeName } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

/** Kinds whose bytes are known. */
const HASHED: readonly TypeName[] = [
  'unknown',
  'char',
  'varchar',
  'text',
  'name',
  'varbyte',
  'int2',
  'int4',
  'int8',
  'oid',
];

export default scalar({
  name: 'murmur3_32_hash',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'MurmurHash3 x86_32; integers count as eight bytes.',
  unsupported: ([value]) =>
    value === undefined || HASHED.includes(value.name)
      ? undefined
      : `murmur3_32_hash of ${TYPE_INFO[value.name].sqlName} is not supported: the bytes of such values are not documented`,
  signatures: [
    { args: ['string'], returns: INT4, kernel: 'murmur_str' },
    { args: ['int8'], returns: INT4, kernel: 'murmur_int8' },
    { args: ['varbyte'], returns: INT4, kernel: 'murmur_str' },
    { args: ['string', 'int4'], returns: INT4, kernel: 'murmur_str_seed' },
    { args: ['int8', 'int4'], returns: INT4, kernel: 'murmur_int8_seed' },
    { args: ['varbyte', 'int4'], returns: INT4, kernel: 'murmur_str_seed' },
  ],
  examples: [
    ['murmur3_32_hash(1)', '1392991556'],
    ["murmur3_32_hash('')", '0'],
  ],
});
