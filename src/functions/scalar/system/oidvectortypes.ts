/**
 * The type names of an oidvector, as function signatures print them.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { parseArray } from '../../array-text.ts';
import { formatTypeOid } from '../../format-type-oid.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'oidvectortypes',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'The type names of an oidvector, as function signatures print them.',
  signatures: [{ args: ['oidvector'], returns: TEXT }],
  examples: [
    ["oidvectortypes('23 1043'::oidvector)", 'integer, character varying'],
    ["oidvectortypes(''::oidvector)", ''],
  ],
  host: (_, args) =>
    parseArray(args[0]!)
      .items.map((oid) => formatTypeOid(Number(oid), -1))
      .join(', '),
});
