/**
 * SVCS_EXPLAIN: columns of STL_EXPLAIN.
 */
import { sameAs } from './define.ts';
import stlExplain from './stl_explain.ts';

export default sameAs(
  stlExplain,
  'svcs_explain',
  'STL_EXPLAIN; there are no concurrency scaling clusters whose rows it would add.',
  ['userid', 'query', 'nodeid', 'parentid', 'plannode', 'info'],
);
