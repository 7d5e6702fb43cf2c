/**
 * Setting enable_result_cache_for_session: permits answers from the result cache, which are by its rules the answers that
 * running the query would give. There is no cache, so every query runs whatever the value; `on` is accepted because
 * scripts put it back after their measurements, and says so.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_result_cache_for_session',
  default: 'off',
  doc: 'Whether results of repeated queries may come from the result cache; there is none, every query runs.',
  validate: booleanValue(),
  remark: (value) => (value === 'on' ? 'there is no result cache: every query runs' : undefined),
});
