/**
 * Mean. Integers give bigint and decimals numeric(38,s), both cut toward zero; floats give float8; of SUPER values the numbers count, by what they are.
 */
import {
  DAY_TO_SECOND,
  FLOAT8,
  INT8,
  INTERVAL,
  SUPER,
  YEAR_TO_MONTH,
  isInteger,
  isInterval,
  numeric,
  type SqlType,
} from '../../types/sql-type.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { aggregate } from '../define.ts';
import { call, cast } from '../expand-nodes.ts';
import { sumOfIntervals, sumType } from '../aggregate-lowering.ts';
import { superArith, superFrom, superNumber } from '../super-calls.ts';

/** Of months the mean is months: what is left over as days is dropped. */
function meanOfIntervals(total: BoundExpr, count: BoundExpr, type: SqlType): BoundExpr {
  if (type.name === 'interval') return call('interval_div', 0, type, [total, count]);
  const family: BoundExpr = { kind: 'cast', type, arg: total, mode: 'explicit' };
  return call('interval_div', type.name === 'intervaly2m' ? 2 : 4, type, [family, count]);
}

export default aggregate({
  name: 'avg',
  doc: 'Mean. Integers give bigint and decimals numeric(38,s), both cut toward zero; floats give float8; of SUPER values the numbers count, by what they are.',
  signatures: [
    { args: ['int2'], returns: INT8 },
    { args: ['int4'], returns: INT8 },
    { args: ['int8'], returns: INT8 },
    { args: ['numeric'], returns: sumType },
    { args: ['float4'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8 },
    { args: ['super'], returns: SUPER },
    { args: ['interval'], returns: INTERVAL },
    { args: ['intervaly2m'], returns: YEAR_TO_MONTH },
    { args: ['intervald2s'], returns: DAY_TO_SECOND },
  ],
  examples: [
    ['avg(7)', '7'],
    ['avg(1.5)', '1.5'],
    ['avg(2.5::super)', '2.50000'],
  ],
  lower: (args, type) => {
    const arg = args[0]!;
    if (type.name === 'float8') {
      return {
        partials: [
          { prim: 'sum_f64', arg, type: FLOAT8 },
          { prim: 'count', arg, type: INT8 },
        ],
        merge: ['sum_f64', 'sum_i64'],
        final: (p) => ({ kind: 'arith', type: FLOAT8, op: '/', left: p[0]!, right: cast(p[1]!, FLOAT8) }),
      };
    }
    if (type.name === 'super') {
      const number = superNumber(arg);
      return {
        partials: [
          { prim: 'sum_super', arg: number, type },
          { prim: 'count', arg: number, type: INT8 },
        ],
        merge: ['sum_super', 'sum_i64'],
        final: (p) => superArith('/', p[0]!, superFrom(p[1]!)),
      };
    }
    if (isInterval(type)) {
      const total = sumOfIntervals(arg, INTERVAL);
      return {
        partials: [...total.partials, { prim: 'count', arg, type: INT8 }],
        merge: [...total.merge, 'sum_i64'],
        final: (p) => meanOfIntervals(total.final(p), p[3]!, type),
      };
    }
    const sum = isInteger(arg.type) ? numeric(38, 0) : type;
    return {
      partials: [
        { prim: 'sum_i128', arg, type: sum },
        { prim: 'count', arg, type: INT8 },
      ],
      merge: ['sum_i128', 'sum_i64'],
      final: (p) => call(isInteger(arg.type) ? 'avg_int8' : 'avg_numeric', 0, type, [p[0]!, p[1]!]),
    };
  },
});
