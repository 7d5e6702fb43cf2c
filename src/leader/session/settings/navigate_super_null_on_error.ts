/**
 * Setting navigate_super_null_on_error: whether a path that is not in a SUPER value gives NULL.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'navigate_super_null_on_error',
  default: 'on',
  doc: 'Whether a path that is not in a SUPER value gives NULL.',
  validate: booleanValue(),
});
