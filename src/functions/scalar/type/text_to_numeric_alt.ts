/**
 * Text in Teradata's form to a decimal, rounded half to even; precision and scale are constants.
 */
import { invalidParameterValue } from '../../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../../expressions/bound.ts';
import { numeric } from '../../../types/sql-type.ts';
import { FALSE } from '../../../expressions/walk.ts';
import { call, cast, constantInteger, int4 } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';
import { textConstant } from '../../text-constant.ts';

const PRECISION_MAX = 38;

/** Precision and scale as they were given. */
function given(precision: BoundExpr | undefined, scale: BoundExpr | undefined): { p: number; s: number } {
  if (precision === undefined || scale === undefined) return { p: PRECISION_MAX, s: 0 };
  const [p, s] = [constantInteger(precision), constantInteger(scale)];
  if (p === undefined || s === undefined || p < 1 || p > PRECISION_MAX || s < 0 || s > p) {
    throw invalidParameterValue(
      'precision and scale of text_to_numeric_alt must be constants that a decimal can have',
    );
  }
  return { p, s };
}

export default scalar({
  name: 'text_to_numeric_alt',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: "Text in Teradata's form, by a format phrase or without, to a decimal (38,0) or of a precision and scale.",
  signatures: [
    { args: ['string'], returns: numeric(38, 0) },
    { args: ['string', 'string'], returns: numeric(38, 0) },
    { args: ['string', 'int4', 'int4'], returns: numeric(38, 0) },
    { args: ['string', 'string', 'int4', 'int4'], returns: numeric(38, 0) },
  ],
  examples: [
    ["text_to_numeric_alt('1.5')", '2'],
    ["text_to_numeric_alt('2.51')", '3'],
    ["text_to_numeric_alt('123.52501', 10, 2)", '123.53'],
    ["text_to_numeric_alt('-123E2')", '-12300'],
    ["text_to_numeric_alt('1234', '99V99', 10, 2)", '12.34'],
    ["text_to_numeric_alt('999.5', 3, 0)", 'ERROR: numeric field overflow'],
    ["text_to_numeric_alt('12x')", 'ERROR: invalid input syntax for type numeric: "12x"'],
    ["text_to_numeric_alt('')", '0'],
  ],
  mayFail: true,
  expand: (args) => {
    const hasPhrase = args.length === 2 || args.length === 4;
    const { p, s } = given(args[args.length === 4 ? 2 : 1], args[args.length === 4 ? 3 : 2]);
    const phrase = hasPhrase ? args[1]! : textConstant('');
    const wide = call('teradata_number', 0, numeric(38, s), [args[0]!, phrase, int4(p), int4(s), FALSE]);
    return cast(wide, numeric(p, s));
  },
});
