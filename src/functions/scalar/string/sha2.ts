/**
 * SHA-2 digest of 224, 256 (or 0), 384 or 512 bits in hexadecimal; the empty string for other sizes.
 */
import { varchar } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sha2',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'SHA-2 digest of 224, 256 (or 0), 384 or 512 bits in hexadecimal; the empty string for other sizes.',
  signatures: [
    { args: ['string', 'int4'], returns: varchar(128), kernel: 'hash_sha2' },
    { args: ['varbyte', 'int4'], returns: varchar(128), kernel: 'hash_sha2' },
  ],
  examples: [
    [
      "sha2('Amazon Redshift', 384)",
      'ae59dc59bdb43c6e641da7698cb3f3cab735d747fa1ae5cd64cf19ba76d782b0ea81723da4143d1f96f3d3e7bbed819e',
    ],
    ["sha2('', 256)", 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ],
});
