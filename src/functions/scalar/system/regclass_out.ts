/**
 * Name of a relation by oid (the cast from regclass to text).
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { relationName } from '../../reg-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regclass_out',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Name of a relation by oid (the cast from regclass to text).',
  signatures: [{ args: ['regclass'], returns: TEXT }],
  examples: [
    ['99::oid::regclass::text', '99'],
    ['0::oid::regclass::text', '-'],
  ],
  host: (context, args) => relationName(leaderOf(context), Number(args[0])),
});
