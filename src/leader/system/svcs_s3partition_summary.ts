/**
 * SVCS_S3PARTITION_SUMMARY: the same as SVL_S3PARTITION_SUMMARY.
 */
import { sameAs } from './define.ts';
import svlS3partitionSummary from './svl_s3partition_summary.ts';

export default sameAs(
  svlS3partitionSummary,
  'svcs_s3partition_summary',
  'SVL_S3PARTITION_SUMMARY; there are no concurrency scaling clusters whose rows it would add.',
);
