/**
 * Total. int2 and int4 give bigint, bigint gives numeric(38,0), decimals numeric(38,s), floats float8; of SUPER values the numbers count, by what they are.
 */
import {
  DAY_TO_SECOND,
  FLOAT8,
  INT8,
  INTERVAL,
  SUPER,
  YEAR_TO_MONTH,
  isInterval,
  numeric,
} from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { single, sumOfIntervals, sumOfUncut, sumType, uncutProduct } from '../aggregate-lowering.ts';
import { superNumber } from '../super-calls.ts';

export default aggregate({
  name: 'sum',
  doc: 'Total. int2 and int4 give bigint, bigint gives numeric(38,0), decimals numeric(38,s), floats float8; of SUPER values the numbers count, by what they are.',
  signatures: [
    { args: ['int2'], returns: INT8 },
    { args: ['int4'], returns: INT8 },
    { args: ['int8'], returns: numeric(38, 0) },
    { args: ['numeric'], returns: sumType },
    { args: ['float4'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8 },
    { args: ['super'], returns: SUPER },
    { args: ['interval'], returns: INTERVAL },
    { args: ['intervaly2m'], returns: YEAR_TO_MONTH },
    { args: ['intervald2s'], returns: DAY_TO_SECOND },
  ],
  examples: [
    ['sum(1)', '1'],
    ['sum(1.5)', '1.5'],
    ['sum(2::super)', '2'],
    ["sum('a'::super)", 'NULL'],
  ],
  lower: (args, type) => {
    if (type.name === 'super') return single('sum_super', superNumber(args[0]!), type);
    if (isInterval(type)) return sumOfIntervals(args[0]!, type);
    const exact = uncutProduct(args[0]!);
    if (exact) return sumOfUncut(exact, type);
    const from = args[0]!.type;
    const prim =
      type.name === 'float8' ? 'sum_f64' : from.name === 'int2' || from.name === 'int4' ? 'sum_i64' : 'sum_i128';
    return { partials: [{ prim, arg: args[0], type }], merge: [prim], final: (p) => p[0]! };
  },
});
