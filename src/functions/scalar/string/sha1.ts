/**
 * SHA-1 digest in hexadecimal.
 */
import { varchar } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sha1',
  aliases: ['func_sha1', 'sha'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'SHA-1 digest in hexadecimal.',
  signatures: [
    { args: ['string'], returns: varchar(40), kernel: 'hash_sha1' },
    { args: ['varbyte'], returns: varchar(40), kernel: 'hash_sha1' },
  ],
  examples: [
    ["sha1('Amazon Redshift')", 'eeac5ed1e11cda66032c30ad77b25071b5487f55'],
    ["sha1('')", 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ],
});
