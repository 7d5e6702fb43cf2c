/**
 * A string under another collation. The analyser knows what it means (leader/analyser/collation.ts); the value stays.
 */
import { scalar } from '../../define.ts';

export default scalar({
  name: 'collate',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A string under the collation case_sensitive (cs) or case_insensitive (ci); the value stays.',
  signatures: [{ args: ['string', 'string'], returns: (args) => args[0]!, kernel: 'str_collate' }],
  examples: [
    ["collate('John', 'case_sensitive')", 'John'],
    ["collate('John', 'cs') = 'john'", 'f'],
  ],
});
