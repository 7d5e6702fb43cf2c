/**
 * Setting mv_enable_aqmv_for_session: permits queries to be rewritten to materialized views that hold the same answer. None
 * ever is, whatever the value; `on` is accepted as the permission it is, and says so.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'mv_enable_aqmv_for_session',
  default: 'off',
  doc: 'Whether queries may be rewritten to materialized views; they never are.',
  validate: booleanValue(),
  remark: (value) => (value === 'on' ? 'queries are never rewritten to materialized views' : undefined),
});
