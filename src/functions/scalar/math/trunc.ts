/**
 * Cuts a number toward zero, at a number of digits; cuts the time of day off a timestamp.
 */
import { DATE, FLOAT8, SUPER } from '../../../types/sql-type.ts';
import { call, cutDecimal, roundTo, TRUNCATE } from '../../expand-nodes.ts';
import { firstType, numericLike } from '../../result-types.ts';
import { superRound } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'trunc',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Cuts a number toward zero, at a number of digits; cuts the time of day off a timestamp.',
  signatures: [
    { args: ['integer'], returns: firstType },
    { args: ['integer', 'int4'], returns: firstType },
    { args: ['numeric'], returns: numericLike },
    { args: ['numeric', 'int4'], returns: numericLike },
    { args: ['float8'], returns: FLOAT8, kernel: 'float8_trunc' },
    { args: ['float8', 'int4'], returns: FLOAT8, kernel: 'float8_trunc_digits' },
    { args: ['timestamp'], returns: DATE, kernel: 'timestamp_to_date' },
    { args: ['timestamptz'], returns: DATE, kernel: 'timestamptz_to_date' },
    { args: ['super'], returns: SUPER },
    { args: ['super', 'int4'], returns: SUPER },
  ],
  examples: [
    ['trunc(111.15, 1)', '111.1'],
    ['trunc(-2.9)', '-2'],
    ["trunc(timestamp '2011-07-21 10:32:38.248109')", '2011-07-21'],
  ],
  expand: (args, type, signature) => {
    if (signature >= 8) return superRound(args[0]!, args[1], true);
    if (signature === 0) return args[0]!;
    if (signature === 2) return cutDecimal(args[0]!, 0, TRUNCATE);
    return signature >= 4 ? call('trunc', signature, type, args) : roundTo(args[0]!, args[1]!, TRUNCATE);
  },
});
