/**
 * Pads on the left to a number of characters, cutting what is longer.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'lpad',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Pads on the left to a number of characters, cutting what is longer.',
  signatures: [
    { args: ['string', 'int4'], returns: VARCHAR, kernel: 'str_lpad' },
    { args: ['string', 'int4', 'string'], returns: VARCHAR, kernel: 'str_lpad_fill' },
  ],
  examples: [
    ["lpad('Salome', 10)", '    Salome'],
    ["lpad('abcdef', 3)", 'abc'],
    ["lpad('x', 4, 'ab')", 'abax'],
  ],
  mayFail: true,
});
