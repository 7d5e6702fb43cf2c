/**
 * The items of an array in order; the second argument false reverses it, the third puts nulls first.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import type { BoundExpr } from '../../../expressions/bound.ts';
import { not } from '../../../expressions/walk.ts';
import { boolean, call } from '../../expand-nodes.ts';

/** Ascending, and where nulls stand: at the end, or first when it descends. */
function order(args: readonly BoundExpr[]): readonly BoundExpr[] {
  const ascending = args[1] ?? boolean(true);
  return [ascending, args[2] ?? not(ascending)];
}

export default scalar({
  name: 'array_sort',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The items of an array in order; the second argument false reverses it, the third puts nulls first.',
  signatures: [{ args: ['super', 'bool', 'bool'], returns: SUPER, optional: 2, kernel: 'super_sort' }],
  examples: [
    ["array_sort(array('b', 'a', 0, null))", '[0,"a","b",null]'],
    ['array_sort(array(1, 2), false)', '[2,1]'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type) => call('array_sort', 0, type, [args[0]!, ...order(args)]),
});
