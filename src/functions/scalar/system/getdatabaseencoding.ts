/**
 * Name of the encoding of the current database.
 */
import { scalar } from '../../define.ts';

export default scalar({
  name: 'getdatabaseencoding',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Name of the encoding of the current database.',
  signatures: [{ args: [], returns: { name: 'name' } }],
  examples: [
    ['getdatabaseencoding()', 'UTF8'],
    ['getdatabaseencoding()::varchar', 'UTF8'],
  ],
  host: () => 'UTF8',
});
