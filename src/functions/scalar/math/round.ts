/**
 * Rounds to a number of digits, half away from zero.
 */
import { FLOAT8, SUPER } from '../../../types/sql-type.ts';
import { call, cutDecimal, HALF_AWAY, roundTo } from '../../expand-nodes.ts';
import { firstType, numericLike } from '../../result-types.ts';
import { superRound } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'round',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Rounds to a number of digits, half away from zero.',
  signatures: [
    { args: ['integer'], returns: firstType },
    { args: ['integer', 'int4'], returns: firstType },
    { args: ['numeric'], returns: numericLike },
    { args: ['numeric', 'int4'], returns: numericLike },
    { args: ['float8'], returns: FLOAT8, kernel: 'float8_round' },
    { args: ['float8', 'int4'], returns: FLOAT8, kernel: 'float8_round_digits' },
    { args: ['super'], returns: SUPER },
    { args: ['super', 'int4'], returns: SUPER },
  ],
  examples: [
    ['round(28.05)', '28'],
    ['round(28.05, 1)', '28.1'],
    ['round(-2.5)', '-3'],
  ],
  expand: (args, type, signature) => {
    if (signature >= 6) return superRound(args[0]!, args[1], false);
    if (signature === 0) return args[0]!;
    if (signature === 2) return cutDecimal(args[0]!, 0, HALF_AWAY);
    return signature >= 4 ? call('round', signature, type, args) : roundTo(args[0]!, args[1]!, HALF_AWAY);
  },
});
