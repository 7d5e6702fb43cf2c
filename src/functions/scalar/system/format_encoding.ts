/**
 * Name of a column encoding by its number in pg_attribute.attencodingtype.
 */
import { encodingName } from '../../../types/encoding-codes.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'format_encoding',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Name of a column encoding by its number in pg_attribute.attencodingtype.',
  signatures: [{ args: ['int4'], returns: VARCHAR }],
  examples: [
    ['format_encoding(0)', 'none'],
    ['format_encoding(12)', 'az64'],
  ],
  host: (_, args) => encodingName(Number(args[0])) ?? null,
});
