/**
 * Text to a timestamp with time zone by a pattern.
 */
import { TIMESTAMPTZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'to_timestamp',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Text to a timestamp with time zone by a pattern.',
  signatures: [
    { args: ['string', 'string'], returns: TIMESTAMPTZ, kernel: 'to_timestamp' },
    { args: ['string', 'string', 'bool'], returns: TIMESTAMPTZ, kernel: 'to_timestamp_strict' },
  ],
  examples: [
    ["to_timestamp('2017', 'YYYY')", '2017-01-01 00:00:00+00'],
    ["to_timestamp('2011-12-18 24:38:15', 'YYYY-MM-DD HH24:MI:SS')", '2011-12-19 00:38:15+00'],
  ],
  mayFail: true,
});
