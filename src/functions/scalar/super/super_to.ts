/**
 * A SUPER value as a scalar, by its own kind.
 */
import { BOOL, DATE, FLOAT4, FLOAT8, INT2, INT4, INT8, TIMESTAMP, numeric } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_to',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A SUPER value as a scalar, by its own kind.',
  signatures: [
    { args: ['super', 'int4'], returns: BOOL, kernel: 'super_to_bool' },
    { args: ['super', 'int4'], returns: INT2, kernel: 'super_to_int2' },
    { args: ['super', 'int4'], returns: INT4, kernel: 'super_to_int4' },
    { args: ['super', 'int4'], returns: INT8, kernel: 'super_to_int8' },
    { args: ['super', 'int4'], returns: FLOAT4, kernel: 'super_to_float4' },
    { args: ['super', 'int4'], returns: FLOAT8, kernel: 'super_to_float8' },
    { args: ['super', 'int4'], returns: DATE, kernel: 'super_to_date' },
    { args: ['super', 'int4'], returns: { name: 'varchar' }, kernel: 'super_to_text' },
    { args: ['super', 'int4', 'int4', 'int4'], returns: numeric(18, 0), kernel: 'super_to_numeric64' },
    { args: ['super', 'int4', 'int4', 'int4'], returns: numeric(38, 0), kernel: 'super_to_numeric' },
    { args: ['super', 'int4', 'int4'], returns: TIMESTAMP, kernel: 'super_to_moment' },
  ],
  examples: [
    ["'12'::super::int", '12'],
    ['5.0::super::bool', 'NULL'],
    ["'x'::super::int", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
