/**
 * FNV-1a 64, with the seed in place of the offset basis when given.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'fnv_hash',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'FNV-1a 64, with the seed in place of the offset basis when given.',
  signatures: [
    { args: ['string'], returns: INT8, kernel: 'fnv_str' },
    { args: ['int2'], returns: INT8, kernel: 'fnv_int2' },
    { args: ['int4'], returns: INT8, kernel: 'fnv_int4' },
    { args: ['int8'], returns: INT8, kernel: 'fnv_int8' },
    { args: ['string', 'int8'], returns: INT8, kernel: 'fnv_str_seed' },
    { args: ['int2', 'int8'], returns: INT8, kernel: 'fnv_int2_seed' },
    { args: ['int4', 'int8'], returns: INT8, kernel: 'fnv_int4_seed' },
    { args: ['int8', 'int8'], returns: INT8, kernel: 'fnv_int8_seed' },
  ],
  examples: [
    ["fnv_hash('Amazon Redshift')", '7783490368944507294'],
    ['fnv_hash(1::int)', '-5968735742475085980'],
    ["fnv_hash('Amazon Redshift', fnv_hash(1))", '-2202602717770968555'],
  ],
});
