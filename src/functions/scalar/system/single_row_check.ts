/**
 * Whether a scalar subquery gave one row for this outer row: the rewriter asks with the number of matches, more than one
 * is the error "more than one row returned by a subquery used as an expression".
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'single_row_check',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'volatile',
  doc: 'Whether a scalar subquery gave one row; more than one is an error.',
  signatures: [{ args: ['int8'], returns: BOOL, kernel: 'single_row_check' }],
  examples: [
    ['single_row_check(1)', 't'],
    ['single_row_check(0)', 'f'],
  ],
  mayFail: true,
});
