/**
 * The ARN of a user whom an identity service authenticated; every user here is of this cluster and has none.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_session_arn',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'The ARN of a user whom IAM authenticated; users of this cluster have none: NULL.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ['current_session_arn()', 'NULL'],
    ['current_session_arn() is null', 't'],
  ],
  host: () => null,
});
