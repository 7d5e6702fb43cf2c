/**
 * The product of the integers up to a number; 1 for those below. The leader's only, and up to 33, whose factorial is the last
 * with 38 digits or fewer.
 */
import { BOOL, INT8, numeric } from '../../../types/sql-type.ts';
import type { BoundExpr } from '../../../expressions/bound.ts';
import { scalar } from '../../define.ts';

const LAST = 33;
const TYPE = numeric(38, 0);

const constant = (value: bigint): BoundExpr => ({ kind: 'const', type: TYPE, value });
const upTo = (arg: BoundExpr, n: number): BoundExpr => ({
  kind: 'compare',
  type: BOOL,
  op: '<=',
  left: arg,
  right: { kind: 'const', type: INT8, value: BigInt(n) },
});

/** FACTORIALS[n] is n!. */
const FACTORIALS: readonly bigint[] = Array.from({ length: LAST + 1 }, (_, n) =>
  Array.from({ length: n }, (_each, i) => BigInt(i + 1)).reduce((a, b) => a * b, 1n),
);

export default scalar({
  name: 'factorial',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'The product of the integers up to a number.',
  signatures: [{ args: ['int8'], returns: TYPE }],
  examples: [
    ['factorial(5)', '120'],
    ['factorial(33)', '8683317618811886495518194401280000000'],
    ['factorial(34)', 'ERROR: Numeric data overflow'],
  ],
  mayFail: true,
  expand: ([n]) => ({
    kind: 'case',
    type: TYPE,
    whens: FACTORIALS.map((value, i) => ({ when: upTo(n!, i), then: constant(value) })),
    // Out of range for every other number, and NULL for NULL.
    otherwise: {
      kind: 'arith',
      type: TYPE,
      op: '*',
      left: constant(FACTORIALS[LAST]!),
      right: { kind: 'cast', type: TYPE, arg: n!, mode: 'implicit' },
    },
  }),
});
