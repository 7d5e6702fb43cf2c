/**
 * Setting role: Current role; only none is known.
 */
import { oneOf, setting } from './define.ts';

export default setting({
  name: 'role',
  default: 'none',
  doc: 'Current role; only none is known.',
  validate: oneOf('none'),
});
