/**
 * An object with the attributes that KEEP names, all of them without KEEP, and those values that SET gives.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'object_transform',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An object with the attributes that KEEP names, all of them without KEEP, and those values that SET gives.',
  signatures: [{ args: ['super', 'any'], variadic: true, optional: 1, returns: SUPER }],
  examples: [
    ["object_transform(object('a', 1, 'b', 2) keep '\"a\"' set '\"a\"', 5)", '{"a":5}'],
    ["object_transform('x'::super keep '\"a\"')", '"x"'],
  ],
  // KEEP and SET are the analyser's (analyser/object-transform.ts).
  expand: (args) => args[0]!,
});
