/**
 * The version text clients parse.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'version',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The version text clients parse.',
  signatures: [
    { args: [], returns: VARCHAR },
  ],
  examples: [
    ['version() like \'PostgreSQL 8.0.2 %\'', 't'],
    ['version() like \'%Redshift 1.0.%\'', 't'],
  ],
  host: () => 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.69954',
});
