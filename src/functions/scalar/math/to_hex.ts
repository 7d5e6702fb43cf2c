/**
 * An integer or VARBYTE in hexadecimal.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'to_hex',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An integer or VARBYTE in hexadecimal.',
  signatures: [
    { args: ['int2'], returns: VARCHAR, kernel: 'int4_to_hex' },
    { args: ['int4'], returns: VARCHAR, kernel: 'int4_to_hex' },
    { args: ['int8'], returns: VARCHAR, kernel: 'int_to_hex' },
    { args: ['varbyte'], returns: VARCHAR, kernel: 'to_hex_varbyte' },
  ],
  examples: [
    ['to_hex(2147676847)', '8002f2af'],
    ['to_hex(0)', '0'],
  ],
});
