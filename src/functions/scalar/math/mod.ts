/**
 * Remainder with the sign of the first argument.
 */
import { INT2, INT4, INT8, numeric } from '../../../types/sql-type.ts';
import { call, cast, scaleOf } from '../../expand-nodes.ts';
import { numericLike } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'mod',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Remainder with the sign of the first argument.',
  signatures: [
    { args: ['int2', 'int2'], returns: INT2, kernel: 'int4_mod' },
    { args: ['int4', 'int4'], returns: INT4, kernel: 'int4_mod' },
    { args: ['int8', 'int8'], returns: INT8, kernel: 'int8_mod' },
    { args: ['numeric', 'numeric'], returns: numericLike },
  ],
  examples: [
    ['mod(5, 2)', '1'],
    ['mod(10.5, 4)', '2.5'],
    ['mod(1, 0)', 'ERROR: division by zero'],
  ],
  mayFail: true,
  expand: (args, type, signature) => {
    if (signature < 3) return call('mod', signature, type, args);
    const scale = Math.max(scaleOf(args[0]!.type), scaleOf(args[1]!.type));
    const common = numeric(38, scale);
    return call('numeric_mod', 0, common, [cast(args[0]!, common), cast(args[1]!, common)]);
  },
});
