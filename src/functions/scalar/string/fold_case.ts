/**
 * What counts of a string under the collation case_insensitive, character by character.
 */
import { scalar } from '../../define.ts';

export default scalar({
  name: 'fold_case',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'What counts of a string under the collation case_insensitive.',
  signatures: [{ args: ['string'], returns: (args) => args[0]!, kernel: 'str_fold' }],
  examples: [
    ["lower('John')", 'john'],
    ["lower('ÉtÉ')", 'été'],
  ],
  mayFail: true,
});
