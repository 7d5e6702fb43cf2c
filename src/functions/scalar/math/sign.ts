/**
 * Sign of a number: -1, 0 or 1.
 */
import { FLOAT8, SUPER, numeric } from '../../../types/sql-type.ts';
import { call, cast, wide } from '../../expand-nodes.ts';
import { firstType } from '../../result-types.ts';
import { superUnary } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sign',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Sign of a number: -1, 0 or 1.',
  signatures: [
    { args: ['int2'], returns: firstType, kernel: 'int4_sign' },
    { args: ['int4'], returns: firstType, kernel: 'int4_sign' },
    { args: ['int8'], returns: firstType, kernel: 'int8_sign' },
    { args: ['numeric'], returns: numeric(1, 0) },
    { args: ['float8'], returns: FLOAT8, kernel: 'float8_sign' },
    { args: ['super'], returns: SUPER },
  ],
  examples: [
    ['sign(28.05)', '1'],
    ['sign(-3)', '-1'],
  ],
  expand: (args, type, signature) => {
    if (signature === 5) return superUnary('sign', args[0]!);
    return signature === 3
      ? cast(call('numeric_sign', 0, { name: 'int4' }, [wide(args[0]!)]), numeric(1, 0))
      : call('sign', signature, type, args);
  },
});
