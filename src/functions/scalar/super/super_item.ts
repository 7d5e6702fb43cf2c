/**
 * Item of a SUPER array by a number that is no constant.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_item',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Item of a SUPER array by a number that is no constant.',
  signatures: [{ args: ['super', 'int8', 'int4'], returns: SUPER, kernel: 'super_item' }],
  examples: [
    ["json_parse('[1,2]')[length('a')]", '2'],
    ["json_parse('[1,2]')[length('abc')]", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
