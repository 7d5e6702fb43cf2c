/**
 * Largest whole number not above the argument.
 */
import { FLOAT8, SUPER } from '../../../types/sql-type.ts';
import { call, cutDecimal, DOWN } from '../../expand-nodes.ts';
import { firstType, numericLike } from '../../result-types.ts';
import { superUnary } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'floor',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Largest whole number not above the argument.',
  signatures: [
    { args: ['integer'], returns: firstType },
    { args: ['numeric'], returns: numericLike },
    { args: ['float8'], returns: FLOAT8, kernel: 'float8_floor' },
    { args: ['super'], returns: SUPER },
  ],
  examples: [
    ['floor(28.05)', '28'],
    ['floor(-28.05)', '-29'],
  ],
  expand: (args, type, signature) => {
    if (signature === 3) return superUnary('floor', args[0]!);
    if (signature === 0) return args[0]!;
    return signature === 1 ? cutDecimal(args[0]!, 0, DOWN) : call('floor', 2, type, args);
  },
});
