/**
 * Signature of a function by its number (the cast from regprocedure to text).
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { signatureText } from '../../reg-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regprocedure_out',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Signature of a function by its number (the cast from regprocedure to text).',
  signatures: [{ args: ['regprocedure'], returns: TEXT }],
  examples: [
    ["'array_in'::regproc::oid::regprocedure::text", 'array_in(cstring)'],
    ['0::oid::regprocedure::text', '-'],
  ],
  host: (context, args) => signatureText(leaderOf(context), Number(args[0])),
});
