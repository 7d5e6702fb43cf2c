/**
 * Rank less one, as a share of the rows but one; 0 in a partition of one row.
 */
import { compare } from '../../expressions/walk.ts';
import { FLOAT8 } from '../../types/sql-type.ts';
import { windowFunction } from '../define.ts';
import { int8, lessOne, position, quotient } from '../window-parts.ts';

export default windowFunction({
  name: 'percent_rank',
  doc: 'Rank less one, as a share of the rows but one; 0 in a partition of one row.',
  signatures: [{ args: [], returns: FLOAT8 }],
  examples: [
    ['percent_rank() over ()', '0'],
    ['percent_rank() over (order by 1)', '0'],
  ],
  takesFrame: false,
  order: 'optional',
  takesNulls: false,
  lower: () => ({
    parts: [position('rank'), position('partition_rows')],
    final: ([rank, rows]) => ({
      kind: 'case',
      type: FLOAT8,
      whens: [{ when: compare('=', rows!, int8(1n)), then: { kind: 'const', type: FLOAT8, value: 0 } }],
      otherwise: quotient(lessOne(rank!), lessOne(rows!)),
    }),
  }),
});
