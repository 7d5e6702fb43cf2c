/**
 * The version text clients parse.
 */
import { VERSION_TEXT } from '../../../common/version.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'version',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The version text clients parse.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ["version() like 'PostgreSQL 8.0.2 %'", 't'],
    ["version() like '%Redshift 1.0.%'", 't'],
  ],
  host: () => VERSION_TEXT,
});
