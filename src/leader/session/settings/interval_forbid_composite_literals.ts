/**
 * Setting interval_forbid_composite_literals: Whether interval literals of both families are refused.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'interval_forbid_composite_literals',
  default: 'on',
  doc: 'Whether interval literals of both families are refused.',
  validate: booleanValue(),
});
