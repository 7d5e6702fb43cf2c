/**
 * First letter of every word upper case, the rest lower.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'initcap',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'First letter of every word upper case, the rest lower.',
  signatures: [{ args: ['string'], returns: sameString, kernel: 'str_initcap' }],
  examples: [
    ["initcap('nibh.enim@egestas.ca')", 'Nibh.Enim@Egestas.Ca'],
    ["initcap('MLB')", 'Mlb'],
  ],
});
