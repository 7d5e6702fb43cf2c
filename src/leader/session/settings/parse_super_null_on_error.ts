/**
 * Setting parse_super_null_on_error: Whether unparsable SUPER input gives NULL.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'parse_super_null_on_error',
  default: 'off',
  doc: 'Whether unparsable SUPER input gives NULL.',
  validate: booleanValue(),
});
