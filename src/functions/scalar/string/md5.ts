/**
 * MD5 digest in hexadecimal.
 */
import { varchar } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'md5',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'MD5 digest in hexadecimal.',
  signatures: [{ args: ['string'], returns: varchar(32), kernel: 'hash_md5' }],
  examples: [
    ["md5('Amazon Redshift')", 'f7415e33f972c03abd4f3fed36748f7a'],
    ["md5('')", 'd41d8cd98f00b204e9800998ecf8427e'],
  ],
});
