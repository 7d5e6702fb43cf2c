/**
 * Values of a group as an array, NULLs included, in the order they come. Leader only; ARRAY (subquery) is made of it.
 */
import { TEXT } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { arrayItem, call } from '../expand-nodes.ts';
import { arrayTypeOf } from '../array-types.ts';

export default aggregate({
  name: 'array_agg',
  doc: 'Values of a group as an array, NULLs included, in the order they come.',
  signatures: [{ args: ['any'], returns: (args) => arrayTypeOf(args[0]!) }],
  examples: [
    ['array_agg(1)', '{1}'],
    ['array_agg(null::int)', '{NULL}'],
  ],
  lower: (args, type) => ({
    partials: [{ prim: 'concat', arg: call('array_item', 0, TEXT, [arrayItem(args[0]!)]), type: TEXT }],
    merge: ['concat'],
    final: (p) => call('array_close', 0, type, [p[0]!]),
  }),
});
