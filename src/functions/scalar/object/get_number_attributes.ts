/**
 * Number of attributes of an object.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'get_number_attributes',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Number of attributes of an object.',
  signatures: [{ args: ['super'], returns: INT4, kernel: 'super_attributes' }],
  examples: [
    ["get_number_attributes(object('a', 1))", '1'],
    ['get_number_attributes(array(1))', 'NULL'],
  ],
  mayReturnNull: true,
});
