/**
 * The value as a share of the sum over its partition.
 */
import { FLOAT8, isFloat, numeric } from '../../types/sql-type.ts';
import { windowFunction } from '../define.ts';
import { scaleOf } from '../expand-nodes.ts';
import { ofRow, quotient } from '../window-parts.ts';

export default windowFunction({
  name: 'ratio_to_report',
  doc: 'The value as a share of the sum over its partition.',
  signatures: [
    { args: ['integer'], returns: FLOAT8 },
    { args: ['numeric'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8 },
  ],
  examples: [
    ['ratio_to_report(7) over ()', '1'],
    ['ratio_to_report(null::int) over ()', 'NULL'],
  ],
  takesFrame: false,
  order: 'refused',
  takesNulls: false,
  lower: ([arg]) => {
    const float = isFloat(arg!.type);
    const type = float ? FLOAT8 : numeric(38, scaleOf(arg!.type));
    return {
      parts: [ofRow(arg!), { kind: 'aggregate', prim: float ? 'sum_f64' : 'sum_i128', arg, type }],
      final: ([value, sum]) => quotient(value!, sum!),
    };
  },
});
