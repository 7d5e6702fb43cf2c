/**
 * The IAM role that COPY and UNLOAD take for `default`.
 */
import { DEFAULT_ROLE } from '../../../common/account.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'default_iam_role',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'The default IAM role of the cluster, which COPY and UNLOAD take for `default`.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ['default_iam_role()', DEFAULT_ROLE],
    ["default_iam_role() like 'arn:aws:iam::%'", 't'],
  ],
  host: () => DEFAULT_ROLE,
});
