/**
 * Setting mv_enable_aqmv_for_session: queries are never rewritten to materialized views by themselves, so off is what is
 * shown and the only value accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'mv_enable_aqmv_for_session',
  default: 'off',
  doc: 'Whether queries may be rewritten to materialized views; they are not.',
  validate: onlyValue(booleanValue(), 'off', 'rewriting of queries to materialized views'),
});
