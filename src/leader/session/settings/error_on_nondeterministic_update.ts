/**
 * Setting error_on_nondeterministic_update: Whether an UPDATE that matches a row twice is refused.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'error_on_nondeterministic_update',
  default: 'off',
  doc: 'Whether an UPDATE that matches a row twice is refused.',
  validate: booleanValue(),
});
