/**
 * A scalar as a SUPER value.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_from',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A scalar as a SUPER value.',
  signatures: [
    { args: ['bool'], returns: SUPER, kernel: 'super_from_bool' },
    { args: ['int2'], returns: SUPER, kernel: 'super_from_int4' },
    { args: ['int4'], returns: SUPER, kernel: 'super_from_int4' },
    { args: ['int8'], returns: SUPER, kernel: 'super_from_int8' },
    { args: ['numeric', 'int4'], returns: SUPER, kernel: 'super_from_numeric' },
    { args: ['string'], returns: SUPER, kernel: 'super_from_text' },
  ],
  examples: [
    ['5::super', '5'],
    ["'a b'::super", '"a b"'],
  ],
  mayFail: true,
});
