/**
 * Setting stored_proc_log_min_messages: least level of RAISE that is logged. There are no procedures, so only the default
 * is accepted.
 */
import { oneOf, onlyValue, setting } from './define.ts';

export default setting({
  name: 'stored_proc_log_min_messages',
  default: 'LOG',
  doc: 'Least level of RAISE that is logged.',
  validate: onlyValue(oneOf('EXCEPTION', 'WARNING', 'NOTICE', 'INFO', 'LOG', 'DEBUG'), 'LOG', 'stored procedures'),
});
