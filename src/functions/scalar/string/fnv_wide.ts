/**
 * FNV-1a 64 over a decimal of 8 or 16 bytes, from a seed (inside fnv_hash).
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'fnv_wide',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'FNV-1a 64 over a decimal of 8 or 16 bytes, from a seed (inside fnv_hash).',
  signatures: [{ args: ['numeric', 'int4', 'int8'], returns: INT8, kernel: 'fnv_wide' }],
  examples: [
    ['fnv_hash(1::numeric(18,0)) = fnv_hash(1::bigint)', 't'],
    ['fnv_hash(0::numeric(38,0)) = fnv_hash(0::bigint, fnv_hash(0::bigint))', 't'],
  ],
});
