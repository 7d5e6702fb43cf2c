/**
 * FarmHash Fingerprint64.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'farmfingerprint64',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'FarmHash Fingerprint64.',
  signatures: [
    { args: ['string'], returns: INT8, kernel: 'farm_fingerprint64' },
    { args: ['varbyte'], returns: INT8, kernel: 'farm_fingerprint64' },
  ],
  examples: [
    ["farmfingerprint64('Amazon Redshift')", '8085098817162212970'],
    ["farmfingerprint64('')", '-7286425919675154353'],
  ],
});
