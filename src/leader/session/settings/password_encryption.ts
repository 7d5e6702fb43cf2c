/**
 * Setting password_encryption: How CREATE USER stores a password.
 */
import { oneOf, setting } from './define.ts';

export default setting({
  name: 'password_encryption',
  default: 'md5',
  doc: 'How CREATE USER stores a password.',
  validate: oneOf('md5'),
});
