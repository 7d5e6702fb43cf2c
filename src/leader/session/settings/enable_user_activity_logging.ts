/**
 * Setting enable_user_activity_logging: a parameter of the cluster, shown and never set: texts are kept for STL_QUERYTEXT and no log is written.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'enable_user_activity_logging',
  default: 'false',
  doc: 'Whether every query text goes to the activity log; there is none.',
  validate: readOnlyValue,
  readOnly: true,
});
