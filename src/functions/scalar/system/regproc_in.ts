/**
 * Number of a function; only numbers are known (the cast to regproc).
 */
import { procedureOid } from '../../reg-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regproc_in',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Number of a function; only numbers are known (the cast to regproc).',
  signatures: [
    { args: ['text'], returns: { name: 'regproc' } },
  ],
  examples: [
    ['\'1\'::regproc::oid', '1'],
    ['\'no_such\'::regproc', 'ERROR: function no_such does not exist'],
  ],
  host: (_, args) => procedureOid(String(args[0])),
});
