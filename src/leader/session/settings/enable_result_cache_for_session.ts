/**
 * Setting enable_result_cache_for_session: there is no result cache, every query runs; so off is what is shown and the only
 * value accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'enable_result_cache_for_session',
  default: 'off',
  doc: 'Whether results of repeated queries come from the result cache; there is none.',
  validate: onlyValue(booleanValue(), 'off', 'result cache'),
});
