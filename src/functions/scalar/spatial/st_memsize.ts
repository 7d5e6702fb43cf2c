/**
 * Bytes of memory.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_memsize',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytes of memory.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ['st_memsize(st_point(1, 2))', '52'],
    ['st_memsize(dropbbox(st_point(1, 2)))', '20'],
  ],
  spatial: 'st_memsize',
});
