/**
 * Setting interval_forbid_composite_literals: whether interval literals of both families are refused. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'interval_forbid_composite_literals',
  default: 'off',
  doc: 'Whether interval literals of both families are refused.',
  validate: onlyValue(booleanValue(), 'off', 'check of interval literals for both families'),
});
