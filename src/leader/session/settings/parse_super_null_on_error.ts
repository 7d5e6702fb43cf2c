/**
 * Setting parse_super_null_on_error: whether unparsable SUPER input gives NULL. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'parse_super_null_on_error',
  default: 'off',
  doc: 'Whether unparsable SUPER input gives NULL.',
  validate: onlyValue(booleanValue(), 'off', 'type SUPER'),
});
