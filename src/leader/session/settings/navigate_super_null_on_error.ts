/**
 * Setting navigate_super_null_on_error: Whether bad navigation of a SUPER value gives NULL.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'navigate_super_null_on_error',
  default: 'on',
  doc: 'Whether bad navigation of a SUPER value gives NULL.',
  validate: booleanValue(),
});
