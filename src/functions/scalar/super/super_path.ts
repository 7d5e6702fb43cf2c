/**
 * The part of a SUPER value that a path leads to.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_path',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The part of a SUPER value that a path leads to.',
  signatures: [{ args: ['super', 'string', 'int4'], returns: SUPER, kernel: 'super_path' }],
  examples: [
    ["json_parse('[1,2]')[1]", '2'],
    ["json_parse('[1,2]')[2]", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
