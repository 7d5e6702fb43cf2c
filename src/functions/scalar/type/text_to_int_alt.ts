/**
 * Text in Teradata's form to an integer; what follows the point is cut off.
 */
import { INT4, numeric } from '../../../types/sql-type.ts';
import { TRUE } from '../../../expressions/walk.ts';
import { call, cast, int4 } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';
import { textConstant } from '../../text-constant.ts';

export default scalar({
  name: 'text_to_int_alt',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: "Text in Teradata's form, by a format phrase or without, to an integer; what follows the point is cut off.",
  signatures: [
    { args: ['string'], returns: INT4 },
    { args: ['string', 'string'], returns: INT4 },
  ],
  examples: [
    ["text_to_int_alt('123-')", '-123'],
    ["text_to_int_alt('-123E-2')", '-1'],
    ["text_to_int_alt('123}', '999S')", '-1230'],
    ["text_to_int_alt('USD123', 'C9(I)')", '123'],
    ["text_to_int_alt('1234', '999')", 'ERROR: invalid input syntax for type numeric: "1234"'],
    ["text_to_int_alt('2147483648')", 'ERROR: integer out of range'],
    ["text_to_int_alt('  ')", '0'],
    ["text_to_int_alt('$ 1,234', 'L9(I)')", '1234'],
    ["text_to_int_alt('1', 'G9')", 'ERROR: invalid format phrase: G9'],
  ],
  mayFail: true,
  expand: (args) => {
    const operands = [args[0]!, args[1] ?? textConstant(''), int4(38), int4(0), TRUE];
    return cast(call('teradata_number', 0, numeric(38, 0), operands), INT4);
  },
});
