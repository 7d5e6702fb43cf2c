/**
 * Absolute value.
 */
import { FLOAT8, SUPER } from '../../../types/sql-type.ts';
import { asFloat, call, cast, wide } from '../../expand-nodes.ts';
import { firstType } from '../../result-types.ts';
import { superUnary } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'abs',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Absolute value.',
  signatures: [
    { args: ['int2'], returns: firstType, kernel: 'int2_abs' },
    { args: ['int4'], returns: firstType, kernel: 'int4_abs' },
    { args: ['int8'], returns: firstType, kernel: 'int8_abs' },
    { args: ['numeric'], returns: firstType },
    { args: ['float4'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8, kernel: 'float8_abs' },
    { args: ['super'], returns: SUPER },
  ],
  examples: [
    ['abs(-38)', '38'],
    ['abs(-5.25)', '5.25'],
  ],
  mayFail: true,
  expand: (args, type, signature) => {
    const arg = args[0]!;
    if (arg.type.name === 'super') return superUnary('abs', arg);
    if (arg.type.name === 'numeric')
      return cast(call('numeric_abs', 0, { ...arg.type, precision: 38 }, [wide(arg)]), arg.type);
    return signature < 3 ? call('abs', signature, type, args) : call('abs', 5, type, [asFloat(arg)]);
  },
});
