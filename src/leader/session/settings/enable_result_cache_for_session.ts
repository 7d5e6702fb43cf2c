/**
 * Setting enable_result_cache_for_session: Whether results of repeated queries come from the result cache.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_result_cache_for_session',
  default: 'on',
  doc: 'Whether results of repeated queries come from the result cache.',
  validate: booleanValue(),
});
