/**
 * SVCS_UNLOAD_LOG: columns of STL_UNLOAD_LOG.
 */
import { sameAs } from './define.ts';
import stlUnloadLog from './stl_unload_log.ts';

export default sameAs(
  stlUnloadLog,
  'svcs_unload_log',
  'STL_UNLOAD_LOG; there are no concurrency scaling clusters whose rows it would add.',
  ['userid', 'query', 'pid', 'path', 'start_time', 'end_time', 'line_count', 'transfer_size', 'file_format'],
);
