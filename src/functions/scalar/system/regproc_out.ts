/**
 * Text of a function number (the cast from regproc to text).
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regproc_out',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Text of a function number (the cast from regproc to text).',
  signatures: [
    { args: ['regproc'], returns: TEXT },
  ],
  examples: [
    ['0::oid::regproc::text', '-'],
    ['1::oid::regproc::text', '1'],
  ],
  host: (_, args) => Number(args[0]) === 0 ? '-' : String(args[0]),
});
