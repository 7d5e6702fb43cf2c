/**
 * Text of a function number (the cast from regproc to text).
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { procedureView } from '../../reg-types.ts';
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
  host: (context, args) => {
    const oid = Number(args[0]);
    return oid === 0 ? '-' : (procedureView(leaderOf(context), oid)?.name ?? String(args[0]));
  },
});
