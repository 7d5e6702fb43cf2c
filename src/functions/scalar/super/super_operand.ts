/**
 * A SUPER value as comparisons see it: a JSON null is NULL.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_operand',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A SUPER value as comparisons see it: a JSON null is NULL.',
  signatures: [{ args: ['super'], returns: SUPER, kernel: 'super_operand' }],
  examples: [
    ["json_parse('null') = json_parse('null')", 'NULL'],
    ["json_parse('1') = json_parse('1')", 't'],
  ],
  mayReturnNull: true,
});
