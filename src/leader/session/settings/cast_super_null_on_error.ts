/**
 * Setting cast_super_null_on_error: whether a failing cast of a SUPER value gives NULL.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'cast_super_null_on_error',
  default: 'on',
  doc: 'Whether a failing cast of a SUPER value gives NULL.',
  validate: booleanValue(),
});
