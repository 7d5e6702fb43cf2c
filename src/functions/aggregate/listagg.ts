/**
 * Values of a group as one text, in the order of WITHIN GROUP, with a delimiter between them. Each value is appended behind
 * its delimiter; the first delimiter goes at the end.
 */
import { LARGE_STRING_BYTES_MAX } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { isString, varchar } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { call, cast } from '../expand-nodes.ts';
import { VARCHAR } from '../result-types.ts';

/** No delimiter is longer than this, so that a state that is too long for any is too long. */
const STATE = varchar(2 * LARGE_STRING_BYTES_MAX);
const EMPTY: BoundExpr = { kind: 'const', type: VARCHAR, value: '' };

export default aggregate({
  name: 'listagg',
  runsOn: 'compute',
  doc: 'Values of a group as one text, in the order of WITHIN GROUP, with a delimiter between them. NULL and empty values are left out; no values give NULL.',
  signatures: [{ args: ['any', 'string'], optional: 1, returns: VARCHAR }],
  examples: [
    ["listagg('a', ',')", 'a'],
    ['listagg(7) within group (order by 1)', '7'],
    ['listagg(null::int)', 'NULL'],
  ],
  withinGroup: 'optional',
  lower: ([value, delimiter], type) => {
    const text = isString(value!.type) ? value! : cast(value!, VARCHAR);
    const between: BoundExpr =
      delimiter === undefined ? EMPTY : { kind: 'coalesce', type: delimiter.type, args: [delimiter, EMPTY] };
    return {
      partials: [{ prim: 'concat', arg: call('listagg_item', 0, VARCHAR, [text, between]), type: STATE }],
      merge: ['concat'],
      final: (p) => call('listagg_close', 0, type, [p[0]!, between]),
    };
  },
});
