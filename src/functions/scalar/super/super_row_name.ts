/**
 * Name of the attribute of a number.
 */
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_row_name',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Name of the attribute of a number.',
  signatures: [{ args: ['super', 'string', 'int8'], returns: { name: 'varchar' }, kernel: 'super_row_name' }],
  examples: [
    ["get_number_attributes(object('a', 1))", '1'],
    ['get_number_attributes(array())', 'NULL'],
  ],
  mayReturnNull: true,
});
