/**
 * Smallest whole number not below the argument.
 */
import { FLOAT8, SUPER } from '../../../types/sql-type.ts';
import { call, cutDecimal, UP } from '../../expand-nodes.ts';
import { firstType, numericLike } from '../../result-types.ts';
import { superUnary } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'ceiling',
  aliases: ['ceil'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Smallest whole number not below the argument.',
  label: 'ceiling',
  signatures: [
    { args: ['integer'], returns: firstType },
    { args: ['numeric'], returns: numericLike },
    { args: ['float8'], returns: FLOAT8, kernel: 'float8_ceil' },
    { args: ['super'], returns: SUPER },
  ],
  examples: [
    ['ceiling(28.05)', '29'],
    ['ceiling(-28.05)', '-28'],
  ],
  expand: (args, type, signature) => {
    if (signature === 3) return superUnary('ceil', args[0]!);
    if (signature === 0) return args[0]!;
    return signature === 1 ? cutDecimal(args[0]!, 0, UP) : call('ceiling', 2, type, args);
  },
});
