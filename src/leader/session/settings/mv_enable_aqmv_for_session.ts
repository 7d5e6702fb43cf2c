/**
 * Setting mv_enable_aqmv_for_session: Whether queries may be rewritten to materialized views.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'mv_enable_aqmv_for_session',
  default: 'on',
  doc: 'Whether queries may be rewritten to materialized views.',
  validate: booleanValue(),
});
