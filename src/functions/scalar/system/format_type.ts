/**
 * SQL name of a type by oid and modifier.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { formatTypeOid } from '../../format-type-oid.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'format_type',
  runsOn: 'leader',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'SQL name of a type by oid and modifier.',
  signatures: [{ args: ['oid', 'int4'], returns: TEXT }],
  examples: [
    ['format_type(23, null)', 'integer'],
    ['format_type(1043, 14)', 'character varying(10)'],
  ],
  host: (_, args) => formatTypeOid(Number(args[0]), args[1] === null ? -1 : Number(args[1])),
});
