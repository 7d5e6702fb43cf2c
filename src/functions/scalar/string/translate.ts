/**
 * Characters replaced one by one; those without a partner are removed.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'translate',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Characters replaced one by one; those without a partner are removed.',
  signatures: [{ args: ['string', 'string', 'string'], returns: VARCHAR, kernel: 'str_translate' }],
  examples: [
    ["translate('mint tea', 'inea', 'osin')", 'most tin'],
    ["translate('Saint Albans', ' .', '_')", 'Saint_Albans'],
  ],
});
