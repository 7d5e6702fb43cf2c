/**
 * Name of an encoding number.
 */
import { NAME } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_encoding_to_char',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Name of an encoding number.',
  signatures: [{ args: ['int4'], returns: NAME }],
  examples: [
    ['pg_encoding_to_char(6)', 'UTF8'],
    ['pg_encoding_to_char(0)', 'SQL_ASCII'],
  ],
  host: (_, args) =>
    Number(args[0]) === 6 || Number(args[0]) === 7 ? 'UTF8' : Number(args[0]) === 0 ? 'SQL_ASCII' : '',
});
