/**
 * Names of attributes in lower or upper case, at every depth.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_names',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Names of attributes in lower or upper case, at every depth.',
  signatures: [{ args: ['super', 'int4'], returns: SUPER, kernel: 'super_change_names' }],
  examples: [
    ['lower_attribute_names(json_parse(\'{"A":1}\'))', '{"a":1}'],
    ['upper_attribute_names(json_parse(\'{"a":1}\'))', '{"A":1}'],
  ],
  mayFail: true,
});
