/**
 * The IAM role that COPY and UNLOAD take for `default`; none can be associated with this cluster.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'default_iam_role',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'The default IAM role of the cluster: none.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ['default_iam_role()', 'none'],
    ["default_iam_role() = 'none'", 't'],
  ],
  host: () => 'none',
});
