/**
 * Setting navigate_super_null_on_error: whether bad navigation of a SUPER value gives NULL. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'navigate_super_null_on_error',
  default: 'on',
  doc: 'Whether bad navigation of a SUPER value gives NULL.',
  validate: onlyValue(booleanValue(), 'on', 'type SUPER'),
});
