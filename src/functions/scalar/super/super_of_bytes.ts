/**
 * The SUPER value that lies in bytes.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_of_bytes',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The SUPER value that lies in bytes.',
  signatures: [{ args: ['varbyte'], returns: SUPER, kernel: 'super_same' }],
  examples: [
    ["json_parse('[1.00]')", '[1.00]'],
    ['true::super', 'true'],
  ],
});
