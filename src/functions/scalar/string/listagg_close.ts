/**
 * What LISTAGG appended, without the first delimiter.
 */
import { LISTAGG_BYTES_MAX } from '../../../common/limits.ts';
import { varchar } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'listagg_close',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'What LISTAGG appended, without the first delimiter; more bytes than allowed are refused.',
  signatures: [{ args: ['string', 'string', 'int4'], returns: varchar(LISTAGG_BYTES_MAX), kernel: 'listagg_close' }],
  examples: [
    ["listagg_close(', a, b', ', ', 65535)", 'a, b'],
    ["listagg_close(',abc', ',', 2)", 'ERROR: Result size exceeds LISTAGG limit'],
  ],
  mayFail: true,
});
