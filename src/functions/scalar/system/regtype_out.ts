/**
 * Name of a type by oid (the cast from regtype to text).
 */
import { TEXT } from '../../../types/sql-type.ts';
import { formatTypeOid } from '../../format-type-oid.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regtype_out',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Name of a type by oid (the cast from regtype to text).',
  signatures: [{ args: ['regtype'], returns: TEXT }],
  examples: [
    ['23::oid::regtype::text', 'integer'],
    ['25::oid::regtype::text', 'text'],
  ],
  host: (_, args) => formatTypeOid(Number(args[0]), -1),
});
