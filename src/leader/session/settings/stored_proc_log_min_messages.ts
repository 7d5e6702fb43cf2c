/**
 * Setting stored_proc_log_min_messages: least level of RAISE that is logged.
 */
import { oneOf, setting } from './define.ts';

export default setting({
  name: 'stored_proc_log_min_messages',
  default: 'LOG',
  doc: 'Least level of RAISE that is logged.',
  validate: oneOf('EXCEPTION', 'WARNING', 'NOTICE', 'INFO', 'LOG', 'DEBUG'),
});
