/**
 * The next identity value of an inserted row. The runner gives every slice a sequence of its own (see identity-sequence.ts
 * of the leader); outside an INSERT there is none, and the call fails.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'identity_next',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'volatile',
  doc: 'The next identity value of an inserted row.',
  signatures: [{ args: ['oid', 'int4'], returns: INT8, kernel: 'identity_next' }],
  examples: [
    ['identity_next(0, 1)', 'ERROR: no identity column'],
    ['identity_next(0, 2)', 'ERROR: no identity column'],
  ],
  mayFail: true,
});
