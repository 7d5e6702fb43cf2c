/**
 * A number for a value: the low 32 bits of its unscaled integer.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { call, wide } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'checksum',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A number for a value: the low 32 bits of its unscaled integer.',
  unsupported: (args) =>
    args.length === 1 && args[0]!.name !== 'numeric'
      ? 'checksum of values that are no DECIMAL is not supported: what it gives is not documented'
      : undefined,
  signatures: [{ args: ['numeric'], returns: INT4, kernel: 'checksum_wide' }],
  examples: [
    ['checksum(52.50)', '5250'],
    ['checksum(9.75)', '975'],
  ],
  expand: (args, type) => call('checksum', 0, type, [wide(args[0]!)]),
});
