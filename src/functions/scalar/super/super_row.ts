/**
 * Item or attribute of a number, as unnesting counts them.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_row',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Item or attribute of a number, as unnesting counts them.',
  signatures: [{ args: ['super', 'string', 'int8', 'int4'], returns: SUPER, kernel: 'super_row' }],
  examples: [
    ["json_parse('[1,2]')[1]", '2'],
    ["json_parse('[1,2]')[2]", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
