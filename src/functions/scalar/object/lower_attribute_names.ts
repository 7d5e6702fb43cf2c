/**
 * A SUPER value with the names of its attributes in lower case.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call, int4 } from '../../expand-nodes.ts';

export default scalar({
  name: 'lower_attribute_names',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A SUPER value with the names of its attributes in lower case.',
  signatures: [{ args: ['super'], returns: SUPER }],
  examples: [
    ['lower_attribute_names(json_parse(\'{"Ab":1}\'))', '{"ab":1}'],
    ["lower_attribute_names('A'::super)", '"A"'],
  ],
  expand: (args, type) => call('super_names', 0, type, [args[0]!, int4(0)]),
});
