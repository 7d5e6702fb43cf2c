/**
 * Signature of a function by its number, as the type prints it.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { signatureText } from '../../reg-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regprocedureout',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Signature of a function by its number, as the type prints it.',
  signatures: [{ args: ['regprocedure'], returns: TEXT }],
  examples: [
    ["regprocedureout('array_in'::regproc::oid::regprocedure)", 'array_in(cstring)'],
    ['regprocedureout(0::oid::regprocedure)', '-'],
  ],
  host: (context, args) => signatureText(leaderOf(context), Number(args[0])),
});
