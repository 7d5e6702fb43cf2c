/**
 * A text in Teradata's form as a 128-bit decimal of a precision and scale, cut or rounded half to even (inside
 * text_to_int_alt and text_to_numeric_alt).
 */
import { numeric } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'teradata_number',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: "A text in Teradata's form as a decimal (inside text_to_int_alt and text_to_numeric_alt).",
  signatures: [
    { args: ['string', 'string', 'int4', 'int4', 'bool'], returns: numeric(38, 0), kernel: 'teradata_number' },
  ],
  examples: [
    ["text_to_numeric_alt('2.5')", '2'],
    ["text_to_int_alt('2.9')", '2'],
  ],
  mayFail: true,
});
