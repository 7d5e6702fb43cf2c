/**
 * Whether a SUPER value is NULL or a JSON null.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_is_null',
  internal: true,
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is NULL or a JSON null.',
  signatures: [{ args: ['super'], returns: BOOL, kernel: 'super_is_null' }],
  examples: [
    ["json_parse('null') is null", 't'],
    ["json_parse('0') is null", 'f'],
  ],
});
