/**
 * SVCS_QUERY_SUMMARY: the same as SVL_QUERY_SUMMARY.
 */
import { sameAs } from './define.ts';
import svlQuerySummary from './svl_query_summary.ts';

export default sameAs(
  svlQuerySummary,
  'svcs_query_summary',
  'SVL_QUERY_SUMMARY; there are no concurrency scaling clusters whose rows it would add.',
);
