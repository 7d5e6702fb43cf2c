/**
 * A timestamp, interval or number as text by a pattern.
 */
import { VARCHAR } from '../../result-types.ts';
import { call, int4, scaleOf, wide } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'to_char',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A timestamp, interval or number as text by a pattern.',
  signatures: [
    { args: ['timestamp', 'string'], returns: VARCHAR, kernel: 'timestamp_to_char' },
    { args: ['date', 'string'], returns: VARCHAR, kernel: 'date_to_char' },
    { args: ['timestamptz', 'string'], returns: VARCHAR, kernel: 'timestamptz_to_char' },
    { args: ['time', 'string'], returns: VARCHAR, kernel: 'time_to_char' },
    { args: ['int8', 'string'], returns: VARCHAR, kernel: 'int8_to_char' },
    { args: ['numeric', 'string'], returns: VARCHAR },
    { args: ['float8', 'string'], returns: VARCHAR, kernel: 'float8_to_char' },
    { args: ['intervaly2m', 'string'], returns: VARCHAR, kernel: 'intervaly2m_to_char' },
    { args: ['intervald2s', 'string'], returns: VARCHAR, kernel: 'intervald2s_to_char' },
    { args: ['interval', 'string'], returns: VARCHAR, kernel: 'interval_to_char' },
  ],
  examples: [
    ["to_char(timestamp '2009-12-31 23:15:59', 'HH24:MI:SS')", '23:15:59'],
    ["to_char(125.8, '999D99')", ' 125.80'],
    ["to_char(482, '999th')", ' 482nd'],
    ["to_char(interval '1-2' year to month, 'YYYY-MM')", '0001-02'],
    ["to_char(interval '36' hour, 'DD HH24:MI')", '01 12:00'],
  ],
  mayFail: true,
  expand: (args, type, signature) => {
    if (signature !== 5) return call('to_char', signature, type, args);
    return call('numeric_to_char', 0, type, [wide(args[0]!), int4(scaleOf(args[0]!.type)), args[1]!]);
  },
});
