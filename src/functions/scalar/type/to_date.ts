/**
 * Text to a date by a pattern; lenient unless the third argument is true.
 */
import { DATE } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'to_date',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Text to a date by a pattern; lenient unless the third argument is true.',
  signatures: [
    { args: ['string', 'string'], returns: DATE, kernel: 'to_date' },
    { args: ['string', 'string', 'bool'], returns: DATE, kernel: 'to_date_strict' },
  ],
  examples: [
    ["to_date('02 Oct 2001', 'DD Mon YYYY')", '2001-10-02'],
    ["to_date('20010631', 'YYYYMMDD', false)", '2001-07-01'],
  ],
  mayFail: true,
});
