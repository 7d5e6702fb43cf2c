/**
 * Text of a function number (the cast from regproc to text).
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regproc_out',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Text of a function number (the cast from regproc to text).',
  signatures: [{ args: ['regproc'], returns: TEXT }],
  examples: [
    ['0::oid::regproc::text', '-'],
    ['1::oid::regproc::text', '1'],
  ],
  host: (context, args) =>
    Number(args[0]) === 0 ? '-' : (leaderOf(context).system.procedure(Number(args[0]))?.name ?? String(args[0])),
});
