/**
 * Setting password_encryption: CREATE USER hashes a clear password with MD5; a SHA-256 digest is asked for in the password
 * itself ('sha256|...'), never by this setting.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { setting } from './define.ts';

export default setting({
  name: 'password_encryption',
  default: 'md5',
  doc: 'How CREATE USER stores a clear password; only md5.',
  validate: (values, name) => {
    const value = values.join(', ').toLowerCase();
    if (value !== 'md5' && value !== 'on')
      throw featureNotSupported(`${name} = ${value} is not supported: write 'sha256|...' as the password`);
    return 'md5';
  },
});
