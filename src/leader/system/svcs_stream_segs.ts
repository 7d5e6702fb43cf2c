/**
 * SVCS_STREAM_SEGS: the same as STL_STREAM_SEGS.
 */
import { sameAs } from './define.ts';
import stlStreamSegs from './stl_stream_segs.ts';

export default sameAs(
  stlStreamSegs,
  'svcs_stream_segs',
  'STL_STREAM_SEGS; there are no concurrency scaling clusters whose rows it would add.',
);
