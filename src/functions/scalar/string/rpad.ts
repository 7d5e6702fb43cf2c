/**
 * Pads on the right to a number of characters, cutting what is longer.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'rpad',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Pads on the right to a number of characters, cutting what is longer.',
  signatures: [
    { args: ['string', 'int4'], returns: VARCHAR, kernel: 'str_rpad' },
    { args: ['string', 'int4', 'string'], returns: VARCHAR, kernel: 'str_rpad_fill' },
  ],
  examples: [
    ["rpad('Salome', 20, '0123456789')", 'Salome01234567890123'],
    ["rpad('abc', -1)", ''],
  ],
  mayFail: true,
});
